// A trained net in use: its scores for given samples, and how good they are.
#include "engine/train/evaluation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "engine/plan/plan.h"

namespace backstep::train {

Tensor scores(const NetShape& shape, const Parameters& parameters, ConstView x) {
  const NetGraph net = evaluation_graph(shape, x.shape.rows());
  const NodeId outputs[] = {net.scores};
  Plan plan(net.graph, outputs, {.compile = false});
  plan.set(net.x, x);
  for (const NodeId leaf : net.parameters) {
    plan.set(leaf, parameters.at(net.graph.node(leaf).name));
  }
  plan.run();
  return Tensor(plan.value(net.scores));
}

Tensor softmax(ConstView scores, double temperature) {
  Tensor result(scores);
  for (int row = 0; row < scores.shape.rows(); ++row) {
    double* begin = result.view().begin() + static_cast<std::size_t>(row) * scores.shape.cols();
    double* end = begin + scores.shape.cols();
    const double highest = *std::max_element(begin, end);
    double total = 0;
    for (double* p = begin; p != end; ++p) total += * p = std::exp((*p - highest) / temperature);
    for (double* p = begin; p != end; ++p) *p /= total;
  }
  return result;
}

std::vector<int> predict(const NetShape& shape, const Parameters& parameters, ConstView x) {
  const Tensor found = scores(shape, parameters, x);
  const std::size_t classes = static_cast<std::size_t>(found.shape().cols());
  std::vector<int> result;
  for (const double* row = found.view().begin(); row != found.view().end(); row += classes) {
    result.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  }
  return result;
}

double accuracy(const NetShape& shape, const Parameters& parameters, const Dataset& data) {
  const std::vector<int> classes = predict(shape, parameters, data.x);
  int right = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) right += classes[i] == data.labels[i] ? 1 : 0;
  return static_cast<double>(right) / data.size();
}

double mean_loss(const NetShape& shape, const Parameters& parameters, const Dataset& data) {
  const Tensor found = scores(shape, parameters, data.x);
  double total = 0;
  for (int row = 0; row < data.size(); ++row) {
    const double* begin = &found.data()[static_cast<std::size_t>(row) * found.shape().cols()];
    const double* end = begin + found.shape().cols();
    const double highest = *std::max_element(begin, end);
    double sum = 0;
    for (const double* p = begin; p != end; ++p) sum += std::exp(*p - highest);
    total += std::log(sum) - (begin[data.labels[static_cast<std::size_t>(row)]] - highest);
  }
  return total / data.size();
}

}  // namespace backstep::train
