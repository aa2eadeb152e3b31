// The first lesson: what a graph is, and what goes back along its edges.
#include <CLI/CLI.hpp>
#include <string>

#include "lessons/measured_lesson.h"
#include "runs.h"
#include "words.h"

namespace backstep::lessons {
namespace {

constexpr std::size_t kSeeds = 5, kQuickSeeds = 2;
constexpr std::size_t kSections = 9;

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const Walked& circuit : walked()) names.emplace_back(circuit.name);
  return names;
}

// The page walks one circuit, and its steps are told in the section of that one.
std::vector<std::string> tells_of(const Walked& circuit) {
  std::vector<std::string> sections(kSections);
  const bool is_first = circuit.section == walked().front().section;
  sections[circuit.section] = is_first ? "backward" : "forward backward";
  if (is_first) sections[circuit.section - 1] = "forward";
  return sections;
}

int run(const Options& options, const std::string& circuit) {
  const Walked& chosen = walked(circuit);
  MeasuredLesson lesson;
  lesson.folder = "00_first_circuit";
  lesson.circuit = chosen.name;
  lesson.run = chosen.numbers;
  lesson.tells_of = tells_of(chosen);
  lesson.measure = [&]() -> Measured {
    const Checked checked = check_gradients(options.seed, options.quick ? kQuickSeeds : kSeeds);
    return {checked.figures, false, [=](Language language) { return tell(checked, language); }};
  };
  return give(lesson, options);
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  std::string circuit = names().front();
  const auto more = [&circuit](CLI::App& app, Options& options) {
    add_quick(app, options);
    app.add_option("--circuit", circuit, "Which circuit --step and --page walk")
        ->capture_default_str()
        ->check(CLI::IsMember(names()));
  };
  return lesson_main(
      argc, argv, "What a graph is, and what goes back along its edges: from nothing.",
      [&circuit](const Options& options) { return run(options, circuit); }, more);
}
