// Follows the names of top-level statements from a result back to what it hangs on, and finds a
// shape for each name that the text leaves open.
#include "engine/read/cells.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <utility>

#include "engine/read/circuit_reader.h"
#include "engine/read/interpreter.h"
#include "engine/read/numpy_random.h"
#include "engine/read/python_builtins.h"
#include "engine/read/values.h"

namespace backstep::read {
namespace {

// ---- names ------------------------------------------------------------------------------------

// What Python has besides what the reader knows of it.
bool is_builtin(const std::string& name) {
  constexpr std::array<std::string_view, 14> kOthers = {
      "print", "open", "set",  "list",       "dict",      "tuple",      "sorted",
      "str",   "zip",  "next", "isinstance", "enumerate", "ValueError", "reversed"};
  return is_python_builtin(name) ||
         std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end();
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <typename Range>
bool any_in(const Range& names, const std::set<std::string>& set) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return set.count(name) > 0; });
}

bool is_loss_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {"loss", "Loss", "L", "cost", "J", "nll"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// A count by its name: n, batch_size, n_hidden, num_classes.
bool is_count_name(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames = {"n",  "N",   "m",  "bs", "batch", "k",
                                                       "nh", "dim", "ne", "T",  "vocab", "classes"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || name.ends_with("_size") ||
         name.ends_with("_dim") || name.ends_with("_length") || name.starts_with("n_") ||
         name.starts_with("num_") || name.starts_with("N_");
}

bool is_batch_name(std::string_view name) {
  return name == "n" || name == "N" || name == "m" || name == "bs" || name.starts_with("batch");
}

std::string_view first_word(std::string_view text) {
  const std::size_t end = text.find_first_of(" \t(:.=[");
  return text.substr(0, end);
}

// ---- calls that make an array -----------------------------------------------------------------

std::string last_part(const Expression& function) {
  if (const auto* name = std::get_if<Name>(&function.kind)) return name->id;
  const auto* attribute = std::get_if<Attribute>(&function.kind);
  return attribute == nullptr ? std::string() : attribute->name;
}

enum class Makes : std::uint8_t { kNothing, kRandom, kFlat, kIntegers, kNumbers };

Makes made_by(std::string_view name) {
  constexpr std::array<std::string_view, 8> kRandom = {
      "randn", "rand", "normal", "uniform", "random", "standard_normal", "random_sample", "empty"};
  if (std::find(kRandom.begin(), kRandom.end(), name) != kRandom.end()) return Makes::kRandom;
  if (name == "zeros" || name == "ones") return Makes::kFlat;
  if (name == "randint") return Makes::kIntegers;
  if (name == "array" || name == "tensor" || name == "asarray") return Makes::kNumbers;
  return Makes::kNothing;
}

// The first call in an expression that makes an array of no other, from the outside in.
Call* making_call(Expression& expression) {
  if (auto* call = std::get_if<Call>(&expression.kind)) {
    if (made_by(last_part(*call->function)) != Makes::kNothing) return call;
    if (auto* method = std::get_if<Attribute>(&call->function->kind)) {
      if (Call* found = making_call(*method->base)) return found;
    }
    for (Expression& argument : call->arguments) {
      if (Call* found = making_call(argument)) return found;
    }
  } else if (auto* chain = std::get_if<Chain>(&expression.kind)) {
    if (Call* found = making_call(*chain->first)) return found;
    for (Term& term : chain->rest) {
      if (Call* found = making_call(term.operand)) return found;
    }
  } else if (auto* attribute = std::get_if<Attribute>(&expression.kind)) {
    return making_call(*attribute->base);
  } else if (auto* signs = std::get_if<Signs>(&expression.kind)) {
    return making_call(*signs->operand);
  }
  return nullptr;
}

// Whether the array of a value may be that of one that it is made of.
bool may_share(const Expression& value, const Module& module) {
  constexpr std::array<std::string_view, 26> kViews = {
      "view",     "reshape",   "T",         "t",           "transpose",    "permute",
      "swapaxes", "squeeze",   "unsqueeze", "ravel",       "flatten",      "detach",
      "expand",   "expand_as", "view_as",   "asarray",     "data",         "contiguous",
      "float",    "double",    "to",        "expand_dims", "broadcast_to", "requires_grad_",
      "split",    "chunk"};
  if (const auto* call = std::get_if<Call>(&value.kind)) {
    const std::string name = last_part(*call->function);
    const bool is_own = module.find(name) != nullptr;
    return is_own || name.ends_with("_") ||
           std::find(kViews.begin(), kViews.end(), name) != kViews.end();
  }
  return std::holds_alternative<Name>(value.kind) ||
         std::holds_alternative<Attribute>(value.kind) ||
         std::holds_alternative<Subscript>(value.kind) ||
         std::holds_alternative<Sequence>(value.kind) || std::holds_alternative<Pairs>(value.kind);
}

Expression name_expression(const std::string& name, std::uint32_t byte) {
  return {{byte, byte + static_cast<std::uint32_t>(name.size())}, Name{name}};
}

Statement assignment(const std::string& name, const Scalar& value) {
  std::vector<Expression> targets;
  targets.push_back(name_expression(name, 0));
  Expression number({0, 0}, Number{value.value, value.type == NumberType::kInteger});
  if (value.type == NumberType::kBool) {
    number.kind = value.value != 0 ? Constant::kTrue : Constant::kFalse;
  }
  return {0, Assignment{std::move(targets), std::move(number)}};
}

void append(std::vector<Statement>& to, std::vector<Statement> from) {
  for (Statement& statement : from) to.push_back(std::move(statement));
}

}  // namespace

// ---- the statements ---------------------------------------------------------------------------

TopLevel::TopLevel(Module module, std::size_t cell)
    : module_(std::make_unique<Module>(std::move(module))), cell_(cell) {
  for (const TopBlock& block : module_->blocks) add(block);
  for (const TopStatement& statement : statements_) {
    names_.insert(statement.used.begin(), statement.used.end());
    names_.insert(statement.bound.begin(), statement.bound.end());
  }
}

// The body of a `with`, and of a loop that makes a loss, is read as one turn of it.
void TopLevel::add(const TopBlock& block) {
  const std::vector<LogicalLine>& lines = *module_->lines;
  const std::string_view text = module_->source->text();
  const auto text_of = [&](std::size_t line) {
    return text.substr(lines[line].begin, lines[line].end - lines[line].begin);
  };
  const std::string_view word = first_word(text_of(block.first_line));
  const bool is_loop = word == "for" || word == "while" || word == "with";
  bool is_open = word == "with" && block.end_line > block.first_line + 1;
  for (std::size_t i = block.first_line + 1; is_loop && i < block.end_line; ++i) {
    for (const NameBinding& binding : names_bound_by(text_of(i), 0)) {
      is_open = is_open || is_loss_name(binding.name);
    }
  }
  if (is_open) {
    const int indentation = lines[block.first_line + 1].indentation;
    for (std::size_t i = block.first_line + 1; i < block.end_line;) {
      std::size_t end = i + 1;
      while (end < block.end_line && lines[end].indentation > indentation) ++end;
      add({lines[i].begin, lines[end - 1].end, i, end});
      i = end;
    }
    return;
  }
  TopStatement statement;
  statement.block = block;
  statement.text = text.substr(block.begin, block.end - block.begin);
  std::set<std::string> plain;
  for (std::size_t i = block.first_line; i < block.end_line; ++i) {
    for (std::string& name : names_changed_by(text_of(i)))
      statement.changed.insert(std::move(name));
    for (const NameBinding& binding : names_bound_by(text_of(i), 0)) {
      if (binding.what == Binds::kImport) return;
      if (binding.what == Binds::kValue) plain.insert(binding.name);
    }
  }
  for (const std::string& name : plain) {
    if (statement.changed.count(name) == 0) statement.bound.insert(name);
  }
  // `x = x + 1` uses x, but a target alone is no use of it.
  const bool is_one_line = block.end_line == block.first_line + 1;
  std::string_view used = statement.text;
  if (is_one_line && statement.changed.empty() && !plain.empty()) {
    try {
      const Function function = parse_blocks(*module_, {&block, 1});
      const auto* set = std::get_if<Assignment>(&function.body.front().kind);
      if (set != nullptr && function.body.size() == 1) {
        const Range range = set->value.range;
        used = text.substr(range.begin, block.end - range.begin);
        statement.may_share = may_share(set->value, *module_);
      }
    } catch (const ReadError&) {
      const std::size_t equals = statement.text.find('=');
      used = statement.text.substr(std::min(equals, statement.text.size()));
    }
  }
  for (std::string& name : names_used_in(used)) {
    const bool is_own = !is_one_line && statement.bound.count(name) > 0;
    if (!is_own && !is_known_elsewhere(name)) statement.used.push_back(std::move(name));
  }
  statements_.push_back(std::move(statement));
}

// A def, an import, a word of Python: no value of the statements.
bool TopLevel::is_known_elsewhere(const std::string& name) const {
  const ModuleName* bound = module_->name(name);
  if (bound == nullptr) return is_builtin(name) || name == "np" || name == "torch" || name == "F";
  return bound->binding.what == Binds::kImport || bound->binding.what == Binds::kFunction;
}

std::string TopLevel::value_of_gradient(const std::string& name) const {
  constexpr std::array<std::string_view, 8> kPrefixes = {"dloss_d", "dL_d", "dLd", "grad_",
                                                         "g_",      "d_",   "d",   "delta_"};
  for (const std::string_view prefix : kPrefixes) {
    if (!name.starts_with(prefix)) continue;
    const std::string of = name.substr(prefix.size());
    if (names_.count(of) > 0 && !of.empty()) return of;
  }
  for (const std::string_view suffix : {"_grad", "_g"}) {
    if (!name.ends_with(suffix)) continue;
    const std::string of = name.substr(0, name.size() - suffix.size());
    if (names_.count(of) > 0 && !of.empty()) return of;
  }
  return {};
}

// The statements of [begin, end) that the needed names hang on. A value that is set anew hides what
// stood there before, if `kills`.
std::vector<std::size_t> TopLevel::slice(std::set<std::string> needed, std::size_t begin,
                                         std::size_t end, bool kills) const {
  const std::set<std::string> first = needed;
  for (;;) {
    std::vector<std::size_t> kept;
    // What may be another name for the array of a needed one.
    std::set<std::string> others;
    for (std::size_t i = begin; i < end; ++i) {
      if (statements_[i].may_share && any_in(statements_[i].used, needed)) {
        others.insert(statements_[i].bound.begin(), statements_[i].bound.end());
      }
    }
    const std::size_t before = needed.size();
    std::set<std::string> open = first;
    for (std::size_t i = end; i-- > begin;) {
      const TopStatement& statement = statements_[i];
      const bool sets = any_in(statement.bound, open);
      const bool changes = any_in(statement.changed, open) || any_in(statement.changed, others);
      if (!sets && !changes) continue;
      kept.push_back(i);
      if (kills) {
        for (const std::string& name : statement.bound) open.erase(name);
      }
      for (const std::string& name : statement.used) {
        open.insert(name);
        needed.insert(name);
      }
      for (const std::string& name : statement.changed) {
        open.insert(name);
        needed.insert(name);
      }
    }
    std::reverse(kept.begin(), kept.end());
    if (needed.size() == before) return kept;
  }
}

std::vector<Segment> TopLevel::segments() const {
  std::vector<Segment> segments;
  std::size_t begin = 0;
  while (begin < statements_.size()) {
    Segment segment;
    std::optional<std::size_t> loss;
    std::size_t end = begin;
    bool has_gradient = false;
    std::size_t last_gradient = 0;
    for (; end < statements_.size(); ++end) {
      const TopStatement& statement = statements_[end];
      const auto is_loss =
          std::find_if(statement.bound.begin(), statement.bound.end(), is_loss_name);
      if (is_loss != statement.bound.end()) {
        if (has_gradient) break;
        loss = end;
        segment.result = *is_loss;
      }
      if (!loss) continue;
      for (const std::set<std::string>* names : {&statement.bound, &statement.changed}) {
        for (const std::string& name : *names) {
          if (value_of_gradient(name).empty()) continue;
          has_gradient = true;
          last_gradient = end;
        }
      }
    }
    if (!has_gradient) break;
    segment.last = *loss;
    std::set<std::string> wanted;
    for (std::size_t i = *loss + 1; i <= last_gradient; ++i) {
      for (const std::set<std::string>* names : {&statements_[i].bound, &statements_[i].changed}) {
        for (const std::string& name : *names) {
          if (!value_of_gradient(name).empty()) wanted.insert(name);
        }
      }
    }
    segment.gradients = slice(wanted, *loss + 1, last_gradient + 1, false);
    segment.forward = slice({segment.result}, 0, *loss + 1, true);
    // What the gradients use and do not set themselves.
    std::set<std::string> used = {segment.result};
    std::set<std::string> own;
    for (const std::size_t i : segment.gradients) {
      for (const std::string& name : statements_[i].used) {
        if (own.count(name) == 0) used.insert(name);
      }
      own.insert(statements_[i].bound.begin(), statements_[i].bound.end());
    }
    for (const std::size_t i : slice(used, 0, *loss + 1, true)) {
      const bool is_forward = std::binary_search(segment.forward.begin(), segment.forward.end(), i);
      if (!is_forward) segment.setup.push_back(i);
    }
    segments.push_back(std::move(segment));
    begin = last_gradient + 1;
  }
  return segments;
}

Segment TopLevel::whole() const {
  Segment segment;
  bool has_result = false;
  std::size_t first = statements_.size();
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    const TopStatement& statement = statements_[i];
    const bool is_here = cell_ == 0 || module_->source->cell(statement.block.begin) == cell_;
    if (!is_here) continue;
    first = std::min(first, i);
    const auto loss = std::find_if(statement.bound.begin(), statement.bound.end(), is_loss_name);
    const bool is_loss = loss != statement.bound.end();
    if (statement.bound.empty() || (has_result && is_loss_name(segment.result) && !is_loss))
      continue;
    // Of gradients by hand, none is the result.
    if (!is_loss && has_result && !value_of_gradient(*statement.bound.begin()).empty()) continue;
    segment.result = is_loss ? *loss : *statement.bound.begin();
    segment.last = i;
    has_result = true;
  }
  if (!has_result) {
    throw Error(fmt::format("{}: there is no def in {}, and no line that gives a name to a value",
                            printable(module_->source->name()),
                            cell_ == 0 ? "this file" : fmt::format("cell {}", cell_)));
  }
  // The lines of one cell alone: what stands in others is looked at for the names it leaves open.
  segment.forward = slice({segment.result}, cell_ == 0 ? 0 : first, segment.last + 1, true);
  if (cell_ != 0) {
    std::set<std::string> used;
    for (const std::size_t i : segment.forward) {
      used.insert(statements_[i].used.begin(), statements_[i].used.end());
    }
    segment.setup = slice(used, 0, first, true);
  }
  return segment;
}

