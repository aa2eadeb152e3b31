// Training a net: one planned step a batch, over shuffled batches, epoch by epoch.
#include "engine/train/trainer.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/read/numpy_random.h"

namespace backstep::train {
namespace {

bool is_trained(const Graph& graph, NodeId leaf) {
  return graph.node(leaf).role == Role::kParameter;
}

// running = kept * running + (1 - kept) * batch.
std::vector<Carry> add_running(NetGraph& net, const RunningStatistics& running) {
  std::vector<Carry> carries;
  for (const auto& [batch, leaf] : net.running) {
    const Var old = running.kept() * net.graph.var(leaf);
    const Var taken = (1 - running.kept()) * net.graph.var(batch);
    carries.push_back({(old + taken).id(), leaf});
  }
  return carries;
}

void copy_rows(const Tensor& from, std::span<const int> rows, View to) {
  const std::size_t cols = static_cast<std::size_t>(from.shape().cols);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double* row = from.view().data + static_cast<std::size_t>(rows[i]) * cols;
    std::copy(row, row + cols, to.data + i * cols);
  }
}

}  // namespace

Trainer::Trainer(const NetShape& shape, const TrainOptions& options)
    : Trainer(shape, options, initial_parameters(shape, options.seed)) {}

Trainer::Trainer(const NetShape& shape, const TrainOptions& options, Parameters parameters)
    : shape_(shape), options_(options), net_(training_graph(shape, options.batch)) {
  build(parameters);
}

void Trainer::build(const Parameters& parameters) {
  Graph& graph = net_.graph;
  std::vector<NodeId> trained;
  for (const NodeId leaf : net_.parameters) {
    if (is_trained(graph, leaf)) trained.push_back(leaf);
  }
  const Var seed = upstream_leaf(graph, net_.loss);
  const Backward backward = differentiate(graph, net_.loss, seed, trained);
  std::vector<ParameterGradient> gradients;
  for (const NodeId leaf : trained) gradients.push_back({leaf, backward.gradient[leaf]});
  const Update update =
      std::visit([&](const auto& optimizer) { return add_update(graph, gradients, optimizer); },
                 options_.optimizer);
  rate_ = update.rate;

  PlanOptions plan;
  plan.compile = options_.compile;
  plan.threads = options_.threads;
  plan.carries = add_running(net_, options_.running);
  plan.carries.insert(plan.carries.end(), update.carries.begin(), update.carries.end());
  const NodeId outputs[] = {net_.loss};
  plan_ = std::make_unique<Plan>(graph, outputs, plan);
  for (const NodeId leaf : net_.parameters) {
    plan_->set(leaf, parameters.at(graph.node(leaf).name));
  }
}

double Trainer::step(ConstView x, std::span<const int> labels) {
  const int classes = shape_.widths.back();
  plan_->set(net_.x, x);
  const View y = plan_->leaf(net_.y);
  std::fill(y.begin(), y.end(), 0.0);
  if (labels.size() != static_cast<std::size_t>(y.shape.rows)) {
    throw Error(fmt::format("a batch of {} samples has {} labels", y.shape.rows, labels.size()));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= classes) {
      throw Error(fmt::format("sample {}: label {} is outside 0 .. {}", i, labels[i], classes - 1));
    }
    y(static_cast<int>(i), labels[i]) = 1;
  }
  ++steps_;
  keep_parameters();
  plan_->run();
  const double loss = plan_->value(net_.loss)(0, 0);
  if (!std::isfinite(loss)) explain_not_finite();
  return loss;
}

// A step ends with new parameters; an error is explained from the old ones.
void Trainer::keep_parameters() {
  before_.clear();  // keeps its memory
  for (const NodeId leaf : net_.parameters) {
    const ConstView value = plan_->value(leaf);
    before_.insert(before_.end(), value.begin(), value.end());
  }
}

