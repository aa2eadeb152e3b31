// Puts values of the reference in the place of those of lines, and looks what becomes right.
#include "engine/check/origin.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "engine/check/cause.h"
#include "engine/evaluate.h"
#include "engine/look.h"
#include "engine/text.h"

namespace backstep::check {
namespace {

// Of all trials together: nodes that are looked at, and numbers that are compared.
constexpr std::size_t kMostWork = 20'000'000;
constexpr std::size_t kMostNodes = 1'000;
constexpr std::size_t kMostRead = 40;

class Search {
 public:
  Search(const Reading& reading, const Numbers& values, const Reference& reference, double relative,
         const Reread& reread)
      : reading_(reading),
        values_(values),
        reference_(reference),
        relative_(relative),
        reread_(reread) {
    const Graph& graph = reference.graph();
    for (NodeId id = 0; id < graph.size(); ++id) {
      const Node& node = graph.node(id);
      if (node.name.empty() || node.place.folded || node.place.part == Part::kInside) continue;
      known_.push_back(id);
    }
  }

  std::optional<Origin> find(std::size_t wrong, NodeId expected,
                             const std::set<std::size_t>& passed_over) {
    if (reading_.graph.size() > kMostNodes) return std::nullopt;
    const std::vector<bool> leads = leading_to(reading_.lines[wrong].node);
    for (std::size_t i = 0; i < wrong; ++i) {
      const Line& line = reading_.lines[i];
      const bool is_asked = line.node != kNoNode && line.expected == kNoNode && !line.in_forward &&
                            !line.binding.is_inner && !line.binding.is_result &&
                            passed_over.count(i) == 0;
      if (!is_asked || !leads[line.node] || line.node == reading_.lines[wrong].node) continue;
      work_ += known_.size() * values_.value(line.node).size();
      if (is_alias(i)) {
        if (!is_named_anew(line)) continue;
        if (auto origin = of_alias(i, wrong, expected)) return origin;
        continue;
      }
      if (is_flat(values_.value(line.node)) || is_known(values_.value(line.node))) continue;
      for (const NodeId node : known_) {
        if (work_ > kMostWork) return std::nullopt;
        if (mends(line.node, node, wrong, expected)) return Origin{i, node};
      }
    }
    return std::nullopt;
  }

 private:
  // `dz = dout`: another name for what is there already.
  bool is_alias(std::size_t i) const {
    const NodeId node = reading_.lines[i].node;
    if (reading_.graph.node(node).primitive == nullptr) return true;
    return std::any_of(reading_.lines.begin(), reading_.lines.begin() + static_cast<long>(i),
                       [&](const Line& line) { return line.node == node; });
  }

  // `dz = dout` gives one array another name; `x, w = cache` takes apart what was kept.
  static bool is_named_anew(const Line& line) {
    const read::Range range = line.binding.value;
    const std::string_view text =
        line.binding.module->source->text().substr(range.begin, range.end - range.begin);
    return !identifier(text).empty() && text.find("cache") == text.npos;
  }

  // All the same number: it fits many.
  static bool is_flat(ConstView view) {
    return std::all_of(view.begin(), view.end(), [&](double v) { return v == *view.begin(); });
  }

  // The value cannot be put in its place in the graph, where others use it too: the lines are read
  // anew.
  std::optional<Origin> of_alias(std::size_t i, std::size_t wrong, NodeId expected) {
    const ConstView was = values_.value(reading_.lines[i].node);
    for (const NodeId node : known_) {
      const bool is_gradient = reference_.graph().place(node).part != Part::kForward;
      const ConstView value = reference_.value(node);
      if (!is_gradient || !(value.shape == was.shape) || is_multiple(was, value)) continue;
      if (++read_ > kMostRead) return std::nullopt;
      const Reading reading = reread_(i, node);
      if (reading.lines.size() != reading_.lines.size()) continue;
      const Numbers numbers = reading.evaluate(reference_);
      const auto now = [&](std::size_t line) -> std::optional<ConstView> {
        const NodeId made = reading.lines[line].node;
        return made == kNoNode ? std::nullopt : std::optional<ConstView>(numbers.value(made));
      };
      if (mends(now, value, wrong, expected)) return Origin{i, node};
    }
    return std::nullopt;
  }

