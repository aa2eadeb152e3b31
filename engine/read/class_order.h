// The classes that an object has its methods from, in the order in which Python asks them.
#pragma once

#include <string>
#include <vector>

#include "engine/read/python_parser.h"
#include "engine/read/value.h"

namespace backstep::read {

struct ClassOrder {
  std::vector<Type> types;  // the class itself, then those above it
  std::string elsewhere;    // a class above it that no file that is read has; "" if there is none
};

// Throws ReadError where one class is above another twice.
ClassOrder order_of(const Type& type);

// The method of this name, or one without a function.
BoundMethod find_method(const Type& type, const std::string& name);

// Whether the class is made from PyTorch's Module, which calls forward() when it is called.
bool is_torch_module(const Type& type);

bool is_property_of(const Type& type, const std::string& key);

// __x of a line of the class is _Class__x to others.
std::string mangled(const Class& owner, const std::string& name);

}  // namespace backstep::read
