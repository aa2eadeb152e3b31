// Arrays from .npy files: what np.save writes, and files that lie.
#include "engine/read/npy.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace backstep::read {
namespace {

using Numbers = std::vector<double>;

// A .npy file of a version, with `dict` as its header however wrong that is.
std::string npy(const std::string& dict, const std::string& numbers, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += {static_cast<char>(version), '\0'};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    bytes += static_cast<char>(dict.size() >> (8 * i) & 0xff);
  }
  return bytes + dict + numbers;
}

std::string dict(const std::string& descr, const std::string& shape,
                 const std::string& fortran = "False") {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}    \n", descr, fortran,
                     shape);
}

template <typename T>
std::string raw(const std::vector<T>& numbers) {
  std::string bytes(numbers.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

// The numbers of a file of one row, through a type.
template <typename T>
Numbers through(const std::string& descr, const std::vector<T>& numbers) {
  const std::string shape = fmt::format("({},)", numbers.size());
  return parse_npy(npy(dict(descr, shape), raw(numbers)), "x.npy").data();
}

std::string error_of(const std::string& bytes) {
  try {
    parse_npy(bytes, "x.npy");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("a file of np.save is read") {
  const std::string header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }" + std::string(58, ' ') + "\n";
  const Tensor tensor = parse_npy(npy(header, raw<double>({1.5, -2, 3, 1e-300})), "x.npy");
  CHECK(tensor.shape() == Shape{2, 2});
  CHECK(tensor.data() == Numbers{1.5, -2, 3, 1e-300});
}

TEST_CASE("versions 2 and 3 have a longer length") {
  CHECK(parse_npy(npy(dict("<f8", "()"), raw<double>({4}), 2), "x").data() == Numbers{4});
  CHECK(parse_npy(npy(dict("<f8", "()"), raw<double>({4}), 3), "x").data() == Numbers{4});
}

TEST_CASE("the shape is the one that was saved") {
  const auto shape_of = [](const std::string& shape, std::size_t count) {
    return parse_npy(npy(dict("<f8", shape), raw(Numbers(count, 1))), "x").shape();
  };
  CHECK(shape_of("()", 1) == Shape{});
  CHECK(shape_of("(1,)", 1) == Shape{1});
  CHECK(shape_of("(3,)", 3) == Shape{3});
  CHECK(shape_of("(1, 3)", 3) == Shape{1, 3});
  CHECK(shape_of("(2, 3, 4)", 24) == Shape{2, 3, 4});
  CHECK(shape_of("(1, 2, 1, 2, 1, 2)", 8) == Shape{1, 2, 1, 2, 1, 2});
}

TEST_CASE("Fortran order is turned into rows") {
  const std::string bytes =
      npy(dict("<i2", "(2, 3)", "True"), raw<std::int16_t>({1, 4, 2, 5, 3, 6}));
  CHECK(parse_npy(bytes, "x.npy").data() == Numbers{1, 2, 3, 4, 5, 6});
}

TEST_CASE("Fortran order is turned, whatever the number of sides") {
  const std::string cube = npy(dict("<i2", "(2, 2, 3)", "True"),
                               raw<std::int16_t>({0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11}));
  CHECK(parse_npy(cube, "x.npy").data() == Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const std::string vector = npy(dict("<i2", "(3,)", "True"), raw<std::int16_t>({4, 5, 6}));
  CHECK(parse_npy(vector, "x.npy").data() == Numbers{4, 5, 6});
  CHECK(parse_npy(npy(dict("<i2", "()", "True"), raw<std::int16_t>({4})), "x").data() ==
        Numbers{4});
}

TEST_CASE("every type of number is read") {
  CHECK(through<float>("<f4", {0.1F, -2}) == Numbers{0.1F, -2});
  CHECK(through<std::int8_t>("|i1", {-128, 127}) == Numbers{-128, 127});
  CHECK(through<std::int16_t>("<i2", {-32768, 5}) == Numbers{-32768, 5});
  CHECK(through<std::int32_t>("<i4", {-2147483647, 5}) == Numbers{-2147483647, 5});
  CHECK(through<std::int64_t>("<i8", {-5, 9007199254740993}) == Numbers{-5, 9007199254740992});
  CHECK(through<std::uint8_t>("|u1", {0, 255}) == Numbers{0, 255});
  CHECK(through<std::uint16_t>("<u2", {65535}) == Numbers{65535});
  CHECK(through<std::uint32_t>("<u4", {4294967295}) == Numbers{4294967295});
  CHECK(through<std::uint64_t>("<u8", {18446744073709551615U}) == Numbers{18446744073709551616.0});
  CHECK(through<std::uint8_t>("|b1", {0, 1}) == Numbers{0, 1});
}

TEST_CASE("numbers that stand with the big end first are read") {
  CHECK(parse_npy(npy(dict(">f8", "(1,)"), std::string("\x3f\xf8\0\0\0\0\0\0", 8)), "x").data() ==
        Numbers{1.5});
  CHECK(parse_npy(npy(dict(">f4", "(1,)"), std::string("\xc0\0\0\0", 4)), "x").data() ==
        Numbers{-2});
  CHECK(parse_npy(npy(dict(">i2", "(2,)"), std::string("\xff\xfe\x01\0", 4)), "x").data() ==
        Numbers{-2, 256});
}

TEST_CASE("float16 is read to the last bit: normal, subnormal, infinite and no number") {
  const Numbers halves = through<std::uint16_t>(
      "<f2", {0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x8000, 0x7c00, 0xfc00, 0x7e00});
  CHECK(halves[0] == 1);
  CHECK(halves[1] == -2);
  CHECK(halves[2] == 0.333251953125);
  CHECK(halves[3] == 65504);
  CHECK(halves[4] == 0x1p-24);
  CHECK(halves[5] == 1023 * 0x1p-24);
  CHECK((halves[6] == 0 && std::signbit(halves[6])));
  CHECK(halves[7] == std::numeric_limits<double>::infinity());
  CHECK(halves[8] == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(halves[9]));
}

TEST_CASE("the type and the sides of an array are known beside its numbers") {
  const TypedTensor typed = parse_typed_npy(npy(dict("<f4", "(2,)"), raw<float>({1, 2})), "x");
  CHECK(typed.type == "float32");
  CHECK(typed.numbers.shape() == Shape{2});
  CHECK(typed.numbers.data() == Numbers{1, 2});
}

TEST_CASE("infinity, not-a-number and the sign of zero are kept") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Numbers numbers = through<double>("<f8", {-infinity, std::nan(""), -0.0});
  CHECK(numbers[0] == -infinity);
  CHECK(std::isnan(numbers[1]));
  CHECK(std::signbit(numbers[2]));
}

TEST_CASE("the keys may stand in any order, and Python 2's long numbers pass") {
  const std::string header = "{\"shape\":(1L,2L),\"fortran_order\":False,\"descr\":\"<f8\"}";
  CHECK(parse_npy(npy(header, raw<double>({1, 2})), "x").shape() == Shape{1, 2});
}

TEST_CASE("what is no .npy file says what it is") {
  CHECK(error_of("") == "x.npy: is empty; expected a .npy file, as np.save writes");
  CHECK(error_of("1.0 2.0\n") ==
        "x.npy: is no .npy file (it begins with \"1.0 2.\"); expected what np.save writes");
  CHECK(error_of("PK\x03\x04") ==
        "x.npy: is no .npy file (it begins with \"PK\\x03\\x04\"); it looks like an .npz, which "
        "holds several arrays: save one of them with np.save");
  CHECK(error_of(npy(dict("<f8", "()"), "", 9)) ==
        "x.npy: is a .npy file of version 9; expected version 1, 2 or 3");
}

TEST_CASE("types and shapes that do not fit are named, with what to save instead") {
  const auto refusal = [](const char* descr) {
    return error_of(npy(dict(descr, "(1,)"), raw<double>({1, 2})));
  };
  const std::string expected =
      "expected '<f8' (float64), or another float, integer or bool of 1 to 8 bytes";
  CHECK(refusal("<f16") ==
        "x.npy: has numbers of type \"<f16\"; " + expected + ": save a.astype('<f8')");
  CHECK(refusal("<c16") == "x.npy: has numbers of type \"<c16\"; " + expected +
                               "; complex numbers are not read: save a.real and a.imag");
  CHECK(refusal("<U5") == "x.npy: has numbers of type \"<U5\"; " + expected +
                              "; text is not read: leave it out, or save numbers");
  CHECK(refusal("|O") == "x.npy: has numbers of type \"|O\"; " + expected +
                             "; Python objects are not read, such as None or rows of different "
                             "lengths: save each array under a name of its own");
  CHECK(refusal("<M8").ends_with("; dates are not read: save numbers"));
  for (const char* descr : {"", "<", "8", "|f8", "=f8", ">c8", "|S3"}) {
    CHECK(refusal(descr).find("has numbers of type") == 7);
  }
  CHECK(error_of(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1)}", "")) ==
        "x.npy: its .npy header is broken at character 53: expected a comma behind the only side: "
        "(2) is a number in Python, has \")}\"");
  CHECK(error_of(npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", "")) ==
        "x.npy: holds records with named fields; expected plain numbers: save one field");
  CHECK(error_of(npy(dict("<f8", "(1, 1, 1, 1, 1, 1, 1)"), raw<double>({1}))) ==
        "x.npy: shape (1, 1, 1, 1, 1, 1, 1): 7 sides, where an array may have 6");
  CHECK(error_of(npy(dict("<f8", "(0, 3)"), "")) ==
        "x.npy: shape (0, 3): each side must be at least 1");
  CHECK(error_of(npy(dict("<f8", "(-1, 3)"), "")) ==
        "x.npy: shape (-1, 3): each side must be at least 1");
}

TEST_CASE("a shape that the file cannot hold is refused before anything is allocated") {
  CHECK(error_of(npy(dict("<f8", "(100000, 1000)"), raw<double>({1}))) ==
        "x.npy: its header promises shape (100000, 1000) of f8, 800000000 bytes; after the header "
        "it has 8 bytes: it was cut short, copy or save it again");
  CHECK(error_of(npy(dict("<f8", "(4294967296, 4294967296)"), "")).find("more than 134217728") !=
        std::string::npos);
  CHECK(error_of(npy(dict("<f8", "(99999999999999999999999,)"), "")).find("a smaller shape") !=
        std::string::npos);
}

TEST_CASE("a file that is cut anywhere, or changed anywhere, gives an error or an array") {
  const std::string whole = npy(dict("<f8", "(2, 2)"), raw<double>({1, 2, 3, 4}));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK(error_of(whole.substr(0, length)) != "no error");
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '\xff', '\'', '(', ')', '{', '}', ',', '9', '-', ' '}) {
      std::string changed = whole;
      changed[at] = byte;
      CHECK(error_of(changed).find('\0') == std::string::npos);
    }
  }
}

TEST_CASE("a broken header is shown where it breaks, without its control characters") {
  CHECK(error_of(npy("{'descr': \x1b[31m", "")) ==
        "x.npy: its .npy header is broken at character 11: expected a quoted word, has "
        "\"\\x1b[31m\"");
  CHECK(error_of(npy("{'descr': '<f8'}", "")).find("all three, has its end") != std::string::npos);
  CHECK(error_of(npy(std::string(60000, '('), "")).size() < 200);
  CHECK(error_of(npy(dict("<f8", "(" + std::string(9999, '1') + ")"), "")).size() < 200);
  std::string deep = "(";
  for (int i = 0; i < 9999; ++i) deep += "1,";
  CHECK(error_of(npy(dict("<f8", deep + ")"), "")).find("at most 32") != std::string::npos);
}

TEST_CASE("a file that cannot be read says why") {
  CHECK_THROWS_WITH_AS(read_npy("/no/such/x.npy"),
                       "cannot read /no/such/x.npy: No such file or directory", Error);
  CHECK_THROWS_WITH_AS(read_npy("/"), "cannot read /: it is a folder; name a .npy file", Error);
  CHECK_THROWS_AS(read_npy("/dev/zero"), Error);
}

}  // namespace
}  // namespace backstep::read
