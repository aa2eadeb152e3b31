// A circuit while it is read: its graph, and the names that its nodes will get.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph.h"
#include "engine/read/value.h"

namespace backstep::read {

// The most nodes that one function may become.
inline constexpr std::size_t kMostNodes = 2'000'000;

class Draft {
 public:
  Graph graph;
  // The group that new nodes go into.
  std::uint16_t group = 0;
  // What the user should know of what was read.
  std::vector<std::string> notes;

  // A name of the text for this node; the last one that is given counts.
  void name(NodeId node, std::string_view name);
  // A name that is made up (`out_1`): one of the text goes before it.
  void name_step(NodeId node, std::string_view name);
  bool has_name(NodeId node) const;
  // Gives the names to the graph, each once.
  void give_names();

  // What `make` makes of these operands. Where it throws Error, as primitives do for shapes that do
  // not fit, the error is thrown anew with the operands' own words, at `byte` of their source.
  template <typename Make>
  Var make(std::initializer_list<const Operand*> operands, std::size_t byte, Make make) {
    try {
      const Var var = make();
      check_size(**operands.begin(), byte);
      return var;
    } catch (const ReadError&) {
      throw;
    } catch (const Error&) {
      describe_by_text(operands);
    }
    try {
      return make();
    } catch (const Error& error) {
      throw ReadError(*(*operands.begin())->source, byte, error.what()).about_shapes();
    }
  }

 private:
  void check_size(const Operand& operand, std::size_t byte) const;
  void describe_by_text(std::initializer_list<const Operand*> operands);

  struct Name {
    std::string text;
    bool of_step = false;
  };
  std::vector<Name> names_;
};

}  // namespace backstep::read
