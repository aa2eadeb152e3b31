// Reads one array from a .npy file, the format of np.save, as a Tensor.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/tensor.h"

namespace backstep::read {

// The array in the bytes of a .npy file; `where` names them in errors. The format is that of NEP 1
// (versions 1.0, 2.0 and 3.0). Taken are float64, float32 and float16, integers of 8 to 64 bits
// with and without a sign, and bool, of either endianness, in C and in Fortran order; each number
// becomes a double as astype(float) makes it (beyond 2**53 an integer is rounded).  Bytes after the
// array are left alone, as np.load does.
//
// Throws Error, which says what the file has and what is expected, for everything else. A header
// that promises more numbers than there are bytes is refused before anything is allocated.
Tensor parse_npy(std::string_view bytes, const std::string& where);

// The same with what a Tensor does not hold.
struct TypedTensor {
  Tensor numbers;
  std::string type;  // "float32"
};
TypedTensor parse_typed_npy(std::string_view bytes, const std::string& where);

// The array in the .npy file at `path`. Throws Error as parse_npy does, and for a file that cannot
// be read.
Tensor read_npy(const std::filesystem::path& path);
TypedTensor read_typed_npy(const std::filesystem::path& path);

}  // namespace backstep::read
