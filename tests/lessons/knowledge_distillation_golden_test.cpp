// The distillation lesson as a learner meets it: its words, its files, and its loss as a circuit.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "engine/read/run.h"
#include "engine/train/trainer.h"
#include "lessons/rerun.h"
#include "lessons/subprocess.h"
#include "tests/golden.h"

namespace backstep::lessons {
namespace {

namespace fs = std::filesystem;

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_knowledge_distillation";

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

TEST_CASE("the lesson in English and in Korean, with every picture that it names") {
  for (const std::string language : {"en", "ko"}) {
    std::string folder = (fs::temp_directory_path() / "backstep-XXXXXX").string();
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    const fs::path out = fs::path(folder) / "new";
    const std::string text = output_of({kProgram, "--quick", "--lang", language, "--out", out,
                                        "--json", fs::path(folder) / "figures.json"},
                                       "", "");
    tests::check_golden("lessons/knowledge_distillation." + language + ".txt", text);
    const std::string words = content(out / "lesson.md");
    for (std::size_t at = words.find("]("); at != words.npos; at = words.find("](", at + 1)) {
      const std::string name = words.substr(at + 2, words.find(')', at) - at - 2);
      CHECK_MESSAGE(fs::file_size(out / name) > 0, name);
    }
    const nlohmann::json json = nlohmann::json::parse(content(fs::path(folder) / "figures.json"));
    for (const char* name : {"teacher", "ensemble", "student_500.hard", "student_500.soft",
                             "student_8000.hard", "student_8000.soft"}) {
      CHECK(json.at(name).at("mean") > 0.1);
      CHECK(json.at(name).at("seeds") == 2);
    }
    fs::remove_all(folder);
  }
}

TEST_CASE("the circuit has the loss and the gradient that the students are trained with") {
  const train::NetShape shape{{10, 10}, false};
  const read::Run run = read::run_circuit(
      "distillation",
      {.set = {{"scores", "randn(4,10)"}, {"teacher", "randn(4,10)"}, {"y", "one_hot(4,10)"}}});
  // A net whose scores are its inputs.
  train::Parameters parameters = train::initial_parameters(shape, 1);
  Tensor& weights = parameters.at("W1");
  for (int row = 0; row < 10; ++row) {
    for (int col = 0; col < 10; ++col) weights(row, col) = row == col ? 1 : 0;
  }
  train::TrainOptions options;
  options.batch = 4;
  options.distillation = train::Distillation{4, 0.9, 0.1};
  options.watched = {"dscores"};
  options.compile = false;
  train::Trainer trainer(shape, options, parameters);
  const ConstView y = value(run.trace, "y");
  std::vector<int> labels;
  for (int row = 0; row < 4; ++row) {
    for (int col = 0; col < 10; ++col) {
      if (y(row, col) == 1) labels.push_back(col);
    }
  }
  const double loss = trainer.step(value(run.trace, "scores"), labels, value(run.trace, "teacher"));
  CHECK(value(run.trace, "loss")(0, 0) == doctest::Approx(loss));
  for (int row = 0; row < 4; ++row) {
    for (int col = 0; col < 10; ++col) {
      CHECK(value(run.trace, "dscores")(row, col) ==
            doctest::Approx(trainer.value("dscores")(row, col)));
    }
  }
}

}  // namespace
}  // namespace backstep::lessons
