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
using doctest::Contains;

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
  CHECK(mnist.x.shape().cols == 64);
  double largest = 0;
  for (const double value : mnist.x.data()) largest = std::max(largest, value);
  CHECK(largest <= 1);
  CHECK(largest > 0.9);
  const train::Dataset digits = train::uci_digits(kData);
  CHECK(digits.size() == 1797);
  CHECK(digits.x.shape().cols == 64);
}

TEST_CASE("IDX files that are short, long or something else") {
  using read::parse_idx_labels;
  CHECK(parse_idx_labels(labels("\1\2\3", 3), "f") == std::vector<int>{1, 2, 3});
  CHECK_THROWS_WITH_AS(parse_idx_labels(labels("\1\2", 3), "f"), Contains("f: byte 10:"), Error);
  CHECK_THROWS_WITH_AS(parse_idx_labels(labels("\1\2\3\4", 3), "f"), Contains("f: byte 11:"),
                       Error);
  CHECK_THROWS_WITH_AS(parse_idx_labels(labels("\1\2\x0c", 3), "f"), Contains("byte 10: label 12"),
                       Error);
  CHECK_THROWS_WITH_AS(parse_idx_labels(labels("\1", 1, 2051), "f"),
                       Contains("2051 (images), not 2049 (labels)"), Error);
  CHECK_THROWS_WITH_AS(parse_idx_labels("\0\0", "f"), Contains("header"), Error);
  const std::string huge =
      big_endian(2051) + big_endian(0xffffffff) + big_endian(0xffff) + big_endian(0xffff);
  CHECK_THROWS_AS(read::parse_idx_images(huge, "f"), Error);
  const std::string none = big_endian(2051) + big_endian(0) + big_endian(2) + big_endian(2);
  CHECK_THROWS_AS(read::parse_idx_images(none, "f"), Error);
}

TEST_CASE("gzip: cut short, damaged, empty") {
  std::ifstream file(kData / "mnist-10k-labels-idx1-ubyte.gz", std::ios::binary);
  const std::string packed(std::istreambuf_iterator<char>(file), {});
  CHECK(read::unpacked(packed, "f").size() == 10008);
  CHECK_THROWS_WITH_AS(read::unpacked(packed.substr(0, 1000), "f"),
                       Contains("f: byte 1000 of 1000: the gzip data ends too early"), Error);
  std::string damaged = packed;
  damaged[200] = static_cast<char>(~damaged[200]);
  damaged[201] = static_cast<char>(~damaged[201]);
  CHECK_THROWS_WITH_AS(read::unpacked(damaged, "f"), Contains("f: byte "), Error);
  const fs::path empty = fs::temp_directory_path() / "backstep_empty.gz";
  std::ofstream(empty).flush();
  CHECK_THROWS_WITH_AS(read::read_unpacked(empty), Contains("byte 0: the file is empty"), Error);
  fs::remove(empty);
  CHECK_THROWS_WITH_AS(read::read_unpacked("/nowhere/x.gz"), Contains("cannot read /nowhere/x.gz"),
                       Error);
}

TEST_CASE("CSV: every mistake has its line and column") {
  using read::parse_csv;
  const read::CsvSamples good = parse_csv("a,b,label\n1,2.5,3\n\n-4e1, 5,0\r\n", "f");
  CHECK(good.labels == std::vector<int>{3, 0});
  CHECK(good.x(1, 0) == -40);
  CHECK_THROWS_WITH_AS(parse_csv("1,2,3\n1,,3\n", "f"),
                       Contains("f: line 2, column 2: a number is"), Error);
  CHECK_THROWS_WITH_AS(parse_csv("1,2,3\n1,x,3\n", "f"), Contains("line 2, column 2: 'x'"), Error);
  CHECK_THROWS_WITH_AS(parse_csv("1,nan,3\n", "f"), Contains("line 1, column 2"), Error);
  CHECK_THROWS_WITH_AS(parse_csv("1,1e999,3\n", "f"), Contains("line 1, column 2"), Error);
  CHECK_THROWS_WITH_AS(parse_csv("1,2,3\n1,2\n", "f"), Contains("2 columns, those before have 3"),
                       Error);
  CHECK_THROWS_WITH_AS(parse_csv("1,2,3\n1,2,3,4\n", "f"), Contains("line 2, column 4"), Error);
  CHECK_THROWS_WITH_AS(parse_csv("1,2,11\n", "f"), Contains("line 1, column 3: label 11"), Error);
  CHECK_THROWS_WITH_AS(parse_csv("1,2,1.5\n", "f"), Contains("label 1.5"), Error);
  CHECK_THROWS_WITH_AS(parse_csv("a,b\n", "f"), Contains("no samples"), Error);
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
