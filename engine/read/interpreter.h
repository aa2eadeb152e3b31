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
#include "engine/read/numpy_random.h"
#include "engine/read/python_parser.h"
#include "engine/read/value.h"

namespace backstep::read {

// The most values that a tuple, list or result may have.
inline constexpr std::size_t kMostValues = 100'000;

// What a line gives a name to, or what it returns.
struct Binding {
  std::string name;  // "" for a result that has none
  const Module* module = nullptr;
  std::uint32_t byte = 0;  // of the statement...
  Range value;             // ... and of the expression that was evaluated
  bool is_result = false;  // of a return
  bool is_inner = false;   // in a function that the one that was asked for calls
  bool is_field = false;   // of an object: self.dW
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

// An array that an object has from its `__init__`, and that hangs on nothing from outside: a weight
// that is drawn there, or zeros.
struct Field {
  std::string name;  // "W" of self.W, "W1" of self.params['W1'], "affine_W" of self.affine.W
  Tensor numbers;
  bool is_parameter = false;  // by its name, or since the class sets a gradient of it
};
// What stands for such an array in the graph; nothing where it stays what it is.
using Adopt = std::function<std::optional<Var>(const Field&)>;

// The names of a function that is running; those of a comprehension, within them. A def within a
// def keeps the names around it.
struct Environment {
  const std::map<std::string, std::uint32_t>* own_names = nullptr;  // what its text sets; or null
  Environment* outer = nullptr;
  std::map<std::string, Value> names = {};
  std::map<std::string, std::string> imports = {};         // "math.pi" of pi
  bool is_kept = false;                                    // by a function that was made in it
  std::map<std::string, std::uint32_t> target_names = {};  // of a comprehension, its own_names
};

// How a statement ends.
struct Outcome {
  enum class Kind : std::uint8_t { kNext, kBreak, kContinue, kReturn };

  Kind kind = Kind::kNext;
  Value value = {};  // of a return
};

class Interpreter {
 public:
  Interpreter(Draft& draft, Library& library) : draft_(draft), library_(library) {}

  // Runs the function on these arrays, dictionaries and numbers, and gives what it returns. Throws
  // ReadError.
  Value run(const Module& module, const Function& function, std::map<std::string, Value> arguments);

  // Makes an object of a class, as `Class(arguments)` does; none where `__init__` is not read.
  Value make_object(const Type& type, std::map<std::string, Value> arguments);
  // Runs a method of an object on these arguments, and gives what it returns.
  Value run_method(const Value& object, const std::string& method,
                   std::map<std::string, Value> arguments);

  // The object that run() made, where the function was a class as a circuit.
  const Value& object() const { return object_; }

  // The value of a parameter's default: a number, None, a tuple of them.
  Value default_of(const Module& module, const Function& function, const Parameter& parameter);

  // As a NumPy program runs: an array that is changed in place changes under all of its names.
  void watch(Watch watch) { watch_ = std::move(watch); }

  // The seed of what the text draws from np.random, as NumPy would behind np.random.seed(seed).
  void draw_from(std::uint32_t seed) { random_ = LegacyRandom(seed); }

  // Of a class as a circuit.
  void adopt(Adopt adopt) { adopt_ = std::move(adopt); }

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
    std::shared_ptr<Environment> env = std::make_shared<Environment>();
    std::string prefix = {};       // of the names that its nodes get: "hidden_"
    std::string target = {};       // what the statement that is running sets
    const Class* owner = nullptr;  // of a method, the class that it stands in
    std::size_t line = 0;          // where its nodes stand, if not where their text does
    const std::map<const Parameter*, Value>* defaults = nullptr;  // of an inner def
    bool is_top_level = false;  // of a default, which is evaluated beside the def
  };

  const Source& source() const { return *scope_->module.source; }
  Operand operand(const Expression& expression);
  CallSite site(Range range, std::string name);
  [[noreturn]] void refuse(Range range, std::string_view message, std::string_view instead = {});

  // Statements.
  Value run_body(Scope& scope);
  Outcome run_statements(const std::vector<Statement>& statements);
  Outcome run_statement(const Statement& statement);
  Outcome run_compound(const Statement& statement, bool& is_compound);
  Outcome run_simple(const Statement& statement);
  Outcome run_block(const Block& block);
  Outcome run_branch(const Branch& branch, std::size_t byte);
  Outcome run_with(const With& with, std::size_t byte);
  Outcome run_try(const Try& tried);
  void run_definition(const Definition& definition);
  void run_delete(const Delete& deleted);
  void begin_statement(const std::function<void()>& run, std::size_t byte);
  Value watched_parts(const Assignment& assignment, Binding binding, Value value);
  Value evaluate_results(const Expression& expression, std::size_t byte);
  Value evaluate_pairs(const Expression& expression, const Pairs& pairs);
  bool holds(const Expression& condition, std::size_t byte);
  // Whether Python takes the value for true. Throws ReadError where that is not known.
  bool truth_of(const Operand& operand);
  // The number that a value is, or the one element of an array that is known.
  std::optional<double> known_number(const Value& value);

