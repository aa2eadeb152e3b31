// Which element of an array each element of another is taken from, or goes to: what an index, a
// slice or a padding comes to once shapes and indices are known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace backstep {

// Places are numbers of elements in row-major order. Nodes share a map, which never changes.
class PlaceMap {
 public:
  static constexpr std::int32_t kNone = -1;  // taken from nowhere, so 0; gone to nowhere

  explicit PlaceMap(std::vector<std::int32_t> places);

  std::size_t size() const { return places_.size(); }
  std::int32_t operator[](std::size_t i) const { return places_[i]; }
  const std::vector<std::int32_t>& places() const { return places_; }

  bool has_none() const { return has_none_; }
  // Whether two elements have one place.
  bool repeats() const { return repeats_; }
  std::uint64_t hash() const { return hash_; }

  // The elements whose place is this one, in their order.
  std::span<const std::int32_t> at(std::int32_t place) const;

  friend bool operator==(const PlaceMap& a, const PlaceMap& b) { return a.places_ == b.places_; }

 private:
  void sort_by_place() const;

  std::vector<std::int32_t> places_;
  bool has_none_ = false;
  bool repeats_ = false;
  std::int32_t end_ = 0;  // no place is this or beyond
  std::uint64_t hash_ = 0;
  // Made when it is first asked for.
  mutable std::once_flag sorted_;
  mutable std::vector<std::int32_t> begins_;
  mutable std::vector<std::int32_t> elements_;
};

using SharedMap = std::shared_ptr<const PlaceMap>;

inline SharedMap share(std::vector<std::int32_t> places) {
  return std::make_shared<const PlaceMap>(std::move(places));
}

}  // namespace backstep
