// Reads one array from a .npy file: its preamble, the Python dict that describes it, the numbers.
#include "engine/read/npy.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <system_error>
#include <type_traits>
#include <vector>

#include "engine/read/file.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

// File content in an error: quoted, control characters escaped, cut to one glance.
std::string shown(std::string_view text) {
  constexpr std::size_t kGlance = 60;
  if (text.size() <= kGlance) return fmt::format("{:?}", text);
  return fmt::format("{:?}...", text.substr(0, kGlance));
}

// What the dict of a .npy file says.
struct Header {
  std::string descr;  // the type of a number, such as "<f8"
  bool fortran_order = false;
  std::vector<std::int64_t> sides;
  std::string_view sides_text;  // the shape as it is written
};

// Reads the dict, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", keys in any order.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Header read() {
    expect('{');
    while (!accept('}')) {
      read_entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (at_ != text_.size()) fail("nothing after the closing brace");
    if (!has_descr_ || !has_order_ || !has_shape_)
      fail("descr, fortran_order and shape, all three");
    return header_;
  }

 private:
  static constexpr std::size_t kMostSides = 32;

  void read_entry() {
    const std::string_view key = read_string();
    expect(':');
    if (key == "descr") {
      read_descr();
    } else if (key == "fortran_order") {
      read_order();
    } else if (key == "shape") {
      read_shape();
    } else {
      fail("no key but descr, fortran_order and shape");
    }
  }

  void read_descr() {
    skip_spaces();
    if (peek() == '[') {
      throw Error(fmt::format(
          "{}: holds records with named fields; expected plain numbers: save one field", where_));
    }
    header_.descr = read_string();
    has_descr_ = true;
  }

  void read_order() {
    skip_spaces();
    if (accept_word("True")) {
      header_.fortran_order = true;
    } else if (accept_word("False")) {
      header_.fortran_order = false;
    } else {
      fail("True or False for fortran_order");
    }
    has_order_ = true;
  }

  void read_shape() {
    skip_spaces();
    const std::size_t start = at_;
    header_.sides.clear();
    expect('(');
    while (!accept(')')) {
      if (header_.sides.size() == kMostSides) fail("at most 32 dimensions, as in NumPy");
      header_.sides.push_back(read_side());
      if (!accept(',')) {
        if (header_.sides.size() == 1)
          fail("a comma behind the only side: (2) is a number in Python");
        expect(')');
        break;
      }
    }
    header_.sides_text = text_.substr(start, at_ - start);
    has_shape_ = true;
  }

  // A side may be negative here: it is refused later, with the whole shape in the text.
  std::int64_t read_side() {
    skip_spaces();
    const bool negative = accept('-');
    const std::size_t start = at_;
    std::int64_t side = 0;
    for (; peek() >= '0' && peek() <= '9'; ++at_) {
      if (side > std::numeric_limits<std::int64_t>::max() / 10 - 1) fail("a smaller shape");
      side = side * 10 + (peek() - '0');
    }
    if (at_ == start) fail("a whole number in the shape");
    if (peek() == 'L') ++at_;  // Python 2 wrote 3L
    return negative ? -side : side;
  }

  std::string_view read_string() {
    skip_spaces();
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail("a quoted word");
    const std::size_t start = ++at_;
    const std::size_t end = text_.find(quote, start);
    if (end == std::string_view::npos) fail("a closing quote");
    at_ = end + 1;
    return text_.substr(start, end - start);
  }

  bool accept_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool accept(char wanted) {
    skip_spaces();
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) fail(fmt::format("'{}'", wanted));
  }

  void skip_spaces() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') ++at_;
  }

  // The next character, NUL at the end.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  [[noreturn]] void fail(const std::string& expected) const {
    throw Error(fmt::format("{}: its .npy header is broken at character {}: expected {}, has {}",
                            where_, at_ + 1, expected,
                            at_ < text_.size() ? shown(text_.substr(at_)) : "its end"));
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
  Header header_;
  bool has_descr_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

