// The functions and methods whose results share the numbers of their array.
#include "engine/read/views.h"

#include <algorithm>
#include <array>
#include <utility>

namespace backstep::read {
namespace {

// Functions and methods that give the numbers of their array again, and not a copy of them; those
// whose numbers are followed when they are changed.
constexpr std::array<std::string_view, 8> kFollowedViews = {
    "T", "expand_dims", "flip", "ravel", "reshape", "squeeze", "swapaxes", "transpose"};
constexpr std::array<std::string_view, 25> kViews = {
    "T",          "asanyarray", "asarray",     "ascontiguousarray",
    "atleast_1d", "atleast_2d", "atleast_3d",  "broadcast_to",
    "diag",       "diagonal",   "expand_dims", "flip",
    "fliplr",     "flipud",     "moveaxis",    "ravel",
    "real",       "reshape",    "rollaxis",    "squeeze",
    "swapaxes",   "transpose",  "view",        "float64",
    "double"};

// Those of NumPy that give an array of no sides where others give a number: unlike a number, it can
// be changed in place.
constexpr std::array<std::string_view, 10> kArraysOfNoSides = {
    "array", "copy",      "empty", "full",  "full_like",
    "ones",  "ones_like", "where", "zeros", "zeros_like"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Value of_method(std::string_view method, Value result, const Value& of) {
  const bool is_view = is_one_of(kViews, method) && result.array() != nullptr &&
                       of.array() != nullptr && result.array()->type == of.array()->type;
  if (is_view && method == "ravel") return as_line(std::move(result), of);
  if (is_view) return as_view(std::move(result), of, is_one_of(kFollowedViews, method));
  result = as_new(std::move(result));
  const bool is_copy = (method == "copy" || method == "astype") && result.array() != nullptr;
  if (is_copy && of.array() != nullptr && of.array()->memory != nullptr) {
    result.array()->memory->is_number = of.array()->memory->is_number;
  }
  return result;
}

bool makes_array_of_no_sides(std::string_view function) {
  return function == "asarray" || is_one_of(kArraysOfNoSides, function);
}

std::string dtype_of(const Array& array) {
  return array.type == NumberType::kFloat ? "float64" : array.is_mask() ? "bool" : "int64";
}

}  // namespace backstep::read
