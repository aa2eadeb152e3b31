// The loops of a plan as C. Nothing of a user's text gets into it but names that are checked to be
// plain identifiers, and numbers.
#include "engine/plan/c_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/plan/rewrite.h"

namespace backstep {
namespace {

// Words of C, of its library and of our own text, which no value may be called.
const std::set<std::string_view> kTaken = {"auto",
                                           "break",
                                           "case",
                                           "char",
                                           "const",
                                           "continue",
                                           "default",
                                           "do",
                                           "double",
                                           "else",
                                           "enum",
                                           "extern",
                                           "float",
                                           "for",
                                           "goto",
                                           "if",
                                           "inline",
                                           "int",
                                           "long",
                                           "register",
                                           "restrict",
                                           "return",
                                           "short",
                                           "signed",
                                           "sizeof",
                                           "static",
                                           "struct",
                                           "switch",
                                           "typedef",
                                           "union",
                                           "unsigned",
                                           "void",
                                           "volatile",
                                           "while",
                                           "asm",
                                           "typeof",
                                           "linux",
                                           "unix",
                                           "INFINITY",
                                           "NAN",
                                           "bool",
                                           "true",
                                           "false",
                                           "nullptr",
                                           "constexpr",
                                           "alignas",
                                           "alignof",
                                           "static_assert",
                                           "thread_local",
                                           "typeof_unqual",
                                           "i386",
                                           "math_errhandling",
                                           "exp",
                                           "log",
                                           "fabs",
                                           "tanh",
                                           "pow",
                                           "sqrt",
                                           "row",
                                           "col",
                                           "r",
                                           "k",
                                           "first",
                                           "last",
                                           "memory",
                                           "pick"};

bool is_identifier(std::string_view name) {
  if (name.empty() || name.size() > 60 || std::isdigit(static_cast<unsigned char>(name[0]))) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// What <math.h> defines may stand for anything: M_PI, FP_NAN, HUGE_VAL.
bool may_be_macro(std::string_view name) {
  return std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
         name.find('_') != std::string_view::npos;
}

// gcc 12 mixes up the lanes of loads that hang on a condition (its bug 114375), so none does.
constexpr std::string_view kPick = R"(
/* a where the mask is not 0, and b elsewhere. Both are read, so that no load hangs on a mask. */
static inline double pick(double mask, double a, double b) {
  const unsigned long long all = -(unsigned long long)(mask != 0);
  union { double number; unsigned long long bits; } left = {a}, right = {b}, result;
  result.bits = (left.bits & all) | (right.bits & ~all);
  return result.number;
}
)";

std::string c_number(double value) {
  if (std::isnan(value)) return "NAN";
  if (std::isinf(value)) return value > 0 ? "INFINITY" : "(-INFINITY)";
  std::string text = exact_number_text(value);
  // A whole number beyond an int, or one that is divided, must be a double.
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text[0] == '-' ? "(" + text + ")" : text;
}

// An operand of a statement.
struct Value {
  std::string text;
  bool is_atom = true;
};

class LoopWriter {
 public:
  LoopWriter(const Graph& graph, const Schedule& schedule, const Layout& layout, std::size_t step)
      : graph_(graph),
        schedule_(schedule),
        layout_(layout),
        step_number_(static_cast<std::uint32_t>(step)),
        step_(schedule.steps[step]),
        rows_(step_.rows) {
    for (NodeId node = 0; node < graph.size(); ++node) {
      for (std::size_t i = 0; i < graph.arity(node); ++i) ++uses_[graph.input(node, i)];
    }
  }

  LoopSource write() {
    source_.name = fmt::format("loop_{}", step_number_ + 1);
    find_segments();
    std::string nests;
    if (rows_ >= kRowsAtATime) nests += nest(kRowsAtATime);
    if (rows_ % kRowsAtATime != 0) nests += nest(1);
    source_.text =
        title() + head() + start_lines() + "  long row = first;\n" + nests + "}\n" + entry();
    return std::move(source_);
  }

 private:
  // A part of the loop: within a few rows, one pass over the columns. `phase` counts the sums of a
  // row that must be known before.
  struct Segment {
    int phase = 0;
    std::int32_t cols = 1;
    friend auto operator<=>(const Segment&, const Segment&) = default;
  };

