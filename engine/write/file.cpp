// The one place that writes files: a new file beside the old one, then a rename.
#include "engine/write/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/held_signals.h"
#include "engine/tensor.h"
#include "engine/text.h"

namespace backstep::write {
namespace {

namespace fs = std::filesystem;

// The folder of `path` as a person would name it.
std::string folder_name(const fs::path& path) {
  return path.has_parent_path() ? printable(path.parent_path().string()) : "this folder";
}

// The question that most often leads to the mistake; empty where there is none.
std::string usual_cause(const fs::path& path, int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
      return fmt::format("; is {} a folder that you may write to?", folder_name(path));
    case ENOTDIR:
    case EEXIST:
      return fmt::format("; is a part of {} a file, not a folder?", folder_name(path));
    case EISDIR:
      return "; name a file in it";
    case ENOSPC:
    case EDQUOT:
      return "; is the disk full?";
    case EFBIG:
      return "; is there a limit on the size of files (ulimit -f)?";
    case ENXIO:
      return "; does a program read from this pipe?";
    case ENAMETOOLONG:
      return "; give it a shorter name";
    default:
      return "";
  }
}

[[noreturn]] void fail(const fs::path& path, int error) {
  throw Error(fmt::format("cannot write {}: {}{}", printable(path.native()),
                          std::generic_category().message(error), usual_cause(path, error)));
}

// A file that was opened to be written; closed when it goes out of scope.
class OutFile {
 public:
  OutFile(const fs::path& path, int flags, mode_t mode)
      : descriptor_(::open(path.c_str(), flags | O_WRONLY | O_CLOEXEC, mode)) {}
  ~OutFile() {
    if (is_open()) ::close(descriptor_);
  }
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  bool is_open() const { return descriptor_ >= 0; }

  // As ::fchmod; 0 or the number of the error.
  int set_mode(mode_t mode) { return ::fchmod(descriptor_, mode) == 0 ? 0 : errno; }

  // Writes all of `bytes`; 0 or the number of the error, which some file systems say only when the
  // file is closed.
  int write_and_close(std::string_view bytes) {
    const int error = write(bytes);
    const int close_error = ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno;
    return error != 0 ? error : close_error;
  }

 private:
  int write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EAGAIN) {
        pollfd room = {descriptor_, POLLOUT, 0};
        ::poll(&room, 1, -1);
      } else if (count < 0 && errno != EINTR) {
        return errno;
      } else if (count > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      }
    }
    return 0;
  }

  int descriptor_;
};

// A name beside `path` that nothing has. It does not grow with the name of the file, so a name of
// the greatest length stays possible.
fs::path name_beside(const fs::path& path) {
  static std::atomic<unsigned> count = 0;
  for (;;) {
    fs::path name = path.parent_path() / fmt::format(".backstep-{}-{}.tmp", ::getpid(), count++);
    struct stat old;
    if (::lstat(name.c_str(), &old) != 0) return name;
  }
}

void make_folders(const fs::path& path) {
  if (!path.has_parent_path()) return;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) fail(path, error.value());
}

// Writes the new file beside `target`, gives it `mode` and the name of `target`; 0 or the number
// of the error, after which the new file is gone.
int replace(const fs::path& target, std::string_view bytes, const struct stat* old) {
  const HeldSignals held;
  const fs::path fresh = name_beside(target);
  OutFile file(fresh, O_CREAT | O_EXCL, 0666);
  if (!file.is_open()) return errno;
  int error = old == nullptr ? 0 : file.set_mode(old->st_mode & 07777);
  if (error == 0) error = file.write_and_close(bytes);
  if (error == 0 && ::rename(fresh.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(fresh.c_str());
  return error;
}

// Opens a pipe as soon as somebody reads from it, but does not wait for ever; 0 or the number of
// the error.
int write_to_pipe(const fs::path& path, std::string_view bytes) {
  constexpr int kMostTries = 500;
  for (int i = 0; i < kMostTries; ++i) {
    OutFile file(path, O_NONBLOCK, 0);
    if (file.is_open()) return file.write_and_close(bytes);
    if (errno != ENXIO) return errno;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return ENXIO;
}

// For devices; 0 or the number of the error.
int write_in_place(const fs::path& path, std::string_view bytes) {
  OutFile file(path, O_TRUNC, 0666);
  return file.is_open() ? file.write_and_close(bytes) : errno;
}

// Whether the path is one of a file that is open already, as /dev/stdout is: whoever opened it
// holds that very file, and may have written to it.
bool is_descriptor(fs::path path) {
  constexpr int kMostLinks = 40;
  std::error_code error;
  for (int i = 0; i < kMostLinks; ++i) {
    const fs::path folder = fs::canonical(path.has_parent_path() ? path.parent_path() : ".", error);
    if (error) return false;
    if (folder.native().starts_with("/proc/")) return true;
    path = folder / path.filename();
    if (!fs::is_symlink(path, error)) return false;
    path = folder / fs::read_symlink(path, error);
  }
  return false;
}

// 0 or the number of the error.
int write_over(const fs::path& path, const struct stat& old, std::string_view bytes) {
  if (S_ISDIR(old.st_mode)) return EISDIR;
  if (!S_ISREG(old.st_mode) || is_descriptor(path)) {
    return S_ISFIFO(old.st_mode) ? write_to_pipe(path, bytes) : write_in_place(path, bytes);
  }
  if (::access(path.c_str(), W_OK) != 0) return errno;
  std::error_code error;
  const fs::path target = fs::canonical(path, error);
  return error ? error.value() : replace(target, bytes, &old);
}

// What holds of every file.
void prepare(const fs::path& path) {
  if (path.empty()) throw Error("cannot write a file without a name");
  if (!path.has_filename()) fail(path, EISDIR);
  make_folders(path);
}

}  // namespace

void check_writable(const fs::path& path) {
  prepare(path);
  struct stat old;
  if (::stat(path.c_str(), &old) == 0) {
    if (S_ISDIR(old.st_mode)) fail(path, EISDIR);
    if (::access(path.c_str(), W_OK) != 0) fail(path, errno);
    if (!S_ISREG(old.st_mode)) return;
  }
  const HeldSignals held;
  const fs::path fresh = name_beside(path);
  const OutFile file(fresh, O_CREAT | O_EXCL, 0600);
  if (!file.is_open()) fail(path, errno);
  ::unlink(fresh.c_str());
}

void write_file(const fs::path& path, std::string_view bytes) {
  prepare(path);
  struct stat old;
  const bool is_there = ::stat(path.c_str(), &old) == 0;
  const int error = is_there ? write_over(path, old, bytes) : replace(path, bytes, nullptr);
  if (error != 0) fail(path, error);
}

}  // namespace backstep::write
