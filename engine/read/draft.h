// A circuit while it is read: its graph, and the names that its nodes will get.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
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
  // The group that new nodes go into: one that is open is made when it is first asked for, so that
  // a turn of a loop without a step has none. Throws Error where there are too many.
  std::uint16_t group();
  void open_group(std::string name);
  std::size_t open_groups() const { return open_.size(); }
  // Closes those that were opened since there were so many.
  void close_groups(std::size_t count) { open_.resize(count); }
  // What the user should know of what was read.
  std::vector<std::string> notes;
  // Leaves whose numbers are known while reading.
  std::map<NodeId, Tensor> known;
  // Constants whose numbers come from outside, and are not known unless they stand in `known`.
  std::set<NodeId> outside;
  // Nodes that an index was made of.
  std::vector<NodeId> indices;
  // Leaves that were to be known, as an index, and are not: each element is to be below this.
  std::map<NodeId, std::int64_t> wanted;

  // The numbers of a node that hangs on known ones alone; nothing for others.
  std::optional<Tensor> numbers_of(NodeId node) const;
  // Whether that is so.
  bool is_known(NodeId node) const;
  // The leaves that keep it from being known.
  std::vector<NodeId> unknown_leaves(NodeId node) const;

  // A name of the text for this node; the last one that is given counts.
  void name(NodeId node, std::string_view name);
  // A name that is made up (`out_1`): one of the text goes before it.
  void name_step(NodeId node, std::string_view name);
  bool has_name(NodeId node) const;
  // Gives the names to the graph, each once.
  void give_names();
  // Leaves out of the graph, which has its names, what made an index alone, as the arange in
  // x[np.arange(N), y]. Says where each node is now; those to keep are.
  std::vector<NodeId> drop_indices(const std::vector<NodeId>& kept);
  // Leaves out of the graph what none of these is made of.
  std::vector<NodeId> keep_what_leads_to(const std::vector<NodeId>& kept);

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
      const ReadError here(*(*operands.begin())->source, byte, error.what());
      throw loses_side(operands) ? here : here.about_shapes();
    }
  }

 private:
  // Whether one operand is a reduction of another, as in x - x.mean(axis=1): arrays of other shapes
  // would fit by accident only.
  bool loses_side(std::initializer_list<const Operand*> operands) const;
  std::vector<NodeId> keep(const std::vector<bool>& is_kept);
  void check_size(const Operand& operand, std::size_t byte) const;
  void describe_by_text(std::initializer_list<const Operand*> operands);

  struct OpenGroup {
    std::string name;
    std::uint16_t group = 0;  // 0 until it is made
  };
  std::vector<OpenGroup> open_;
  struct Name {
    std::string text;
    bool of_step = false;
  };
  std::vector<Name> names_;
};

}  // namespace backstep::read
