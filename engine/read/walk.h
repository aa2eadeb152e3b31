// Walks over the syntax tree of a function.
#pragma once

#include <vector>

#include "engine/read/python_syntax.h"

namespace backstep::read {

template <typename Visit>
void walk(const Expression& expression, const Visit& visit);

template <typename Visit>
void walk_all(const std::vector<Expression>& expressions, const Visit& visit) {
  for (const Expression& expression : expressions) walk(expression, visit);
}

template <typename Visit>
void walk(const Expression& expression, const Visit& visit) {
  visit(expression);
  if (const auto* sequence = std::get_if<Sequence>(&expression.kind)) {
    walk_all(sequence->items, visit);
  } else if (const auto* pairs = std::get_if<Pairs>(&expression.kind)) {
    walk_all(pairs->items, visit);
  } else if (const auto* attribute = std::get_if<Attribute>(&expression.kind)) {
    walk(*attribute->base, visit);
  } else if (const auto* call = std::get_if<Call>(&expression.kind)) {
    walk(*call->function, visit);
    walk_all(call->arguments, visit);
  } else if (const auto* subscript = std::get_if<Subscript>(&expression.kind)) {
    walk(*subscript->base, visit);
    walk(*subscript->index, visit);
  } else if (const auto* slicing = std::get_if<Slicing>(&expression.kind)) {
    for (const auto* bound : {&slicing->start, &slicing->stop, &slicing->step}) {
      if (*bound != nullptr) walk(**bound, visit);
    }
  } else if (const auto* signs = std::get_if<Signs>(&expression.kind)) {
    walk(*signs->operand, visit);
  } else if (const auto* chain = std::get_if<Chain>(&expression.kind)) {
    walk(*chain->first, visit);
    for (const Term& term : chain->rest) walk(term.operand, visit);
  }
}

// Visits every expression of a function, and every assignment.
template <typename Visit, typename VisitAssignment>
void walk(const std::vector<Statement>& body, const Visit& visit,
          const VisitAssignment& visit_assignment) {
  for (const Statement& statement : body) {
    if (const auto* assignment = std::get_if<Assignment>(&statement.kind)) {
      visit_assignment(*assignment);
      walk_all(assignment->targets, visit);
      walk(assignment->value, visit);
    } else if (const auto* augmented = std::get_if<Augmented>(&statement.kind)) {
      walk(augmented->target, visit);
      walk(augmented->value, visit);
    } else if (const auto* back = std::get_if<Return>(&statement.kind)) {
      if (back->value) walk(*back->value, visit);
    } else if (const auto* evaluation = std::get_if<Evaluation>(&statement.kind)) {
      walk(evaluation->value, visit);
    } else if (const auto* branch = std::get_if<Branch>(&statement.kind)) {
      for (const Arm& arm : branch->arms) {
        if (arm.condition) walk(*arm.condition, visit);
        walk(arm.body, visit, visit_assignment);
      }
    }
  }
}

}  // namespace backstep::read