  // ---- which node is computed in which segment ----

  bool is_here(NodeId node) const {
    return schedule_.at[node] == step_number_ || !schedule_.stored[node];
  }
  Work work(NodeId node) const { return schedule_.work[node]; }

  // The first phase in which the node can be read.
  int ready(NodeId node) {
    if (!is_here(node) || work(node) == Work::kLeaf) return 0;
    const auto known = ready_.find(node);
    if (known != ready_.end()) return known->second;
    int phase = begins(node);
    if (work(node) == Work::kSumInRow) ++phase;
    return ready_[node] = phase;
  }

  // The phase in which the node is computed, or begins to be added up.
  int begins(NodeId node) {
    int phase = 0;
    for (std::size_t i = 0; i < graph_.arity(node); ++i) {
      const NodeId input = graph_.input(node, i);
      const bool other_width = is_here(input) && work(input) == Work::kElementwise &&
                               loop_cols(graph_, input) != loop_cols(graph_, node) &&
                               !is_number(graph_, input);
      phase = std::max(phase, ready(input) + (other_width ? 1 : 0));
    }
    return phase;
  }

  void find_segments() {
    for (const NodeId node : step_.nodes) {
      if (schedule_.stored[node]) add_root(node);
    }
  }

  void add_root(NodeId node) {
    const Segment segment{begins(node), loop_cols(graph_, node)};
    auto& roots = segments_[segment];
    if (std::find(roots.begin(), roots.end(), node) != roots.end()) return;
    roots.push_back(node);
    add_columns(node, loop_cols(graph_, node));
  }

  // Values of a row (one column wide) that wider parts read are computed beforehand, once.
  void add_columns(NodeId node, std::int32_t cols) {
    // In a ladder of diamonds (y = y * y) the ways to a node are many, and one is enough.
    if (!looked_at_.emplace(node, cols).second) return;
    for (std::size_t i = 0; i < graph_.arity(node); ++i) {
      const NodeId input = graph_.input(node, i);
      const bool computed_here = is_here(input) && work(input) == Work::kElementwise;
      if (!computed_here || is_number(graph_, input)) continue;
      if (loop_cols(graph_, input) != cols) {
        row_values_.insert(input);
        add_root(input);
      } else if (!schedule_.stored[input]) {
        add_columns(input, cols);
      }
    }
  }

  // ---- names ----

  // One name for each value in this loop; `suffix` sets a local apart from the array it goes to.
  std::string name_of(NodeId node, std::string_view suffix = "") {
    const auto known = names_.find({node, std::string(suffix)});
    if (known != names_.end()) return known->second;
    std::string name = graph_.name(node);
    if (!is_identifier(name) || name[0] == '_' || may_be_macro(name))
      name = fmt::format("t{}", node);
    name += suffix;
    if (kTaken.count(name) > 0) name += "_";
    while (!used_names_.insert(name).second) name += "_";
    return names_[{node, std::string(suffix)}] = name;
  }

  std::string pointer(NodeId node, bool written) {
    const std::size_t offset = layout_.offset[node];
    auto found = std::find_if(source_.pointers.begin(), source_.pointers.end(), [&](NodeId other) {
      return other == node || (!is_sum(other) && layout_.offset[other] == offset && !is_sum(node));
    });
    if (found == source_.pointers.end()) {
      found = source_.pointers.insert(source_.pointers.end(), node);
    }
    if (written) written_.insert(*found);
    return name_of(*found);
  }

  bool is_sum(NodeId node) const { return work(node) == Work::kSumOverRows; }

  // ---- the text of one element ----

  std::string load(NodeId node, std::int32_t cols) {
    const std::string array = pointer(node, false);
    const Shape shape = graph_.node(node).shape;
    const bool whole_row = shape.cols() == cols && cols > 1;
    if (shape.rows() == 1 || rows_ == 1) return array + (whole_row ? "[col]" : "[0]");
    if (shape.cols() == cols) return array + "[k]";
    return array + (at_a_time_ > 1 ? "[row + r]" : "[row]");
  }

  std::string row_value(NodeId node) {
    return name_of(node, "_row") + (at_a_time_ > 1 ? "[r]" : "");
  }

