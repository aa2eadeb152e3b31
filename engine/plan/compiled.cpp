// C of our own making: the cache folder, the compiler, and the loading of its result.
#include "engine/plan/compiled.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/held_signals.h"

extern char** environ;

namespace backstep {
namespace {

namespace fs = std::filesystem;

#ifndef BACKSTEP_BUILD_COMPILER
constexpr const char* kBuildCompiler = "cc";
#else
constexpr const char* kBuildCompiler = BACKSTEP_BUILD_COMPILER;
#endif

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The compiler that built the project, or `cc` if that is not on this machine.
std::string compiler() {
  if (std::getenv("BACKSTEP_COMPILER") != nullptr) return variable("BACKSTEP_COMPILER");
  return ::access(kBuildCompiler, X_OK) == 0 ? kBuildCompiler : "cc";
}

// A folder of ours that nobody else can write to or read; empty if there is none.
fs::path cache_folder() {
  fs::path base = variable("XDG_CACHE_HOME");
  if (!base.is_absolute()) {
    base = variable("HOME");
    if (!base.is_absolute()) return {};
    base /= ".cache";
  }
  std::error_code error;
  fs::create_directories(base, error);
  const fs::path folder = base / "backstep";
  ::mkdir(folder.c_str(), S_IRWXU);
  struct stat is {};
  const bool ours = ::lstat(folder.c_str(), &is) == 0 && S_ISDIR(is.st_mode) &&
                    is.st_uid == ::geteuid() && (is.st_mode & (S_IRWXG | S_IRWXO)) == 0;
  return ours ? folder : fs::path();
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What -march=native hangs on: a cache may be shared by several machines.
std::string this_machine() {
  std::ifstream file("/proc/cpuinfo");
  std::string text;
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const bool says = line.starts_with("model") || line.starts_with("flags") ||
                      line.starts_with("Features") || line.starts_with("CPU");
    if (says) text += line + "\n";
  }
  return text;
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

std::vector<std::string> command(const fs::path& source, const fs::path& out,
                                 Contraction contraction) {
  return {compiler(),
          "-std=c11",
          "-O3",
          "-march=native",
          contraction == Contraction::kOn ? "-ffp-contract=fast" : "-ffp-contract=off",
          "-fno-math-errno",
          "-fno-trapping-math",
          "-fPIC",
          "-shared",
          "-o",
          out.string(),
          "-x",
          "c",
          source.string(),
          "-lm"};
}

// Runs a program without a shell, silently and with this mask of signals; true if it ends well.
bool run(const std::vector<std::string>& words, const sigset_t& mask) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &mask);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) return false;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_ours(const fs::path& file) {
  struct stat is {};
  return ::lstat(file.c_str(), &is) == 0 && S_ISREG(is.st_mode) && is.st_uid == ::geteuid();
}

bool write_text(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  return static_cast<bool>(file.flush());
}

// A library ends in a line of its own length and hash, which the loader passes over: one that was
// cut short or written over must not be loaded, for the pages that it lacks would end the program.
std::string seal_of(std::string_view library) {
  return fmt::format("\n/* {} {:016x} */", library.size(), hash_of(library));
}

bool is_sealed(std::string_view library) {
  const std::size_t begin = library.rfind("\n/* ");
  return begin != library.npos && library.substr(begin) == seal_of(library.substr(0, begin));
}

bool seal(const fs::path& library) {
  const std::string text = read_file(library);
  return !text.empty() && write_text(library, text + seal_of(text));
}

// Of what the cache folder holds more than this, the files that were used least lately go.
constexpr std::uintmax_t kMostCached = std::uintmax_t{200} << 20;

void drop_oldest(const fs::path& folder) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::uintmax_t total = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (!is_ours(entry.path())) continue;
    total += entry.file_size(error);
    files.emplace_back(entry.last_write_time(error), entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& [time, path] : files) {
    if (total <= kMostCached) return;
    const std::uintmax_t size = fs::file_size(path, error);
    if (fs::remove(path, error)) total -= size;
  }
}

// Source and library take their names only when they are whole; the library last.
bool build(const fs::path& source, const fs::path& library, std::string_view text,
           Contraction contraction) {
  static std::atomic<int> builds = 0;  // several threads may build the same text at once
  const std::string own = fmt::format(".{}.{}", ::getpid(), ++builds);
  const fs::path new_source = source.string() + own + ".c";
  const fs::path new_library = library.string() + own;
  std::error_code error;
  const HeldSignals held;
  bool done = write_text(new_source, text) &&
              run(command(new_source, new_library, contraction), held.before()) &&
              seal(new_library);
  if (done) {
    fs::rename(new_source, source, error);
    done = !error;
  }
  if (done) {
    fs::rename(new_library, library, error);
    done = !error;
  }
  fs::remove(new_source, error);
  fs::remove(new_library, error);
  return done;
}

// Null if the library is not there, not whole, or not for this machine.
std::unique_ptr<Compiled> load(const fs::path& library) {
  if (!is_ours(library) || !is_sealed(read_file(library))) return nullptr;
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  return handle == nullptr ? nullptr : std::make_unique<Compiled>(handle);
}

void mark_as_used(const fs::path& source, const fs::path& library) {
  std::error_code ignored;
  for (const fs::path& file : {source, library}) {
    fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
  }
}

}  // namespace

Compiled::~Compiled() { ::dlclose(handle_); }

void* Compiled::function(const std::string& name) const { return ::dlsym(handle_, name.c_str()); }

std::unique_ptr<Compiled> compile_c(std::string_view source, Contraction contraction) {
  if (compiler().empty()) return nullptr;
  const fs::path folder = cache_folder();
  if (folder.empty()) return nullptr;
  // The first line makes each compiler, set of flags and machine a text of its own.
  std::string recipe = this_machine();
  for (const std::string& word : command("", "", contraction)) recipe += word + " ";
  const std::string text = fmt::format("/* recipe {:016x} */\n{}", hash_of(recipe), source);
  const std::string stem = fmt::format("{:016x}", hash_of(text));
  const fs::path c = folder / (stem + ".c");
  const fs::path library = folder / (stem + ".so");
  const bool there = is_ours(c) && read_file(c) == text;
  if (there) {
    if (auto compiled = load(library)) {
      mark_as_used(c, library);
      return compiled;
    }
  }
  if (!build(c, library, text, contraction)) return nullptr;
  drop_oldest(folder);
  return load(library);
}

}  // namespace backstep
