// C of our own making, compiled once by the compiler that built the project and kept in the user's
// private cache.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace backstep {

// A compiled and loaded file. Its functions are good as long as it lives.
class Compiled {
 public:
  explicit Compiled(void* handle) : handle_(handle) {}
  ~Compiled();
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  // Null if there is no such function.
  void* function(const std::string& name) const;

 private:
  void* handle_;
};

// Whether products and sums may be rounded once instead of twice. Loops are not, so that each
// element has the bits of the recorded run.
enum class Contraction { kOff, kOn };

// Compiles and loads; null where there is no compiler, no private cache folder, or where the
// environment variable BACKSTEP_COMPILER is set but empty. The cache is $XDG_CACHE_HOME/backstep or
// ~/.cache/backstep; it must belong to the user and be closed to all others.
std::unique_ptr<Compiled> compile_c(std::string_view source, Contraction contraction);

}  // namespace backstep
