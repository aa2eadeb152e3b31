// The bytes of a file, plain or packed by gzip.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace backstep::read {

// The most that a file may hold, packed or not, so that a small hostile file cannot fill the
// memory.
inline constexpr std::size_t kMostUnpacked = std::size_t{1} << 30;

// The content behind `bytes`: themselves unless they begin as gzip does. Throws Error, with the
// byte of the packed file, for one that is damaged, cut short or holds more than kMostUnpacked.
std::string unpacked(std::string bytes, const std::string& where);

// The same for the file at `path`. Throws Error also for a file that cannot be read or has 0 bytes.
std::string read_unpacked(const std::filesystem::path& path);

}  // namespace backstep::read