  // Loops (loops.cpp).
  Outcome run_for(const For& loop, std::size_t byte);
  Outcome run_while(const While& loop, std::size_t byte);
  class Turns;
  Iterator items_of(const Operand& operand);
  std::vector<Value> all_items(const Operand& operand);
  Value evaluate_comprehension(const Expression& expression, const Comprehension& comprehension);
  void run_clauses(const Comprehension& comprehension, std::size_t at, const Operand& iterable,
                   const std::function<void()>& visit);
  std::optional<Value> call_on_items(Range range, const std::string& name,
                                     const CallArguments& arguments);
  Value enumerated(Range range, const CallArguments& arguments);
  Value reversed(const Operand& of);
  Value call_operand(Range range, const Operand& function, CallArguments arguments);
  void append(const Operand& list, Value item);
  Value formatted(const Operand& pattern, const Operand& values);
  Value filled(const Operand& pattern, const CallArguments& arguments);
  static Value text_of(const Value& value);
  std::string smaller_arguments() const;

  // Of a line with one name, or one result: evaluated, and shown to the watch.
  Value evaluate_watched(const Expression& expression, const Binding& binding);
  bool is_inner() const;
  Value watched(const Binding& binding, Value value);
  void set_entry(const Operand& dictionary, const Operand& key, const Value& value);
  void change_list(Operator op, std::size_t byte, const Operand& list, const Operand& change);
  void set_item(const Operand& list, const Operand& place, const Value& value);
  void check_nesting(Range range, const Value& value, const void* container);
  Key key_of(const Operand& operand);
  void update(const Operand& dictionary, const CallArguments& arguments);
  Value entry_of(const Operand& dictionary, const Operand& key);
  Value call_dictionary(const Expression& expression, const Operand& dictionary,
                        const std::string& method, const CallArguments& arguments);
  void run_assignment(const Assignment& assignment, std::size_t byte);
  void run_augmented(const Augmented& augmented, std::size_t byte);
  // What stands in place of `value`, called `name`, after `value += ...`.
  Value changed(const Augmented& augmented, const std::string& name, const Value& value,
                std::size_t byte);
  void run_evaluation(const Evaluation& evaluation, std::size_t byte);
  void run_seed(const Call& call);
  Value run_return(const Return& result, std::size_t byte);
  void check_in_place(Range target, std::string_view name, const Array& before, const Value& after);
  void check_sharing(Range target, std::string_view name, const Memory& memory);
  void bind(const Expression& target, const Operand& operand, std::size_t byte);
  void bind_parts(const Expression& target, const std::vector<Expression>& targets,
                  const Operand& operand, std::size_t byte);
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
  Value evaluate_formatted(const Formatted& formatted);
  Value evaluate_conditional(const Conditional& conditional);
  Value evaluate_logic(const Logic& logic);
  Value evaluate_lambda(const Lambda& lambda);
  Callable callable_of(const Function& function);
  Value compare(Operator op, std::size_t byte, const Operand& left, const Operand& right);
  bool is_in(std::size_t byte, const Operand& item, const Operand& container);
  std::optional<Value> apply_to_items(Operator op, std::size_t byte, const Operand& left,
                                      const Operand& right);
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
  std::size_t place_in(const Operand& list, const Operand& place);
  Value part_of_text(const Operand& base, const Expression& index);
  struct StoreIndex {
    std::optional<Operand> mask;   // whose elements are not known...
    std::vector<IndexPart> parts;  // ... or else these
  };
  StoreIndex store_index(const Expression& index, const Shape& shape);
  void store(const Expression& target, Operand base, const Operand& value, std::size_t byte);
  void store_through_mask(const Expression& target, const Operand& base, const Operand& mask,
                          const Value& value, Range written);
  void run_augmented_part(const Augmented& augmented, std::size_t byte);
  void run_augmented_item(const Augmented& augmented, const Operand& base, std::size_t byte);
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

  void adopt_fields(const Instance& object);
  void want_settings(const Type& type, Var var) const;

  // Objects (objects.cpp).
  Value attribute_of_object(Range range, const Operand& base, const std::string& written);
  Value attribute_of_type(Range range, const Operand& base, const std::string& written);
  std::optional<Value> in_class(const Type& type, const std::string& key,
                                const std::shared_ptr<Instance>& self);
  void set_field(const Attribute& target, const Value& value);
  Value run_object(const Module& module, const Function& circuit,
                   std::map<std::string, Value> arguments);
  std::optional<Value> call_object(Range range, const Operand& callee, CallArguments& arguments);
  Value call_type(Range range, const Type& type, CallArguments arguments);
  Value call_bound(Range range, const BoundMethod& method, CallArguments arguments);
  std::optional<Value> call_super(Range range, const Call& call);
  std::map<std::string, Value>& fields_of(const Type& type);
  std::string field_key(const std::string& written) const;
  [[noreturn]] void refuse_attribute(Range range, const Operand& base, const Type& type,
                                     const std::string& written);

