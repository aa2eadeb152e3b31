// The known name that a mistyped one is most like.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backstep::read {

// The one of `known` that `name` needs the fewest changes to become, or "" if none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace backstep::read
