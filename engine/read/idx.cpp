// Reads the IDX format: a magic number, the sides, and the bytes.
#include "engine/read/idx.h"

#include <fmt/core.h>

#include <cstdint>

#include "engine/read/gzip.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

constexpr std::uint32_t kImages = 2051;
constexpr std::uint32_t kLabels = 2049;
constexpr std::uint32_t kLongestSide = 1 << 16;

// Whole numbers of four bytes, the high one first.
std::uint32_t number(std::string_view bytes, std::size_t at, std::string_view what,
                     const std::string& where) {
  if (bytes.size() < at + 4) {
    throw Error(fmt::format("{}: byte {}: the file ends within its header, at the {}", where,
                            bytes.size(), what));
  }
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void check_magic(std::string_view bytes, std::uint32_t expected, const std::string& where) {
  const std::uint32_t magic = number(bytes, 0, "magic number", where);
  if (magic == expected) return;
  const auto kind = [](std::uint32_t m) {
    return m == kImages ? " (images)" : m == kLabels ? " (labels)" : "";
  };
  throw Error(fmt::format("{}: byte 0: the magic number is {}{}, not {}{}; is this the right file?",
                          where, magic, kind(magic), expected, kind(expected)));
}

void check_any(std::uint64_t content, std::string_view what, const std::string& where) {
  constexpr std::uint64_t kMost = static_cast<std::uint64_t>(kMaxElements);
  if (content == 0) throw Error(fmt::format("{}: byte 4: there is no {} in it", where, what));
  if (content > kMost) {
    throw Error(fmt::format("{}: byte 4: the header promises {} bytes of content; {} are the most",
                            where, content, kMost));
  }
}

void check_length(std::string_view bytes, std::size_t header, std::uint64_t content,
                  const std::string& where) {
  if (bytes.size() == header + content) return;
  const bool is_short = bytes.size() < header + content;
  throw Error(fmt::format(
      "{}: byte {}: the header promises {} bytes of content, but {}", where,
      is_short ? bytes.size() : header + content, content,
      is_short ? fmt::format("the file ends after {}", bytes.size() - header) : "more follows"));
}

}  // namespace

IdxImages parse_idx_images(std::string_view bytes, const std::string& where) {
  constexpr std::size_t kHeader = 16;
  check_magic(bytes, kImages, where);
  const std::uint32_t count = number(bytes, 4, "number of images", where);
  const std::uint32_t height = number(bytes, 8, "height", where);
  const std::uint32_t width = number(bytes, 12, "width", where);
  if (height > kLongestSide || width > kLongestSide) {
    throw Error(
        fmt::format("{}: byte 8: images of {} x {} pixels are not taken", where, height, width));
  }
  const std::uint64_t pixels = std::uint64_t{height} * width;
  check_any(count * pixels, "image", where);
  check_length(bytes, kHeader, count * pixels, where);
  const Shape shape = checked_shape({count, static_cast<std::int64_t>(pixels)});
  IdxImages images{Tensor(shape), static_cast<int>(height), static_cast<int>(width)};
  const View to = images.pixels.view();
  for (std::size_t i = 0; i < to.size(); ++i) {
    to.data[i] = static_cast<unsigned char>(bytes[kHeader + i]);
  }
  return images;
}

std::vector<int> parse_idx_labels(std::string_view bytes, const std::string& where, int classes) {
  constexpr std::size_t kHeader = 8;
  check_magic(bytes, kLabels, where);
  const std::uint32_t count = number(bytes, 4, "number of labels", where);
  check_any(count, "label", where);
  check_length(bytes, kHeader, count, where);
  std::vector<int> labels;
  for (std::size_t i = kHeader; i < bytes.size(); ++i) {
    const int label = static_cast<unsigned char>(bytes[i]);
    if (label >= classes) {
      throw Error(
          fmt::format("{}: byte {}: label {} is outside 0 .. {}", where, i, label, classes - 1));
    }
    labels.push_back(label);
  }
  return labels;
}

IdxImages read_idx_images(const std::filesystem::path& path) {
  return parse_idx_images(read_unpacked(path), printable(path.native()));
}

std::vector<int> read_idx_labels(const std::filesystem::path& path, int classes) {
  return parse_idx_labels(read_unpacked(path), printable(path.native()), classes);
}

}  // namespace backstep::read
