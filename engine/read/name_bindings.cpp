// A tokenizer for what the grammar does not read, and Python's statements that bind names.
#include "engine/read/name_bindings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "engine/read/python_text.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

struct Token {
  std::string_view text;
  std::size_t at = 0;
  int depth = 0;  // of the brackets around it; a bracket counts as inside itself
  bool is_name = false;

  bool is(std::string_view other) const { return text == other; }
};

using Tokens = std::vector<Token>;

constexpr std::array<std::string_view, 18> kLongSigns = {
    "**=", "//=", ">>=", "<<=", "==", "!=", "<=", ">=", ":=",
    "->",  "+=",  "-=",  "*=",  "/=", "%=", "&=", "|=", "^="};
constexpr std::string_view kMatmulAssign = "@=";

bool is_word_byte(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_quote(char c) { return c == '"' || c == '\''; }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Tokens tokens() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    } else if (is_quote(c)) {
      string(false);
    } else if (is_word_byte(c)) {
      word();
    } else if (c == '\\' || std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
    } else {
      sign();
    }
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word_byte(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    constexpr std::size_t kLongestPrefix = 2;
    if (word.size() <= kLongestPrefix && at_ < text_.size() && is_quote(text_[at_])) {
      string(word.find_first_of("fF") != std::string_view::npos);
      return;
    }
    const bool is_number = std::isdigit(static_cast<unsigned char>(word[0])) != 0;
    tokens_.push_back({word, begin, depth_, !is_number});
  }

  // A string is no token, but what stands in the braces of an f-string is code.
  void string(bool has_code) {
    const std::size_t begin = at_;
    const std::string_view three = text_.substr(at_, 3);
    const bool triple = three.size() == 3 && three[1] == three[0] && three[2] == three[0];
    const std::string_view quotes = three.substr(0, triple ? 3 : 1);
    at_ += quotes.size();
    while (at_ < text_.size() && text_.substr(at_, quotes.size()) != quotes) {
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_ + quotes.size(), text_.size());
    tokens_.push_back({quotes, begin, depth_, false});
    if (has_code) code_in(begin + quotes.size(), at_ - std::min(at_, quotes.size()));
  }

  void code_in(std::size_t begin, std::size_t end) {
    std::size_t open = text_.find('{', begin);
    while (open < end) {
      const std::size_t close = std::min(text_.find('}', open), end);
      for (Token token : Tokenizer(text_.substr(open + 1, close - open - 1)).tokens()) {
        token.at += open + 1;
        token.depth += depth_ + 1;
        tokens_.push_back(token);
      }
      open = text_.find('{', close);
    }
  }

  void sign() {
    const std::size_t begin = at_;
    std::size_t length = 1;
    for (const std::string_view known : kLongSigns) {
      if (text_.substr(at_, known.size()) == known) length = std::max(length, known.size());
    }
    if (text_.substr(at_, 2) == kMatmulAssign) length = 2;
    const char c = text_[at_];
    if (c == '(' || c == '[' || c == '{') ++depth_;
    at_ += length;
    tokens_.push_back({text_.substr(begin, length), begin, depth_, false});
    if (c == ')' || c == ']' || c == '}') --depth_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Tokens tokens_;
};

using Place = Tokens::const_iterator;

bool is_assignment_sign(const Token& token) {
  constexpr std::array<std::string_view, 6> kComparisons = {"==", "!=", "<=", ">=", ":=", "->"};
  return token.depth == 0 && token.text.back() == '=' &&
         std::find(kComparisons.begin(), kComparisons.end(), token.text) == kComparisons.end();
}

Place find_at_top(Place begin, Place end, std::string_view text) {
  return std::find_if(begin, end,
                      [text](const Token& token) { return token.depth == 0 && token.is(text); });
}

bool is_compound(const Token& token) {
  constexpr std::array<std::string_view, 11> kWords = {
      "if", "elif", "else", "for", "while", "try", "with", "except", "finally", "match", "case"};
  return std::find(kWords.begin(), kWords.end(), token.text) != kWords.end();
}

