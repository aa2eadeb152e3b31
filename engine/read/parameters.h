// What the parameters of a function are before it is read: leaves with roles and shapes, or values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/circuit_reader.h"
#include "engine/read/value.h"

namespace backstep::read {

struct ParameterPlan {
  std::string name;            // bn_param.running_mean of an entry of a dictionary
  std::optional<Value> value;  // known while reading: no leaf
  bool is_dictionary = false;  // the value is made anew for each reading, as it may be changed
  std::string key;             // of an entry that is an array: running_mean
  Role role = Role::kInput;
  // The shapes to try, the likeliest first. One if it is known.
  std::vector<Shape> shapes;
  bool is_said = false;       // whether the docstring says the first of these...
  bool is_fill_said = false;  // ... and how it is filled
  std::string fill;           // "randn", "one_hot", "1e-06"; empty if the user gives the numbers
  double number = 0;
  NumberType type = NumberType::kFloat;  // of what the user gives, with the largest of it
  double most = 0;
  bool is_file = false;
  // Of an array that is to be an index: its elements. Of one that the user gives, if it may be one.
  std::shared_ptr<const Tensor> numbers = nullptr;
  bool is_index = false;
  std::string default_text;
  // Of one that is to be an integer, as in_features is: those to try, the likeliest first.
  std::vector<std::int32_t> lengths = {};
};

// By the docstring where it speaks of a parameter, else by its default, else by its name; those of
// the function first, then the arrays in their dictionaries. `defaults` has the values of those
// defaults that there are.
std::vector<ParameterPlan> plan_parameters(const Source& source, const Function& function,
                                           const std::map<std::string, Value>& defaults,
                                           const std::map<std::string, Given>& given,
                                           const SideLengths& sides);

// Whether the docstring says the shape of a parameter, or its name that it is one row: a bias.
bool has_certain_shape(const Function& function, const std::string& parameter);

// Whether the name is one of those that weights and biases have.
bool names_a_parameter(std::string_view name);

// Integers to try for a parameter that is to be one.
std::vector<std::int32_t> lengths_by_name(std::string_view name);

// Throws Error for a name that was set, and is none of the parameters, nor of the other names.
[[noreturn]] void refuse_parameter(const Function& function, const std::string& name,
                                   std::vector<std::string> names);

// "randn(4, 3)" of randn, "1e-06" of a number.
std::string fill_text(const ParameterPlan& plan, const Shape& shape);

}  // namespace backstep::read
