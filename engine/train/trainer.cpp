// Training a net: one planned step a batch, over shuffled batches, epoch by epoch.
#include "engine/train/trainer.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/plan/rewrite.h"
#include "engine/read/numpy_random.h"

namespace backstep::train {
namespace {

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
  const std::size_t cols = static_cast<std::size_t>(from.shape().cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double* row = from.view().data + static_cast<std::size_t>(rows[i]) * cols;
    std::copy(row, row + cols, to.data + i * cols);
  }
}

// Copies, and says whether all is finite: an exponent of ones runs over into the sign. Without a
// branch, so that the compiler takes several at once.
bool copy_finite(ConstView from, double* to) {
  constexpr std::uint64_t kExponent = 0x7ff0000000000000;
  constexpr std::uint64_t kLowest = 0x0010000000000000;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] = from.data[i];
    seen |= (std::bit_cast<std::uint64_t>(from.data[i]) & kExponent) + kLowest;
  }
  return seen >> 63 == 0;
}

void check_shapes(const NetGraph& net, const Parameters& parameters) {
  for (const NodeId leaf : net.parameters) {
    const Node& node = net.graph.node(leaf);
    const auto found = parameters.find(node.name);
    if (found == parameters.end())
      throw Error(fmt::format("the parameter {} is missing", node.name));
    if (found->second.shape() == node.shape) continue;
    throw Error(fmt::format("the parameter {} is {}, but this net needs {}", node.name,
                            to_string(found->second.shape()), to_string(node.shape)));
  }
}

void check_data(const Dataset& data, const TrainOptions& options) {
  const std::size_t size = static_cast<std::size_t>(data.size());
  if (data.size() < options.batch || data.labels.size() != size) {
    throw Error(fmt::format("{} samples with {} labels do not fill a batch of {}", data.size(),
                            data.labels.size(), options.batch));
  }
  if (options.distillation && (!data.teacher || data.teacher->shape().rows() != data.size())) {
    throw Error(fmt::format("{} samples need the scores of a teacher each: set Dataset::teacher",
                            data.size()));
  }
}

}  // namespace

Trainer::Trainer(const NetShape& shape, const TrainOptions& options)
    : Trainer(shape, options, initial_parameters(shape, options.seed)) {}

Trainer::Trainer(const NetShape& shape, const TrainOptions& options, const Parameters& parameters)
    : shape_(shape),
      options_(options),
      net_(training_graph(shape, options.batch, {options.frozen, options.distillation})) {
  check_shapes(net_, parameters);
  build(parameters);
}

void Trainer::build(const Parameters& parameters) {
  Graph& graph = net_.graph;
  const Var seed = upstream_leaf(graph, net_.loss);
  const Backward backward = differentiate(graph, net_.loss, seed, net_.trained);
  last_gradient_ = static_cast<NodeId>(graph.size() - 1);
  std::vector<ParameterGradient> gradients;
  for (const NodeId leaf : net_.trained) {
    if (backward.gradient[leaf] == kNoNode) {
      throw Error(fmt::format(
          "the loss does not hang on {}, so it has no gradient to learn by; does the normaliser "
          "use it?",
          graph.name(leaf)));
    }
    gradients.push_back({leaf, backward.gradient[leaf]});
  }
  const Update update =
      std::visit([&](const auto& optimizer) { return add_update(graph, gradients, optimizer); },
                 options_.optimizer);
  rate_ = update.rate;

  PlanOptions plan;
  plan.compile = options_.compile;
  plan.rewrite = options_.rewrite;
  plan.threads = options_.threads;
  plan.carries = add_running(net_, options_.running);
  plan.carries.insert(plan.carries.end(), update.carries.begin(), update.carries.end());
  plan_ = std::make_unique<Plan>(graph, watched_nodes(), plan);
  std::size_t size = 0;
  for (const NodeId leaf : net_.parameters) {
    plan_->set(leaf, parameters.at(graph.node(leaf).name));
    size += graph.node(leaf).shape.size();
  }
  before_.resize(size);
  after_.resize(size);
  keep_parameters();
}

// The loss, and what the options name.
std::vector<NodeId> Trainer::watched_nodes() {
  std::vector<NodeId> nodes = {net_.loss};
  for (const std::string& name : options_.watched) {
    const NodeId node = net_.graph.find(name);
    if (node == kNoNode) {
      throw Error(
          fmt::format("no value of the training step is called {}; those of layer 1 are "
                      "linear1, normed1, relu1, W1, dW1, ...",
                      name));
    }
    watched_.emplace(name, node);
    nodes.push_back(node);
  }
  return nodes;
}

ConstView Trainer::value(std::string_view name) const {
  const auto found = watched_.find(name);
  if (found == watched_.end()) {
    throw Error(fmt::format("{} is not watched: name it in TrainOptions::watched", name));
  }
  return plan_->value(found->second);
}