class Binder {
 public:
  explicit Binder(std::uint32_t byte) : byte_(byte) {}

  std::vector<NameBinding> bindings_of(const Tokens& tokens) {
    Place begin = tokens.begin();
    while (begin != tokens.end()) {
      const Place end = find_at_top(begin, tokens.end(), ";");
      statement(begin, end);
      begin = end == tokens.end() ? end : end + 1;
    }
    return std::move(bindings_);
  }

 private:
  void statement(Place begin, Place end) {
    if (begin == end) return;
    if (begin->is("async")) return statement(begin + 1, end);
    if (begin->is("def") || begin->is("class")) {
      if (begin + 1 != end) add(begin[1], begin->is("def") ? Binds::kFunction : Binds::kClass);
      return;
    }
    walrus(begin, end);
    const bool is_name = begin + 1 != end && is_assignment_sign(begin[1]);  // match = 3
    if (is_compound(*begin) && !is_name) {
      is_certain_ = false;
      const Place colon = find_at_top(begin, end, ":");
      header(begin, colon);
      if (colon != end) statement(colon + 1, end);
    } else if (begin->is("import")) {
      import(begin + 1, end);
    } else if (begin->is("from")) {
      import_from(begin + 1, end);
    } else if (begin->is("del")) {
      targets(begin + 1, end, Binds::kNothing);
    } else if (begin->is("global") || begin->is("nonlocal")) {
      targets(begin + 1, end, Binds::kGlobal);
    } else {
      assignment(begin, end);
    }
  }

  void add(const Token& token, Binds what, std::string path = {}) {
    bindings_.push_back({normalised_name(token.text), what, std::move(path),
                         byte_ + static_cast<std::uint32_t>(token.at), is_certain_});
  }

  void walrus(Place begin, Place end) {
    for (Place at = begin; at != end; ++at) {
      if (at->is_name && at + 1 != end && at[1].is(":=")) add(*at, Binds::kValue);
    }
  }

  // `for a, b in ...`, `with ... as a`, `except ... as a`, and every name of a `case`.
  void header(Place begin, Place end) {
    if (begin->is("for")) return targets(begin + 1, find_at_top(begin, end, "in"), Binds::kValue);
    if (begin->is("case")) return targets(begin + 1, end, Binds::kValue);
    const bool names_by_as = begin->is("with") || begin->is("except");
    for (Place at = begin; names_by_as && at != end; ++at) {
      if (!at->is("as")) continue;
      const int depth = at->depth;
      const Place stop = std::find_if(
          at, end, [depth](const Token& token) { return token.depth == depth && token.is(","); });
      targets(at + 1, stop, Binds::kValue);
    }
  }

  void assignment(Place begin, Place end) {
    Place last = end;
    for (Place at = begin; at != end; ++at) {
      if (is_assignment_sign(*at)) last = at;
    }
    // `a: int = 3`, and `a: int` alone, which makes the name one of its function.
    const Place colon = find_at_top(begin, last, ":");
    if (colon != last) last = colon;
    if (last != end) targets(begin, last, Binds::kValue);
  }

  // Names, but neither the bases of x.a and x[i], nor what stands in their brackets.
  void targets(Place begin, Place end, Binds what) {
    int passed_depth = 0;  // brackets of an index or a call are open from this depth on
    for (Place at = begin; at != end; ++at) {
      const bool behind_value = at != begin && (at[-1].is_name || at[-1].is(")") || at[-1].is("]"));
      const bool opens = (at->is("(") || at->is("[")) && behind_value;
      if (passed_depth == 0 && opens) passed_depth = at->depth;
      if (passed_depth != 0) {
        if (at->depth == passed_depth && (at->is(")") || at->is("]"))) passed_depth = 0;
        continue;
      }
      const bool is_field = at != begin && at[-1].is(".");
      const bool is_base = at + 1 != end && (at[1].is(".") || at[1].is("[") || at[1].is("("));
      if (!at->is_name || is_field) continue;
      if (!is_base) add(*at, what);
      if (is_base && at[1].is(".") && what == Binds::kValue) add(*at, Binds::kField);
    }
  }

