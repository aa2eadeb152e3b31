// Reads numbers from CSV: samples in rows, the label in the last column, plain or packed by gzip.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.h"

namespace backstep::read {

struct CsvSamples {
  Tensor x;                 // all columns but the last
  std::vector<int> labels;  // the last column
};

// Numbers between commas; a first line without any number is a header. Throws Error, with line and
// column (both from 1), for a hole, text, a NaN or infinity, a row of another width, and a label
// that is no whole number from 0 to classes - 1. `where` names the file in errors.
CsvSamples parse_csv(std::string_view text, const std::string& where, int classes = 10);
CsvSamples read_csv(const std::filesystem::path& path, int classes = 10);

}  // namespace backstep::read
