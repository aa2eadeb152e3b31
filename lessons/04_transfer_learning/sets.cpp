// Reads the learner's own files, and puts the features of a set into another order.
#include "sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/read/csv.h"
#include "engine/read/gzip.h"
#include "engine/read/idx.h"
#include "engine/read/numpy_random.h"
#include "engine/text.h"

namespace backstep::lessons {
namespace {

using train::Dataset;
namespace fs = std::filesystem;

constexpr int kMostClasses = 256;        // as many as a byte of an IDX file tells apart
constexpr std::int64_t kRearranged = 1;  // the seed of the order of the features

// "train-images-idx3-ubyte.gz" to "train-labels-idx1-ubyte.gz".
fs::path labels_beside(const fs::path& images) {
  std::string name = images.filename().string();
  for (const auto& [from, to] : {std::pair{"images", "labels"}, std::pair{"idx3", "idx1"}}) {
    const std::size_t at = name.find(from);
    if (at != name.npos) name.replace(at, std::string_view(from).size(), to);
  }
  const fs::path labels = images.parent_path() / name;
  if (labels != images && fs::exists(labels)) return labels;
  throw Error(
      fmt::format("{}: the labels of these images are looked for in a file beside it, with "
                  "'labels' in its name in place of 'images'; there is none",
                  printable(images.native())));
}

Dataset from_idx(std::string_view bytes, const fs::path& path) {
  constexpr int kMnistSide = 28;
  const read::IdxImages images = read::parse_idx_images(bytes, printable(path.native()));
  const bool is_mnist_size = images.height == kMnistSide && images.width == kMnistSide;
  const fs::path labels = labels_beside(path);
  Dataset data{is_mnist_size ? train::eight_by_eight(images) : images.pixels,
               read::read_idx_labels(labels, kMostClasses)};
  if (data.labels.size() == static_cast<std::size_t>(data.size())) return data;
  throw Error(fmt::format("{}: {} labels for {} images", printable(labels.native()),
                          data.labels.size(), data.size()));
}

Dataset from_csv(std::string_view text, const fs::path& path) {
  read::CsvSamples samples = read::parse_csv(text, printable(path.native()), kMostClasses);
  return {std::move(samples.x), std::move(samples.labels)};
}

void check(const Dataset& data, const fs::path& path) {
  constexpr int kLeast = 8;  // half is held out, and a batch takes 2
  if (data.size() < kLeast) {
    throw Error(fmt::format("{}: {} samples; {} are the least, for half of them are held out",
                            printable(path.native()), data.size(), kLeast));
  }
  const auto [least, most] = std::minmax_element(data.labels.begin(), data.labels.end());
  if (*least == *most) {
    throw Error(
        fmt::format("{}: every label is {}, but it takes two classes to tell apart; is the "
                    "label in the last column?",
                    printable(path.native()), *least));
  }
}

std::pair<double, double> range_of(const Tensor& x) {
  const auto [least, most] = std::minmax_element(x.view().begin(), x.view().end());
  return {*least, *most};
}

// From 0 to 1, as the digits are. What is held out has no say in it, so it may go beyond.
void scale(Digits& digits) {
  const auto [low, high] = range_of(digits.training.x);
  const double range = high > low ? high - low : 1;
  for (Tensor* x : {&digits.training.x, &digits.held_out.x}) {
    for (double& value : x->view()) value = (value - low) / range;
  }
}

bool is_finite(const Tensor& x) {
  return std::all_of(x.view().begin(), x.view().end(),
                     [](double value) { return std::isfinite(value); });
}

// Half of a small file is held out, and a fifth of a big one.
Digits from_file(const fs::path& path) {
  constexpr int kBig = 5000;
  const std::string bytes = read::read_unpacked(path);
  if (bytes.empty()) throw Error(printable(path.native()) + ": it unpacks to nothing");
  // IDX begins with two bytes of 0, a text never does.
  const Dataset data = bytes.front() == '\0' ? from_idx(bytes, path) : from_csv(bytes, path);
  check(data, path);
  const int training = data.size() < kBig ? data.size() / 2 : data.size() / 5 * 4;
  Digits digits = split(shuffled(data, 0), training);
  scale(digits);
  if (is_finite(digits.training.x) && is_finite(digits.held_out.x)) return digits;
  const auto [least, most] = range_of(data.x);
  throw Error(
      fmt::format("{}: its numbers run from {:g} to {:g}, further than a double can tell apart",
                  printable(path.native()), least, most));
}

Dataset rearranged(const Dataset& data) {
  const std::vector<int> order = read::LegacyRandom(kRearranged).permutation(data.x.shape().cols());
  Dataset result = data;
  for (int row = 0; row < data.size(); ++row) {
    for (std::size_t col = 0; col < order.size(); ++col) {
      result.x(row, static_cast<int>(col)) = data.x(row, order[col]);
    }
  }
  return result;
}

int features_of(const Digits& digits) { return digits.training.x.shape().cols(); }

}  // namespace

Sets sets(const fs::path& source, const fs::path& target) {
  Sets sets;
  sets.source = source.empty() ? mnist_digits() : from_file(source);
  sets.similar = target.empty() ? uci_digits() : from_file(target);
  sets.source_name = source.filename().string();
  sets.target_name = target.filename().string();
  const int features = features_of(sets.source);
  if (features_of(sets.similar) != features) {
    throw Error(fmt::format(
        "the target ({}) has {} numbers a sample, the source ({}) has {}, and a net keeps the "
        "width of its inputs; are their images of different sizes, or is there a column too many?",
        target.empty() ? "the UCI digits" : printable(target.native()), features_of(sets.similar),
        source.empty() ? "the MNIST digits of 8 x 8 pixels" : printable(source.native()),
        features));
  }
  sets.different = {rearranged(sets.similar.training), rearranged(sets.similar.held_out)};
  return sets;
}

int classes_of(const Digits& digits) {
  int most = 0;
  for (const Dataset* data : {&digits.training, &digits.held_out}) {
    most = std::max(most, *std::max_element(data->labels.begin(), data->labels.end()));
  }
  return most + 1;
}

}  // namespace backstep::lessons