  // "a.b" from the names and dots at `at`, which is moved behind them.
  static std::string dotted(Place& at, Place end) {
    std::string path;
    for (; at != end && (at->is_name || at->is(".")); ++at) {
      if (at->is("as") || at->is("import")) break;
      path += at->is(".") ? "." : normalised_name(at->text);
    }
    return path;
  }

  // `import a.b as c, d.e`: c is a.b, and d is d.
  void import(Place begin, Place end) {
    while (begin != end) {
      const Token& first = *begin;
      const std::string path = dotted(begin, end);
      if (begin != end && begin->is("as") && begin + 1 != end) {
        add(begin[1], Binds::kImport, path);
      } else if (first.is_name) {
        add(first, Binds::kImport, path.substr(0, path.find('.')));
      }
      begin = std::find_if(begin, end, [](const Token& token) { return token.is(","); });
      if (begin != end) ++begin;
    }
  }

  void import_from(Place begin, Place end) {
    const std::string module = dotted(begin, end);
    for (; begin != end; ++begin) {
      if (begin->is("*")) add(*begin, Binds::kImport, module);
      if (!begin->is_name || begin->is("import") || begin->is("as")) continue;
      const bool renamed = begin + 2 < end && begin[1].is("as");
      const std::string path = module + "." + normalised_name(begin->text);
      if (renamed) begin += 2;
      add(*begin, Binds::kImport, path);
    }
  }

  std::uint32_t byte_;
  bool is_certain_ = true;
  std::vector<NameBinding> bindings_;
};

// What changes no value that a circuit has. Sorted.
constexpr std::array<std::string_view, 74> kHarmless = {
    "abs",          "all",           "allclose",   "any",     "argmax",    "argmin", "array",
    "array2string", "array_equal",   "asarray",    "astype",  "average",   "bool",   "center",
    "copy",         "count_nonzero", "dict",       "dot",     "enumerate", "exp",    "float",
    "float32",      "float64",       "format",     "get",     "id",        "int",    "isclose",
    "isfinite",     "isinf",         "isinstance", "isnan",   "item",      "items",  "join",
    "keys",         "len",           "list",       "ljust",   "log",       "lower",  "max",
    "mean",         "median",        "min",        "ndim",    "norm",      "ones",   "print",
    "range",        "ravel",         "repr",       "reshape", "rjust",     "round",  "set",
    "shape",        "size",          "sorted",     "sqrt",    "square",    "std",    "str",
    "strip",        "sum",           "time",       "tolist",  "transpose", "tuple",  "type",
    "upper",        "values",        "var",        "zip"};

bool is_harmless(std::string_view name) {
  return std::binary_search(kHarmless.begin(), kHarmless.end(), name);
}

bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 10> kWords = {"and", "assert", "else", "for", "if",
                                                       "in",  "is",     "not",  "or",  "lambda"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace

std::vector<NameBinding> names_bound_by(std::string_view text, std::uint32_t byte) {
  return Binder(byte).bindings_of(Tokenizer(text).tokens());
}

std::string effect_in(std::string_view text,
                      const std::function<bool(const std::string&)>& is_own) {
  const Tokens tokens = Tokenizer(text).tokens();
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token& next = tokens[i + 1];
    if (!tokens[i].is_name) continue;
    if (next.is(":=")) return std::string(tokens[i].text) + " := ...";
    if (tokens[i].is("out") && next.is("=") && next.depth > 0) return "out=...";
    const bool is_call = next.is("(") && !is_keyword(tokens[i].text);
    const bool is_method = i > 0 && tokens[i - 1].is(".");
    const std::string name(tokens[i].text);
    if (is_call && (!is_harmless(name) || (!is_method && is_own(name)))) return name + "()";
  }
  return {};
}