// A float16, of one bit, five and ten: sign, exponent, fraction.
double half_at(std::uint64_t bits) {
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  const int exponent = static_cast<int>(bits >> 10 & 0x1f);
  const double fraction = static_cast<double>(bits & 0x3ff);
  if (exponent == 0x1f) {
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  }
  return exponent == 0 ? sign * std::ldexp(fraction, -24)
                       : sign * std::ldexp(1024 + fraction, exponent - 25);
}

struct Half {};  // a float16, which C++20 has no type for

// One number of type T, given by its bits, as a double.
template <typename T>
double number_of(std::uint64_t bits) {
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, float>) {
    using Word = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    const Word word = static_cast<Word>(bits);
    T number = 0;
    std::memcpy(&number, &word, sizeof(T));
    return number;
  } else if constexpr (std::is_same_v<T, Half>) {
    return half_at(bits);
  } else if constexpr (std::is_same_v<T, bool>) {
    return bits != 0;
  } else {
    return static_cast<double>(static_cast<T>(bits));
  }
}

// One type of number that a file may hold.
struct NumberType {
  std::string_view code;  // in the file
  std::string_view name;  // to NumPy
  std::size_t bytes;
  double (*number_of)(std::uint64_t);
};

constexpr std::array kNumberTypes = {
    NumberType{"f8", "float64", 8, &number_of<double>},
    NumberType{"f4", "float32", 4, &number_of<float>},
    NumberType{"f2", "float16", 2, &number_of<Half>},
    NumberType{"i1", "int8", 1, &number_of<std::int8_t>},
    NumberType{"i2", "int16", 2, &number_of<std::int16_t>},
    NumberType{"i4", "int32", 4, &number_of<std::int32_t>},
    NumberType{"i8", "int64", 8, &number_of<std::int64_t>},
    NumberType{"u1", "uint8", 1, &number_of<std::uint8_t>},
    NumberType{"u2", "uint16", 2, &number_of<std::uint16_t>},
    NumberType{"u4", "uint32", 4, &number_of<std::uint32_t>},
    NumberType{"u8", "uint64", 8, &number_of<std::uint64_t>},
    NumberType{"b1", "bool", 1, &number_of<bool>},
};

double number_at(const char* bytes, const NumberType& type, bool big_end_first) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < type.bytes; ++i) {
    const std::size_t place = big_end_first ? type.bytes - 1 - i : i;
    bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * place);
  }
  return type.number_of(bits);
}

// What stands in a file that no double holds, and what to save instead.
std::string_view what_to_save(char kind) {
  switch (kind) {
    case 'c':
      return "; complex numbers are not read: save a.real and a.imag";
    case 'U':
    case 'S':
      return "; text is not read: leave it out, or save numbers";
    case 'O':
      return "; Python objects are not read, such as None or rows of different lengths: save each "
             "array under a name of its own";
    case 'M':
    case 'm':
      return "; dates are not read: save numbers";
    default:
      return ": save a.astype('<f8')";
  }
}

// '<' is little endian, '>' big; '|' says that a number is one byte, which has no order.
const NumberType& checked_type(const std::string& descr, const std::string& where) {
  for (const NumberType& type : kNumberTypes) {
    if (std::string_view(descr).substr(descr.empty() ? 0 : 1) != type.code) continue;
    if (descr[0] == '<' || descr[0] == '>' || (type.bytes == 1 && descr[0] == '|')) return type;
  }
  throw Error(
      fmt::format("{}: has numbers of type {}; expected '<f8' (float64), or another float, integer "
                  "or bool of 1 to 8 bytes{}",
                  where, shown(descr), what_to_save(descr.size() > 1 ? descr[1] : '\0')));
}

Shape checked_sides(const Header& header, const std::string& where) {
  try {
    return checked_shape(header.sides);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", where, error.what()));
  }
}

// A whole number of `size` bytes, little end first.
std::size_t length_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t result = 0;
  for (std::size_t i = 0; i < size; ++i) {
    result |= std::size_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  }
  return result;
}

