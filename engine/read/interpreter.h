// Walks the statements of a function with known shapes, and grows the graph that they describe.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/draft.h"
#include "engine/read/indices.h"
#include "engine/read/library.h"
#include "engine/read/numpy_functions.h"
#include "engine/read/python_parser.h"
#include "engine/read/value.h"

namespace backstep::read {

// The most values that a tuple, list or result may have.
inline constexpr std::size_t kMostValues = 1000;

// What a line gives a name to, or what it returns.
struct Binding {
  std::string name;  // "" for a result that has none
  const Module* module = nullptr;
  std::uint32_t byte = 0;  // of the statement...
  Range value;             // ... and of the expression that was evaluated
  bool is_result = false;  // of a return
  bool is_inner = false;   // in a function that the one that was asked for calls
  std::string key;         // of cache['key'] = value
};

// Sees every value as its line has made it, and may put another in its place; of a line that cannot
// be evaluated, it may say what it should have made.
struct Watch {
  std::function<Value(const Binding&, const Value&)> bound;
  std::function<std::optional<Value>(const Binding&, const ReadError&)> failed;
};

// The first name that a target sets: x of `x, y`, of `x[0]`, and k of `cache['k']`.
std::string first_name(const Expression& target);

class Interpreter {
 public:
  Interpreter(Draft& draft, Library& library) : draft_(draft), library_(library) {}

  // Runs the function on these arrays, dictionaries and numbers, and gives what it returns. Throws
  // ReadError.
  Value run(const Module& module, const Function& function, std::map<std::string, Value> arguments);

  // The value of a parameter's default: a number, None, a tuple of them.
  Value default_of(const Module& module, const Function& function, const Parameter& parameter);

  // As a NumPy program runs: an array that is changed in place changes under all of its names.
  void watch(Watch watch) { watch_ = std::move(watch); }

  // What was passed over on the way.
  const std::vector<std::string>& notes() const { return notes_; }
  // The settings that a dictionary lacks and that were given their usual value: of one from
  // outside, and under a watch of any.
  const std::vector<std::string>& assumed() const { return assumed_; }

 private:
  // A function that is running.
  struct Scope {
    const Module& module;
    const Function& function;
    std::map<std::string, Value> names = {};
    std::map<std::string, std::string> imports = {};  // what its own lines import: "math.pi" of pi
    std::string prefix = {};                          // of the names that its nodes get: "hidden_"
    std::string target = {};                          // what the statement that is running sets
    std::size_t line = 0;       // where its nodes stand, if not where their text does
    bool is_top_level = false;  // of a default, which is evaluated beside the def
  };

  const Source& source() const { return *scope_->module.source; }
  Operand operand(const Expression& expression);
  CallSite site(Range range, std::string name);
  [[noreturn]] void refuse(Range range, std::string_view message, std::string_view instead = {});

  // Statements.
  Value run_body(Scope& scope);
  std::optional<Value> run_statements(const std::vector<Statement>& statements);
  std::optional<Value> run_statement(const Statement& statement);
  std::optional<Value> run_branch(const Branch& branch, std::size_t byte);
  Value watched_parts(const Assignment& assignment, Binding binding, Value value);
  Value evaluate_results(const Expression& expression, std::size_t byte);
  Value evaluate_pairs(const Expression& expression, const Pairs& pairs);
  bool holds(const Expression& condition, std::size_t byte);
  // Of a line with one name, or one result: evaluated, and shown to the watch.
  Value evaluate_watched(const Expression& expression, const Binding& binding);
  Value watched(const Binding& binding, Value value);
  void set_entry(const Subscript& target, const Value& value);
  Value entry_of(const Operand& dictionary, const Expression& index);
  Value call_dictionary(const Expression& expression, const Operand& dictionary,
                        const std::string& method, const CallArguments& arguments);
  void run_assignment(const Assignment& assignment, std::size_t byte);
  void run_augmented(const Augmented& augmented, std::size_t byte);
  void run_evaluation(const Evaluation& evaluation, std::size_t byte);
  Value run_return(const Return& result, std::size_t byte);
  void check_in_place(Range target, std::string_view name, const Array& before, const Value& after);
  void check_sharing(Range target, std::string_view name, const Memory& memory);
  void bind(const Expression& target, const Operand& operand, std::size_t byte);
  void check_once(const std::vector<Expression>& targets);
  void set_name(const std::string& name, const Value& value);
  void name_node(const Value& value, const std::string& name);
  void finish_statement(std::size_t byte);
  void run_skipped(const Skipped& skipped, std::size_t byte);
  void check_names(Range range, std::string_view text);
  void import_name(std::size_t byte, const NameBinding& binding);
  bool is_known(const Expression& condition);
  void pass_over(std::size_t byte, std::string_view text);

