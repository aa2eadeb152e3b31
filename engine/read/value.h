// What an expression is while a function is read: an array of the graph, or something that is known
// already, as N is in `N, D = x.shape`.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/graph.h"
#include "engine/read/python_syntax.h"
#include "engine/read/source.h"

namespace backstep::read {

// What makes an array of NumPy one thing: every name, tuple and dictionary that holds the array
// holds this, and so a change in place is seen under all of them.
struct Memory {
  Var var;                       // its numbers now
  double most = 0;               // what Array::most is of them
  bool is_number = false;        // np.float64: `+=` makes another, as for a number of Python
  std::shared_ptr<Memory> base;  // of a view (x.T, x[0]): the array whose numbers it shows...
  SharedMap places = nullptr;    // ... and which of them; null where that is not followed
  NodeId seen = kNoNode;         // ... and what they were when `var` was made
  std::vector<std::weak_ptr<Memory>> views;

  // Whether anything still holds a view of this array whose places are not followed.
  bool has_other_views() const;
  // Of a view: takes the numbers that its array has now.
  void refresh();
  // The array has these numbers from here on.
  void set(Var now, double most_now);
};

// NumPy's bool, int64 and float64, each of which holds those before it.
enum class NumberType : std::uint8_t { kBool, kInteger, kFloat };

// A node of the graph, and what its numbers are: the graph itself holds doubles alone.
struct Array {
  Var var;
  NumberType type = NumberType::kFloat;
  double most = 0;  // of bool and int: no element is larger, whatever its sign
  std::shared_ptr<Memory> memory = nullptr;  // null until an expression has made it

  bool is_mask() const { return type == NumberType::kBool; }
  Shape shape() const { return var.shape(); }
};

// A number of Python, or one that a function of NumPy gave: np.int64, np.float64, np.bool_.
struct Scalar {
  double value = 0;
  NumberType type = NumberType::kFloat;
  bool is_numpy = false;
};

struct Value;

struct None {};

// A string, the name of a type (`float`, `np.float64`), or what x.dtype gives.
struct Word {
  // An open text is one that is not worked out, as f'{x:.3f}'.
  enum class Kind : std::uint8_t { kText, kOpen, kType, kDtype };

  std::string text;
  Kind kind = Kind::kText;
};

// A tuple or a list; a list is held by every name that it has, and changes under all of them.
struct Tuple {
  std::shared_ptr<std::vector<Value>> items;
  bool is_list = false;
  bool is_range = false;    // of range(): a list that cannot change
  bool has_fields = false;  // the values and the indices of PyTorch's x.max(1)
};

// What an entry of a dictionary is found by: a text, or a number.
struct Key {
  std::string text;  // of a number, its digits
  bool is_number = false;

  Key(std::string of) : text(std::move(of)) {}  // NOLINT: a text is a key
  Key(std::string of, bool number) : text(std::move(of)), is_number(number) {}
  auto operator<=>(const Key&) const = default;
};

class Entries;

// Held by every name that it has, as in Python.
struct Dictionary {
  std::string name;  // as the text calls it first, for --set NAME.KEY=...
  std::shared_ptr<Entries> items;
  bool is_given = false;  // from outside: settings that it lacks get their usual values
};

struct Class;
struct Environment;
struct Module;

// A class of a file, as a value: what makes its objects.
struct Type {
  const Class* of = nullptr;
  const Module* module = nullptr;
};

// What an object of a class holds. One thing under all of its names.
struct Instance {
  Type type;
  std::string label;  // what holds it first: "affine1" of self.affine1, or of layers['affine1']
  std::map<std::string, Value> fields = {};
};

struct Object {
  std::shared_ptr<Instance> instance;
};

// A method, with the object that it was taken from; of a class, with none.
struct BoundMethod {
  std::shared_ptr<Instance> self;
  Type type;  // whose method it is: where super() begins
  const Function* function = nullptr;
  bool takes_class = false;  // of a classmethod: `type` comes first
};

// A function as a value: a def or a lambda with the names around it, or one of an import or of
// Python's own.
struct Callable {
  const Module* module = nullptr;
  const Function* function = nullptr;
  Environment* outer = nullptr;  // of a def within a def
  std::string path = {};         // "numpy.exp", or "abs" of Python; where there is no def
  std::shared_ptr<const std::map<const Parameter*, Value>> defaults = nullptr;  // of an inner one
};

// What gives its items one by one, and each once: zip, enumerate, a generator.
struct Iterator {
  struct State {
    std::function<std::optional<Value>()> next;
    double count = 0;  // how many there are, as far as that is known
  };
  std::shared_ptr<State> state;
};

struct Value {
  std::variant<None, Array, Scalar, Word, Tuple, Dictionary, Callable, Iterator, Object, Type,
               BoundMethod>
      kind;