  std::vector<bool> leading_to(NodeId end) const {
    std::vector<bool> leads(reading_.graph.size());
    leads[end] = true;
    for (NodeId id = end + 1; id-- > 0;) {
      for (std::size_t i = 0; leads[id] && i < reading_.graph.arity(id); ++i) {
        leads[reading_.graph.input(id, i)] = true;
      }
    }
    return leads;
  }

  bool is_known(ConstView value) const {
    return std::any_of(known_.begin(), known_.end(), [&](NodeId node) {
      return same_row(value.shape, reference_.value(node).shape) &&
             agrees(value, reference_, node, relative_);
    });
  }

  // Whether one is the other times a number.
  static bool is_multiple(ConstView a, ConstView b) {
    double factor = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (b.data[i] == 0 && a.data[i] == 0) continue;
      const double here = a.data[i] / b.data[i];
      if (factor == 0) factor = here;
      if (!(std::fabs(here - factor) <= 1e-9 * std::fabs(factor))) return false;
    }
    return true;
  }

  bool mends(NodeId step, NodeId by, std::size_t wrong, NodeId expected) {
    const ConstView value = reference_.value(by);
    const ConstView was = values_.value(step);
    if (!(value.shape == was.shape) || is_multiple(was, value)) return false;
    work_ += 20 * (reading_.graph.size() - step) + reading_.lines.size() * was.size();
    std::map<NodeId, Tensor> moved;
    moved.emplace(step, Tensor(value));
    for (NodeId id = step + 1; id < reading_.graph.size(); ++id) recompute(id, moved);
    const auto now = [&](std::size_t i) -> std::optional<ConstView> {
      const NodeId made = reading_.lines[i].node;
      if (made == kNoNode) return std::nullopt;
      const auto found = moved.find(made);
      return found == moved.end() ? values_.value(made) : ConstView(found->second.view());
    };
    return mends(now, value, wrong, expected);
  }

  // Whether the wrong line is right now, with others, and none is wrong that was right.
  template <typename Now>
  bool mends(const Now& now, ConstView by, std::size_t wrong, NodeId expected) const {
    const std::optional<ConstView> mended = now(wrong);
    if (!mended || !agrees(*mended, reference_, expected, relative_)) return false;
    int more = 0;
    for (std::size_t i = 0; i < reading_.lines.size(); ++i) {
      const Line& line = reading_.lines[i];
      const std::optional<ConstView> is = now(i);
      if (line.expected == kNoNode || line.node == kNoNode || !is) continue;
      const bool before = agrees(values_.value(line.node), reference_, line.expected, relative_);
      const bool after = agrees(*is, reference_, line.expected, relative_);
      if (before && !after) return false;
      more += after && !before ? 1 : 0;
    }
    // What only takes the place of the whole result, no line above it needs to have made.
    const bool is_result = agrees(by, reference_, expected, relative_);
    return more > (is_result ? 1 : 0);
  }

  void recompute(NodeId id, std::map<NodeId, Tensor>& moved) const {
    const Graph& graph = reading_.graph;
    bool moves = false;
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      moves = moves || moved.count(graph.input(id, i)) > 0;
    }
    if (!moves) return;
    Tensor out(graph.node(id).shape);
    const auto input = [&](std::size_t i) -> ConstView {
      const auto found = moved.find(graph.input(id, i));
      return found == moved.end() ? values_.value(graph.input(id, i)) : found->second.view();
    };
    run_node(graph, id, input, out.view());
    moved.insert_or_assign(id, std::move(out));
  }

  const Reading& reading_;
  const Numbers& values_;
  const Reference& reference_;
  double relative_;
  const Reread& reread_;
  std::vector<NodeId> known_;
  std::size_t work_ = 0;
  std::size_t read_ = 0;  // how often the lines were read anew
};

}  // namespace

std::optional<Origin> origin_of(const Reading& reading, const Numbers& values,
                                const Reference& reference, std::size_t wrong, NodeId expected,
                                double relative, const std::set<std::size_t>& passed_over,
                                const Reread& reread) {
  if (reading.lines[wrong].node == kNoNode) return std::nullopt;
  return Search(reading, values, reference, relative, reread).find(wrong, expected, passed_over);
}

}  // namespace backstep::check
