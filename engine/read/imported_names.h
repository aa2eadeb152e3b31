// The paths that imports lead to: what of them is one of NumPy's names.
#pragma once

#include <string>
#include <string_view>

namespace backstep::read {

bool has_prefix(std::string_view text, std::string_view prefix);

// "exp" of numpy.exp and math.exp; the whole path of one of SciPy's functions that is read; "" for
// what is none of these.
std::string name_in_numpy(std::string_view path);

// np.exp, math.exp: a path as errors show it.
std::string shown_path(std::string_view path);

}  // namespace backstep::read
