// Boxes by their turn, where the links allow it.
#include "engine/draw/reading_order.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace backstep::draw {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

std::vector<double> turns(const Parts& parts) {
  std::vector<double> turns;
  for (const Box& box : parts.boxes) {
    turns.push_back(box.turn ? static_cast<double>(*box.turn) : kNever);
  }
  std::vector<double> behind = turns;
  for (const Link& link : parts.links) {
    if (parts.boxes[link.to].turn || turns[link.from] == kNever) continue;
    double& turn = behind[link.to];
    turn = turn == kNever ? turns[link.from] + 0.25 : std::max(turn, turns[link.from] + 0.25);
  }
  turns = behind;
  for (const Link& link : parts.links) {
    if (behind[link.from] != kNever || behind[link.to] == kNever) continue;
    turns[link.from] = std::min(turns[link.from], behind[link.to] - 0.5);
  }
  return turns;
}

}  // namespace

std::vector<std::size_t> reading_order(const Parts& parts) {
  const std::vector<double> turn = turns(parts);
  std::vector<std::size_t> waits_for(parts.boxes.size(), 0);
  std::vector<std::vector<std::size_t>> next(parts.boxes.size());
  for (const Link& link : parts.links) {
    ++waits_for[link.to];
    next[link.from].push_back(link.to);
  }
  std::set<std::pair<double, std::size_t>> ready, waiting;
  for (std::size_t i = 0; i < parts.boxes.size(); ++i) {
    (waits_for[i] == 0 ? ready : waiting).insert({turn[i], i});
  }
  std::vector<std::size_t> order;
  while (order.size() < parts.boxes.size()) {
    // Boxes that stand for many stations may wait for each other.
    std::set<std::pair<double, std::size_t>>& from = ready.empty() ? waiting : ready;
    const std::size_t box = from.begin()->second;
    from.erase(from.begin());
    order.push_back(box);
    for (const std::size_t to : next[box]) {
      if (--waits_for[to] == 0 && waiting.erase({turn[to], to}) > 0) ready.insert({turn[to], to});
    }
  }
  return order;
}

}  // namespace backstep::draw
