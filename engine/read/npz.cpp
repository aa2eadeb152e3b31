// Reads the arrays of an .npz archive: libzip unpacks each entry, the .npy reader reads it.
#include "engine/read/npz.h"

#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/read/npy.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using EntryFile = std::unique_ptr<zip_file_t, CloseFile>;

// The words of libzip for an error, which it frees afterwards.
class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;

  zip_error_t* get() { return &error_; }
  std::string text() { return zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

// libzip takes a file of no bytes for an archive of no entries.
bool is_empty(zip_source_t* source) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  return zip_source_stat(source, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0 && stat.size == 0;
}

// Takes over `source`, which may be null if its making failed.
Archive open_archive(zip_source_t* source, ZipError& error, const std::string& where) {
  const bool nothing = source != nullptr && is_empty(source);
  if (source != nullptr && !nothing) {
    Archive archive(zip_open_from_source(source, ZIP_RDONLY, error.get()));
    if (archive) return archive;
  }
  if (source != nullptr) zip_source_free(source);
  throw Error(fmt::format("cannot read {}: {}; expected an .npz archive, as np.savez writes", where,
                          nothing ? "it is empty" : error.text()));
}

// "x" for the entry "x.npy".
std::string array_name(const std::string& entry, const std::string& where) {
  constexpr std::string_view kEnding = ".npy";
  if (entry.ends_with(kEnding)) return entry.substr(0, entry.size() - kEnding.size());
  throw Error(fmt::format("{}: entry {:?} is no array; expected NAME.npy only, as np.savez writes",
                          where, entry));
}

[[noreturn]] void fail_too_large(const std::string& where) {
  throw Error(fmt::format("{}: too large; all arrays of one .npz may hold {} numbers together",
                          where, kMaxElements));
}

// All bytes of one entry, at most `budget`: what the archive says of its size is not believed.
std::string entry_bytes(zip_t* archive, zip_uint64_t index, std::size_t budget,
                        const std::string& where) {
  const EntryFile file(zip_fopen_index(archive, index, 0));
  if (!file) {
    throw Error(fmt::format("cannot read {}: {}", where, zip_strerror(archive)));
  }
  std::string bytes;
  std::array<char, 1 << 16> chunk;
  for (;;) {
    const zip_int64_t count = zip_fread(file.get(), chunk.data(), chunk.size());
    if (count < 0) {
      throw Error(fmt::format("cannot read {}: {}; it is damaged, copy or save it again", where,
                              zip_file_strerror(file.get())));
    }
    if (count == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(count));
    if (bytes.size() > budget) fail_too_large(where);
  }
}

NamedTypedTensors read_arrays(zip_t* archive, const std::string& where) {
  constexpr std::size_t kHeaderRoom = 1 << 16;
  std::size_t budget = static_cast<std::size_t>(kMaxElements) * sizeof(double);
  NamedTypedTensors result;
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    const char* entry = zip_get_name(archive, i, ZIP_FL_ENC_GUESS);
    if (entry == nullptr) {
      throw Error(fmt::format("cannot read {}: {}", where, zip_strerror(archive)));
    }
    const std::string name = array_name(entry, where);
    const std::string entry_where = fmt::format("{}, entry {:?}", where, entry);
    TypedTensor tensor =
        parse_typed_npy(entry_bytes(archive, i, budget + kHeaderRoom, entry_where), entry_where);
    const std::size_t cost = tensor.numbers.view().size() * sizeof(double);
    if (cost > budget) fail_too_large(entry_where);
    budget -= cost;
    if (!result.emplace(name, std::move(tensor)).second) {
      throw Error(
          fmt::format("{}: stands twice in the archive; expected each name once", entry_where));
    }
  }
  return result;
}

NamedTensors without_types(NamedTypedTensors typed) {
  NamedTensors result;
  for (auto& [name, tensor] : typed) result.emplace(name, std::move(tensor.numbers));
  return result;
}

}  // namespace

NamedTensors parse_npz(std::string_view bytes, const std::string& where) {
  ZipError error;
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, error.get());
  return without_types(read_arrays(open_archive(source, error, where).get(), where));
}

NamedTypedTensors read_typed_npz(const std::filesystem::path& path) {
  ZipError error;
  zip_source_t* source = zip_source_file_create(path.c_str(), 0, 0, error.get());
  return read_arrays(open_archive(source, error, printable(path.native())).get(),
                     printable(path.native()));
}

NamedTensors read_npz(const std::filesystem::path& path) {
  return without_types(read_typed_npz(path));
}

}  // namespace backstep::read
