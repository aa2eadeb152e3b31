// Reads the IDX format, in which MNIST comes: images and labels, plain or packed by gzip.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.h"

namespace backstep::read {

// Images of bytes (magic number 2051): one a row, pixel after pixel, from 0 to 255.
struct IdxImages {
  Tensor pixels;
  int height = 0;
  int width = 0;
};

// `where` names the file in errors. Throws Error, with the byte, for another magic number, for
// sides that do not fit the length, and for a label of `classes` or more.
IdxImages parse_idx_images(std::string_view bytes, const std::string& where);
std::vector<int> parse_idx_labels(std::string_view bytes, const std::string& where,
                                  int classes = 10);

IdxImages read_idx_images(const std::filesystem::path& path);
std::vector<int> read_idx_labels(const std::filesystem::path& path, int classes = 10);

}  // namespace backstep::read
