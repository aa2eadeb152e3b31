// Groups: those of the graph, then the patterns of a normalisation, then runs of equal length.
#include "engine/page/groups.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "engine/structure/normalisation.h"

namespace backstep::page {
namespace {

class Grouping {
 public:
  explicit Grouping(const Graph& graph) : graph_(graph), stations_(graph) {
    result_.of.resize(graph.size());
    for (const Group& group : graph.groups()) {
      result_.groups.push_back({group.name, group.parent, {}, 0, {}, false});
    }
    for (NodeId node = 0; node < graph.size(); ++node) {
      if (graph.place(node).part != Part::kForward) continue;
      result_.of[node] = graph.place(node).group;
    }
  }

  PageGroups group() {
    find_normalisations();
    collect_stations();
    split_what_is_long();
    place_constants();
    count_sizes();
    find_results();
    choose_pictures();
    return std::move(result_);
  }

 private:
  // mean, subtract | square, mean | root, invert, multiply | scale, shift.
  void find_normalisations() {
    for (const auto& [out, normalisation] : structure::normalisations(stations_)) {
      if (normalisation.under) {
        const auto [of, square, mean] = *normalisation.under;
        const auto centred = structure::centred(stations_, of);
        if (centred) add({centred->mean, of}, Words("mean"));
        add({square, mean}, centred ? Words("variance") : Words("mean square"));
      }
      add({normalisation.root, normalisation.inverse, out}, Words("normalise"));
      add_scale_and_shift(out);
    }
  }

  bool is_parameter(NodeId node) const { return graph_.node(node).role == Role::kParameter; }

  void add_scale_and_shift(NodeId normalised) {
    const auto after = structure::scale_and_shift(stations_, normalised);
    const bool is_learnt = after && (is_parameter(stations_.argument(after->scaled, 0)) ||
                                     is_parameter(stations_.argument(after->scaled, 1)));
    if (is_learnt) add({after->scaled, after->shifted}, Words("scale and shift"));
  }

  // Nodes that already stand in different groups stay where they are.
  void add(const std::vector<NodeId>& nodes, Words name) {
    const std::size_t parent = result_.of[nodes[0]];
    for (const NodeId node : nodes) {
      if (result_.of[node] != parent) return;
    }
    for (const NodeId node : nodes) result_.of[node] = result_.groups.size();
    result_.groups.push_back({name, parent, {}, 0, {}, false});
  }

  void collect_stations() {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (stations_.has(node)) result_.groups[result_.of[node]].stations.push_back(node);
    }
  }

  // A circuit of thousands of lines without any call in it: runs of stations, and runs of runs.
  void split_what_is_long() {
    constexpr std::size_t kRun = 40;
    const std::size_t count = result_.groups.size();
    for (std::size_t group = 0; group < count; ++group) {
      std::vector<NodeId> stations = std::move(result_.groups[group].stations);
      result_.groups[group].stations.clear();
      if (stations.size() <= kMostStations) {
        result_.groups[group].stations = std::move(stations);
        continue;
      }
      for (std::size_t first = 0; first < stations.size(); first += kRun) {
        const std::size_t last = std::min(first + kRun, stations.size()) - 1;
        const std::size_t parent = parent_of_run(group, first / kRun, stations, kRun);
        result_.groups.push_back(run(stations, first, last, parent));
        for (std::size_t i = first; i <= last; ++i) {
          result_.of[stations[i]] = result_.groups.size() - 1;
          result_.groups.back().stations.push_back(stations[i]);
        }
      }
    }
  }

  PageGroup run(const std::vector<NodeId>& stations, std::size_t first, std::size_t last,
                std::size_t parent) const {
    const int from = graph_.place(stations[first]).station;
    const int to = graph_.place(stations[last]).station;
    return {Saying(Words("stations {0} to {1}"), {std::to_string(from), std::to_string(to)}),
            parent,
            {},
            0,
            {},
            false};
  }

  // Of very many runs, each kRun of them share a group of their own.
  std::size_t parent_of_run(std::size_t group, std::size_t number,
                            const std::vector<NodeId>& stations, std::size_t length) {
    const std::size_t runs = (stations.size() + length - 1) / length;
    if (runs <= kMostStations) return group;
    if (number % length == 0) {
      const std::size_t first = number * length;
      const std::size_t last = std::min(first + length * length, stations.size()) - 1;
      result_.groups.push_back(run(stations, first, last, group));
      run_of_runs_ = result_.groups.size() - 1;
    }
    return run_of_runs_;
  }

  // A constant that only one group uses, such as epsilon, stands within it; other leaves stand
  // outside, where they can be seen while the group is closed.
  void place_constants() {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (graph_.place(node).part != Part::kForward || graph_.node(node).primitive != nullptr) {
        continue;
      }
      result_.of[node] = stations_.users(node).empty() ? 0 : result_.of[stations_.users(node)[0]];
      for (const NodeId user : stations_.users(node)) {
        result_.of[node] = common(result_.of[node], result_.of[user]);
      }
      if (graph_.node(node).role == Role::kConstant) continue;
      const std::size_t parent = result_.groups[result_.of[node]].parent;
      if (result_.groups[result_.of[node]].stations.size() < 8) result_.of[node] = parent;
    }
  }

  std::size_t common(std::size_t a, std::size_t b) const {
    while (!result_.within(b, a)) a = result_.groups[a].parent;
    return a;
  }

  void count_sizes() {
    for (const PageGroup& group : result_.groups) {
      std::size_t g = static_cast<std::size_t>(&group - result_.groups.data());
      for (;; g = result_.groups[g].parent) {
        result_.groups[g].size += group.stations.size();
        if (g == 0) break;
      }
    }
  }

  void find_results() {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (!stations_.has(node)) continue;
      for (std::size_t g = result_.of[node]; g != 0; g = result_.groups[g].parent) {
        const auto outside = [&](NodeId user) { return !result_.within(result_.of[user], g); };
        const auto& users = stations_.users(node);
        const bool leaves = users.empty() || std::any_of(users.begin(), users.end(), outside);
        if (!leaves) break;
        result_.groups[g].results.push_back(node);
      }
    }
  }

  // From the top down: if all the stations below are too many for one picture, the groups in it get
  // pictures of their own.
  void choose_pictures() {
    for (std::size_t g = 1; g < result_.groups.size(); ++g) {
      const std::size_t picture = result_.picture_of(result_.groups[g].parent);
      const bool too_many = result_.groups[picture].size > kMostStations;
      result_.groups[g].own_picture = too_many && result_.groups[g].size > 3;
    }
  }

  const Graph& graph_;
  Stations stations_;
  PageGroups result_;
  std::size_t run_of_runs_ = 0;
};

}  // namespace

bool PageGroups::within(std::size_t group, std::size_t ancestor) const {
  while (group != ancestor && group != 0) group = groups[group].parent;
  return group == ancestor;
}

std::size_t PageGroups::picture_of(std::size_t group) const {
  while (group != 0 && !groups[group].own_picture) group = groups[group].parent;
  return group;
}

PageGroups page_groups(const Graph& graph) { return Grouping(graph).group(); }

}  // namespace backstep::page
