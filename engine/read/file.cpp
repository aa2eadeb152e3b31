// Reads a file piece by piece: what the system says of its size is not believed, and no pipe or
// device can keep the program waiting for ever.
#include "engine/read/file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>
#include <thread>

#include "engine/read/source.h"
#include "engine/tensor.h"

namespace backstep::read {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, std::string_view why) {
  throw Error(fmt::format("cannot read {}: {}", printable(path.string()), why));
}

[[noreturn]] void fail(const fs::path& path, int error) {
  if (error == EISDIR) fail(path, "it is a folder");
  fail(path, std::generic_category().message(error));
}

class InFile {
 public:
  // Not blocking: to open a pipe would wait for somebody who writes to it.
  explicit InFile(const fs::path& path)
      : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) fail(path, errno);
  }
  ~InFile() { ::close(descriptor_); }
  InFile(const InFile&) = delete;
  InFile& operator=(const InFile&) = delete;

  // Of a plain file; 0 for others.
  std::size_t size() const {
    struct stat is {};
    const bool known = ::fstat(descriptor_, &is) == 0 && S_ISREG(is.st_mode) && is.st_size > 0;
    return known ? static_cast<std::size_t>(is.st_size) : 0;
  }

  bool is_pipe() const {
    struct stat is {};
    return ::fstat(descriptor_, &is) == 0 && S_ISFIFO(is.st_mode);
  }

  // Appends what comes next; false at the end.
  bool append_to(std::string& bytes) {
    char piece[1 << 16];
    for (;;) {
      const ssize_t count = ::read(descriptor_, piece, sizeof piece);
      if (count >= 0) {
        bytes.append(piece, static_cast<std::size_t>(count));
        return count > 0;
      }
      if (errno == EAGAIN) {
        pollfd wait = {descriptor_, POLLIN, 0};
        ::poll(&wait, 1, -1);
      } else if (errno != EINTR) {
        fail(path_, errno);
      }
    }
  }

 private:
  const fs::path& path_;
  int descriptor_;
};

}  // namespace

std::string read_bytes(const fs::path& path, std::size_t most) {
  InFile file(path);
  std::string bytes;
  // One byte more, so that the piece at the end does not make a large string grow once again.
  bytes.reserve(std::min(file.size(), most) + 1);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  for (;;) {
    if (file.append_to(bytes)) {
      if (bytes.size() <= most) continue;
      fail(path, fmt::format("it holds more than {} bytes, the most that is read here", most));
    }
    const bool waits = bytes.empty() && file.is_pipe();
    if (!waits) return bytes;
    if (std::chrono::steady_clock::now() > patience) {
      fail(path,
           "nothing comes out of this pipe; it gives what is written to it only once: name a file");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace backstep::read