  Value value(NodeId node, const Segment& segment, bool may_be_inline) {
    if (is_number(graph_, node)) return {c_number(number_of(graph_, node))};
    if (is(graph_, node, primitives::broadcast()) && work(node) == Work::kElementwise &&
        !schedule_.stored[node]) {
      return value(graph_.input(node, 0), segment, may_be_inline);
    }
    if (!is_here(node) || work(node) == Work::kLeaf) return {load(node, segment.cols)};
    if (work(node) == Work::kSumInRow) return {row_value(node)};
    const std::int32_t own_cols = graph_.node(node).shape.cols();
    if (own_cols != segment.cols) return {row_value(node)};
    if (schedule_.stored[node] && begins(node) < segment.phase) return {load(node, segment.cols)};
    const auto known = locals_.find(node);
    if (known != locals_.end()) return known->second;
    return compute(node, segment, may_be_inline);
  }

  Value compute(NodeId node, const Segment& segment, bool may_be_inline) {
    std::string text = element_text(node, segment);
    const bool unnamed = graph_.node(node).name.empty();
    if (may_be_inline && unnamed && uses_[node] == 1 && !schedule_.stored[node] &&
        text.size() < kLongest && text.find('?') == text.npos) {
      return {std::move(text), false};
    }
    const std::string name = name_of(node, schedule_.stored[node] ? "_now" : "");
    statements_ += fmt::format("const double {} = {};\n", name, text);
    return locals_[node] = {name};
  }

  std::string element_text(NodeId id, const Segment& segment) {
    const Node& node = graph_.node(id);
    if (is(node, primitives::broadcast())) return value(graph_.input(id, 0), segment, true).text;
    const std::string_view pattern = node.primitive->c;
    return filled(pattern, [&](std::string_view place) -> std::string {
      if (place == "number") return c_number(node.attributes.number);
      std::size_t i = 0;
      while (node.primitive->arguments[i].name != place) ++i;
      const std::string braced = fmt::format("{{{}}}", place);
      const bool once = pattern.find(braced) == pattern.rfind(braced);
      const Value operand = value(graph_.input(id, i), segment, once);
      return operand.is_atom ? operand.text : "(" + operand.text + ")";
    });
  }

  // ---- the text of the loop ----

  static std::string indented(const std::string& lines, int spaces) {
    std::string result;
    std::size_t begin = 0;
    while (begin < lines.size()) {
      const std::size_t end = lines.find('\n', begin);
      result +=
          std::string(static_cast<std::size_t>(spaces), ' ') + lines.substr(begin, end - begin + 1);
      begin = end + 1;
    }
    return result;
  }

  std::string nest(std::int32_t at_a_time) {
    at_a_time_ = at_a_time;
    std::string text = at_a_time > 1 ? fmt::format("  for (; row + {} <= last; row += {}) {{\n",
                                                   at_a_time, at_a_time)
                                     : "  for (; row < last; row++) {\n";
    for (const auto& [segment, roots] : segments_) text += segment_text(segment, roots);
    return text + "  }\n";
  }

  std::string segment_text(const Segment& segment, const std::vector<NodeId>& roots) {
    locals_.clear();
    statements_.clear();
    std::string before;       // the columns
    std::string before_rows;  // the rows within a column
    std::string stores;
    std::string after_rows;
    std::string after;
    // The sums first, then what is stored, from the last: so a value that another is made of is
    // there as a local already, and any other goes straight to memory.
    std::vector<NodeId> order = roots;
    std::sort(order.begin(), order.end(), std::greater<>());
    std::stable_partition(order.begin(), order.end(),
                          [&](NodeId root) { return work(root) != Work::kElementwise; });
    for (const NodeId root : order) {
      if (work(root) == Work::kSumInRow) {
        before += declare_row_value(root, start_of(root));
        stores += add_to(row_value(root), root, segment);
        after += finish_row_value(root);
      } else if (work(root) == Work::kSumOverRows) {
        const std::string total = sum_over_rows(root, segment, before_rows, after_rows);
        stores += add_to(total, root, segment);
      } else {
        store(root, segment, before, stores);
      }
    }
    std::string body = statements_ + stores;
    const bool wide = segment.cols > 1;
    const bool uses_k = body.find("[k]") != body.npos;
    if (uses_k) {
      const std::string row = at_a_time_ > 1 ? "(row + r)" : "row";
      body = (wide ? fmt::format("const long k = {} * {} + col;\n", row, segment.cols)
                   : fmt::format("const long k = {};\n", row)) +
             body;
    }
    if (at_a_time_ > 1) {
      body =
          fmt::format("for (long r = 0; r < {}; r++) {{\n", at_a_time_) + indented(body, 2) + "}\n";
    }
    body = before_rows + body + after_rows;
    if (wide) {
      body = fmt::format("for (long col = 0; col < {}; col++) {{\n", segment.cols) +
             indented(body, 2) + "}\n";
    } else {
      body = "{\n" + indented(body, 2) + "}\n";
    }
    return indented(before + body + after, 4);
  }