  // Expressions.
  Value evaluate(const Expression& expression);
  Value evaluate_kind(const Expression& expression);
  Value evaluate_name(Range range, const std::string& name);
  Value evaluate_sequence(const Expression& expression, const Sequence& sequence);
  Value evaluate_attribute(const Expression& expression, const Attribute& attribute);
  Value evaluate_subscript(const Expression& expression, const Subscript& subscript);
  Value evaluate_signs(const Signs& signs);
  Value apply(Operator op, std::size_t byte, const Operand& left, const Operand& right);
  Value evaluate_chain(const Chain& chain);
  Operand evaluate_terms(const Chain& chain, std::size_t count);
  Value evaluate_powers(const Chain& chain);

  // Parts of arrays (subscripts.cpp).
  std::vector<IndexPart> index_of(const Expression& index, const Shape& shape);
  std::vector<IndexPart> index_of(const Operand& index, const Shape& shape);
  std::optional<std::int64_t> bound_of(const std::unique_ptr<Expression>& bound);
  IndexPart slice_of(const Slicing& slicing, Range range);
  Value part_of_array(const Operand& base, const std::vector<IndexPart>& index);
  Value part_of_tuple(const Operand& base, const Expression& index);
  struct StoreIndex {
    std::optional<Operand> mask;   // whose elements are not known...
    std::vector<IndexPart> parts;  // ... or else these
  };
  StoreIndex store_index(const Expression& index, const Shape& shape);
  void store(const Expression& target, const Operand& value, std::size_t byte);
  void store_through_mask(const Expression& target, const Operand& base, const Operand& mask,
                          const Value& value, Range written);
  void run_augmented_part(const Augmented& augmented, std::size_t byte);
  void run_add_at(const Call& call, std::size_t byte);
  void store_chosen(const Expression& target, const Operand& base, const Operand& mask,
                    const Operand& value);
  void write_part(const Expression& target, const Operand& base, const Picked& picked,
                  const Operand& value);
  static void check_kept_kind(const Operand& value, const Array& into, const Array& stored);
  static std::vector<std::int32_t> in_base(const Memory& memory, std::vector<std::int32_t> places);
  void write_zeros(const std::shared_ptr<Memory>& memory, const std::vector<std::int32_t>& places,
                   double most);
  static void write_whole(const std::shared_ptr<Memory>& memory, Var now, double most);
  static void write_places(const std::shared_ptr<Memory>& memory,
                           const std::vector<std::int32_t>& places, const Shape& shape, Var value,
                           const Shape& value_shape, double most);
  std::string name_of(const Memory& memory, const std::string& otherwise) const;
  void show_change(const Expression& target, const Operand& base, Range value, std::size_t byte);

  // Calls.
  Value evaluate_call(const Expression& expression, const Call& call);
  Value call_by_name(const Expression& expression, const Call& call, const std::string& name);
  Value call_imported(const Expression& expression, const Call& call, const std::string& path);
  Value call_square_root(const Expression& expression, const Call& call);
  Value call_inline(const Expression& expression, const Call& call, const Module& module,
                    const Function& function);
  void check_call(Range range, const Function& function);
  void bind_parameters(Scope& callee, const Expression& expression, CallArguments arguments);
  void bind_parameter(Scope& callee, const Parameter& parameter, const Value& value);
  CallArguments arguments_of(const Call& call);
  Value given(Value value);

  // Names.
  bool is_own_name(const std::string& name) const;
  std::string imported_path(const std::string& name) const;
  std::string path_of(const Expression& expression) const;
  std::string numpy_path(const Expression& expression) const;
  void check_bound(Range range, const std::string& name);
  [[noreturn]] void refuse_import(Range range, const std::string& path);
  [[noreturn]] void refuse_name(Range range, const std::string& name);
  [[noreturn]] void refuse_function(Range range, const std::string& name);

  Draft& draft_;
  Library& library_;
  Scope* scope_ = nullptr;
  NodeId statement_begin_ = 0;  // the first node that the statement which is running made
  std::set<NodeId> named_;      // those that it has named
  std::vector<const Function*> running_;
  std::optional<Watch> watch_;
  int depth_ = 0;
  std::vector<std::string> notes_;
  std::vector<std::string> assumed_;
  // Evaluated once, as in Python, so that a dictionary keeps what a call puts into it.
  std::map<const Parameter*, Value> defaults_;
  // One leaf that is given under several names is one array.
  std::map<NodeId, std::shared_ptr<Memory>> given_;
};

}  // namespace backstep::read
