// Finds the patterns of the forward pass whose backward pass is known in one line.
#include "engine/write/closed_form.h"

#include <fmt/core.h>

#include <optional>

#include "engine/expression.h"
#include "engine/reads.h"

namespace backstep::write {
namespace {

class Finder {
 public:
  explicit Finder(const Trace& trace)
      : graph_(trace.graph()), ledger_(trace), uses_(graph_.size(), 0) {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (graph_.place(id).part != Part::kForward || graph_.place(id).folded) continue;
      for (std::size_t i = 0; i < graph_.arity(id); ++i) ++uses_[input(id, i)];
    }
  }

  std::map<NodeId, ClosedForm> find() {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (graph_.place(id).part != Part::kForward || ledger_.gradient(id) == kNoNode) continue;
      if (is(id, "multiply")) add_normalisation(id);
      if (is(id, "subtract")) add_log_softmax(id);
      if (is(id, "invert")) add_logistic(id);
    }
    return std::move(forms_);
  }

 private:
  bool is(NodeId id, std::string_view primitive) const {
    const Node& node = graph_.node(id);
    return node.primitive != nullptr && node.primitive->name == primitive;
  }
  NodeId input(NodeId id, std::size_t i) const { return unfolded(graph_, graph_.input(id, i)); }
  Along axis(NodeId id) const { return along(graph_, id); }
  bool is_along_one(NodeId id) const {
    return axis(id) == Along::kRows || axis(id) == Along::kColumns;
  }
  const Shape& shape(NodeId id) const { return graph_.node(id).shape; }
  std::string name(NodeId id) const { return graph_.name(id); }
  std::string gradient(NodeId id) const { return graph_.name(ledger_.gradient(id)); }

  // Whether `id` is that primitive, used so often and nowhere else.
  bool is_inner(NodeId id, std::string_view primitive, int uses) const {
    return is(id, primitive) && uses_[id] == uses;
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

  // The node whose mean square is under the root that `inverse` is 1 over, with the axis.
  struct Square {
    NodeId of = kNoNode;
    Along axis = Along::kAll;
  };
  std::optional<Square> root_mean_square(NodeId inverse) const {
    if (!is_inner(inverse, "invert", 1)) return std::nullopt;
    const NodeId root = input(inverse, 0);
    if (!is_inner(root, "sqrt with epsilon", 1) && !is_inner(root, "sqrt", 1)) return std::nullopt;
    const NodeId mean = input(root, 0);
    if (!is_inner(mean, "mean", 1) || !is_along_one(mean)) return std::nullopt;
    const NodeId square = input(mean, 0);
    if (!is_inner(square, "square", 1)) return std::nullopt;
    return Square{input(square, 0), axis(mean)};
  }

  // xhat = xmu * ivar.
  void add_normalisation(NodeId xhat) {
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
      const NodeId centred = input(xhat, i);
      const NodeId inverse = input(xhat, 1 - i);
      const std::optional<Square> square = root_mean_square(inverse);
      if (!square || square->of != centred || shape(xhat) != shape(centred)) continue;
      if (is_centred(centred, square->axis)) {
        add(input(centred, 0), 2, normalised(xhat, inverse, square->axis), "normalisation");
      } else {
        const std::string dxhat = gradient(xhat);
        add(centred, 2,
            fmt::format("{} * ({} - {} * np.mean({} * {}, {}))", name(inverse), dxhat, name(xhat),
                        dxhat, name(xhat), over(square->axis)),
            "normalisation");
      }
      return;
    }
  }

  // xmu = x - mean(x), used by its square and by xhat alone.
  bool is_centred(NodeId id, Along over_axis) const {
    if (!is_inner(id, "subtract", 2)) return false;
    const NodeId mean = input(id, 1);
    return is_inner(mean, "mean", 1) && axis(mean) == over_axis && input(mean, 0) == input(id, 0);
  }

  // The sums over the batch are those of dgamma and dbeta already, where xhat is scaled and
  // shifted.
  std::string normalised(NodeId xhat, NodeId inverse, Along over_axis) const {
    const NodeId scaled = only_user(xhat);
    const NodeId shifted = scaled == kNoNode ? kNoNode : only_user(scaled);
    if (over_axis == Along::kRows && shifted != kNoNode && is(scaled, "multiply") &&
        is(shifted, "add") && shape(scaled) == shape(xhat) && shape(shifted) == shape(xhat)) {
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

  NodeId only_user(NodeId id) const {
    if (uses_[id] != 1) return kNoNode;
    for (NodeId user = id + 1; user < graph_.size(); ++user) {
      if (graph_.place(user).part != Part::kForward || graph_.place(user).folded) continue;
      for (std::size_t i = 0; i < graph_.arity(user); ++i) {
        if (input(user, i) == id) return user;
      }
    }
    return kNoNode;
  }

  // log_p = shifted - log(sum(exp(shifted))), with or without the shift by the largest score.
  void add_log_softmax(NodeId log_p) {
    const NodeId shifted = input(log_p, 0);
    const NodeId log_total = input(log_p, 1);
    if (!is_inner(log_total, "log", 1) || shape(log_p) != shape(shifted)) return;
    const NodeId total = input(log_total, 0);
    if (!is_inner(total, "sum", 1) || !is_along_one(total)) return;
    const NodeId power = input(total, 0);
    if (!is_inner(power, "exp", 1) || input(power, 0) != shifted) return;
    const std::string dlog_p = gradient(log_p);
    const std::string right = fmt::format("{0} - {1} / {2} * np.sum({0}, {3})", dlog_p, name(power),
                                          name(total), over(axis(total)));
    // A shift of the whole row moves nothing, so what its maximum sends back is 0.
    const bool is_shift =
        is_inner(shifted, "subtract", 2) && is_inner(input(shifted, 1), "max", 1) &&
        axis(input(shifted, 1)) == axis(total) && input(input(shifted, 1), 0) == input(shifted, 0);
    add(is_shift ? input(shifted, 0) : shifted, 2, right, "softmax");
  }

  // out = 1 / (1 + exp(-x)).
  void add_logistic(NodeId out) {
    const NodeId denominator = input(out, 0);
    if (!is_inner(denominator, "plus", 1) || graph_.node(denominator).attributes.number != 1) {
      return;
    }
    const NodeId power = input(denominator, 0);
    if (!is_inner(power, "exp", 1) || !is_inner(input(power, 0), "negate", 1)) return;
    add(input(input(power, 0), 0), 1,
        fmt::format("{0} * {1} * (1 - {1})", gradient(out), name(out)), "logistic function");
  }

  const Graph& graph_;
  Ledger ledger_;
  std::vector<int> uses_;
  std::map<NodeId, ClosedForm> forms_;
};

}  // namespace

std::map<NodeId, ClosedForm> closed_forms(const Trace& trace) { return Finder(trace).find(); }

}  // namespace backstep::write
