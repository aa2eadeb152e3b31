// Files that we write: .npz archives there and back, and that a file is written whole or not at
// all.
#include "engine/write/npz.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/read/npz.h"
#include "engine/write/file.h"

namespace backstep::write {
namespace {

namespace fs = std::filesystem;

// A new folder that goes away at the end of the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "backstep-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path operator/(const fs::path& name) const { return path_ / name; }
  std::ptrdiff_t count() const { return std::distance(fs::directory_iterator(path_), {}); }

 private:
  fs::path path_;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::strtol(text.substr(i, 2).c_str(), nullptr, 16));
  }
  return bytes;
}

// np.savez_compressed(f, x=np.array([[1., 2.], [3., 4.]]), mask=np.array([True, False]))
const std::string kFromNumpy = from_hex(
    "504b03041400000008000000210021358b6955000000a000000005001400782e6e707901001000a0000000000000"
    "0055000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f"
    "5f94920a12774bcc294e058a17672416a402f91a463a0a469a3a0ab50a64032e0630f8600fa1191c201407941670"
    "0000504b030414000000080000002100ee19bb5d4600000082000000080014006d61736b2e6e7079010010008200"
    "00000000000046000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f54"
    "529498179f5f94920a12774bcc294e058a17672416a402f91a463a9a3a0ab50a14002e460600504b010214031400"
    "000008000000210021358b6955000000a0000000050000000000000000000000800100000000782e6e7079504b01"
    "02140314000000080000002100ee19bb5d460000008200000008000000000000000000000080018c0000006d6173"
    "6b2e6e7079504b05060000000002000200690000000c0100000000");

TEST_CASE("what is written is read back, bit for bit") {
  const Tensor x({2, 3}, {1, -0.0, INFINITY, 1e-300, 0.1, -5});
  const Tensor eps(Shape{}, 1e-6);
  const std::vector<NamedTensor> tensors = {{"x", x}, {"eps", eps}, {"한글", eps}};
  const read::NamedTensors back = read::parse_npz(npz_bytes(tensors), "v.npz");
  REQUIRE(back.size() == 3);
  CHECK(back.at("x").shape() == Shape{2, 3});
  CHECK(back.at("x").data() == x.data());
  CHECK(std::signbit(back.at("x")(0, 1)));
  CHECK(back.at("eps").data() == eps.data());
  CHECK(back.at("한글").data() == eps.data());
}

TEST_CASE("an array has its own sides in the archive, as NumPy has them") {
  struct Case {
    Shape shape;
    std::string text;
  };
  for (const Case& is : std::vector<Case>{{{}, "()"},
                                          {{1}, "(1,)"},
                                          {{3}, "(3,)"},
                                          {{1, 3}, "(1, 3)"},
                                          {{3, 1}, "(3, 1)"},
                                          {{2, 3, 4}, "(2, 3, 4)"},
                                          {{1, 2, 3, 4, 5, 6}, "(1, 2, 3, 4, 5, 6)"}}) {
    CAPTURE(is.text);
    Tensor x(is.shape);
    for (std::size_t i = 0; i < x.view().size(); ++i) x.view().data[i] = static_cast<double>(i);
    const std::vector<NamedTensor> tensors = {{"x", x}};
    const std::string bytes = npz_bytes(tensors);
    CHECK(bytes.find("'fortran_order': False, 'shape': " + is.text + ", }") != std::string::npos);
    const read::NamedTensors back = read::parse_npz(bytes, "v.npz");
    CHECK(back.at("x").shape() == is.shape);
    CHECK(back.at("x").data() == x.data());
  }
}

