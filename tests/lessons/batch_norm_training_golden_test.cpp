// The lesson on training with batch norm: its words in both languages, its figures, a learner's own
// normaliser. Numbers that a training ends with may differ between compilers, so the words are
// compared without them.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>

#include "engine/tensor.h"
#include "lessons/subprocess.h"
#include "tests/golden.h"

namespace backstep::lessons {
namespace {

namespace fs = std::filesystem;

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_batch_norm_training";

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// Each number becomes #, and what is said of broken nets is left out.
std::string without_numbers(const std::string& text) {
  const std::string whole = std::regex_replace(text, std::regex(" \\([^()|]*(broke|발산)\\)"), "");
  return std::regex_replace(whole, std::regex("-?(inf|nan|[0-9]+(\\.[0-9]+)?(e[+-][0-9]+)?)"), "#");
}

// A new folder, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "backstep-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void check_lesson(const std::string& language) {
  const Folder folder;
  const fs::path out = folder.path() / "new";
  const fs::path json = folder.path() / "figures.json";
  output_of({kProgram, "--quick", "--lang", language, "--out", out, "--json", json}, "", "");
  const std::string words = content(out / "lesson.md");
  CHECK(words.find("{{") == words.npos);
  tests::check_golden("lessons/batch_norm_training." + language + ".txt", without_numbers(words));
  for (std::size_t at = words.find("]("); at != words.npos; at = words.find("](", at + 1)) {
    const std::string name = words.substr(at + 2, words.find(')', at) - at - 2);
    CHECK_MESSAGE(fs::file_size(out / name) > 0, name);
  }
  const nlohmann::json figures = nlohmann::json::parse(content(json));
  for (const char* name : {"high_rate.with", "high_rate.without"}) {
    CHECK(figures.at(name).at("mean").is_number());
    CHECK(figures.at(name).at("spread").is_number());
    CHECK(figures.at(name).at("seeds").get<int>() > 1);
  }
}

TEST_CASE("the lesson's words, pictures and figures, in English") { check_lesson("en"); }

TEST_CASE("the lesson's words, pictures and figures, in Korean") { check_lesson("ko"); }

TEST_CASE("a normaliser of one's own stands in its place; a file that is none is refused") {
  const std::string words = output_of({kProgram, "--quick", "--norm", "rms_norm"}, "", "");
  CHECK(words.find("rms_norm stands in place of batch norm") != words.npos);
  CHECK_THROWS_WITH_AS(
      output_of({kProgram, "--quick", "--norm", "relu"}, "", ""),
      doctest::Contains("ended with status 2: --norm relu: this is no normaliser: for 10 * x"),
      Error);
}

}  // namespace
}  // namespace backstep::lessons
