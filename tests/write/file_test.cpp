// Writing files: what can be known before it is known before, and nothing is left behind.
#include "engine/write/file.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/tensor.h"

namespace backstep::write {
namespace {

namespace fs = std::filesystem;

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

  fs::path operator/(const char* name) const { return path_ / name; }
  std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
  }

 private:
  fs::path path_;
};

TEST_CASE("what can be written passes, and nothing of it is seen") {
  const Folder folder;
  check_writable(folder / "new.json");
  CHECK(folder.files() == 0);
  write_file(folder / "old.json", "old");
  check_writable(folder / "old.json");
  CHECK(folder.files() == 1);
  std::ifstream file(folder / "old.json");
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "old");
  check_writable("/dev/null");
}

TEST_CASE("what cannot be written is refused as if it had been tried") {
  const Folder folder;
  write_file(folder / "file", "");
  for (const fs::path& path : {folder / "file/x.json", folder / "new/", fs::path("/dev/null/x")}) {
    std::string before, then;
    try {
      check_writable(path);
    } catch (const Error& error) {
      before = error.what();
    }
    try {
      write_file(path, "");
    } catch (const Error& error) {
      then = error.what();
    }
    CHECK(before.starts_with("cannot write " + path.string() + ": "));
    CHECK(before == then);
  }
  CHECK_THROWS_WITH_AS(check_writable(folder / ""), doctest::Contains("Is a directory"), Error);
  CHECK(folder.files() == 1);
}

}  // namespace
}  // namespace backstep::write
