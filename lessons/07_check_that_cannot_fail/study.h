// Every check on every pass: what each sees, with several seeds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/read/run.h"
#include "lessons/seeds.h"
#include "passes.h"

namespace backstep::lessons {

// One way to choose the numbers of a gradient check.
struct Check {
  std::string key;         // "N=2": in the figures, and in the words unless there is a title
  read::RunOptions run;    // of the circuit batch_norm
  bool looks_at_x = true;  // false where batch norm is the first layer: nobody asks for dx
};

// The good one first.
std::vector<Check> checks();

// How far a pass is from the slopes that are measured, relative to the largest of each gradient
// (or to 1, if that is larger); a careful person sees more than kSeen.
inline constexpr double kSeen = 1e-5;

// A gradient that is right, by its largest entry; and how far off a pass is, seed by seed.
struct Study {
  std::size_t seeds = 0;
  std::vector<Pass> wrong;      // the passes of the table
  std::vector<Pass> sabotaged;  // the right one, each with a line doubled

  // By the keys of a pass and of a check. The right pass is among them.
  std::map<std::string, std::map<std::string, std::vector<double>>> off;
  // By the keys of a check and the name of a gradient ("dx"): the size of what is right.
  std::map<std::string, std::map<std::string, std::vector<double>>> size;

  // In how many of the seeds the check sees that the pass is wrong.
  std::size_t seen(const std::string& pass, const std::string& check) const;
  // Of these passes, how many the check misses with every seed.
  std::size_t hidden(const std::vector<Pass>& passes, const std::string& check) const;
  // The largest of all seeds.
  double most_off(const std::string& pass, const std::string& check) const;
  double most_size(const std::string& check, const std::string& gradient) const;
};

Study measure(std::uint32_t seed, std::size_t seeds);

Figures figures(const Study& study);

}  // namespace backstep::lessons