// ---- what the names stand for -----------------------------------------------------------------

namespace {

class Resolver {
 public:
  Resolver(const TopLevel& top, const Segment& segment, std::size_t cell)
      : top_(top), segment_(segment), cell_(cell) {}

  CellCircuit resolve() {
    std::vector<std::size_t> all = segment_.forward;
    all.insert(all.end(), segment_.setup.begin(), segment_.setup.end());
    std::sort(all.begin(), all.end());
    find_counts(all);
    find_counts(segment_.gradients);
    for (const std::size_t i : all) {
      if (is_only_looked_at(i)) {
        look_at(i);
      } else {
        take(i);
      }
    }
    circuit_.forward = forward_;
    const std::size_t made = circuit_.leaves.size();
    if (!search(0)) throw *furthest_;
    // Data before what is trained, as a function has them.
    const auto first = circuit_.leaves.begin();
    std::rotate(first, first + static_cast<std::ptrdiff_t>(made), circuit_.leaves.end());
    const std::int64_t rows = batch_rows();
    std::stable_partition(first, circuit_.leaves.end(), [rows](const CellLeaf& leaf) {
      return !leaf.shape.empty() && leaf.shape.front() == rows;
    });
    return std::move(circuit_);
  }

 private:
  // Of a circuit that is one cell, the lines of the others say what its names are, and no more.
  bool is_only_looked_at(std::size_t i) const {
    const std::uint32_t byte = top_.statements()[i].block.begin;
    return cell_ != 0 && top_.module().source->cell(byte) != cell_;
  }

