// What the tests of several lessons share: a folder, what stands in a file, how long a lesson is.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>

#include "engine/text.h"

namespace backstep::tests {

// A new folder, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "backstep-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

inline std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

// Numbers that are mere rounding hang on the compiler: "4e-14" becomes "tiny".
inline std::string without_rounding(const std::string& text) {
  return std::regex_replace(text, std::regex("[0-9.]+e-1[0-9]"), "tiny");
}

// A lesson prints at most 200 lines of 80 columns, and no place is open.
inline void check_length(std::string_view text) {
  CHECK(count(text, "\n") <= 200);
  const std::string all(text);
  CHECK(!std::regex_search(all, std::regex("\\{\\{[a-z_0-9]+\\}\\}")));
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(columns(line) <= 80, line);
}

}  // namespace backstep::tests
