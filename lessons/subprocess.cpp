// Runs another program. Its input lies in a file in memory and so do its words of error: nothing
// has to be fed while something else is read, so neither side can wait for the other.
#include "lessons/subprocess.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "engine/tensor.h"

extern char** environ;  // POSIX: declared by no header

namespace backstep::lessons {
namespace {

std::string message(int error) { return std::generic_category().message(error); }

// A file without a name, in memory. It is gone when it goes out of scope.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("backstep", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw Error("no memory for a file: " + message(errno));
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  // Writes all of `bytes`, to be read from the start.
  void fill(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw Error("cannot write to memory: " + message(errno));
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    ::lseek(descriptor_, 0, SEEK_SET);
  }

  std::string content() const {
    std::string result;
    char buffer[1 << 14];
    for (off_t at = 0;;) {
      const ssize_t count = ::pread(descriptor_, buffer, sizeof buffer, at);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return result;
      result.append(buffer, static_cast<std::size_t>(count));
      at += count;
    }
  }

 private:
  int descriptor_;
};

// Which of our files become standard input, output and error of the other program.
class Streams {
 public:
  Streams(const MemoryFile& in, const MemoryFile& out, const MemoryFile& err) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, in.descriptor(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, out.descriptor(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, err.descriptor(), STDERR_FILENO);
  }
  ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

pid_t start(const std::vector<std::string>& command, const Streams& streams,
            std::string_view package) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int error =
      ::posix_spawnp(&process, arguments[0], streams.actions(), nullptr, arguments.data(), environ);
  if (error == ENOENT) {
    throw Error(fmt::format("{} is not installed: apt-get install {}", command[0], package));
  }
  if (error != 0) throw Error(fmt::format("cannot start {}: {}", command[0], message(error)));
  return process;
}

// The status as waitpid gives it.
int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) throw Error("cannot wait for a program: " + message(errno));
  }
  return status;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

}  // namespace

std::string output_of(const std::vector<std::string>& command, std::string_view input,
                      std::string_view package) {
  MemoryFile in, out, err;
  in.fill(input);
  const int status = wait_for(start(command, Streams(in, out, err), package));
  if (status != 0) {
    throw Error(fmt::format("{} {}: {}", command[0], how_it_ended(status), err.content()));
  }
  return out.content();
}

}  // namespace backstep::lessons