Parameters Trainer::parameters() const {
  Parameters parameters;
  for (const NodeId leaf : net_.parameters) {
    parameters.emplace(net_.graph.node(leaf).name, Tensor(plan_->value(leaf)));
  }
  return parameters;
}

void Trainer::fit(const Dataset& data, const std::function<bool(const Progress&)>& on_epoch) {
  if (data.size() < options_.batch || data.labels.size() != static_cast<std::size_t>(data.size())) {
    throw Error(fmt::format("{} samples with {} labels do not fill a batch of {}", data.size(),
                            data.labels.size(), options_.batch));
  }
  read::LegacyRandom random(options_.seed);
  Tensor x({options_.batch, data.x.shape().cols});
  std::vector<int> labels(static_cast<std::size_t>(options_.batch));
  double best = std::numeric_limits<double>::infinity();
  int since_best = 0;
  for (int epoch = 0; epoch < options_.epochs; ++epoch) {
    if (options_.schedule) plan_->set(rate_, Tensor({1, 1}, options_.schedule(epoch)));
    const std::vector<int> order = random.permutation(data.size());
    const int batches = data.size() / options_.batch;
    double total = 0;
    for (int batch = 0; batch < batches; ++batch) {
      const std::span<const int> rows =
          std::span(order).subspan(static_cast<std::size_t>(batch) * labels.size(), labels.size());
      copy_rows(data.x, rows, x.view());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        labels[i] = data.labels[static_cast<std::size_t>(rows[i])];
      }
      total += step(x, labels);
    }
    const Progress progress{epoch, total / batches};
    if (on_epoch && !on_epoch(progress)) return;
    since_best = progress.loss < best ? 0 : since_best + 1;
    best = std::min(best, progress.loss);
    if (options_.patience > 0 && since_best >= options_.patience) return;
  }
}

// The same forward pass once more, recorded, from the parameters that the step began with. The
// nodes of a training graph have the same numbers whenever it is built.
void Trainer::explain_not_finite() const {
  NetGraph again = training_graph(shape_, options_.batch);
  Values values;
  values.emplace(again.x, Tensor(plan_->value(net_.x)));
  values.emplace(again.y, Tensor(plan_->value(net_.y)));
  auto next = before_.begin();
  for (const NodeId leaf : again.parameters) {
    Tensor value(again.graph.node(leaf).shape);
    std::copy_n(next, value.data().size(), value.view().begin());
    next += static_cast<std::ptrdiff_t>(value.data().size());
    values.emplace(leaf, std::move(value));
  }
  const Trace trace = evaluate(std::move(again.graph), values);
  const NodeId first = first_not_finite(trace);
  throw Error(fmt::format(
      "step {}: {} is not finite; is the learning rate too high, or is a NaN in the data?", steps_,
      first == kNoNode ? "the loss" : trace.graph().name(first)));
}

std::vector<int> predict(const NetShape& shape, const Parameters& parameters, ConstView x) {
  const NetGraph net = evaluation_graph(shape, x.shape.rows);
  const NodeId outputs[] = {net.scores};
  Plan plan(net.graph, outputs, {.compile = false});
  plan.set(net.x, x);
  for (const NodeId leaf : net.parameters) {
    plan.set(leaf, parameters.at(net.graph.node(leaf).name));
  }
  plan.run();
  const ConstView scores = plan.value(net.scores);
  std::vector<int> classes;
  for (int row = 0; row < scores.shape.rows; ++row) {
    const double* begin = &scores.data[static_cast<std::size_t>(row) * scores.shape.cols];
    classes.push_back(static_cast<int>(std::max_element(begin, begin + scores.shape.cols) - begin));
  }
  return classes;
}

double accuracy(const NetShape& shape, const Parameters& parameters, const Dataset& data) {
  const std::vector<int> classes = predict(shape, parameters, data.x);
  int right = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) right += classes[i] == data.labels[i] ? 1 : 0;
  return static_cast<double>(right) / data.size();
}

}  // namespace backstep::train