  // Calls.
  Value evaluate_call(const Expression& expression, const Call& call);
  Value call_by_name(const Expression& expression, const Call& call, const std::string& name);
  Value call_imported(const Expression& expression, const Call& call, const std::string& path);
  Value call_path(Range range, const std::string& path, const CallArguments& arguments);
  Value call_square_root(const Expression& expression, const Call& call);
  Value call_def(const Expression& expression, const Call& call, const Module& module,
                 const Function& function);
  Value call_builtin_with(Range range, const std::string& name, const CallArguments& arguments);
  Value plain(const std::string& name, const Operand& argument);
  static bool holds_arrays(const CallArguments& arguments);
  Value sum_of(Range range, const CallArguments& arguments);
  Value call_function(Range range, const Callable& callable, CallArguments arguments);
  Value call_list(const Expression& expression, const Operand& list, const std::string& method,
                  const CallArguments& arguments);
  Value call_text(const Expression& expression, const Operand& text, const std::string& method,
                  const CallArguments& arguments);
  void check_call(Range range, const Function& function, bool may_repeat = false);
  Value call_in(Scope& callee, Range range, CallArguments arguments);
  void bind_parameters(Scope& callee, Range range, CallArguments arguments);
  void bind_parameter(Scope& callee, const Parameter& parameter, const Value& value);
  Value default_in(const Scope& callee, const Parameter& parameter);
  CallArguments arguments_of(const Call& call);
  Value given(Value value);

  // PyTorch's spellings (torch_calls.cpp).
  enum class Dialect : std::uint8_t { kNumpy, kTorch, kBoth, kOpen };
  Dialect dialect();
  Value call_method_of(const Expression& expression, const Attribute& method, const Operand& base,
                       CallArguments arguments);
  bool is_call_of_torch(const Expression& expression, const std::string& method,
                        const CallArguments& arguments);
  Value call_torch_method_of(const Expression& expression, const Attribute& method,
                             const CallArguments& arguments);
  Value call_torch_in_place(const Expression& expression, const Attribute& method,
                            const CallArguments& arguments);
  Value call_of_torch(const Expression& expression, const Call& call, const std::string& path);
  Value torch_attribute(const Expression& expression, const Attribute& attribute,
                        const Operand& base);
  static bool holds_constant(std::string_view path);
  Outcome run_held(const With& with, std::size_t byte);
  Value held(Value value);
  void check_masks_of_torch(Operator op, const Operand& a, const Operand& b);
  static bool is_setting_of_torch(const Expression& function);

  // Names.
  bool is_own_name(const std::string& name) const;
  // The names that this one belongs to, of those that are running; null for one of the file.
  Environment* holder_of(const std::string& name) const;
  const Value* value_of(const std::string& name) const;
  std::string imported_path(const std::string& name) const;
  std::string path_of(const Expression& expression) const;
  std::string numpy_path(const Expression& expression) const;
  // What a name stands for in a file of its own, which an import names.
  struct Elsewhere {
    const Module* module = nullptr;
    const Function* function = nullptr;
    const Class* of = nullptr;
    const Expression* constant = nullptr;
    std::string path = {};  // of NumPy
  };
  std::optional<Elsewhere> in_module(const Module& module, const std::string& name, int depth);
  std::optional<Elsewhere> at_path(const Module& module, const std::string& path, int depth);
  std::optional<Elsewhere> by_star(const std::string& name);
  Value value_elsewhere(Range range, const Elsewhere& found);
  Value call_elsewhere(const Expression& expression, const Call& call, const Elsewhere& found);
  const Class* class_named(const std::string& name) const;
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
  std::map<const Function*, Dialect> dialects_;
  std::set<const Function*> speaks_numpy_;  // of an open dialect: a method was read as NumPy's
  std::vector<std::string> notes_;
  std::vector<std::string> assumed_;
  // Evaluated once, as in Python, so that a dictionary keeps what a call puts into it.
  std::map<const Parameter*, Value> defaults_;
  // What the lines of a class set, beside its methods.
  struct ClassState {
    Function body;  // without lines: what they run in
    std::map<std::string, Value> fields = {};
    // Of a line that cannot be read: what it would set is not known.
    std::optional<ReadError> unread = std::nullopt;
  };
  std::map<const Class*, std::unique_ptr<ClassState>> classes_;
  std::size_t method_calls_ = 0;
  std::map<const Function*, int> own_calls_;  // of methods of an object by another one of it
  Value object_;
  LegacyRandom random_{50};
  Adopt adopt_;
  std::vector<const Instance*> running_selves_;  // whose methods are running
  // The names of functions that are kept by functions that were made in them.
  std::vector<std::shared_ptr<Environment>> kept_;
  std::size_t turns_ = 0;  // of all loops
  // The arrays that were given from outside, for a word on what to make smaller.
  std::vector<std::pair<std::string, Shape>> sizes_;
  // One leaf that is given under several names is one array.
  std::map<NodeId, std::shared_ptr<Memory>> given_;
};

}  // namespace backstep::read
