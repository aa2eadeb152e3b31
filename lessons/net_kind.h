// The nets that lessons set side by side: by what stands before each ReLU.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/describe.h"
#include "engine/train/net.h"
#include "lessons/normaliser.h"

namespace backstep::lessons {

enum class NetKind {
  kWithout,
  kWith,  // batch norm, or what a learner puts in its place
  kLayer,
};
inline constexpr NetKind kNetKinds[] = {NetKind::kWithout, NetKind::kWith, NetKind::kLayer};

// "without", "with", "layer_norm": as figures are called.
std::string_view name_of(NetKind kind);

// As pictures call it.
std::string title_of(NetKind kind, const std::optional<OwnNormaliser>& own, Language language);
// As Markdown calls it, where underscores in a learner's name would become something else.
std::string written(NetKind kind, const std::optional<OwnNormaliser>& own, Language language);

// `widths` as in NetShape.
train::NetShape net_of(NetKind kind, const std::optional<OwnNormaliser>& own,
                       std::vector<int> widths);

}  // namespace backstep::lessons
