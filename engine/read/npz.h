// Reads the arrays of an .npz archive, the format of np.savez and np.savez_compressed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "engine/read/npy.h"
#include "engine/tensor.h"

namespace backstep::read {

// By name, without ".npy": as np.load(...)[name].
using NamedTensors = std::map<std::string, Tensor, std::less<>>;
using NamedTypedTensors = std::map<std::string, TypedTensor, std::less<>>;

// The arrays in the bytes of an .npz archive, stored or deflated; `where` names it in errors.
// Each entry is read as parse_npy does. Throws Error for bytes that are no zip archive, an entry
// that is damaged, encrypted, twice there or no array, and for more than kMaxElements numbers in
// all, whatever the archive promises: a small file cannot take more than some 2 GiB of memory.
NamedTensors parse_npz(std::string_view bytes, const std::string& where);

// The arrays in the .npz file at `path`. Throws Error as parse_npz does, and for a file that cannot
// be read.
NamedTensors read_npz(const std::filesystem::path& path);
NamedTypedTensors read_typed_npz(const std::filesystem::path& path);

}  // namespace backstep::read
