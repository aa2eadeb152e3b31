// Golden files: texts under tests/golden/ that a test must give again, letter for letter. With
// BACKSTEP_RECORD=1 in the environment they are written anew; see the difference with git diff.
// `tests/run --record` runs the tests whose file name contains "golden".
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace backstep::tests {

// Where the first line stands that differs, and both lines: shorter to read than two files.
inline std::string first_difference(std::string_view expected, std::string_view actual) {
  std::istringstream expected_lines{std::string(expected)};
  std::istringstream actual_lines{std::string(actual)};
  for (int number = 1;; ++number) {
    std::string left = "(end of file)";
    std::string right = left;
    const bool more_left = static_cast<bool>(std::getline(expected_lines, left));
    const bool more_right = static_cast<bool>(std::getline(actual_lines, right));
    if (!more_left && !more_right) return {};
    if (!more_left) left = "(end of file)";
    if (!more_right) right = "(end of file)";
    if (left != right || more_left != more_right) {
      return "line " + std::to_string(number) + "\n  recorded: " + left + "\n  now:      " + right;
    }
  }
}

// Compares `actual` with tests/golden/`name`, or records it.
inline void check_golden(std::string_view name, std::string_view actual) {
  const std::filesystem::path path =
      std::filesystem::path(BACKSTEP_ROOT) / "tests" / "golden" / name;
  const char* record = std::getenv("BACKSTEP_RECORD");
  if (record != nullptr && std::string_view(record) == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), "there is no golden file ", path.string());
  std::ostringstream expected;
  expected << file.rdbuf();
  INFO(path.string(), ", ", first_difference(expected.str(), actual));
  const bool same = expected.str() == actual;
  CHECK(same);
}

}  // namespace backstep::tests