void Trainer::set_labels(std::span<const int> labels) {
  const View y = plan_->leaf(net_.y);
  const int classes = shape_.widths.back();
  if (labels.size() != static_cast<std::size_t>(options_.batch)) {
    throw Error(fmt::format("a batch of {} samples has {} labels", options_.batch, labels.size()));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= classes) {
      throw Error(fmt::format("sample {}: label {} is outside 0 .. {}", i, labels[i], classes - 1));
    }
  }
  if (y.size() == 0) return;  // a loss that does not ask for the labels
  std::fill(y.begin(), y.end(), 0.0);
  for (std::size_t i = 0; i < labels.size(); ++i) y(static_cast<int>(i), labels[i]) = 1;
}

double Trainer::step(ConstView x, std::span<const int> labels, ConstView teacher) {
  plan_->set(net_.x, x);
  if (net_.teacher != kNoNode) plan_->set(net_.teacher, teacher);
  set_labels(labels);
  ++steps_;
  std::swap(before_, after_);
  plan_->run();
  const double loss = plan_->value(net_.loss)(0, 0);
  const bool finite = keep_parameters();
  if (!finite || !std::isfinite(loss)) explain_not_finite();
  return loss;
}

// A step ends with new parameters; an error is explained from the old ones. False if one is not
// finite.
bool Trainer::keep_parameters() {
  bool finite = true;
  double* to = after_.data();
  for (const NodeId leaf : net_.parameters) {
    const ConstView value = plan_->value(leaf);
    finite = copy_finite(value, to) && finite;
    to += value.size();
  }
  return finite;
}

Parameters Trainer::parameters() const {
  Parameters parameters;
  for (const NodeId leaf : net_.parameters) {
    parameters.emplace(net_.graph.node(leaf).name, Tensor(plan_->value(leaf)));
  }
  return parameters;
}

void Trainer::fit(const Dataset& data, const OnProgress& on_epoch, const OnProgress& on_step) {
  check_data(data, options_);
  read::LegacyRandom random(options_.seed);
  Tensor x({options_.batch, data.x.shape().cols()});
  Tensor teacher({options_.batch, shape_.widths.back()});
  if (options_.distillation) teacher = Tensor({options_.batch, data.teacher->shape().cols()});
  std::vector<int> labels(static_cast<std::size_t>(options_.batch));
  double best = std::numeric_limits<double>::infinity();
  int since_best = 0;
  for (int epoch = 0; epoch < options_.epochs; ++epoch) {
    if (options_.schedule) plan_->set(rate_, Tensor({}, options_.schedule(epoch)));
    const std::vector<int> order = random.permutation(data.size());
    const int batches = data.size() / options_.batch;
    double total = 0;
    for (int batch = 0; batch < batches; ++batch) {
      const std::span<const int> rows =
          std::span(order).subspan(static_cast<std::size_t>(batch) * labels.size(), labels.size());
      copy_rows(data.x, rows, x.view());
      if (options_.distillation) copy_rows(*data.teacher, rows, teacher.view());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        labels[i] = data.labels[static_cast<std::size_t>(rows[i])];
      }
      const double loss = step(x, labels, teacher);
      total += loss;
      if (on_step && !on_step({epoch, steps_, loss})) return;
    }
    const Progress progress{epoch, steps_, total / batches};
    if (on_epoch && !on_epoch(progress)) return;
    since_best = progress.loss < best ? 0 : since_best + 1;
    best = std::min(best, progress.loss);
    if (options_.patience > 0 && since_best >= options_.patience) return;
  }
}

// What the last step began with, but for what the optimiser remembers: that is gone.
Values Trainer::leaf_values() const {
  Values values;
  for (const NodeId leaf : {net_.x, net_.y, net_.teacher}) {
    if (leaf == kNoNode) continue;
    const ConstView value = plan_->leaf(leaf);
    values.emplace(leaf, value.size() > 0 ? Tensor(value) : Tensor(net_.graph.node(leaf).shape));
  }
  auto next = before_.begin();
  for (const NodeId leaf : net_.parameters) {
    Tensor value(net_.graph.node(leaf).shape);
    std::copy_n(next, value.data().size(), value.view().begin());
    next += static_cast<std::ptrdiff_t>(value.data().size());
    values.emplace(leaf, std::move(value));
  }
  return values;
}

// The same step once more, recorded, forward and backward. If all of that is finite, it was an
// update that was not.
void Trainer::explain_not_finite() {
  const Values values = leaf_values();
  std::string first;
  for (const NodeId leaf : net_.parameters) {
    const ConstView now = plan_->value(leaf);
    const bool bad =
        std::any_of(now.begin(), now.end(), [](double v) { return !std::isfinite(v); });
    if (bad && first.empty()) first = "the update of " + net_.graph.name(leaf);
    plan_->set(leaf, values.at(leaf));
  }
  std::swap(before_, after_);
  const Trace trace = evaluate(net_.graph, values);
  const NodeId node = first_not_finite(trace);
  if (node <= last_gradient_) first = trace.graph().name(node);
  throw NotFinite(fmt::format(
      "step {}: {} is not finite; is the learning rate too high, or is a NaN in the data?", steps_,
      first.empty() ? "the loss" : first));
}

}  // namespace backstep::train
