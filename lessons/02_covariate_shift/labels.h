// What stands in the tables and pictures of the lesson, in each language.
#pragma once

#include <string_view>

#include "engine/describe.h"

namespace backstep::lessons {

struct Labels {
  Language language = Language::kEnglish;
  std::string_view own_note, mixes, by_sample;
  // The table of shifts; {} is the layer.
  std::string_view what_relu_gets, by_one_step, by_all_steps, deviation_last, mean_last, right;
  std::string_view less, as_much, more;  // of two figures
  std::string_view apart, not_apart;     // what they say together
  // The tables of costs and of depths.
  std::string_view batch_norm_operations, whitening_operations, milliseconds;
  std::string_view weights, deviation_factor, gradient_factor, right_at, learns_to, none;
  // Pictures.
  std::string_view layer, layer_number, kind_and_layer, step, step_number, value, moved, turned,
      mean, deviation, pixel, neighbour, raw, standardised, whitened, features, operations,
      whitening, bias_outside, bias_inside, loss, inside, outside, depth, gradient, accuracy;
};

const Labels& labels_of(Language language);

}  // namespace backstep::lessons
