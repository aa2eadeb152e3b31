// The handwritten digits that stand in lessons/data, ready to be learnt from.
#include "lessons/digits.h"

#include <algorithm>
#include <vector>

#include "engine/read/numpy_random.h"

namespace backstep::lessons {
namespace {

constexpr int kMnistTraining = 8000;
constexpr int kUciTraining = 897;

void copy_row(const Tensor& from, int row, Tensor& to, int to_row) {
  const std::size_t cols = static_cast<std::size_t>(from.shape().cols());
  std::copy_n(from.view().begin() + static_cast<std::size_t>(row) * cols, cols,
              to.view().begin() + static_cast<std::size_t>(to_row) * cols);
}

}  // namespace

std::filesystem::path data_folder() { return BACKSTEP_DATA; }

Digits mnist_digits() { return split(train::mnist_8x8(data_folder()), kMnistTraining); }

Digits uci_digits() { return split(train::uci_digits(data_folder()), kUciTraining); }

Digits split(const train::Dataset& data, int training) {
  return {train::slice(data, 0, training), train::slice(data, training, data.size())};
}

train::Dataset shuffled(const train::Dataset& data, std::int64_t seed) {
  const std::vector<int> order = read::LegacyRandom(seed).permutation(data.size());
  train::Dataset result = data;
  for (int i = 0; i < data.size(); ++i) {
    const int from = order[static_cast<std::size_t>(i)];
    copy_row(data.x, from, result.x, i);
    result.labels[static_cast<std::size_t>(i)] = data.labels[static_cast<std::size_t>(from)];
    if (data.teacher) copy_row(*data.teacher, from, *result.teacher, i);
  }
  return result;
}

}  // namespace backstep::lessons