  const Array* array() const { return std::get_if<Array>(&kind); }
  const Scalar* scalar() const { return std::get_if<Scalar>(&kind); }
  Scalar* scalar() { return std::get_if<Scalar>(&kind); }
  const Tuple* tuple() const { return std::get_if<Tuple>(&kind); }
  const Dictionary* dictionary() const { return std::get_if<Dictionary>(&kind); }
  const Object* object() const { return std::get_if<Object>(&kind); }
  const Type* type() const { return std::get_if<Type>(&kind); }
  const BoundMethod* method() const { return std::get_if<BoundMethod>(&kind); }
  const Word* word() const { return std::get_if<Word>(&kind); }
  const Callable* callable() const { return std::get_if<Callable>(&kind); }
  const Iterator* iterator() const { return std::get_if<Iterator>(&kind); }
  // A text that is known.
  const std::string* text() const {
    const Word* known = word();
    return known != nullptr && known->kind == Word::Kind::kText ? &known->text : nullptr;
  }
  bool is_none() const { return std::holds_alternative<None>(kind); }
};

// The entries of a dictionary, in the order in which they came.
class Entries {
 public:
  using Entry = std::pair<Key, Value>;

  bool empty() const { return order_.empty(); }
  std::size_t size() const { return order_.size(); }
  std::vector<Entry>::iterator begin();
  std::vector<Entry>::iterator end();
  std::vector<Entry>::const_iterator begin() const;
  std::vector<Entry>::const_iterator end() const;
  std::vector<Entry>::iterator find(const Key& key);
  // The value of this key, None at first.
  Value& operator[](const Key& key);
  void erase(std::vector<Entry>::iterator entry);

 private:
  std::vector<Entry> order_;
  std::map<Key, std::size_t> places_;
};

inline Value scalar(double value, NumberType type = NumberType::kFloat) {
  return {Scalar{value, type}};
}
inline Value tuple(std::vector<Value> items, bool is_list = false) {
  return {Tuple{std::make_shared<std::vector<Value>>(std::move(items)), is_list}};
}
// The text or number that a key is.
Value value_of_key(const Key& key);

// A slice of a list is a list, one of a range() cannot change as that cannot.
inline Value tuple_like(const Tuple& of, std::vector<Value> items) {
  return {Tuple{std::make_shared<std::vector<Value>>(std::move(items)), of.is_list, of.is_range}};
}

// An array gets a memory if it has none; of its own; as a view of another array.
Value as_object(Value value);
Value as_new(Value value);
// ... whose numbers are not followed once either is changed; or, where the nodes between them only
// move numbers, are.
Value as_view(Value value, const Value& of, bool is_followed = false);

// ... and of ravel, which is a copy where the numbers do not lie one behind the other.
Value as_line(Value value, const Value& of);

// The values in a tuple or dictionary, those in its tuples too; it stops at some that are too many.
std::size_t count_values(const Value& value);

// Whether this value is that tuple, dictionary or object, or holds it: what holds itself never
// ends.
bool holds(const Value& value, const void* container);

// The value with the numbers that its arrays have now, those in tuples too.
Value current(const Value& value);

// A number with a decimal point, as eps=1e-6: as a default, it makes a setting of a parameter.
inline bool is_float(const Value& value) {
  return value.scalar() != nullptr && value.scalar()->type == NumberType::kFloat;
}

// A value, and the text that it was written with, for errors.
struct Operand {
  Value value;
  const Source* source = nullptr;
  Range range;

  std::string_view text() const {
    return source->text().substr(range.begin, range.end - range.begin);
  }
  // Throws ReadError at this text.
  [[noreturn]] void refuse(std::string_view message, std::string_view instead = {}) const {
    throw ReadError(*source, range.begin, message, instead);
  }
};

// "x (4, 3)", "the number 3": a value as errors call it.
std::string described(const Operand& operand);

}  // namespace backstep::read
