// What the stepper in the terminal says of a circuit, for the test that the page says the same:
// stepper_lines CIRCUIT OUT.json. For each language and each cell the plain lines of every step,
// and for each step the answers that are shown to its questions.
#include <fmt/core.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/read/run.h"
#include "engine/step/model.h"
#include "engine/step/plain.h"
#include "engine/walk/question.h"
#include "engine/write/file.h"
#include "engine/write/json_text.h"

namespace backstep {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::array<int, 2>, 4> kCells = {{{0, 0}, {0, 1}, {2, 1}, {99, 99}}};

Json lines(const step::Record& record, Language language, int row, int col) {
  step::Model model(record, language);
  model.row = row;
  model.col = col;
  Json steps = Json::array();
  while (model.cursor.step_forward()) steps.push_back(step::plain_text(model));
  return steps;
}

// Of each step, what is said where no answer was given; the best question first.
Json answers(const Trace& trace, Language language, int row, int col) {
  Json answers = Json::array();
  for (std::size_t event = 0; event < trace.events().size(); ++event) {
    const Shape& shape = trace.graph().node(trace.events()[event].node).shape;
    Json of_event = Json::array();
    for (const walk::Question::About about : walk::what_to_ask(trace, event)) {
      const walk::Question question = {about, event, std::min(row, shape.rows() - 1),
                                       std::min(col, shape.cols() - 1)};
      of_event.push_back({walk::question_text(trace, question, language),
                          walk::judge(trace, question, "", language).text});
    }
    answers.push_back(std::move(of_event));
  }
  return answers;
}

int run(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "stepper_lines CIRCUIT OUT.json\n");
    return 2;
  }
  const read::Run run = read::run_circuit(argv[1], {});
  const step::Record record(run.trace);
  Json said = Json::array();
  for (const Language language : languages()) {
    for (const auto& [row, col] : kCells) {
      said.push_back({{"language", language.code()},
                      {"cell", {row, col}},
                      {"lines", lines(record, language, row, col)},
                      {"answers", answers(run.trace, language, row, col)}});
    }
  }
  write::write_file(argv[2], write::json_text(said, -1));
  return 0;
}

}  // namespace
}  // namespace backstep

int main(int argc, char** argv) { return backstep::run(argc, argv); }