  const TopStatement& statement(std::size_t i) const { return top_.statements()[i]; }

  // Names that stand for a number of things, by how the lines use them.
  void find_counts(const std::vector<std::size_t>& all) {
    std::set<std::string> used;
    std::string text;
    for (const std::size_t i : all) {
      used.insert(statement(i).used.begin(), statement(i).used.end());
      text += statement(i).text;
      text += '\n';
    }
    for (const std::string& name : used) {
      const bool is_range = text.find("range(" + name + ")") != std::string::npos;
      const bool is_less = text.find("(" + name + "-1)") != std::string::npos ||
                           text.find("(" + name + " - 1)") != std::string::npos;
      if (is_range || is_less || is_count_name(name)) counts_.insert(name);
    }
  }

  // ---- setup ----

  void look_at(std::size_t i) {
    if (make_leaf(i) || evaluate(i)) return;
    for (const std::string& name : statement(i).bound) open_.insert(name);
  }

  // A forward line, or one that sets something up.
  void take(std::size_t i) {
    const TopStatement& line = statement(i);
    bool is_forward = any_in(line.used, graph_) || any_in(line.changed, graph_);
    // Data that the lines do not make leave open what is made of them.
    const bool is_of_data = !is_forward && any_in(line.used, open_);
    for (const std::string& name : line.used) {
      const bool is_new = !is_set(name) && counts_.count(name) == 0;
      is_forward = is_forward || (is_new && !is_of_data);
    }
    if (is_forward && !any_in(line.used, graph_) && make_leaf(i)) return;
    if (!is_forward) return look_at(i);
    forward_.push_back(i);
    graph_.insert(line.bound.begin(), line.bound.end());
    graph_.insert(line.changed.begin(), line.changed.end());
  }

