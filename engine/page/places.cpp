// Ways between places: sides that follow each other become one, and each way is told once.
#include "engine/page/places.h"

#include "engine/reads.h"

namespace backstep::page {
namespace {

using Json = nlohmann::ordered_json;

Json sides_of(const Shape& shape) { return std::vector<int>(shape.begin(), shape.end()); }

// A side of the place that one comes from is a number, an index is a text, null runs along it all.
Json fixed(std::size_t index) { return std::to_string(index); }

}  // namespace

Json Ways::numbers(const std::vector<Read>& path, bool all) {
  Json numbers = Json::array();
  if (path.empty()) return numbers;
  Way way = start(graph_.node(path.front().node).shape);
  for (const Read& read : path) {
    const Shape& to = graph_.node(graph_.input(read.node, read.argument)).shape;
    const ReadRule rule = read_rule(graph_, read.node, read.argument);
    if (rule.kind == ReadRule::Kind::kSides) {
      add_sides(way, rule, to, read, all);
      continue;
    }
    // The same numbers under other sides, or places of which no side tells: another way begins.
    if (rule.kind == ReadRule::Kind::kSame && to == way.to) continue;
    finish(way, numbers);
    if (rule.kind == ReadRule::Kind::kEach) {
      Json places = each(read, all);
      if (places.is_null()) return nullptr;
      numbers.push_back(number({{"each", std::move(places)}}));
    }
    way = start(to);
  }
  finish(way, numbers);
  return numbers;
}

Ways::Way Ways::start(const Shape& shape) {
  Way way = {shape, shape, Json::array()};
  for (int side = 0; side < shape.ndim(); ++side) way.by.push_back(side);
  return way;
}

void Ways::add_sides(Way& way, const ReadRule& rule, const Shape& to, const Read& read, bool all) {
  Json by = Json::array();
  std::size_t k = read.k;
  for (int side = to.ndim() - 1; side >= 0; --side) {
    const std::int8_t from = rule.from[static_cast<std::size_t>(side)];
    const std::size_t length = static_cast<std::size_t>(to[side]);
    if (length == 1 || from == ReadRule::kFirst) {
      by.insert(by.begin(), fixed(0));
    } else if (from == ReadRule::kRuns) {
      by.insert(by.begin(), all ? Json(nullptr) : fixed(k % length));
      k /= length;
    } else {
      by.insert(by.begin(), way.by[static_cast<std::size_t>(from)]);
    }
  }
  way.to = to;
  way.by = std::move(by);
}

Json Ways::each(const Read& read, bool all) {
  const std::size_t size = graph_.node(read.node).shape.size();
  Json places = Json::array();
  for (std::size_t at = 0; at < size; ++at) {
    const std::size_t count = all ? read_count(graph_, read.node, read.argument) : 1;
    if (count > places_left_) return nullptr;
    places_left_ -= count;
    Json of_one = Json::array();
    for (std::size_t k = 0; k < count; ++k) {
      of_one.push_back(read_place(graph_, read.node, read.argument, at, all ? k : read.k));
    }
    places.push_back(std::move(of_one));
  }
  return places;
}

void Ways::finish(const Way& way, Json& numbers) {
  const bool stays = way.from == way.to && way.by == start(way.to).by;
  if (stays) return;
  numbers.push_back(
      number({{"from", sides_of(way.from)}, {"to", sides_of(way.to)}, {"by", way.by}}));
}

std::size_t Ways::number(Json way) {
  const auto [place, is_new] = number_.try_emplace(way.dump(), table_.size());
  if (is_new) table_.push_back(std::move(way));
  return place->second;
}

}  // namespace backstep::page
