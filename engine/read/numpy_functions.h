// The functions of NumPy and the methods of its arrays that are read, as one table.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/draft.h"
#include "engine/read/value.h"

namespace backstep::read {

// One call, as it stands in the text.
struct CallSite {
  Draft& draft;
  std::string name;  // as errors call it: "np.sum", ".sum"
  const Source* source = nullptr;
  Range range;

  std::string_view text() const {
    return source->text().substr(range.begin, range.end - range.begin);
  }
  [[noreturn]] void refuse(std::string_view message, std::string_view instead = {}) const {
    throw ReadError(*source, range.begin, message, instead);
  }
};

struct KeywordOperand {
  std::string name;
  std::size_t byte = 0;
  Operand operand;
};

struct CallArguments {
  std::vector<Operand> positional;
  std::vector<KeywordOperand> keywords;
};

// np.NAME(arguments). Throws ReadError if there is no such function, or if it is not read.
Value call_numpy(const CallSite& site, std::string_view name, const CallArguments& arguments);

// base.NAME(arguments), where the base is the first of the positional ones.
Value call_method(const CallSite& site, std::string_view name, const CallArguments& arguments);

// np.pi and the like. Throws ReadError for a name that is no constant.
Value numpy_constant(const CallSite& site, std::string_view name);

bool is_numpy_function(std::string_view name);
// Whether it is the name of a type, as float64, which is called like a function, too.
bool is_numpy_type(std::string_view name);

// The shape in which so many numbers are put: of its sides one may be -1, what is left over. Throws
// Error for others than fit.
Shape shape_of_sides(std::size_t size, std::vector<std::int64_t> sides);

// A shape from (4, 3), [4, 3] or 3.
Shape written_shape(const Operand& operand);

// The kind that "float64", "int" or "bool_" name; nothing for those that are not read.
std::optional<NumberType> number_type(std::string_view name);

}  // namespace backstep::read
