// Writes a picture in each of the formats.
#include "engine/write/picture.h"

#include <fmt/core.h>

#include "engine/draw/graphviz.h"
#include "engine/tensor.h"
#include "engine/write/file.h"

namespace backstep::write {
namespace {

struct Format {
  PictureFormat format;
  std::string_view name;
  std::string (*bytes)(const std::string& dot);
};

constexpr Format kFormats[] = {
    {PictureFormat::kDot, "dot", [](const std::string& dot) -> std::string { return dot; }},
    {PictureFormat::kSvg, "svg", draw::svg},
    {PictureFormat::kPng, "png", draw::png},
};

}  // namespace

PictureFormat picture_format(std::string_view name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return format.format;
  }
  throw Error(fmt::format("there is no picture format '{}'; there are dot, svg and png", name));
}

std::size_t picture_bytes(const std::string& dot, std::span<const PictureFormat> formats) {
  std::size_t bytes = 0;
  for (const Format& format : kFormats) {
    for (const PictureFormat wanted : formats) {
      if (wanted == format.format) bytes += format.bytes(dot).size();
    }
  }
  return bytes;
}

void write_pictures(const std::filesystem::path& dir, std::string_view stem, const std::string& dot,
                    std::span<const PictureFormat> formats) {
  for (const Format& format : kFormats) {
    for (const PictureFormat wanted : formats) {
      if (wanted != format.format) continue;
      write_file(dir / fmt::format("{}.{}", stem, format.name), format.bytes(dot));
    }
  }
}

}  // namespace backstep::write
