// Nets without a normaliser, with batch norm or a learner's own, and with layer norm.
#include "lessons/net_kind.h"

#include <fmt/format.h>

#include <utility>

namespace backstep::lessons {

std::string_view name_of(NetKind kind) {
  if (kind == NetKind::kLayer) return "layer_norm";
  return kind == NetKind::kWith ? "with" : "without";
}

std::string title_of(NetKind kind, const std::optional<OwnNormaliser>& own, Language language) {
  if (kind == NetKind::kWithout) return say(language, Words("without"));
  if (kind == NetKind::kLayer) return say(language, Words("layer norm"));
  if (own) return own->name;
  return say(language, Words("batch norm"));
}

std::string written(NetKind kind, const std::optional<OwnNormaliser>& own, Language language) {
  const std::string title = title_of(kind, own, language);
  return own && kind == NetKind::kWith ? fmt::format("`{}`", title) : title;
}

train::NetShape net_of(NetKind kind, const std::optional<OwnNormaliser>& own,
                       std::vector<int> widths) {
  train::NetShape shape{std::move(widths)};
  shape.batch_norm = kind == NetKind::kWith;
  if (kind == NetKind::kLayer) shape.normaliser = train::layer_norm();
  if (kind == NetKind::kWith && own) shape.normaliser = own->rule;
  return shape;
}

}  // namespace backstep::lessons
