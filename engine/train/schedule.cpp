// How the learning rate changes over the epochs.
#include "engine/train/schedule.h"

#include <algorithm>
#include <cmath>

namespace backstep::train {

RateSchedule constant_rate(double rate) {
  return [rate](int) { return rate; };
}

RateSchedule step_decay(double rate, int every, double factor) {
  return [=](int epoch) { return rate * std::pow(factor, epoch / every); };
}

RateSchedule cosine_decay(double rate, int epochs) {
  constexpr double kPi = 3.14159265358979323846;
  return [=](int epoch) {
    const double done = std::min(1.0, static_cast<double>(epoch) / epochs);
    return rate * (1 + std::cos(kPi * done)) / 2;
  };
}

}  // namespace backstep::train
