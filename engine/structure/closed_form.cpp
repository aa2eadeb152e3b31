// Finds the patterns of the forward pass whose backward pass is known in one line.
#include "engine/structure/closed_form.h"

#include <fmt/core.h>

#include <optional>

#include "engine/expression.h"
#include "engine/reads.h"
#include "engine/structure/normalisation.h"

namespace backstep::structure {
namespace {

class Finder {
 public:
  explicit Finder(const Trace& trace) : graph_(trace.graph()), ledger_(trace), stations_(graph_) {}

  std::map<NodeId, ClosedForm> find() {
    for (const auto& [out, normalisation] : normalisations(stations_)) {
      if (ledger_.gradient(out) != kNoNode) add_normalisation(normalisation);
    }
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (graph_.place(id).part != Part::kForward || ledger_.gradient(id) == kNoNode) continue;
      if (stations_.is(id, primitives::subtract())) add_log_softmax(id);
      if (stations_.is(id, primitives::invert())) add_logistic(id);
    }
    return std::move(forms_);
  }

 private:
  NodeId input(NodeId id, std::size_t i) const { return stations_.argument(id, i); }
  Along axis(NodeId id) const { return along(graph_, id); }
  bool is_along_one(NodeId id) const {
    return axis(id) == Along::kRows || axis(id) == Along::kColumns;
  }
  const Shape& shape(NodeId id) const { return graph_.node(id).shape; }
  std::string name(NodeId id) const { return graph_.name(id); }
  std::string gradient(NodeId id) const { return graph_.name(ledger_.gradient(id)); }

  // Whether `id` is that primitive, used so often and nowhere else.
  bool is_inner(NodeId id, const Primitive& primitive, std::size_t uses) const {
    return stations_.is(id, primitive) && stations_.users(id).size() == uses;
  }

  static std::string over(Along axis) {
    return axis == Along::kRows ? "axis=0" : "axis=1, keepdims=True";
  }

  void add(NodeId of, std::size_t contributions, std::string_view right, std::string_view what) {
    if (ledger_.gradient(of) == kNoNode || ledger_.contributions(of).size() != contributions) {
      return;
    }
    forms_[ledger_.gradient(of)] = {fmt::format("{} = {}", gradient(of), right),
                                    fmt::format("all of the {} at once", what)};
  }

  // xhat = xmu * ivar, where nothing else uses the squares and their mean.
  void add_normalisation(const Normalisation& normalisation) {
    const NodeId xhat = normalisation.out;
    const NodeId inverse = normalisation.inverse;
    if (!normalisation.under) return;
    const auto [of, square, mean] = *normalisation.under;
    const NodeId centred = input(xhat, input(xhat, 0) == inverse ? 1 : 0);
    const bool serves_alone =
        stations_.users(mean).size() == 1 && stations_.users(square).size() == 1;
    if (of != centred || !serves_alone || !is_along_one(mean) || shape(xhat) != shape(centred)) {
      return;
    }
    const Along along = axis(mean);
    if (is_centred(centred, along)) {
      add(input(centred, 0), 2, normalised(xhat, inverse, along), "normalisation");
    } else {
      const std::string dxhat = gradient(xhat);
      add(centred, 2,
          fmt::format("{} * ({} - {} * np.mean({} * {}, {}))", name(inverse), dxhat, name(xhat),
                      dxhat, name(xhat), over(along)),
          "normalisation");
    }
  }

  // xmu = x - mean(x), used by its square and by xhat alone.
  bool is_centred(NodeId id, Along over_axis) const {
    const std::optional<Centred> is = centred(stations_, id);
    return is && stations_.users(id).size() == 2 && stations_.users(is->mean).size() == 1 &&
           axis(is->mean) == over_axis && input(is->mean, 0) == is->value;
  }

  // The sums over the batch are those of dgamma and dbeta already, where xhat is scaled and
  // shifted.
  std::string normalised(NodeId xhat, NodeId inverse, Along over_axis) const {
    const std::optional<ScaleAndShift> after = scale_and_shift(stations_, xhat);
    if (over_axis == Along::kRows && after && shape(after->scaled) == shape(xhat) &&
        shape(after->shifted) == shape(xhat)) {
      const auto [scaled, shifted] = *after;
      const NodeId gamma = input(scaled, input(scaled, 0) == xhat ? 1 : 0);
      const NodeId beta = input(shifted, input(shifted, 0) == scaled ? 1 : 0);
      if (is_own_row(gamma) && is_own_row(beta)) {
        return fmt::format("{0} * {1} / {2} * ({2} * {3} - {4} - {5} * {6})", name(gamma),
                           name(inverse), graph_.node(xhat).shape.rows(), gradient(scaled),
                           gradient(beta), name(xhat), gradient(gamma));
      }
    }
    const std::string dxhat = gradient(xhat);
    const std::string along = over(over_axis);
    return fmt::format("{0} * ({1} - np.mean({1}, {3}) - {2} * np.mean({1} * {2}, {3}))",
                       name(inverse), dxhat, name(xhat), along);
  }

  // A row of parameters with a gradient of one contribution.
  bool is_own_row(NodeId id) const {
    return graph_.node(id).shape.rows() == 1 && graph_.node(id).shape.cols() > 1 &&
           ledger_.gradient(id) != kNoNode && ledger_.contributions(id).size() == 1;
  }

  // log_p = shifted - log(sum(exp(shifted))), with or without the shift by the largest score.
  void add_log_softmax(NodeId log_p) {
    const NodeId shifted = input(log_p, 0);
    const NodeId log_total = input(log_p, 1);
    if (!is_inner(log_total, primitives::log(), 1) || shape(log_p) != shape(shifted)) return;
    const NodeId total = input(log_total, 0);
    if (!is_inner(total, primitives::sum(), 1) || !is_along_one(total)) return;
    const NodeId power = input(total, 0);
    if (!is_inner(power, primitives::exp(), 1) || input(power, 0) != shifted) return;
    const std::string dlog_p = gradient(log_p);
    const std::string right = fmt::format("{0} - {1} / {2} * np.sum({0}, {3})", dlog_p, name(power),
                                          name(total), over(axis(total)));
    // A shift of the whole row moves nothing, so what its maximum sends back is 0.
    const bool is_shift = is_inner(shifted, primitives::subtract(), 2) &&
                          is_inner(input(shifted, 1), primitives::max(), 1) &&
                          axis(input(shifted, 1)) == axis(total) &&
                          input(input(shifted, 1), 0) == input(shifted, 0);
    add(is_shift ? input(shifted, 0) : shifted, 2, right, "softmax");
  }

  // out = 1 / (1 + exp(-x)).
  void add_logistic(NodeId out) {
    const NodeId denominator = input(out, 0);
    if (!is_inner(denominator, primitives::plus(), 1) ||
        graph_.node(denominator).attributes.number != 1) {
      return;
    }
    const NodeId power = input(denominator, 0);
    if (!is_inner(power, primitives::exp(), 1) ||
        !is_inner(input(power, 0), primitives::negate(), 1))
      return;
    add(input(input(power, 0), 0), 1,
        fmt::format("{0} * {1} * (1 - {1})", gradient(out), name(out)), "logistic function");
  }

  const Graph& graph_;
  Ledger ledger_;
  Stations stations_;
  std::map<NodeId, ClosedForm> forms_;
};

}  // namespace

std::map<NodeId, ClosedForm> closed_forms(const Trace& trace) { return Finder(trace).find(); }

}  // namespace backstep::structure
