// Samples and their classes: from files, split, standardised, and made small.
#include "engine/train/dataset.h"

#include <fmt/core.h>

#include <cmath>

#include "engine/read/csv.h"
#include "engine/text.h"

namespace backstep::train {
namespace {

Tensor rows_of(const Tensor& from, int begin, int end) {
  const double* first = from.view().data + static_cast<std::size_t>(begin) * from.shape().cols();
  return Tensor(ConstView{first, {end - begin, from.shape().cols()}});
}

}  // namespace

Dataset slice(const Dataset& data, int begin, int end) {
  if (begin < 0 || begin >= end || end > data.size()) {
    throw Error(
        fmt::format("samples {} to {} of {}: there are not so many", begin, end, data.size()));
  }
  Dataset part{rows_of(data.x, begin, end),
               {data.labels.begin() + begin, data.labels.begin() + end}};
  if (data.teacher) part.teacher = rows_of(*data.teacher, begin, end);
  return part;
}

Standardiser::Standardiser(const Dataset& training)
    : mean(static_cast<std::size_t>(training.x.shape().cols())), deviation(mean.size()) {
  const int rows = training.size();
  for (std::size_t col = 0; col < mean.size(); ++col) {
    const int c = static_cast<int>(col);
    for (int row = 0; row < rows; ++row) mean[col] += training.x(row, c);
    mean[col] /= rows;
    for (int row = 0; row < rows; ++row)
      deviation[col] += std::pow(training.x(row, c) - mean[col], 2);
    deviation[col] = std::sqrt(deviation[col] / rows);
    if (deviation[col] == 0) deviation[col] = 1;
  }
}

void Standardiser::apply(Dataset& data) const {
  if (data.x.shape().cols() != static_cast<int>(mean.size())) {
    throw Error(fmt::format("a set of {} features was standardised, not of {}", mean.size(),
                            data.x.shape().cols()));
  }
  for (int row = 0; row < data.size(); ++row) {
    for (std::size_t col = 0; col < mean.size(); ++col) {
      double& value = data.x(row, static_cast<int>(col));
      value = (value - mean[col]) / deviation[col];
    }
  }
}

Tensor eight_by_eight(const read::IdxImages& images) {
  constexpr int kSide = 28;
  constexpr int kMargin = 2;
  constexpr int kSmall = 8;
  constexpr int kPatch = 3;
  if (images.height != kSide || images.width != kSide) {
    throw Error(fmt::format("images of {} x {} pixels; 28 x 28 are made to 8 x 8", images.height,
                            images.width));
  }
  Tensor small({images.pixels.shape().rows(), kSmall * kSmall});
  for (int image = 0; image < small.shape().rows(); ++image) {
    for (int pixel = 0; pixel < kSide * kSide; ++pixel) {
      const int row = pixel / kSide - kMargin;
      const int col = pixel % kSide - kMargin;
      const bool inside = row >= 0 && col >= 0 && row < kSmall * kPatch && col < kSmall * kPatch;
      if (inside) small(image, row / kPatch * kSmall + col / kPatch) += images.pixels(image, pixel);
    }
  }
  for (double& value : small.view()) value /= kPatch * kPatch * 255.0;
  return small;
}

Dataset mnist_8x8(const std::filesystem::path& folder) {
  const std::filesystem::path labels = folder / "mnist-10k-labels-idx1-ubyte.gz";
  Dataset data{eight_by_eight(read::read_idx_images(folder / "mnist-10k-images-idx3-ubyte.gz")),
               read::read_idx_labels(labels)};
  if (data.labels.size() != static_cast<std::size_t>(data.size())) {
    throw Error(fmt::format("{}: {} labels for {} images", printable(labels.native()),
                            data.labels.size(), data.size()));
  }
  return data;
}

Dataset uci_digits(const std::filesystem::path& folder) {
  read::CsvSamples samples = read::read_csv(folder / "uci-digits-8x8.csv.gz");
  for (double& value : samples.x.view()) value /= 16;
  return {std::move(samples.x), std::move(samples.labels)};
}

}  // namespace backstep::train
