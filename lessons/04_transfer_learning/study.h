// What the lesson measures: a net that has learnt from a big set goes on with a small one, whole or
// in part, beside one that starts from nothing; and what freezing saves.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/seeds.h"
#include "sets.h"

namespace backstep::lessons {

struct Settings {
  std::size_t seeds = 5;
  std::uint32_t seed = 50;  // the first
  int source_epochs = 5;
  int source_steps = 600;  // a small source gets so many, in more epochs
  int target_steps = 400;
  std::vector<int> amounts;                 // of target samples
  std::vector<double> rates = {0.01, 0.1};  // each way gets the one that suits it better
  int timed_steps = 100;                    // of each round that is timed

  int small() const { return amounts.front(); }
  int large() const { return amounts.back(); }
  // Of target samples, where the two switches are shown, and in what batches.
  int switch_amount() const { return amounts[amounts.size() > 1 ? 1 : 0]; }
  std::vector<int> switch_batches() const;
  double switch_rate() const { return rates.front(); }
};

// As many samples as the target has are the most.
Settings settings(bool quick, std::uint32_t seed, const Sets& sets);

// The hidden layers of the net.
inline constexpr std::array kHidden = {100, 100};
// Of the batches that the source is learnt in, and of the steps that are timed.
int step_batch(const Sets& sets);

// What goes on learning.
enum class Way {
  kScratch,   // all, from random weights
  kFinetune,  // all, from the trained ones
  kLower,     // all but the first layer
  kHead,      // a new last layer alone
};
inline constexpr std::array kWays = {Way::kScratch, Way::kFinetune, Way::kLower, Way::kHead};
std::string name_of(Way way);  // "scratch", as the figures are called

// Enough samples that the rule of thumb calls it much.
bool is_large(int amount);

// Beside the four ways, and where the rule of thumb asks for it: a new head straight on the first
// layer, which is frozen.
inline constexpr std::string_view kEarly = "early";

// "similar_20"
std::string group_name(bool similar, int amount);

// What a step costs when so many layers are frozen.
struct StepCost {
  double nodes = 0;
  double multiply_adds = 0;
  std::vector<double> microseconds;  // by round
};

// By the name of a figure, what each seed gave.
using Measurements = std::map<std::string, std::vector<double>>;

struct Results {
  std::size_t seeds = 0;        // that were whole
  Measurements measured;        // accuracies on held-out samples
  std::vector<StepCost> costs;  // by the number of frozen layers, from 0
};

// `what` stands beside the progress bar.
Results measure(const Settings& settings, const Sets& sets, std::string_view what);

}  // namespace backstep::lessons
