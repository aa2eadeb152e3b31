// How places follow from each other, as a page's record tells them: the script picks indices, and
// computes none.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/expression.h"
#include "engine/reads.h"

namespace backstep::page {

// A table of the ways from the places of one array to those of another; see Way in
// script/fields.d.ts.
class Ways {
 public:
  explicit Ways(const Graph& graph) : graph_(graph) {}

  // The numbers in the table of what leads down `path` from a place in the first node of it; of a
  // path that ends with number k of many, to that one. Nothing where the places stay the same; null
  // where they are too many to be told.
  nlohmann::ordered_json one(const std::vector<Read>& path) { return numbers(path, false); }
  // The same, to all that are read.
  nlohmann::ordered_json all(const std::vector<Read>& path) { return numbers(path, true); }

  const nlohmann::ordered_json& table() const { return table_; }

 private:
  // A way under construction: what stands for each side of `to`.
  struct Way {
    Shape from, to;
    nlohmann::ordered_json by;
  };

  nlohmann::ordered_json numbers(const std::vector<Read>& path, bool all);
  static Way start(const Shape& shape);
  static void add_sides(Way& way, const ReadRule& rule, const Shape& to, const Read& read,
                        bool all);
  // Of each place of the node, the places in its argument; null if they are very many.
  nlohmann::ordered_json each(const Read& read, bool all);
  void finish(const Way& way, nlohmann::ordered_json& numbers);
  std::size_t number(nlohmann::ordered_json way);

  const Graph& graph_;
  nlohmann::ordered_json table_ = nlohmann::ordered_json::array();
  std::map<std::string, std::size_t> number_;
  std::size_t places_left_ = 200'000;  // so many are told one by one
};

}  // namespace backstep::page
