// Data: IDX, CSV and gzip, whole and hostile; splits, standardisation, 8 x 8 pixels.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/read/csv.h"
#include "engine/read/gzip.h"
#include "engine/read/idx.h"
#include "engine/train/dataset.h"

namespace backstep {
namespace {

namespace fs = std::filesystem;
const fs::path kData = fs::path(BACKSTEP_ROOT) / "lessons/data";

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

std::string labels(const std::string& content, std::uint32_t count, std::uint32_t magic = 2049) {
  return big_endian(magic) + big_endian(count) + content;
}

TEST_CASE("the data of the lessons") {
  const train::Dataset mnist = train::mnist_8x8(kData);
  CHECK(mnist.size() == 10000);
  CHECK(mnist.x.shape().cols() == 64);
  double largest = 0;
  for (const double value : mnist.x.data()) largest = std::max(largest, value);
  CHECK(largest <= 1);
  CHECK(largest > 0.9);
  const train::Dataset digits = train::uci_digits(kData);
  CHECK(digits.size() == 1797);
  CHECK(digits.x.shape().cols() == 64);
}

// The text of the error that something throws; empty if it throws none.
template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string labels_error(const std::string& bytes) {
  return error_of([&] { read::parse_idx_labels(bytes, "f"); });
}

std::string images_error(const std::string& bytes) {
  return error_of([&] { read::parse_idx_images(bytes, "f"); });
}

TEST_CASE("IDX files that are short, long or something else") {
  CHECK(read::parse_idx_labels(labels("\1\2\3", 3), "f") == std::vector<int>{1, 2, 3});
  CHECK(labels_error(labels("\1\2", 3)) ==
        "f: byte 10: the header promises 3 bytes of content, but the file ends after 2");
  CHECK(labels_error(labels("\1\2\3\4", 3)) ==
        "f: byte 11: the header promises 3 bytes of content, but more follows");
  CHECK(labels_error(labels("\1\2\x0c", 3)) == "f: byte 10: label 12 is outside 0 .. 9");
  CHECK(labels_error(labels("\1", 1, 2051)) ==
        "f: byte 0: the magic number is 2051 (images), not 2049 (labels); is this the right file?");
  CHECK(images_error(labels("\1", 1)) ==
        "f: byte 0: the magic number is 2049 (labels), not 2051 (images); is this the right file?");
  CHECK(labels_error("a,b,label\n1,2,3\n") ==
        "f: byte 0: the magic number is 1630298668, not 2049 (labels); is this the right file?");
  CHECK(labels_error("ab") == "f: byte 2: the file ends within its header, at the magic number");
  CHECK(images_error(big_endian(2051) + big_endian(1) + "a") ==
        "f: byte 9: the file ends within its header, at the height");
  const std::string huge =
      big_endian(2051) + big_endian(0xffffffff) + big_endian(0xffff) + big_endian(0xffff);
  CHECK(images_error(huge) ==
        "f: byte 4: the header promises 18446181123756261375 bytes of content; 134217728 are the "
        "most");
  CHECK(images_error(big_endian(2051) + big_endian(1) + big_endian(0x20000) + big_endian(1)) ==
        "f: byte 8: images of 131072 x 1 pixels are not taken");
  const std::string none = big_endian(2051) + big_endian(0) + big_endian(2) + big_endian(2);
  CHECK(images_error(none) == "f: byte 4: there is no image in it");
  CHECK(labels_error(labels("", 0)) == "f: byte 4: there is no label in it");
}

TEST_CASE("gzip: cut short, damaged, empty") {
  std::ifstream file(kData / "mnist-10k-labels-idx1-ubyte.gz", std::ios::binary);
  const std::string packed(std::istreambuf_iterator<char>(file), {});
  const auto unpacked_error = [](const std::string& bytes) {
    return error_of([&] { read::unpacked(bytes, "f"); });
  };
  CHECK(read::unpacked(packed, "f").size() == 10008);
  CHECK(unpacked_error(packed.substr(0, 1000)) ==
        "f: byte 1000 of 1000: the gzip data ends too early; copy or download the file again");
  std::string damaged = packed;
  damaged[3000] = static_cast<char>(~damaged[3000]);
  const std::string size = std::to_string(packed.size());
  CHECK(unpacked_error(damaged).starts_with("f: byte "));
  CHECK(unpacked_error(damaged).ends_with(
      " of " + size + ": the gzip data is damaged; copy or download the file again"));
  const fs::path empty = fs::temp_directory_path() / "backstep_empty.gz";
  std::ofstream(empty).flush();
  CHECK(error_of([&] { read::read_unpacked(empty); }) ==
        empty.string() + ": byte 0: the file is empty");
  fs::remove(empty);
  CHECK(error_of([] { read::read_unpacked("/nowhere/x.gz"); }) ==
        "cannot read /nowhere/x.gz: No such file or directory");
}

TEST_CASE("CSV: the mark that Excel writes before a text of UTF-8 is skipped") {
  const std::string mark = "\xef\xbb\xbf";
  for (const std::string header : {"", "a,b,label\n"}) {
    const read::CsvSamples samples = read::parse_csv(mark + header + "1,2.5,3\n", "f");
    CHECK(samples.x(0, 0) == 1);
    CHECK(samples.labels == std::vector<int>{3});
  }
  CHECK(error_of([&] { read::parse_csv(mark, "f"); }) == "f: line 0: there are no samples");
  CHECK(error_of([&] { read::parse_csv("1,2,3\n" + mark + "1,2,3\n", "f"); }) ==
        "f: line 2, column 1: '\\ufeff1' is no finite number");
}

TEST_CASE("CSV: every mistake has its line and column") {
  const read::CsvSamples good = read::parse_csv("a,b,label\n1,2.5,3\n\n-4e1, 5,0\r\n", "f");
  CHECK(good.labels == std::vector<int>{3, 0});
  CHECK(good.x(1, 0) == -40);
  const auto csv_error = [](const std::string& text) {
    return error_of([&] { read::parse_csv(text, "f"); });
  };
  CHECK(csv_error("1,2,3\n1,,3\n") == "f: line 2, column 2: a number is missing");
  CHECK(csv_error("1,2,3\n1,x,3\n") == "f: line 2, column 2: 'x' is no finite number");
  CHECK(csv_error("1,nan,3\n") == "f: line 1, column 2: 'nan' is no finite number");
  CHECK(csv_error("1,1e999,3\n") == "f: line 1, column 2: '1e999' is no finite number");
  CHECK(csv_error("1,0x1,3\n") == "f: line 1, column 2: '0x1' is no finite number");
  CHECK(csv_error("1,\x1b[2J,3\n") == "f: line 1, column 2: '\\x1b[2J' is no finite number");
  CHECK(csv_error("1,2,3\n1,2\n") ==
        "f: line 2, column 3: this row has 2 columns, those before have 3");
  CHECK(csv_error("1,2,3\n1,2,3,4\n") ==
        "f: line 2, column 4: this row has 4 columns, those before have 3");
  CHECK(csv_error("1,2,11\n") == "f: line 1, column 3: label 11 is no whole number from 0 to 9");
  CHECK(csv_error("1,2,-1\n") == "f: line 1, column 3: label -1 is no whole number from 0 to 9");
  CHECK(csv_error("1,2,1.5\n") == "f: line 1, column 3: label 1.5 is no whole number from 0 to 9");
  CHECK(csv_error("a,b\n") == "f: line 1: there are no samples");
  CHECK(csv_error("5\n") == "f: line 1, column 1: a row takes at least one number and a label");
  CHECK(csv_error("") == "f: line 0: there are no samples");
  const std::string separated = "; is it separated by ; ? write , in its place";
  CHECK(csv_error("a;b;label\n1;2;3\n") ==
        "f: line 2, column 1: '1;2;3' is no finite number" + separated);
  CHECK(csv_error("1,5;2,5;3\n") == "f: line 1, column 2: '5;2' is no finite number" + separated);
}

TEST_CASE("splits and standardisation") {
  train::Dataset data{Tensor({4, 2}, {1, 5, 2, 5, 3, 5, 6, 5}), {0, 1, 2, 3}};
  const train::Dataset part = train::slice(data, 1, 3);
  CHECK(part.x(1, 0) == 3);
  CHECK(part.labels == std::vector<int>{1, 2});
  CHECK_THROWS_AS(train::slice(data, 2, 5), Error);
  const train::Standardiser standardiser(data);
  standardiser.apply(data);
  CHECK(data.x(0, 0) + data.x(1, 0) + data.x(2, 0) + data.x(3, 0) == doctest::Approx(0));
  CHECK(data.x(0, 1) == 0);
}

}  // namespace
}  // namespace backstep
