// A walk over the syntax tree: every expression of a text, and every assignment.
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "engine/read/python_syntax.h"

namespace backstep::read {

namespace walking {

// What each kind of expression is made of.
template <typename Visit>
struct Parts {
  const Visit& visit;

  void all(const std::vector<Expression>& expressions) const {
    for (const Expression& expression : expressions) visit(expression);
  }
  void one(const std::unique_ptr<Expression>& expression) const {
    if (expression != nullptr) visit(*expression);
  }

  void operator()(const Number&) const {}
  void operator()(const Text&) const {}
  void operator()(const Constant&) const {}
  void operator()(const Name&) const {}
  void operator()(const Sequence& sequence) const { all(sequence.items); }
  void operator()(const Pairs& pairs) const { all(pairs.items); }
  void operator()(const Attribute& attribute) const { one(attribute.base); }
  void operator()(const Call& call) const {
    one(call.function);
    all(call.arguments);
  }
  void operator()(const Subscript& subscript) const {
    one(subscript.base);
    one(subscript.index);
  }
  void operator()(const Slicing& slicing) const {
    one(slicing.start);
    one(slicing.stop);
    one(slicing.step);
  }
  void operator()(const Signs& signs) const { one(signs.operand); }
  void operator()(const Chain& chain) const {
    one(chain.first);
    for (const Term& term : chain.rest) visit(term.operand);
  }
  void operator()(const Formatted& formatted) const {
    for (const FormatPart& part : formatted.parts) one(part.value);
  }
  void operator()(const Starred& starred) const { one(starred.operand); }
  void operator()(const Conditional& conditional) const { all(conditional.parts); }
  void operator()(const Logic& logic) const { all(logic.operands); }
  void operator()(const Negation& negation) const { one(negation.operand); }
  // The body of a lambda is a text of its own.
  void operator()(const Lambda&) const {}
  void operator()(const Comprehension& comprehension) const {
    for (const Clause& clause : comprehension.clauses) {
      visit(clause.target);
      visit(clause.iterable);
      all(clause.conditions);
    }
    all(comprehension.element);
  }
};

}  // namespace walking

template <typename Visit>
void walk(const Expression& expression, const Visit& visit) {
  visit(expression);
  const auto deeper = [&](const Expression& part) { walk(part, visit); };
  std::visit(walking::Parts<decltype(deeper)>{deeper}, expression.kind);
}

template <typename Visit, typename VisitAssignment>
void walk(const std::vector<Statement>& body, const Visit& visit,
          const VisitAssignment& visit_assignment);

namespace walking {

// What each kind of statement is made of. Defs within a def are walked, too.
template <typename Visit, typename VisitAssignment>
struct StatementParts {
  const Visit& visit;
  const VisitAssignment& visit_assignment;

  void one(const Expression& expression) const { walk(expression, visit); }
  void all(const std::vector<Expression>& expressions) const {
    for (const Expression& expression : expressions) one(expression);
  }
  void block(const Block& lines) const { walk(lines.body, visit, visit_assignment); }

  void operator()(const Assignment& assignment) const {
    visit_assignment(assignment);
    all(assignment.targets);
    one(assignment.value);
  }
  void operator()(const Augmented& augmented) const {
    one(augmented.target);
    one(augmented.value);
  }
  void operator()(const Return& result) const {
    if (result.value) one(*result.value);
  }
  void operator()(const Evaluation& evaluation) const { one(evaluation.value); }
  void operator()(const Skipped&) const {}
  void operator()(const Branch& branch) const {
    for (const Arm& arm : branch.arms) {
      if (arm.condition) one(*arm.condition);
      block(arm);
    }
  }
  void operator()(const For& loop) const {
    one(loop.target);
    one(loop.iterable);
    block(loop.block);
    block(loop.otherwise);
  }
  void operator()(const While& loop) const {
    one(loop.condition);
    block(loop.block);
    block(loop.otherwise);
  }
  void operator()(const Break&) const {}
  void operator()(const Continue&) const {}
  void operator()(const With& with) const {
    for (const Context& context : with.contexts) one(context.value);
    block(with.block);
  }
  void operator()(const Try& tried) const {
    block(tried.block);
    block(tried.otherwise);
    block(tried.last);
  }
  void operator()(const Definition& definition) const {
    walk(definition.function->body, visit, visit_assignment);
  }
  void operator()(const Raise&) const {}
  void operator()(const Delete& deleted) const { all(deleted.targets); }
};

}  // namespace walking

// Visits every expression of these lines, and every assignment.
template <typename Visit, typename VisitAssignment>
void walk(const std::vector<Statement>& body, const Visit& visit,
          const VisitAssignment& visit_assignment) {
  const walking::StatementParts<Visit, VisitAssignment> parts{visit, visit_assignment};
  for (const Statement& statement : body) std::visit(parts, statement.kind);
}

}  // namespace backstep::read
