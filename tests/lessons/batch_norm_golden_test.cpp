// The batch-norm lesson as a learner meets it: every line in both languages, the files, the errors.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "engine/tensor.h"
#include "lessons/subprocess.h"
#include "tests/golden.h"
#include "tests/lessons/told.h"

namespace backstep::lessons {
namespace {

namespace fs = std::filesystem;
using tests::content;
using tests::Folder;

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_batch_norm";

TEST_CASE("the lesson says the same as ever, in English") {
  tests::check_golden("lessons/batch_norm.en.txt", output_of({kProgram}, "", ""));
}

TEST_CASE("the lesson says the same as ever, in Korean") {
  tests::check_golden("lessons/batch_norm.ko.txt", output_of({kProgram, "--lang", "ko"}, "", ""));
}

TEST_CASE("no place of the lesson is left open, whatever the seed") {
  for (const char* language : {"en", "ko"}) {
    const std::string text = output_of({kProgram, "--lang", language, "--seed", "7"}, "", "");
    CHECK(text.find("{{") == text.npos);
    CHECK(text.find("nan") == text.npos);
  }
}

TEST_CASE("--out writes every picture that the lesson names, and the same each time") {
  const Folder first, second;
  for (const Folder* folder : {&first, &second}) {
    output_of({kProgram, "--out", folder->path() / "new", "--json", folder->path() / "n.json"}, "",
              "");
  }
  const fs::path out = first.path() / "new";
  const std::string words = content(out / "lesson.md");
  for (std::size_t at = words.find("]("); at != words.npos; at = words.find("](", at + 1)) {
    const std::string name = words.substr(at + 2, words.find(')', at) - at - 2);
    CHECK_MESSAGE(fs::exists(out / name), name);
  }
  for (const char* stem : {"circuit", "flow", "flow_random", "train_eval", "steps/step_01"}) {
    for (const char* ending : {".dot", ".svg", ".png"}) {
      CHECK_MESSAGE(fs::file_size(out / (std::string(stem) + ending)) > 0, stem, ending);
    }
  }
  CHECK(content(first.path() / "n.json") == content(second.path() / "n.json"));
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(out)) {
    if (!entry.is_regular_file()) continue;
    const fs::path other = second.path() / "new" / fs::relative(entry.path(), out);
    CHECK_MESSAGE(content(entry.path()) == content(other), entry.path().string());
  }
}

TEST_CASE("without gnuplot nothing is written") {
  const Folder folder;
  const fs::path out = folder.path() / "new";
  CHECK_THROWS_WITH_AS(output_of({"env", "PATH=/nowhere", kProgram, "--out", out}, "", ""),
                       doctest::Contains("gnuplot is not installed: apt-get install gnuplot-nox"),
                       Error);
  CHECK(!fs::exists(out));
}

TEST_CASE("a folder that cannot be written ends with 2, before anything is drawn") {
  CHECK_THROWS_WITH_AS(
      output_of({kProgram, "--out", "/dev/null/pictures"}, "", ""),
      doctest::Contains("lesson_batch_norm ended with status 2: cannot write /dev/null/pictures"),
      Error);
  CHECK_THROWS_WITH_AS(output_of({kProgram, "--lang", "fr"}, "", ""),
                       doctest::Contains("ended with status 2"), Error);
}

}  // namespace
}  // namespace backstep::lessons
