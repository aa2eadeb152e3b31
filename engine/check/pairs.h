// Which backward function of a file belongs to which forward function.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/read/python_parser.h"

namespace backstep::check {

// Two functions of a file, or two methods of a class of it; one function twice where it returns a
// loss with its gradient.
struct Pair {
  const read::Function* forward = nullptr;  // null where the file has none
  const read::Function* backward = nullptr;
  std::string owner = {};  // the class; empty for functions

  bool is_one_function() const { return forward == backward; }
  std::string forward_name() const { return name(forward); }
  std::string backward_name() const { return name(backward); }

 private:
  std::string name(const read::Function* function) const {
    if (function == nullptr) return {};
    if (function->object) return function->name + "." + function->object->method;
    return owner.empty() ? function->name : owner + "." + function->name;
  }
};

struct Pairs {
  std::vector<Pair> pairs;                           // in the order of their backward functions
  std::vector<const read::Function*> only_forward;   // whose backward function the file lacks...
  std::vector<const read::Function*> only_backward;  // ... and the other way round
};

// By their names: X_forward and X_backward (X_backward_alt, backward_X, dX, grad_X). A function
// that returns what is named as the gradient of a parameter is a pair by itself.
Pairs pairs_of(const read::Module& module);

// The classes of a file that have a backward method, as circuits against it.
std::vector<Pair> class_pairs_of(const read::Module& module);
// The same of a class by its circuit; no pair if the class has no backward method.
Pair class_pair_of(const read::Module& module, const read::Function& circuit);

// The backward function for a circuit of this name, as a file may call it: batchnorm_backward of
// batch_norm, relu_backward of relu_forward. Null if none has its name.
const read::Function* backward_for(const read::Module& module, std::string_view circuit);

// What is said of a backward function that is taken: that others have its name too. Empty if none.
std::vector<std::string> others_for(const read::Module& module, std::string_view circuit,
                                    const read::Function* taken);

// The forward function that belongs to a backward function of the file; null if none does.
const read::Function* forward_for(const read::Module& module, const read::Function* backward);

// Which results of a function have an upstream gradient of their own among the parameters of its
// backward function, by their places: 0 and 1 of `return next_h, next_c, cache` for
// `def backward(dnext_h, dnext_c, cache)`. Empty unless there are two or more.
struct UpstreamOf {
  std::string parameter;
  std::size_t result = 0;
};
std::vector<UpstreamOf> upstreams_of(const Pair& pair);

}  // namespace backstep::check
