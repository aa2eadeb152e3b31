// What the lesson measures: nets with and without a normaliser, trained at several rates and batch
// sizes, and one net used with statistics that were kept in several ways.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/train/net.h"
#include "lessons/net_kind.h"
#include "lessons/seeds.h"

namespace backstep::lessons {

struct Settings {
  std::size_t seeds = 5;
  int samples = 2000;
  int validation = 1000;
  int epochs = 4;
  std::vector<double> rates = {0.01, 0.1, 0.3, 1};
  std::vector<int> batches = {1, 2, 8, 64};
  int batch = 64;            // where the rate is what changes
  double rate = 0.1;         // of the nets that are looked into
  double batch_rate = 0.01;  // where the batch is what changes: low enough for a batch of 1
  int small_batch = 20;      // of the net whose statistics are kept
  std::uint32_t seed = 50;   // the first

  double high_rate() const { return rates.back(); }
};

Settings settings(bool quick, std::uint32_t seed);

// The same setting with every seed.
struct Group {
  std::vector<Figure> loss;  // of the validation set, after each epoch
  Figure accuracy;
  std::size_t broken = 0;  // seeds whose numbers became infinite; they count as guessing from then
};

// Batch norm's numbers at the end of a training.
struct Learnt {
  double gamma_least = 0, gamma_most = 0, beta_least = 0, beta_most = 0;
  double loss = 0;        // of the validation set
  double reset_loss = 0;  // with gamma = 1 and beta = 0 put back
};

// One trained net, judged with statistics from several sources: the validation loss.
struct Kept {
  double pair = 0;         // of the test batch itself, 2 samples
  double batch = 0;        // of the test batch itself, as many samples as in training
  double single = 0;       // those of one batch of the training
  double exponential = 0;  // 0.9 of the old, 0.1 of the batch
  double swapped = 0;      // 0.1 of the old, 0.9 of the batch
  double average = 0;      // the plain average over the mini-batches of an epoch
};

struct Results {
  std::size_t seeds = 0;  // that were whole
  // By rate, then kind; by batch size, then kind.
  std::vector<std::vector<Group>> by_rate;
  std::vector<std::vector<Group>> by_batch;
  std::vector<Learnt> learnt;  // by seed
  std::vector<Kept> kept;      // by seed
};

// The loss of a net that gives every class the same probability.
double guessing();

// `own` stands in place of batch norm in by_rate and by_batch.
Results measure(const Settings& settings, const std::optional<OwnNormaliser>& own,
                std::string_view what);

}  // namespace backstep::lessons