void check_magic(std::string_view bytes, const std::string& where) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  if (bytes.empty()) {
    throw Error(fmt::format("{}: is empty; expected a .npy file, as np.save writes", where));
  }
  if (bytes.starts_with(kMagic)) return;
  const bool is_zip = bytes.starts_with("PK");
  throw Error(fmt::format("{}: is no .npy file (it begins with {}){}", where,
                          shown(bytes.substr(0, kMagic.size())),
                          is_zip ? "; it looks like an .npz, which holds several arrays: save one "
                                   "of them with np.save"
                                 : "; expected what np.save writes"));
}

// Splits a file into the text of its dict and its numbers.
struct Parts {
  std::string_view header;
  std::string_view numbers;
};

Parts split(std::string_view bytes, const std::string& where) {
  check_magic(bytes, where);
  constexpr std::size_t kVersionEnd = 8;
  const int version = bytes.size() < kVersionEnd ? 1 : static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) {
    throw Error(fmt::format("{}: is a .npy file of version {}; expected version 1, 2 or 3", where,
                            version));
  }
  const std::size_t width = version == 1 ? 2 : 4;
  const std::size_t start = kVersionEnd + width;
  if (bytes.size() < start || bytes.size() - start < length_at(bytes, kVersionEnd, width)) {
    throw Error(
        fmt::format("{}: ends after {} bytes, inside its .npy header; copy or save it again", where,
                    bytes.size()));
  }
  const std::size_t length = length_at(bytes, kVersionEnd, width);
  return {bytes.substr(start, length), bytes.substr(start + length)};
}

void check_length(std::string_view numbers, Shape shape, const NumberType& type,
                  const std::string& where) {
  const std::size_t needed = shape.size() * type.bytes;
  if (numbers.size() >= needed) return;
  throw Error(
      fmt::format("{}: its header promises shape {} of {}, {} bytes; after the header it has {} "
                  "bytes: it was cut short, copy or save it again",
                  where, to_string(shape), type.code, needed, numbers.size()));
}

}  // namespace

TypedTensor parse_typed_npy(std::string_view bytes, const std::string& where) {
  const Parts parts = split(bytes, where);
  const Header header = HeaderReader(parts.header, where).read();
  const NumberType& type = checked_type(header.descr, where);
  const bool big_end_first = header.descr[0] == '>';
  const Shape shape = checked_sides(header, where);
  check_length(parts.numbers, shape, type, where);

  TypedTensor result{Tensor(shape), std::string(type.name)};
  const char* number = parts.numbers.data();
  if (!header.fortran_order) {
    for (double& value : result.numbers.view()) {
      value = number_at(number, type, big_end_first);
      number += type.bytes;
    }
    return result;
  }
  // The first side runs fastest in the file.
  std::vector<std::int32_t> place(static_cast<std::size_t>(shape.ndim()));
  for (std::size_t i = 0; i < shape.size(); ++i, number += type.bytes) {
    std::size_t at = 0;
    for (int side = 0; side < shape.ndim(); ++side) {
      at = at * static_cast<std::size_t>(shape[side]) +
           static_cast<std::size_t>(place[static_cast<std::size_t>(side)]);
    }
    result.numbers.view().data[at] = number_at(number, type, big_end_first);
    for (int side = 0; side < shape.ndim(); ++side) {
      std::int32_t& now = place[static_cast<std::size_t>(side)];
      if (++now < shape[side]) break;
      now = 0;
    }
  }
  return result;
}

Tensor parse_npy(std::string_view bytes, const std::string& where) {
  return parse_typed_npy(bytes, where).numbers;
}

TypedTensor read_typed_npy(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::string where = printable(path.native());
  if (std::filesystem::is_directory(path, ignored)) {
    throw Error(fmt::format("cannot read {}: it is a folder; name a .npy file", where));
  }
  constexpr std::size_t kHeaderRoom = 1 << 16;
  constexpr std::size_t kMost = static_cast<std::size_t>(kMaxElements) * sizeof(double);
  return parse_typed_npy(read_bytes(path, kMost + kHeaderRoom), where);
}

Tensor read_npy(const std::filesystem::path& path) { return read_typed_npy(path).numbers; }

}  // namespace backstep::read
