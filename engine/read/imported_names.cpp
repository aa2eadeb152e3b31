// Which of the names that a file imports are functions that the reader has.
#include "engine/read/imported_names.h"

#include <algorithm>
#include <array>

#include "engine/read/numpy_functions.h"

namespace backstep::read {
namespace {

// What of Python's math is what NumPy has, for one number.
constexpr std::array<std::string_view, 9> kMath = {"sqrt", "exp", "log", "tanh", "fabs",
                                                   "pi",   "e",   "inf", "nan"};

}  // namespace

bool has_prefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::string name_in_numpy(std::string_view path) {
  for (const std::string_view module : {"numpy.", "autograd.numpy."}) {
    if (has_prefix(path, module)) return std::string(path.substr(module.size()));
  }
  if (has_prefix(path, "scipy.") && is_numpy_function(path)) return std::string(path);
  constexpr std::string_view kModule = "math.";
  if (!has_prefix(path, kModule)) return {};
  const std::string_view name = path.substr(kModule.size());
  const bool is_known = std::find(kMath.begin(), kMath.end(), name) != kMath.end();
  return is_known ? std::string(name) : std::string();
}

std::string shown_path(std::string_view path) {
  const bool is_whole = has_prefix(path, "math.") || has_prefix(path, "scipy.");
  return is_whole ? std::string(path) : "np." + name_in_numpy(path);
}

}  // namespace backstep::read