  bool is_set(const std::string& name) const {
    return graph_.count(name) > 0 || known_.count(name) > 0 || open_.count(name) > 0 ||
           circuit_.numbers.count(name) > 0;
  }

  // `W = torch.randn((n_in, n_out)) * 0.1`: a leaf of that shape.
  bool make_leaf(std::size_t i) {
    const TopStatement& line = statement(i);
    if (line.bound.size() != 1 || !line.changed.empty() || any_in(line.used, graph_)) return false;
    const std::string name = *line.bound.begin();
    if (is_changed_later(name, i)) return false;
    try {
      Function function = parse_blocks(top_.module(), {&line.block, 1});
      auto* set = std::get_if<Assignment>(&function.body.front().kind);
      if (set == nullptr || function.body.size() != 1) return false;
      Call* call = making_call(set->value);
      if (call == nullptr) return false;
      const std::string maker = last_part(*call->function);
      const std::string text(text_of(set->value.range));
      if (made_by(maker) == Makes::kNumbers) return leaf_of_numbers(name, text, line);
      const std::optional<std::vector<std::int64_t>> shape = shape_of(*call, maker);
      if (!shape) return false;
      if (made_by(maker) == Makes::kIntegers) {
        hints_[name] = *shape;
        open_.insert(name);
        return true;
      }
      add_leaf({name, line.block.begin, *shape, "randn"});
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  bool leaf_of_numbers(const std::string& name, const std::string& text, const TopStatement& line) {
    LegacyRandom random(1);
    std::string bare = text;
    if (const std::size_t at = bare.find("torch.tensor("); at == 0)
      bare = "np.array(" + bare.substr(13);
    const Tensor numbers = evaluate_input(name, bare, random).numbers;
    const bool is_whole = text.find('.', text.find('(')) == std::string::npos;
    if (numbers.shape().ndim() == 0 || is_whole) return false;
    std::vector<std::int64_t> shape(numbers.shape().begin(), numbers.shape().end());
    add_leaf({name, line.block.begin, std::move(shape), bare});
    return true;
  }

  bool is_changed_later(const std::string& name, std::size_t from) const {
    for (std::size_t i = from + 1; i <= segment_.last; ++i) {
      if (statement(i).changed.count(name) > 0) return true;
    }
    return false;
  }

  std::string_view text_of(Range range) const {
    return top_.module().source->text().substr(range.begin, range.end - range.begin);
  }

  // The sides that the arguments of a call name: randn(4, 3), randn((4, 3)), normal(0, 1, (4, 3)),
  // randint(0, 10, (4,)), uniform(low, high, size).
  std::optional<std::vector<std::int64_t>> shape_of(Call& call, const std::string& maker) {
    std::vector<Expression> sides;
    for (const Keyword& keyword : call.keywords) {
      if (keyword.name != "size") continue;
      sides.push_back(std::move(call.arguments[keyword.argument]));
    }
    const bool has_bounds = maker == "normal" || maker == "uniform" || maker == "randint";
    if (sides.empty()) {
      for (std::size_t i = 0; i < call.positional(); ++i) {
        const bool is_shape = std::holds_alternative<Sequence>(call.arguments[i].kind);
        if (!has_bounds || is_shape || i == 2) sides.push_back(std::move(call.arguments[i]));
      }
    }
    if (sides.empty()) return std::nullopt;
    std::vector<Expression> items;
    for (Expression& side : sides) {
      auto* sequence = std::get_if<Sequence>(&side.kind);
      if (sequence == nullptr) {
        items.push_back(std::move(side));
        continue;
      }
      for (Expression& item : sequence->items) items.push_back(std::move(item));
    }
    std::vector<std::int64_t> shape;
    for (Expression& item : items) {
      for (const std::string& name : names_used_in(text_of(item.range))) choose_number(name);
      const std::optional<Value> value = value_of(std::move(item));
      const Scalar* number = value ? value->scalar() : nullptr;
      if (number == nullptr || number->type != NumberType::kInteger || !(number->value >= 1)) {
        return std::nullopt;
      }
      shape.push_back(static_cast<std::int64_t>(number->value));
    }
    return shape;
  }

  // A count that no line says. The alphabet of the well-known notebook has 27 letters.
  void choose_number(const std::string& name) {
    if (circuit_.numbers.count(name) > 0 || known_.count(name) > 0 || graph_.count(name) > 0)
      return;
    if (top_.module().name(name) != nullptr && open_.count(name) == 0) return;
    open_.erase(name);
    double value = 0;
    if (name.find("vocab") != std::string::npos) {
      value = 27;
    } else if (is_batch_name(name)) {
      value = batch_;
    } else {
      constexpr std::array<double, 6> kSizes = {3, 5, 9, 11, 13, 4};
      value = kSizes[next_size_++ % kSizes.size()];
    }
    circuit_.numbers[name] = {value, NumberType::kInteger};
  }

  void add_leaf(CellLeaf leaf) {
    graph_.insert(leaf.name);
    open_.erase(leaf.name);
    known_.erase(leaf.name);
    circuit_.leaves.push_back(std::move(leaf));
  }

  // The value of an expression, by the lines that are known; nothing where it has none.
  std::optional<Value> value_of(Expression expression) {
    Function function = known_lines();
    Return result;
    result.value = std::move(expression);
    function.body.push_back({result.value->range.begin, std::move(result)});
    try {
      Draft draft;
      return Interpreter(draft, library_).run(top_.module(), function, {});
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  Function known_lines() const {
    std::vector<TopBlock> blocks;
    for (const std::size_t i : circuit_.setup) blocks.push_back(statement(i).block);
    Function function = parse_blocks(top_.module(), blocks);
    std::vector<Statement> body;
    for (const auto& [name, number] : circuit_.numbers) {
      body.push_back(assignment(name, number));
      function.own_names.emplace(name, 0);
    }
    append(body, std::move(function.body));
    function.body = std::move(body);
    return function;
  }

  // A line whose values are known: a number is kept as such, others with their line.
  bool evaluate(std::size_t i) {
    const TopStatement& line = statement(i);
    if (any_in(line.used, graph_) || any_in(line.used, open_)) return false;
    for (const std::string& name : line.used) {
      if (!is_set(name)) choose_number(name);
    }
    std::vector<std::pair<std::string, Scalar>> numbers;
    bool all_numbers = !line.bound.empty() && line.changed.empty();
    circuit_.setup.push_back(i);
    for (const std::string& name : line.bound) {
      const std::optional<Value> value = value_of(name_expression(name, line.block.begin));
      if (!value) {
        circuit_.setup.pop_back();
        return false;
      }
      const Scalar* number = value->scalar();
      all_numbers = all_numbers && number != nullptr;
      if (number != nullptr) numbers.emplace_back(name, *number);
    }
    if (all_numbers) {
      circuit_.setup.pop_back();
      for (const auto& [name, number] : numbers) circuit_.numbers[name] = number;
    }
    known_.insert(line.bound.begin(), line.bound.end());
    known_.insert(line.changed.begin(), line.changed.end());
    for (const std::string& name : line.bound) open_.erase(name);
    return true;
  }

  // ---- shapes of what no line says ----

  // Reads the forward lines up to number `count`; nothing, with the error kept, where they do not
  // fit.
  std::optional<Circuit> read_up_to(std::size_t count) {
    const auto end = forward_.begin() + static_cast<std::ptrdiff_t>(count);
    const std::string result =
        count < forward_.size() ? first_bound(forward_[count - 1]) : segment_.result;
    try {
      const Function function = top_.function_of(circuit_, {forward_.begin(), end}, result);
      return read_circuit(top_.module(), function, {});
    } catch (const ReadError& error) {
      if (count >= furthest_count_) {
        furthest_count_ = count;
        furthest_ = error;
      }
      return std::nullopt;
    }
  }

  std::string first_bound(std::size_t i) const {
    const TopStatement& line = statement(i);
    if (!line.bound.empty()) return *line.bound.begin();
    return line.changed.empty() ? std::string() : *line.changed.begin();
  }

  // The leaves that line `at` asks for, and no line before it.
  std::vector<std::string> new_names(std::size_t at) {
    std::set<std::string> there;
    for (const CellLeaf& leaf : circuit_.leaves) there.insert(leaf.name);
    for (std::size_t i = 0; i < at; ++i) {
      there.insert(statement(forward_[i]).bound.begin(), statement(forward_[i]).bound.end());
    }
    std::vector<std::string> names;
    for (const std::string& name : statement(forward_[at]).used) {
      const bool is_new = there.count(name) == 0 && known_.count(name) == 0 &&
                          circuit_.numbers.count(name) == 0 && !contains(names, name);
      if (!is_new) continue;
      if (counts_.count(name) > 0) {
        choose_number(name);
        if (circuit_.numbers.count(name) > 0) continue;
      }
      names.push_back(name);
    }
    return names;
  }

  // How many samples there are.
  std::int64_t batch_rows() const {
    auto rows = static_cast<std::int64_t>(batch_);
    for (const auto& [count, number] : circuit_.numbers) {
      if (is_batch_name(count)) rows = static_cast<std::int64_t>(number.value);
    }
    return rows;
  }

  bool search(std::size_t at) {
    if (at == forward_.size()) return true;
    const CellCircuit before = circuit_;
    const std::set<std::string> open_before = open_;
    const std::vector<std::string> names = new_names(at);
    if (names.empty()) {
      const bool is_last = at + 1 == forward_.size();
      const bool fits = read_up_to(at + 1).has_value();
      if (fits && (is_last || search(at + 1))) return true;
      circuit_ = before;
      open_ = open_before;
      return false;
    }
    const CellCircuit with_numbers = circuit_;
    std::vector<std::vector<std::vector<std::int64_t>>> candidates;
    for (const std::string& name : names) candidates.push_back(candidates_for(name, at));
    std::vector<std::size_t> choice(names.size(), 0);
    for (;;) {
      if (++tries_ > kMostTries) return false;
      circuit_ = with_numbers;
      for (std::size_t i = 0; i < names.size(); ++i) {
        circuit_.leaves.push_back(
            {names[i], statement(forward_[at]).block.begin, candidates[i][choice[i]], "randn"});
      }
      if (read_up_to(at + 1) && search(at + 1)) return true;
      std::size_t i = names.size();
      while (i-- > 0) {
        if (++choice[i] < candidates[i].size()) break;
        choice[i] = 0;
      }
      if (i == static_cast<std::size_t>(-1)) break;
    }
    circuit_ = before;
    open_ = open_before;
    return false;
  }

  // Shapes for a name, the likeliest first, by how the line uses it and what was made before.
  std::vector<std::vector<std::int64_t>> candidates_for(const std::string& name, std::size_t at) {
    if (const auto hint = hints_.find(name); hint != hints_.end()) return {hint->second};
    const std::string_view text = statement(forward_[at]).text;
    const auto has = [&](const std::string& part) {
      return text.find(part) != std::string_view::npos;
    };
    const std::int64_t rows = batch_rows();
    std::vector<std::int64_t> before;
    if (at > 0) {
      if (const std::optional<Circuit> circuit = read_up_to(at)) {
        const Shape shape = circuit->graph.node(circuit->outputs.front()).shape;
        before.assign(shape.begin(), shape.end());
      }
    }
    const std::int64_t last = before.empty() ? 3 : before.back();
    const std::int64_t wide = 5 + static_cast<std::int64_t>(circuit_.leaves.size());
    std::vector<std::int64_t> others;
    for (const auto& [count, number] : circuit_.numbers) {
      const bool is_side = number.type == NumberType::kInteger && number.value >= 1 &&
                           number.value <= 64 && !is_batch_name(count);
      if (is_side) others.push_back(static_cast<std::int64_t>(number.value));
    }
    std::sort(others.begin(), others.end());
    using Shapes = std::vector<std::vector<std::int64_t>>;
    Shapes all;
    const Shapes tables = {{27, 4}};
    Shapes matrices = {{last, wide}};
    for (const std::int64_t side : others) {
      if (side != wide) matrices.push_back({last, side});
    }
    Shapes vectors;
    // Beside a product in this line, what is added has its columns.
    for (const std::vector<std::int64_t>& matrix : matrices) {
      if (has("@") || has("matmul") || has(".mm(")) vectors.push_back({matrix.back()});
    }
    vectors.push_back({last});
    vectors.push_back({1, last});
    Shapes indices = {{rows, 3}, {rows}};
    for (const std::int64_t side : others) indices.push_back({rows, side});
    const auto take = [&](const Shapes& shapes) {
      all.insert(all.end(), shapes.begin(), shapes.end());
    };
    const bool is_index = has("[" + name + "]") || has(", " + name + "]") ||
                          has("," + name + "]") || has("[" + name + ",") || has(", " + name + ")");
    if (is_index && at > 0 && !has("[" + name + "]")) {
      take({{rows}});
      take(indices);
    } else if (is_index) {
      take(indices);
    }
    if (has(name + "[")) take(tables);
    if (has("@ " + name) || has("@" + name) || has(".mm(" + name) || has(", " + name + ")")) {
      take(matrices);
    }
    if (has("+ " + name) || has("+" + name) || has(name + " *") || has("* " + name) ||
        has("*" + name) || has(name + "*")) {
      take(vectors);
    }
    if (!before.empty()) all.push_back(before);
    for (const CellLeaf& leaf : circuit_.leaves) {
      for (const std::int64_t side : leaf.shape) all.push_back({rows, side});
    }
    take({{rows, 3}});
    take(vectors);
    for (const CellLeaf& leaf : circuit_.leaves) {
      for (const std::int64_t side : leaf.shape) all.push_back({side});
    }
    take(matrices);
    take({{rows}, {rows, 1}, {}});
    Shapes once;
    for (std::vector<std::int64_t>& shape : all) {
      if (std::find(once.begin(), once.end(), shape) == once.end())
        once.push_back(std::move(shape));
    }
    return once;
  }

  static constexpr int kMostTries = 400;

  const TopLevel& top_;
  const Segment& segment_;
  std::size_t cell_;
  Library library_;
  CellCircuit circuit_;
  double batch_ = 6;
  std::set<std::string> graph_;  // arrays of the graph
  std::set<std::string> known_;  // what a line of setup gives
  std::set<std::string> open_;   // what a line sets that cannot be read
  std::set<std::string> counts_;
  std::map<std::string, std::vector<std::int64_t>> hints_;  // shapes of integers that a line draws
  std::vector<std::size_t> forward_;
  std::size_t next_size_ = 0;
  int tries_ = 0;
  std::optional<ReadError> furthest_;
  std::size_t furthest_count_ = 0;
};

}  // namespace

CellCircuit TopLevel::resolve(const Segment& segment) const {
  return Resolver(*this, segment, cell_).resolve();
}

std::string TopLevel::name_of_circuit() const {
  std::string name = identifier(std::filesystem::path(module_->source->name()).stem().string());
  if (name.empty()) name = "circuit";
  if (cell_ != 0) name += fmt::format("_cell_{}", cell_);
  while (module_->name(name) != nullptr) name += "_";
  return name;
}

Function TopLevel::function_of(const CellCircuit& circuit,
                               const std::vector<std::size_t>& statements,
                               const std::string& named) const {
  std::vector<std::size_t> lines = circuit.setup;
  lines.insert(lines.end(), statements.begin(), statements.end());
  std::sort(lines.begin(), lines.end());
  std::vector<TopBlock> blocks;
  for (const std::size_t i : lines) blocks.push_back(statements_[i].block);
  const std::uint32_t byte = blocks.empty() ? 0 : blocks.back().begin;
  Function function = parse_blocks(*module_, blocks);
  function.name = name_of_circuit();
  function.byte = byte;
  std::vector<Statement> body;
  for (const auto& [name, number] : circuit.numbers) {
    body.push_back(assignment(name, number));
    function.own_names.emplace(name, 0);
  }
  append(body, std::move(function.body));
  Return result;
  result.value = name_expression(named, byte);
  body.push_back({byte, std::move(result)});
  function.body = std::move(body);
  for (const CellLeaf& leaf : circuit.leaves) {
    Parameter parameter;
    parameter.name = leaf.name;
    parameter.byte = leaf.byte;
    function.parameters.push_back(std::move(parameter));
    function.own_names.insert_or_assign(leaf.name, leaf.byte);
    const std::string sides = leaf.shape.size() == 1
                                  ? fmt::format("({},)", leaf.shape.front())
                                  : fmt::format("({})", fmt::join(leaf.shape, ", "));
    function.docstring += fmt::format("{}: parameter {}{}\n", leaf.name, sides,
                                      leaf.fill.empty() ? "" : ", " + leaf.fill);
  }
  return function;
}

std::string TopLevel::add_function(Function function) {
  const bool is_taken = module_->find(function.name) != nullptr;
  if (is_taken) function.name += fmt::format("_{}", module_->functions.size());
  module_->functions.push_back(std::move(function));
  return module_->functions.back().name;
}

CircuitSource TopLevel::take_circuit(const std::string& result, const CellCircuit& circuit) {
  std::string name = add_function(function_of(circuit, circuit.forward, result));
  module_->notes.clear();
  return {std::move(*module_), std::move(name)};
}

std::size_t TopLevel::statement_at(std::uint32_t byte) const {
  const auto found =
      std::find_if(statements_.begin(), statements_.end(), [byte](const TopStatement& statement) {
        return statement.block.begin <= byte && byte < statement.block.end;
      });
  return static_cast<std::size_t>(found - statements_.begin());
}

}  // namespace backstep::read