  static constexpr std::size_t kLongest = 60;
  static constexpr std::size_t kLineWidth = 100;

  const Joining& joining(NodeId node) const { return graph_.node(node).primitive->joining; }
  std::string start_of(NodeId node) const { return std::string(joining(node).start); }

  // What only takes its element in, as a sum does, can take an expression; all else takes a name.
  std::string add_to(const std::string& total, NodeId sum, const Segment& segment) {
    const std::string_view pattern = joining(sum).c;
    const bool may_be_inline = pattern.ends_with("= {a}");
    const Value added = value(graph_.input(sum, 0), segment, may_be_inline);
    return filled(pattern,
                  [&](std::string_view place) { return place == "t" ? total : added.text; }) +
           ";\n";
  }

  std::string declare_row_value(NodeId node, const std::string& start) {
    const std::string name = name_of(node, "_row");
    if (at_a_time_ == 1) return fmt::format("double {} = {};\n", name, start);
    std::string starts = start;
    for (int i = 1; i < at_a_time_; ++i) starts += ", " + start;
    return fmt::format("double {}[{}] = {{{}}};\n", name, at_a_time_, starts);
  }

  std::string finish_row_value(NodeId node) {
    std::string lines;
    if (joining(node).is_mean) {
      lines += fmt::format("{} /= {}.0;\n", row_value(node), loop_cols(graph_, node));
    }
    const std::string array = pointer(node, true);
    const std::string index = rows_ == 1 ? "0" : at_a_time_ > 1 ? "row + r" : "row";
    lines += fmt::format("{}[{}] = {};\n", array, index, row_value(node));
    if (at_a_time_ == 1) return lines;
    return fmt::format("for (long r = 0; r < {}; r++) {{\n", at_a_time_) + indented(lines, 2) +
           "}\n";
  }

  std::string sum_over_rows(NodeId sum, const Segment& segment, std::string& before,
                            std::string& after) {
    add_fold(sum, segment);
    const std::string array = pointer(sum, true) + (segment.cols > 1 ? "[col]" : "[0]");
    if (at_a_time_ == 1) return array;
    const std::string total = name_of(sum, "_sum");
    before += fmt::format("double {} = {};\n", total, array);
    after += fmt::format("{} = {};\n", array, total);
    return total;
  }

  void add_fold(NodeId sum, const Segment& segment) {
    for (const Fold& fold : source_.folds) {
      if (fold.node == sum) return;
    }
    pointer(sum, true);
    const auto place = std::find(source_.pointers.begin(), source_.pointers.end(), sum);
    const Shape from = graph_.node(graph_.input(sum, 0)).shape;
    const double count =
        static_cast<double>(from.size()) / static_cast<double>(graph_.node(sum).shape.size());
    source_.folds.push_back({sum, static_cast<std::size_t>(place - source_.pointers.begin()),
                             static_cast<std::size_t>(segment.cols),
                             joining(sum).is_mean ? count : 1});
  }

  void store(NodeId root, const Segment& segment, std::string& before, std::string& stores) {
    Value result;
    const auto known = locals_.find(root);
    if (known != locals_.end()) {
      result = known->second;
    } else {
      result = {element_text(root, segment)};
    }
    if (row_values_.count(root) > 0 && segment.cols == 1) {
      before += at_a_time_ == 1
                    ? fmt::format("double {};\n", name_of(root, "_row"))
                    : fmt::format("double {}[{}];\n", name_of(root, "_row"), at_a_time_);
      stores += fmt::format("{} = {};\n", row_value(root), result.text);
      result = {row_value(root)};
    }
    if (!schedule_.stored[root]) return;
    pointer(root, true);
    stores += fmt::format("{} = {};\n", load(root, segment.cols), result.text);
  }

