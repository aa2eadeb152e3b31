// What the lesson measures: a net that has learnt from a big set goes on with a small one, whole or
// in part, beside one that starts from nothing.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.h"
#include "lessons/digits.h"
#include "lessons/seeds.h"

namespace backstep::lessons {

struct Settings {
  std::size_t seeds = 5;
  int source_epochs = 5;
  int target_steps = 400;
  std::vector<int> amounts = {20, 100, 897};  // of target samples
  std::uint32_t seed = 50;                    // the first
  bool quick = false;                         // too few to believe the figures
};

Settings settings(bool quick, std::uint32_t seed);

// The hidden layers of the net.
inline constexpr std::array kHidden = {128, 128};

// What goes on learning.
enum class Way {
  kScratch,   // all, from random weights
  kFinetune,  // all, from the trained ones
  kLower,     // all but the first layer
  kHead,      // a new last layer alone
};
inline constexpr std::array kWays = {Way::kScratch, Way::kFinetune, Way::kLower, Way::kHead};
std::string_view name_of(Way way);  // "scratch", as the figures are called

// "similar_20.scratch"
std::string figure_name(bool similar, int amount, Way way);

struct Sets {
  Digits source;
  Digits similar;
  Digits different;  // the similar one, with its pixels in another order
};

// The learner's own files in place of the digits; an empty path keeps them.
Sets sets(const std::filesystem::path& source, const std::filesystem::path& target);

// What one training step costs when so many layers are frozen.
struct StepCost {
  int frozen = 0;
  PlanSummary summary;
};

struct Results {
  Figures figures;  // accuracies on the held-out target; "source" and "as_it_is" beside them
  std::vector<StepCost> costs;
};

// `what` stands beside the progress bar.
Results measure(const Settings& settings, const Sets& sets, std::string_view what);

}  // namespace backstep::lessons
