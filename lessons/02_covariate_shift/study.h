// What the lesson measures: how distributions move in nets with and without a normaliser, how deep
// such nets may be, what whitening costs, and what a bias does whose mean is taken away.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "depth.h"
#include "lessons/net_kind.h"
#include "lessons/seeds.h"
#include "outside.h"
#include "shift.h"
#include "whitening.h"

namespace backstep::lessons {

struct Settings {
  std::size_t seeds = 5;
  ShiftSettings shift = {};
  std::vector<int> depths = {1, 3, 5, 10, 20, 30};
  std::vector<double> scales = {0.5, 1, 2};  // of the first weights
  int depth_steps = 100;
  int bias_steps = 50;
  double bias_rate = 0.5;
  int cloud = 400;  // digits in the pictures of whitening
  int batch = 256;  // samples to be whitened
  std::vector<int> features = {4, 16, 64, 256};
  std::uint32_t seed = 50;  // the first
};

Settings settings(bool quick, std::uint32_t seed);

// Of the deep stacks.
inline constexpr NetKind kDepthKinds[] = {NetKind::kWithout, NetKind::kWith};

// Two pixels beside each other, of some digits.
struct Clouds {
  Tensor raw, standardised, whitened;
};

// What one seed gave.
struct OneSeed {
  std::vector<ShiftResult> shifts;  // by kind
  std::vector<DepthResult> stacks;  // by scale, then depth, then kind: see stack_number()
  BiasPath inside, outside;
  Clouds clouds;
  std::vector<Seconds> seconds;  // by number of features
};

// Where the net of this scale, depth and kind, each by its number, stands in OneSeed::stacks.
std::size_t stack_number(const Settings& settings, std::size_t scale, std::size_t depth,
                         std::size_t kind);

// The seeds that were whole. `own` stands in place of batch norm.
std::vector<OneSeed> measure(const Settings& settings, const std::optional<OwnNormaliser>& own,
                             std::string_view what);

// Everything that the lesson claims.
Figures figures(const Settings& settings, const std::vector<OneSeed>& seeds);

// "depth_30.x0.5.with.accuracy"
std::string stack_name(int depth, double scale, NetKind kind, std::string_view what);
// "a_layer.x0.5.with.deviation": by what a layer multiplies it, from the shallowest net to the
// deepest.
std::string layer_factor_name(double scale, NetKind kind, std::string_view what);

}  // namespace backstep::lessons
