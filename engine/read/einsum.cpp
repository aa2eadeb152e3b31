// Turns letters into sides: two arrays become a stack of matrices each, and their product is taken.
#include "engine/read/einsum.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

#include "engine/primitives/primitives.h"
#include "engine/read/operations.h"

namespace backstep::read {
namespace {

// An array whose sides have letters.
struct Lettered {
  Var var;
  std::string letters;
};

bool has(const std::string& letters, char letter) {
  return letters.find(letter) != std::string::npos;
}

template <typename Is>
std::string those(const std::string& letters, Is is) {
  std::string some;
  std::copy_if(letters.begin(), letters.end(), std::back_inserter(some), is);
  return some;
}

class Sum {
 public:
  explicit Sum(const BoundCall& call) : call_(call) {
    const Word* word = call[0].value.word();
    if (word == nullptr) call[0].refuse("the first argument is a text of letters", "'ij,jk->ik'");
    parse(word->text);
  }

  Value value() {
    std::vector<Lettered> operands;
    for (std::size_t i = 0; i < inputs_.size(); ++i) operands.push_back(operand(i));
    Lettered all = operands.size() == 1 ? summed(operands[0], {}) : product(operands);
    return {Array{in_order(all, output_).var}};
  }

 private:
  void parse(std::string text) {
    std::erase(text, ' ');
    const std::size_t arrow = text.find("->");
    std::string left = text.substr(0, arrow);
    if (left.find('.') != std::string::npos) call_[0].refuse("`...` in einsum is not read");
    while (true) {
      const std::size_t comma = left.find(',');
      inputs_.push_back(left.substr(0, comma));
      if (comma == std::string::npos) break;
      left.erase(0, comma + 1);
    }
    if (inputs_.size() > 2) call_[0].refuse("einsum is read of one or two arrays", "two calls");
    if (inputs_.size() + 1 != call_.arguments.size()) {
      call_.site.refuse(fmt::format("{} names {} arrays, and {} are given", call_.site.name,
                                    inputs_.size(), call_.arguments.size() - 1));
    }
    std::string letters;
    for (const std::string& input : inputs_) letters += input;
    output_ =
        arrow == std::string::npos ? letters_that_stand_once(letters) : text.substr(arrow + 2);
    for (const char letter : letters + output_) {
      if (std::isalpha(static_cast<unsigned char>(letter)) == 0) {
        call_[0].refuse("letters, commas and `->` are expected", "'ij,jk->ik'");
      }
    }
    for (const std::string& one : inputs_) check_once(one);
    check_once(output_);
    for (const char letter : output_) {
      if (!has(letters, letter)) {
        call_[0].refuse(fmt::format("the letter {} of the result is in no array", letter));
      }
    }
  }

  static std::string letters_that_stand_once(const std::string& letters) {
    std::string once = those(letters, [&](char letter) {
      return std::count(letters.begin(), letters.end(), letter) == 1;
    });
    std::sort(once.begin(), once.end());
    return once;
  }

  void check_once(const std::string& letters) const {
    for (const char letter : letters) {
      if (std::count(letters.begin(), letters.end(), letter) > 1) {
        call_[0].refuse(fmt::format("a letter twice in one array, as {}, is not read", letter));
      }
    }
  }

  Lettered operand(std::size_t i) {
    const Operand& operand = call_[i + 1];
    const Array array = as_array(call_.site.draft, operand);
    const Shape shape = array.shape();
    if (shape.ndim() != static_cast<int>(inputs_[i].size())) {
      operand.refuse(fmt::format("{} has {} sides, and einsum gives it {} letters",
                                 described(operand), shape.ndim(), inputs_[i].size()));
    }
    for (int side = 0; side < shape.ndim(); ++side) {
      const char letter = inputs_[i][static_cast<std::size_t>(side)];
      const auto [known, is_new] = sizes_.emplace(letter, shape[side]);
      if (is_new || known->second == shape[side]) continue;
      throw ReadError(
          *operand.source, operand.range.begin,
          fmt::format("the side {} is {} here and {} before", letter, shape[side], known->second))
          .about_shapes();
    }
    return {array.var, inputs_[i]};
  }

  template <typename Make>
  Var made(Make make) {
    return call_.site.draft.make({&call_[1]}, call_.site.range.begin, make);
  }

  // Without the letters that neither the result nor `kept` has.
  Lettered summed(const Lettered& from, const std::string& kept) {
    Sides sides;
    std::string rest;
    for (std::size_t i = 0; i < from.letters.size(); ++i) {
      const char letter = from.letters[i];
      if (has(output_, letter) || has(kept, letter)) {
        rest += letter;
      } else {
        sides.add(static_cast<int>(i));
      }
    }
    if (sides.is_empty()) return from;
    return {made([&] { return sum(from.var, sides); }), rest};
  }

  Lettered in_order(const Lettered& from, const std::string& letters) {
    if (from.letters == letters) return from;
    SideOrder order = {};
    for (std::size_t i = 0; i < letters.size(); ++i) {
      order[i] = static_cast<std::uint8_t>(from.letters.find(letters[i]));
    }
    return {made([&] { return transpose(from.var, order); }), letters};
  }

  std::int32_t size_of(const std::string& letters) const {
    std::int32_t size = 1;
    for (const char letter : letters) size *= sizes_.at(letter);
    return size;
  }

  Var in_shape(Var var, const Shape& shape) {
    return var.shape() == shape ? var : made([&] { return reshape(var, shape); });
  }

  Lettered product(const std::vector<Lettered>& operands) {
    const Lettered a = summed(operands[0], operands[1].letters);
    const Lettered b = summed(operands[1], operands[0].letters);
    const std::string both = those(a.letters, [&](char one) { return has(b.letters, one); });
    const std::string stack = those(both, [&](char one) { return has(output_, one); });
    const std::string inner = those(both, [&](char one) { return !has(output_, one); });
    const std::string rows = those(a.letters, [&](char one) { return !has(both, one); });
    const std::string cols = those(b.letters, [&](char one) { return !has(both, one); });
    if (stack.size() + 2 > Shape::kMostSides) call_.site.refuse("so many letters are not read");
    Shape left;
    for (const char letter : stack) left.add(sizes_.at(letter));
    Shape right = left;
    Shape whole = left;
    left.add(size_of(rows));
    left.add(size_of(inner));
    right.add(size_of(inner));
    right.add(size_of(cols));
    for (const char letter : rows + cols) whole.add(sizes_.at(letter));
    const Var one = in_shape(in_order(a, stack + rows + inner).var, left);
    const Var other = in_shape(in_order(b, stack + inner + cols).var, right);
    const Var products = made([&] { return matmul(one, other); });
    return {in_shape(products, whole), stack + rows + cols};
  }

  const BoundCall& call_;
  std::vector<std::string> inputs_;
  std::string output_;
  std::map<char, std::int32_t> sizes_;
};

}  // namespace

Value einsum(const BoundCall& call) { return Sum(call).value(); }

}  // namespace backstep::read