TEST_CASE("the bytes are those that np.load was seen to read") {
  const Tensor x({1, 2}, {1, 2});
  const std::vector<NamedTensor> tensors = {{"x", x}};
  const std::string header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }" + std::string(58, ' ') + "\n";
  const std::string npy =
      from_hex("934e554d505901007600") + header + from_hex("000000000000f03f0000000000000040");
  CHECK(npz_bytes(tensors) ==
        from_hex("504b03040a000000000000002100a11bde80900000009000000005000000") + "x.npy" + npy +
            from_hex("504b01023f030a000000000000002100a11bde809000000090000000050000000000000000000"
                     "000b68100000000") +
            "x.npy" + from_hex("504b0506000000000100010033000000b30000000000"));
}

TEST_CASE("the bytes are the same in every time zone, in the order given") {
  const Tensor one(Shape{}, 1);
  const std::vector<NamedTensor> tensors = {{"b", one}, {"a", one}};
  const std::string bytes = npz_bytes(tensors);
  CHECK(bytes.find("b.npy") < bytes.find("a.npy"));
  const char* zone = std::getenv("TZ");
  const std::string before = zone == nullptr ? "" : zone;
  for (const char* other : {"UTC", "Asia/Seoul", "America/Los_Angeles", "XXX12"}) {
    ::setenv("TZ", other, 1);
    CHECK(npz_bytes(tensors) == bytes);
  }
  zone == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", before.c_str(), 1);
}

TEST_CASE("an archive of nothing is an archive") {
  CHECK(npz_bytes({}).size() == 22);
  CHECK(read::parse_npz(npz_bytes({}), "v.npz").empty());
}

TEST_CASE("names that could be paths are refused") {
  const Tensor one(Shape{}, 1);
  const std::vector<std::string> names = {"",     ".",
                                          "..",   "../x",
                                          "/x",   "a\\b",
                                          "C:x",  std::string("a\0b", 3),
                                          "a\nb", std::string(201, 'x')};
  for (const std::string& name : names) {
    const std::vector<NamedTensor> tensors = {{name, one}};
    CHECK(error_of([&] { npz_bytes(tensors); }).find("a name there has 1 to 200 bytes") !=
          std::string::npos);
  }
  const std::vector<NamedTensor> no_utf8 = {{"\xff", one}};
  CHECK(error_of([&] { npz_bytes(no_utf8); }) ==
        "cannot put \"\\xff\" into an .npz: Invalid argument");
  const std::vector<NamedTensor> twice = {{"x", one}, {"x", one}};
  CHECK(error_of([&] { npz_bytes(twice); }) ==
        "cannot put \"x\" into an .npz twice: give each its own name");
}

TEST_CASE("a deflated archive of NumPy is read") {
  const read::NamedTensors arrays = read::parse_npz(kFromNumpy, "v.npz");
  REQUIRE(arrays.size() == 2);
  CHECK(arrays.at("x").data() == std::vector<double>{1, 2, 3, 4});
  CHECK(arrays.at("mask").data() == std::vector<double>{1, 0});
}

TEST_CASE("a damaged archive gives an error or arrays, never a crash") {
  for (std::size_t length = 0; length < kFromNumpy.size(); ++length) {
    CHECK(error_of([&] { read::parse_npz(kFromNumpy.substr(0, length), "v.npz"); }) != "no error");
  }
  for (std::size_t at = 0; at < kFromNumpy.size(); ++at) {
    for (const char bit : {'\x01', '\x10', '\x80'}) {
      std::string changed = kFromNumpy;
      changed[at] = static_cast<char>(changed[at] ^ bit);
      error_of([&] { read::parse_npz(changed, "v.npz"); });
    }
  }
}

