// PyTorch's spellings: its functions, and the methods of its tensors, by the functions of NumPy
// that do the same.
#pragma once

#include <string>
#include <string_view>

#include "engine/read/numpy_functions.h"

namespace backstep::read {

// Of a dotted path of imports: "exp" of torch.exp, "nn.functional.softmax"; "" for what is no part
// of PyTorch.
std::string name_in_torch(std::string_view path);

bool is_torch_function(std::string_view name);

// torch.NAME(arguments). Throws ReadError for what is not read.
Value call_torch(const CallSite& site, std::string_view name, const CallArguments& arguments);

// Whether a tensor has this method, and whether an array of NumPy has none such.
bool is_torch_method(std::string_view name);
bool is_of_torch_alone(std::string_view method);
// ... or whether these names of arguments are PyTorch's alone.
bool has_names_of_torch(const CallArguments& arguments);

// base.NAME(arguments), where the base is the first of the positional ones.
Value call_torch_method(const CallSite& site, std::string_view name,
                        const CallArguments& arguments);

// torch.pi, torch.float64, torch.long.
Value torch_constant(const CallSite& site, std::string_view name);

// The method of NumPy's arrays whose result shares its numbers with its argument as that of this
// one does; "" where it is a new array.
std::string_view shares_like(std::string_view name);

// What changes no number: retain_grad, requires_grad_, zero_grad, manual_seed.
bool is_torch_setting(std::string_view name);

}  // namespace backstep::read
