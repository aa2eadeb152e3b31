// Standard output and standard error, when the caller has closed them or they are full.
#include "engine/write/streams.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

#include "engine/tensor.h"
#include "engine/text.h"

namespace backstep::write {

void prepare_streams() {
  // Opened the wrong way round, so that using them is the error that it was. The lowest number that
  // is free is the one that is taken.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
  std::signal(SIGXFSZ, SIG_IGN);
}

void say(std::string_view line) {
  const std::string shown = printable_lines(line);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  std::fputc('\n', stderr);
}

void say_now(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw Error(
      fmt::format("the output cannot be written: {}",
                  errno == 0 ? "not all of it was taken" : std::generic_category().message(errno)));
}

}  // namespace backstep::write