TEST_CASE("what is no archive of arrays says what it is") {
  CHECK(error_of([] { read::parse_npz("", "v.npz"); }) ==
        "cannot read v.npz: it is empty; expected an .npz archive, as np.savez writes");
  CHECK(error_of([] { read::parse_npz("hello", "v.npz"); }) ==
        "cannot read v.npz: Not a zip archive; expected an .npz archive, as np.savez writes");
  CHECK(error_of([] { read::read_npz("/no/such/v.npz"); }).find("cannot read /no/such/v.npz") == 0);
  std::string renamed = kFromNumpy;
  for (std::size_t at = 0; (at = renamed.find("x.npy", at)) != std::string::npos;) {
    renamed.replace(at, 5, "x.txt");
  }
  CHECK(error_of([&] { read::parse_npz(renamed, "v.npz"); }) ==
        "v.npz: entry \"x.txt\" is no array; expected NAME.npy only, as np.savez writes");
}

TEST_CASE("write_npz writes a file, and its folders") {
  const Folder folder;
  const Tensor one(Shape{}, 1);
  const std::vector<NamedTensor> tensors = {{"x", one}};
  write_npz(folder / "a/b/v.npz", tensors);
  CHECK(content(folder / "a/b/v.npz") == npz_bytes(tensors));
  CHECK(read::read_npz(folder / "a/b/v.npz").at("x")(0, 0) == 1);
}

TEST_CASE("write_file replaces a file and leaves nothing else") {
  const Folder folder;
  write_file(folder / "x.svg", "old and longer");
  ::chmod((folder / "x.svg").c_str(), 0640);
  write_file(folder / "x.svg", "new");
  CHECK(content(folder / "x.svg") == "new");
  CHECK(folder.count() == 1);
  struct stat stat;
  REQUIRE(::stat((folder / "x.svg").c_str(), &stat) == 0);
  CHECK((stat.st_mode & 0777) == 0640);
  write_file(folder / "x.svg", "");
  CHECK(content(folder / "x.svg").empty());
}

TEST_CASE("write_file follows a link and takes a name of the greatest length") {
  const Folder folder;
  write_file(folder / "real", "old");
  fs::create_symlink("real", folder / "link");
  write_file(folder / "link", "new");
  CHECK(content(folder / "real") == "new");
  CHECK(fs::is_symlink(folder / "link"));
  write_file(folder / std::string(255, 'x'), "long");
  CHECK(folder.count() == 3);
}

TEST_CASE("write_file says what failed and why, and leaves nothing behind") {
  const Folder folder;
  write_file(folder / "file", "old");
  const std::string name = (folder / "file").string();
  CHECK(error_of([&] { write_file(folder / "file/x.svg", "new"); }) ==
        "cannot write " + name + "/x.svg: Not a directory; is a part of " + name +
            " a file, not a folder?");
  CHECK(error_of([&] { write_file(folder / "", "new"); }).find("name a file in it") !=
        std::string::npos);
  CHECK(error_of([&] {
          write_file(folder / std::string(256, 'x'), "new");
        }).find(": File name too long; give it a shorter name") != std::string::npos);
  CHECK(error_of([] { write_file("", "new"); }) == "cannot write a file without a name");
  CHECK(error_of([] { write_file("/tmp", "new"); }) ==
        "cannot write /tmp: Is a directory; name a file in it");
  CHECK(error_of([] { write_file("/dev/full", "new"); }) ==
        "cannot write /dev/full: No space left on device; is the disk full?");
  write_file("/dev/null", "gone");
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(content(folder / "file") == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("write_file into a folder that is not ours" * doctest::skip(::geteuid() == 0)) {
  const Folder folder;
  fs::create_directory(folder / "out");
  write_file(folder / "mine", "old");
  ::chmod((folder / "out").c_str(), 0500);
  ::chmod((folder / "mine").c_str(), 0400);
  const std::string out = (folder / "out").string();
  CHECK(error_of([&] { write_file(folder / "out/x.svg", "new"); }) ==
        "cannot write " + out + "/x.svg: Permission denied; is " + out +
            " a folder that you may write to?");
  CHECK(error_of([&] { write_file(folder / "mine", "new"); }).find("Permission denied") !=
        std::string::npos);
  CHECK(content(folder / "mine") == "old");
}

}  // namespace
}  // namespace backstep::write
