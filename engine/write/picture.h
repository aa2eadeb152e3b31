// Files of pictures, in the formats that are asked for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace backstep::write {

enum class PictureFormat { kDot, kSvg, kPng };

// "dot", "svg" or "png". Throws Error for another name.
PictureFormat picture_format(std::string_view name);

// How many bytes write_pictures() would write.
std::size_t picture_bytes(const std::string& dot, std::span<const PictureFormat> formats);

// Writes dir/stem.dot, .svg, .png: those that are asked for, each whole or not at all.
void write_pictures(const std::filesystem::path& dir, std::string_view stem, const std::string& dot,
                    std::span<const PictureFormat> formats);

}  // namespace backstep::write
