// Writes named tensors as an .npz archive: a .npy file each, packed by libzip in memory.
#include "engine/write/npz.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "engine/write/file.h"

namespace backstep::write {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers are written as they lie");

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

// What a zip archive of no entries is: the record that ends it. libzip would write nothing at all.
std::string empty_archive() { return "PK\x05\x06" + std::string(18, '\0'); }

bool is_safe(std::string_view name) {
  constexpr std::size_t kMostBytes = 200;
  return !name.empty() && name.size() <= kMostBytes && name != "." && name != ".." &&
         std::none_of(name.begin(), name.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f || c == '/' || c == '\\' || c == ':';
         });
}

void check_names(std::span<const NamedTensor> tensors) {
  std::set<std::string_view> names;
  for (const NamedTensor& tensor : tensors) {
    if (!is_safe(tensor.name)) {
      throw Error(fmt::format(
          "cannot put {:?} into an .npz: a name there has 1 to 200 bytes and none of / \\ : or "
          "control characters",
          tensor.name));
    }
    if (!names.insert(tensor.name).second) {
      throw Error(
          fmt::format("cannot put {:?} into an .npz twice: give each its own name", tensor.name));
    }
  }
}

// The bytes that np.save writes for a C-ordered float64 array, version 1.0 of the format (NEP 1).
std::string npy_bytes(ConstView value) {
  constexpr std::size_t kPreamble = 10;  // "\x93NUMPY", the version, the length of the rest
  constexpr std::size_t kAlignment = 64;
  std::string dict = fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': {}, }}",
                                 to_string(value.shape));
  while ((kPreamble + dict.size() + 1) % kAlignment != 0) dict += ' ';
  dict += '\n';

  std::string bytes = "\x93NUMPY";
  bytes +=
      {'\x01', '\x00', static_cast<char>(dict.size() & 0xff), static_cast<char>(dict.size() >> 8)};
  bytes += dict;
  const std::size_t start = bytes.size();
  bytes.resize(start + value.size() * sizeof(double));
  std::memcpy(bytes.data() + start, value.data, value.size() * sizeof(double));
  return bytes;
}

[[noreturn]] void fail(const std::string& what, const char* reason) {
  throw Error(fmt::format("cannot put {} into an .npz: {}", what, reason));
}

// Adds `bytes`, which must live until the archive is closed.
void add_entry(zip_t* archive, const std::string& name, const std::string& bytes) {
  constexpr zip_uint16_t kMidnight = 0;
  constexpr zip_uint16_t kFirstDay = (1 << 5) | 1;  // 1 January 1980, the first day that zip knows
  Source source(zip_source_buffer(archive, bytes.data(), bytes.size(), 0));
  const std::string entry = name + ".npy";
  const zip_int64_t added =
      source ? zip_file_add(archive, entry.c_str(), source.get(), ZIP_FL_ENC_UTF_8) : -1;
  if (added < 0) fail(fmt::format("{:?}", name), zip_strerror(archive));
  static_cast<void>(source.release());  // it belongs to the archive now
  const auto index = static_cast<zip_uint64_t>(added);
  if (zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(archive, index, kMidnight, kFirstDay, 0) != 0) {
    fail(fmt::format("{:?}", name), zip_strerror(archive));
  }
}

// The bytes of an archive that was closed into `source`.
std::string content(zip_source_t* source) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) {
    fail("values", zip_error_strerror(zip_source_error(source)));
  }
  std::string bytes(stat.size, '\0');
  const zip_int64_t count = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (count != static_cast<zip_int64_t>(bytes.size())) fail("values", "it was cut short");
  return bytes;
}

}  // namespace

std::string npz_bytes(std::span<const NamedTensor> tensors) {
  check_names(tensors);
  if (tensors.empty()) return empty_archive();

  std::vector<std::string> entries;
  for (const NamedTensor& tensor : tensors) entries.push_back(npy_bytes(tensor.value));

  zip_error_t error;
  zip_error_init(&error);
  const Source source(zip_source_buffer_create(nullptr, 0, 0, &error));
  Archive archive(source ? zip_open_from_source(source.get(), ZIP_TRUNCATE, &error) : nullptr);
  if (!archive) fail("values", "there is no memory for it");
  zip_source_keep(source.get());  // the archive frees it once, and so does `source`

  for (std::size_t i = 0; i < entries.size(); ++i) {
    add_entry(archive.get(), tensors[i].name, entries[i]);
  }
  if (zip_close(archive.get()) != 0) fail("values", zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // zip_close has freed it
  return content(source.get());
}

void write_npz(const std::filesystem::path& path, std::span<const NamedTensor> tensors) {
  write_file(path, npz_bytes(tensors));
}

}  // namespace backstep::write
