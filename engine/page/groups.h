// The groups that a page can close to one box: calls of other circuits, the steps of a
// normalisation, and runs of stations where a circuit has more of them than a reader can see.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/say.h"
#include "engine/trace.h"

namespace backstep::page {

struct PageGroup {
  Saying name;                   // of a call: as its function is called
  std::size_t parent = 0;        // the circuit itself, number 0, is its own
  std::vector<NodeId> stations;  // of this group itself, not of the groups within
  std::size_t size = 0;          // stations in all, with those of the groups within
  std::vector<NodeId> results;   // values that are used outside, or are the circuit's results
  bool own_picture = false;      // too large to be drawn within the picture of its parent
};

struct PageGroups {
  std::vector<PageGroup> groups;
  std::vector<std::size_t> of;  // the group of each node of the forward pass

  // Whether `group` is `ancestor` or stands within it.
  bool within(std::size_t group, std::size_t ancestor) const;
  // The group whose picture shows the stations of `group` one by one.
  std::size_t picture_of(std::size_t group) const;
};

// A picture holds at most so many stations; what is more is closed into groups.
inline constexpr std::size_t kMostStations = 120;

PageGroups page_groups(const Graph& graph);

}  // namespace backstep::page
