// The bytes of a file, plain or packed by gzip: zlib unpacks, and says where it stopped.
#include "engine/read/gzip.h"

#include <fmt/core.h>
#include <zlib.h>

#include <array>

#include "engine/read/file.h"
#include "engine/tensor.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

bool is_gzip(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

// zlib's state, given back when it goes out of scope.
class Inflater {
 public:
  explicit Inflater(std::string& bytes) {
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, kGzipOnly + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends what comes next; gives zlib's word on it.
  int next(std::string& content) {
    std::array<char, 1 << 16> piece;
    stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_out = piece.size();
    const int result = inflate(&stream_, Z_NO_FLUSH);
    content.append(piece.data(), piece.size() - stream_.avail_out);
    return result;
  }
  std::size_t at() const { return stream_.total_in; }
  bool at_end() const { return stream_.avail_in == 0; }

 private:
  z_stream stream_ = {};
};

}  // namespace

std::string unpacked(std::string bytes, const std::string& where) {
  if (!is_gzip(bytes)) return bytes;
  if (bytes.size() >= kMostUnpacked) throw Error(where + ": too large a gzip file");
  Inflater inflater(bytes);
  std::string content;
  while (true) {
    const int result = inflater.next(content);
    if (result == Z_STREAM_END) return content;
    if (result == Z_OK && content.size() <= kMostUnpacked) continue;
    if (content.size() > kMostUnpacked) {
      throw Error(fmt::format("{}: byte {}: it unpacks to more than {} bytes", where, inflater.at(),
                              kMostUnpacked));
    }
    throw Error(fmt::format("{}: byte {} of {}: the gzip data {}; copy or download the file again",
                            where, inflater.at(), bytes.size(),
                            inflater.at_end() ? "ends too early" : "is damaged"));
  }
}

std::string read_unpacked(const std::filesystem::path& path) {
  const std::string where = printable(path.native());
  std::string bytes = read_bytes(path, kMostUnpacked);
  if (bytes.empty()) throw Error(where + ": byte 0: the file is empty");
  return unpacked(std::move(bytes), where);
}

}  // namespace backstep::read
