// Blocks of lines: each header with the lines below it, and defs with all of theirs.
#include "engine/read/python_blocks.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "engine/read/name_bindings.h"
#include "engine/read/refusals.h"

namespace backstep::read {
namespace {

// One inside the other.
constexpr int kMostBlocks = 20;

// A decorator that changes no number: it says whether PyTorch keeps what a gradient needs.
bool is_switch(std::string_view decorator) {
  return decorator.starts_with("@torch.no_grad") || decorator.starts_with("@torch.enable_grad") ||
         decorator.starts_with("@torch.inference_mode");
}

std::string docstring_of(const std::vector<Statement>& body) {
  if (body.empty()) return {};
  const auto* first = std::get_if<Evaluation>(&body.front().kind);
  const auto* text = first == nullptr ? nullptr : std::get_if<Text>(&first->value.kind);
  return text == nullptr ? std::string() : text->value;
}

// What the decorators make of a method; nothing for one that is not read.
std::optional<MethodKind> method_kind(const std::vector<std::string>& decorators) {
  MethodKind kind = MethodKind::kPlain;
  for (const std::string& decorator : decorators) {
    if (decorator == "@staticmethod") {
      kind = MethodKind::kStatic;
    } else if (decorator == "@classmethod") {
      kind = MethodKind::kClass;
    } else if (decorator == "@property") {
      kind = MethodKind::kProperty;
    } else if (decorator != "@abstractmethod" && decorator != "@abc.abstractmethod" &&
               decorator != "@override") {
      return std::nullopt;
    }
  }
  return kind;
}

bool is_setter(const std::vector<std::string>& decorators) {
  return std::any_of(decorators.begin(), decorators.end(), [](const std::string& decorator) {
    return decorator.ends_with(".setter") || decorator.ends_with(".deleter");
  });
}

}  // namespace

std::string_view first_word(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool opens_scope(std::string_view text) {
  const std::string_view word = first_word(text);
  return word == "def" || word == "class" || word == "async";
}

void BlockParser::skip_body(int indentation) {
  while (!at_end() && lines_[at].indentation > indentation) ++at;
}

// ---- defs ------------------------------------------------------------------------------------

Function BlockParser::function(const LogicalLine* decorator) {
  Function function;
  const LogicalLine& header = lines_[at++];
  const std::size_t first = at;
  const int outer_depth = depth_;
  try {
    function = statements_.definition(header);
    read_function_lines(function, header.indentation);
    if (decorator != nullptr && !is_switch(text(*decorator))) {
      refuse(source_, decorator->begin, Expected::kStatement);
    }
    function.is_held = decorator != nullptr && !text(*decorator).starts_with("@torch.enable_grad");
  } catch (const ReadError& error) {
    if (function.name.empty()) function.name = name_of_broken_definition(header);
    function.error = error;
  }
  depth_ = outer_depth;
  skip_body(header.indentation);
  function.docstring = docstring_of(function.body);
  bind_own_names(function, first, at);
  return function;
}

Function BlockParser::lines_as_function() {
  constexpr int kOutside = -1;
  Function function;
  function.byte = lines_.empty() ? 0 : lines_.front().begin;
  read_lines(function.body, kOutside);
  bind_own_names(function, 0, lines_.size());
  return function;
}

// A line that cannot be read does not stand in the way of the methods.
Class BlockParser::class_() {
  const LogicalLine& header = lines_[at++];
  Class made;
  try {
    made = statements_.class_header(header);
  } catch (const ReadError& error) {
    made.name = name_of_broken_definition(header);
    made.byte = header.begin;
    made.error = error;
  }
  while (!at_end() && lines_[at].indentation > header.indentation) read_member(made);
  made.docstring = docstring_of(made.attributes);
  return made;
}

void BlockParser::read_member(Class& of) {
  std::vector<std::string> decorators;
  const LogicalLine& first = lines_[at];
  while (!at_end() && text(lines_[at]).front() == '@') decorators.emplace_back(text(lines_[at++]));
  if (at_end() || lines_[at].indentation < first.indentation) return;
  const LogicalLine& line = lines_[at];
  if (first_word(text(line)) == "def") {
    const std::optional<MethodKind> kind = method_kind(decorators);
    Function method = function(kind ? nullptr : &first);
    // Beside the property whose setter it is, it has no name.
    if (is_setter(decorators)) return;
    of.methods.push_back({std::move(method), kind.value_or(MethodKind::kPlain)});
    return;
  }
  const int outer_depth = depth_;
  try {
    if (read_compound(of.attributes)) return;
    ++at;
    for (Statement& statement : statements_.statements(line)) {
      of.attributes.push_back(std::move(statement));
    }
  } catch (const ReadError& error) {
    if (!of.unread) of.unread = error;
  }
  depth_ = outer_depth;
  skip_body(line.indentation);
}

// The name behind `def` or `class`, where the rest of that line cannot be read.
std::string BlockParser::name_of_broken_definition(const LogicalLine& line) const {
  const std::vector<NameBinding> names = names_bound_by(text(line), line.begin);
  return names.empty() ? std::string() : names.front().name;
}

void BlockParser::read_function_lines(Function& function, int indentation) {
  if (!function.body.empty() && !at_end() && lines_[at].indentation > indentation) {
    throw ReadError(source_, lines_[at].begin, "a def on one line has no lines below it");
  }
  read_lines(function.body, indentation);
  if (function.body.empty()) {
    throw ReadError(source_, function.byte,
                    fmt::format("{} has no lines: an indented block is expected below it",
                                quoted(function.name)));
  }
}

// Names that the lines of a function bind: every one, also in branches that are not read.
void BlockParser::bind_own_names(Function& function, std::size_t begin, std::size_t end) const {
  std::set<std::string> others;
  for (std::size_t line_at = begin; line_at < end;) {
    const LogicalLine& line = lines_[line_at];
    for (const NameBinding& binding : names_bound_by(text(line), line.begin)) {
      if (binding.what == Binds::kGlobal) others.insert(binding.name);
      if (binding.what == Binds::kField) continue;
      function.own_names.emplace(binding.name, binding.byte);
    }
    for (std::string& name : names_used_in(text(line))) function.mentioned.insert(std::move(name));
    ++line_at;
    while (opens_scope(text(line)) && line_at < end &&
           lines_[line_at].indentation > line.indentation) {
      ++line_at;
    }
  }
  for (const std::string& name : others) function.own_names.erase(name);
  for (const Parameter& parameter : function.parameters) {
    function.own_names.insert_or_assign(parameter.name, parameter.byte);
  }
}

// ---- blocks ----------------------------------------------------------------------------------

// The lines of a block, which are indented by more than `outer` columns.
void BlockParser::read_lines(std::vector<Statement>& body, int outer) {
  while (!at_end() && lines_[at].indentation > outer) {
    if (read_compound(body)) continue;
    for (Statement& statement : statements_.statements(lines_[at])) {
      body.push_back(std::move(statement));
    }
    ++at;
  }
}

bool BlockParser::read_compound(std::vector<Statement>& body) {
  using Read = Statement (BlockParser::*)();
  static const std::map<std::string_view, Read> kReaders = {
      {"if", &BlockParser::read_branch},   {"for", &BlockParser::read_for},
      {"while", &BlockParser::read_while}, {"with", &BlockParser::read_with},
      {"try", &BlockParser::read_try},     {"def", &BlockParser::read_definition},
  };
  const auto reader = kReaders.find(first_word(text(lines_[at])));
  if (reader == kReaders.end()) return false;
  body.push_back((this->*reader->second)());
  return true;
}

struct BlockParser::Opened {
  std::uint32_t byte;
  int indentation;
  Header header;
  Block block;
};

// The header whose line is next, and its lines: an error in these is kept.
BlockParser::Opened BlockParser::open() {
  const LogicalLine& line = lines_[at];
  if (++depth_ > kMostBlocks) {
    throw ReadError(source_, line.begin,
                    fmt::format("blocks are nested more than {} deep", kMostBlocks),
                    "a def of its own for the inner ones");
  }
  ++at;
  Opened opened{line.begin, line.indentation, statements_.header(line), {}};
  opened.block.body = std::move(opened.header.body);
  const bool has_lines = !at_end() && lines_[at].indentation > line.indentation;
  if (opened.block.body.empty() == !has_lines) {
    throw ReadError(source_, line.begin,
                    has_lines ? "a block on the line of its header has no lines below it"
                              : "an indented block is expected below this line");
  }
  const int depth = depth_;
  try {
    if (has_lines) read_lines(opened.block.body, line.indentation);
  } catch (const ReadError& error) {
    opened.block.error = error;
    skip_body(line.indentation);
  }
  depth_ = depth - 1;
  return opened;
}

bool BlockParser::next_is(std::string_view word, int indentation) const {
  return !at_end() && lines_[at].indentation == indentation && first_word(text(lines_[at])) == word;
}

// The lines of `else:` or `finally:`, if that is next.
Block BlockParser::block_of_next(std::string_view word, int indentation) {
  if (!next_is(word, indentation)) return {};
  return open().block;
}

Statement BlockParser::read_branch() {
  const int indentation = lines_[at].indentation;
  const std::uint32_t byte = lines_[at].begin;
  Branch branch;
  bool is_first = true;
  while (is_first || next_is("elif", indentation) || next_is("else", indentation)) {
    const bool is_last = !is_first && next_is("else", indentation);
    Opened opened = open();
    branch.arms.push_back({{std::move(opened.block)}, std::move(opened.header.value)});
    if (is_last) break;
    is_first = false;
  }
  return {byte, std::move(branch)};
}

Statement BlockParser::read_for() {
  Opened opened = open();
  Block otherwise = block_of_next("else", opened.indentation);
  return {opened.byte, For{std::move(*opened.header.target), std::move(*opened.header.value),
                           std::move(opened.block), std::move(otherwise)}};
}

Statement BlockParser::read_while() {
  Opened opened = open();
  Block otherwise = block_of_next("else", opened.indentation);
  return {opened.byte,
          While{std::move(*opened.header.value), std::move(opened.block), std::move(otherwise)}};
}

Statement BlockParser::read_with() {
  Opened opened = open();
  return {opened.byte, With{std::move(opened.header.contexts), std::move(opened.block)}};
}

Statement BlockParser::read_try() {
  Opened opened = open();
  bool has_handlers = false;
  while (next_is("except", opened.indentation)) {
    open();
    has_handlers = true;
  }
  Try read{std::move(opened.block), block_of_next("else", opened.indentation),
           block_of_next("finally", opened.indentation)};
  if (!has_handlers && read.last.body.empty() && !read.last.error) {
    throw ReadError(source_, opened.byte, "this try has neither except nor finally");
  }
  return {opened.byte, std::move(read)};
}

Statement BlockParser::read_definition() {
  const std::uint32_t byte = lines_[at].begin;
  if (++depth_ > kMostBlocks) {
    throw ReadError(source_, byte, fmt::format("blocks are nested more than {} deep", kMostBlocks),
                    "the inner def at the top level of the file");
  }
  auto function = std::make_shared<Function>(this->function(nullptr));
  --depth_;
  return {byte, Definition{std::move(function)}};
}

}  // namespace backstep::read
