// Reads one array from a .npy file: its preamble, the Python dict that describes it, the numbers.
#include "engine/read/npy.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <system_error>
#include <type_traits>
#include <vector>

#include "engine/read/file.h"

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

// One number of type T, whose bytes stand little end first, as a double.
template <typename T>
double number_at(const char* bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, float>) {
    using Word = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    const Word word = static_cast<Word>(bits);
    T number = 0;
    std::memcpy(&number, &word, sizeof(T));
    return number;
  } else if constexpr (std::is_same_v<T, bool>) {
    return bits != 0;
  } else {
    return static_cast<double>(static_cast<T>(bits));
  }
}

// One type of number that a file may hold.
struct NumberType {
  std::string_view name;
  std::size_t bytes;
  double (*number_at)(const char*);
};

template <typename T>
constexpr NumberType number_type(std::string_view name) {
  return {name, sizeof(T), &number_at<T>};
}

constexpr std::array kNumberTypes = {
    number_type<double>("f8"),        number_type<float>("f4"),
    number_type<std::int8_t>("i1"),   number_type<std::int16_t>("i2"),
    number_type<std::int32_t>("i4"),  number_type<std::int64_t>("i8"),
    number_type<std::uint8_t>("u1"),  number_type<std::uint16_t>("u2"),
    number_type<std::uint32_t>("u4"), number_type<std::uint64_t>("u8"),
    number_type<bool>("b1"),
};

// '<' is little endian; '|' says that a number is one byte, which has no order.
const NumberType& checked_type(const std::string& descr, const std::string& where) {
  for (const NumberType& type : kNumberTypes) {
    if (std::string_view(descr).substr(descr.empty() ? 0 : 1) != type.name) continue;
    if (descr[0] == '<' || (type.bytes == 1 && (descr[0] == '|' || descr[0] == '>'))) return type;
  }
  throw Error(fmt::format(
      "{}: has numbers of type {}; expected '<f8' (float64), or another little-endian float, "
      "integer or bool: save a.astype('<f8')",
      where, shown(descr)));
}

Shape checked_sides(const Header& header, const std::string& where) {
  const std::vector<std::int64_t>& sides = header.sides;
  if (sides.size() > 2) {
    throw Error(
        fmt::format("{}: has shape {}, of {} dimensions; expected at most 2: save "
                    "a.reshape(len(a), -1), one sample a row",
                    where, header.sides_text.substr(0, 60), sides.size()));
  }
  try {
    return checked_shape(sides.size() == 2 ? sides[0] : 1, sides.empty() ? 1 : sides.back());
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
                  where, to_string(shape), type.name, needed, numbers.size()));
}

}  // namespace

Tensor parse_npy(std::string_view bytes, const std::string& where) {
  const Parts parts = split(bytes, where);
  const Header header = HeaderReader(parts.header, where).read();
  const NumberType& type = checked_type(header.descr, where);
  const Shape shape = checked_sides(header, where);
  check_length(parts.numbers, shape, type, where);

  Tensor result(shape);
  const std::size_t row_step = header.fortran_order ? 1 : static_cast<std::size_t>(shape.cols);
  const std::size_t col_step = header.fortran_order ? static_cast<std::size_t>(shape.rows) : 1;
  const char* numbers = parts.numbers.data();
  for (int row = 0; row < shape.rows; ++row) {
    for (int col = 0; col < shape.cols; ++col) {
      result(row, col) = type.number_at(numbers + type.bytes * (row * row_step + col * col_step));
    }
  }
  return result;
}

Tensor read_npy(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw Error(fmt::format("cannot read {}: it is a folder; name a .npy file", path.string()));
  }
  constexpr std::size_t kHeaderRoom = 1 << 16;
  constexpr std::size_t kMost = static_cast<std::size_t>(kMaxElements) * sizeof(double);
  return parse_npy(read_bytes(path, kMost + kHeaderRoom), path.string());
}

}  // namespace backstep::read