  std::string title() const {
    std::string results;
    for (const auto& [segment, roots] : segments_) {
      for (const NodeId root : roots) {
        if (!schedule_.stored[root]) continue;
        results += (results.empty() ? "" : ", ") + comment_name(root);
      }
    }
    return fmt::format("/* {} row{}: {}. */\n", rows_, rows_ == 1 ? "" : "s", results);
  }

  std::string comment_name(NodeId node) const {
    const std::string name = graph_.name(node);
    return is_identifier(name) ? name : fmt::format("t{}", node);
  }

  // Arguments, not locals: the compiler trusts `restrict` only there, and needs it to work on four
  // columns at once. For the same reason the loop is not to be drawn into its entry.
  std::string head() {
    const std::string margin(8, ' ');
    std::string text =
        fmt::format("static __attribute__((noinline)) void {}_rows(\n{}long first, long last",
                    source_.name, margin);
    std::size_t width = margin.size() + 21;
    for (const NodeId node : source_.pointers) {
      const std::string argument = fmt::format(
          "{}double *restrict {}", written_.count(node) > 0 ? "" : "const ", name_of(node));
      append_argument(argument, margin, width, text);
    }
    return text + ") {\n";
  }

  std::string entry() const {
    const std::string margin(6, ' ');
    std::string text = fmt::format(
        "\nvoid {0}(long first, long last, double *const *memory) {{\n  {0}_rows(first, last",
        source_.name);
    std::size_t width = source_.name.size() + 20;
    for (std::size_t i = 0; i < source_.pointers.size(); ++i) {
      append_argument(fmt::format("memory[{}]", i), margin, width, text);
    }
    return text + ");\n}\n";
  }

  static void append_argument(const std::string& argument, const std::string& margin,
                              std::size_t& width, std::string& text) {
    const bool fits = width + argument.size() + 4 <= kLineWidth;
    text += (fits ? ", " : ",\n" + margin) + argument;
    width = (fits ? width + 2 : margin.size()) + argument.size();
  }

  std::string start_lines() {
    std::string lines;
    for (const Fold& fold : source_.folds) {
      const std::string start = start_of(fold.node);
      if (fold.lanes == 1) {
        lines += fmt::format("  {}[0] = {};\n", name_of(fold.node), start);
      } else {
        lines += fmt::format("  for (long col = 0; col < {}; col++) {}[col] = {};\n", fold.lanes,
                             name_of(fold.node), start);
      }
    }
    return lines;
  }

  const Graph& graph_;
  const Schedule& schedule_;
  const Layout& layout_;
  const std::uint32_t step_number_;
  const Step& step_;
  const std::int32_t rows_;
  std::int32_t at_a_time_ = 1;
  std::map<NodeId, int> uses_;
  std::map<NodeId, int> ready_;
  std::map<Segment, std::vector<NodeId>> segments_;
  std::set<NodeId> row_values_;
  std::set<std::pair<NodeId, std::int32_t>> looked_at_;  // for row_values_, in so many columns
  std::map<std::pair<NodeId, std::string>, std::string> names_;
  std::set<std::string> used_names_;
  std::set<NodeId> written_;
  std::map<NodeId, Value> locals_;  // what the segment being written has computed
  std::string statements_;
  LoopSource source_;
};

}  // namespace

LoopSource loop_source(const Graph& graph, const Schedule& schedule, const Layout& layout,
                       std::size_t step) {
  return LoopWriter(graph, schedule, layout, step).write();
}

std::string c_file(const std::vector<LoopSource>& loops) {
  std::string text =
      "/* The fused loops of a plan. Rows are samples, columns are features; four rows at a time,\n"
      "   so that what is the same for every row, and the sums over rows, stay in registers. A "
      "mean\n"
      "   is a sum here; it is divided once all blocks of rows are added. */\n"
      "#include <math.h>\n";
  const bool picks = std::any_of(loops.begin(), loops.end(), [](const LoopSource& loop) {
    return loop.text.find("pick(") != loop.text.npos;
  });
  if (picks) text += kPick;
  for (const LoopSource& loop : loops) text += "\n" + loop.text;
  return text;
}

}  // namespace backstep
