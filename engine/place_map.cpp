// The map of places, and its way back.
#include "engine/place_map.h"

#include <algorithm>

namespace backstep {

PlaceMap::PlaceMap(std::vector<std::int32_t> places) : places_(std::move(places)) {
  hash_ = 0xcbf29ce484222325u;  // FNV-1a
  for (const std::int32_t place : places_) {
    end_ = std::max(end_, place + 1);
    has_none_ = has_none_ || place == kNone;
    hash_ = (hash_ ^ static_cast<std::uint32_t>(place)) * 0x100000001b3u;
  }
  std::vector<bool> seen(static_cast<std::size_t>(end_));
  for (const std::int32_t place : places_) {
    if (place < 0) continue;
    repeats_ = repeats_ || seen[static_cast<std::size_t>(place)];
    seen[static_cast<std::size_t>(place)] = true;
  }
}

void PlaceMap::sort_by_place() const {
  begins_.assign(static_cast<std::size_t>(end_) + 1, 0);
  for (const std::int32_t place : places_) {
    if (place != kNone) ++begins_[static_cast<std::size_t>(place) + 1];
  }
  for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  elements_.resize(static_cast<std::size_t>(begins_.back()));
  std::vector<std::int32_t> next = begins_;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i] == kNone) continue;
    std::int32_t& slot = next[static_cast<std::size_t>(places_[i])];
    elements_[static_cast<std::size_t>(slot++)] = static_cast<std::int32_t>(i);
  }
}

std::span<const std::int32_t> PlaceMap::at(std::int32_t place) const {
  if (place < 0 || place >= end_) return {};
  std::call_once(sorted_, [this] { sort_by_place(); });
  const auto begin = static_cast<std::size_t>(begins_[static_cast<std::size_t>(place)]);
  const auto end = static_cast<std::size_t>(begins_[static_cast<std::size_t>(place) + 1]);
  return std::span(elements_).subspan(begin, end - begin);
}

}  // namespace backstep
