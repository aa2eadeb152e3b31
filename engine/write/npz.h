// Writes named tensors as an .npz archive, which np.load opens.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "engine/tensor.h"

namespace backstep::write {

struct NamedTensor {
  std::string name;  // as in np.load(...)[name]
  ConstView value;
};

// An .npz archive of `tensors`, in their order: an entry NAME.npy each, float64 in
// its own shape, not compressed, as np.savez writes. The same tensors give the same bytes at
// any time and in any time zone. Throws Error for a name that stands twice, or that another program
// could take for a path or choke on: empty, over 200 bytes, with / \ : or a control character, or
// not UTF-8.
std::string npz_bytes(std::span<const NamedTensor> tensors);

// Writes npz_bytes(tensors) to the file at `path`, whole or not at all, as write_file does. Throws
// Error as these two do.
void write_npz(const std::filesystem::path& path, std::span<const NamedTensor> tensors);

}  // namespace backstep::write
