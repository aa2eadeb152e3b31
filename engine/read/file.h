// The bytes of a file, whatever kind of file it is.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace backstep::read {

// All bytes of the file at `path`. A pipe is read until its writer is done; one that has no writer,
// for two seconds. Throws Error, with the reason, for a file that cannot be read or holds more than
// `most` bytes, as a device without an end does: "cannot read x.npy: it is a folder".
std::string read_bytes(const std::filesystem::path& path, std::size_t most);

}  // namespace backstep::read
