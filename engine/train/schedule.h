// How the learning rate changes over the epochs: a function of the epoch, from 0.
#pragma once

#include <functional>

namespace backstep::train {

using RateSchedule = std::function<double(int epoch)>;

RateSchedule constant_rate(double rate);
// Times `factor` after every `every` epochs.
RateSchedule step_decay(double rate, int every, double factor);
// Half a cosine from `rate` down to 0 over `epochs`.
RateSchedule cosine_decay(double rate, int epochs);

}  // namespace backstep::train