std::vector<std::string> names_asked_for(std::string_view text) {
  const Tokens tokens = Tokenizer(text).tokens();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.is("for") || token.is("lambda")) return {};
    const bool is_field = i > 0 && tokens[i - 1].is(".");
    const bool is_keyword = token.depth > 0 && i + 1 < tokens.size() && tokens[i + 1].is("=");
    if (!token.is_name || is_field || is_keyword) continue;
    // In an f-string, a format stands behind the colon, as in {x:d}, or behind a `!`.
    const bool is_format = i > 0 && (tokens[i - 1].is(":") || tokens[i - 1].is("!"));
    if (is_format || is_python_word(token.text) || is_harmless(token.text)) continue;
    names.push_back(normalised_name(token.text));
  }
  return names;
}

std::vector<std::string> names_used_in(std::string_view text) {
  const Tokens tokens = Tokenizer(text).tokens();
  std::vector<std::string> own;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_for = tokens[i].is("for") && tokens[i].depth > 0;
    if (!is_for && !tokens[i].is("lambda")) continue;
    const std::string_view end = is_for ? "in" : ":";
    for (++i; i < tokens.size() && !tokens[i].is(end); ++i) {
      if (tokens[i].is_name) own.push_back(normalised_name(tokens[i].text));
    }
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool is_field = i > 0 && tokens[i - 1].is(".");
    const bool is_keyword = token.depth > 0 && i + 1 < tokens.size() && tokens[i + 1].is("=");
    if (!token.is_name || is_field || is_keyword || is_python_word(token.text)) continue;
    std::string name = normalised_name(token.text);
    if (std::find(own.begin(), own.end(), name) == own.end()) names.push_back(std::move(name));
  }
  return names;
}

namespace {

// `retain_grad_` and the like change no number.
bool changes_in_place(std::string_view method) {
  const bool is_private = method.starts_with("_");
  return method.size() > 1 && method.back() == '_' && !is_private && method != "requires_grad_";
}

bool is_of_gradients(std::string_view field) { return field == "grad" || field == "requires_grad"; }

}  // namespace

std::vector<std::string> names_changed_by(std::string_view text) {
  const Tokens tokens = Tokenizer(text).tokens();
  std::vector<std::string> names;
  const auto base_before = [&](std::size_t at) -> const Token* {
    while (at >= 2 && tokens[at - 1].is(".") && tokens[at - 2].is_name) at -= 2;
    return tokens[at].is_name ? &tokens[at] : nullptr;
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool is_header_end = token.is(":") && token.depth == 0;
    if (token.depth == 0 && (token.is(";") || is_header_end)) begin = i + 1;
    if (is_assignment_sign(token) && begin < i) {
      const bool is_plain = token.is("=");
      const bool has_part =
          begin + 1 < i && (tokens[begin + 1].is("[") || tokens[begin + 1].is("."));
      const bool is_harmless = has_part && tokens[begin + 1].is(".") && begin + 2 < i &&
                               is_of_gradients(tokens[begin + 2].text);
      if (tokens[begin].is_name && (!is_plain || has_part) && !is_harmless) {
        names.push_back(normalised_name(tokens[begin].text));
      }
      begin = i + 1;
    }
    const bool is_call = i + 1 < tokens.size() && tokens[i + 1].is("(") && token.is_name;
    if (!is_call) continue;
    const bool is_method = i >= 2 && tokens[i - 1].is(".");
    if (is_method && changes_in_place(token.text) && !is_of_gradients(tokens[i - 2].text)) {
      if (const Token* base = base_before(i)) names.push_back(normalised_name(base->text));
    }
    const bool is_add_at =
        token.is("at") && i >= 2 && tokens[i - 1].is(".") && i + 2 < tokens.size();
    if (is_add_at && tokens[i + 2].is_name) names.push_back(normalised_name(tokens[i + 2].text));
  }
  return names;
}

TextRange condition_of_assert(std::string_view text) {
  const Tokens tokens = Tokenizer(text).tokens();
  const Place comma = find_at_top(tokens.begin(), tokens.end(), ",");
  const std::size_t begin = tokens.size() > 1 ? tokens[1].at : text.size();
  if (comma != tokens.end()) return {begin, comma->at};
  return {begin, text.size()};
}

}  // namespace backstep::read
