// The functions of NumPy that make arrays of known numbers, and that move numbers about: each is a
// map of places.
#pragma once

#include "engine/read/bound_call.h"

namespace backstep::read {

// Of known numbers.
Value arange(const BoundCall& call);    // start stop step dtype
Value eye(const BoundCall& call);       // N M k dtype
Value identity(const BoundCall& call);  // n dtype
// np.array of a list.
Array array_of_items(const CallSite& site, const Operand& list);

// Several arrays in one: (arrays, axis), and (arrays).
Value concatenated(const BoundCall& call);
Value stacked(const BoundCall& call);
Value beside(const BoundCall& call);    // hstack
Value beneath(const BoundCall& call);   // vstack
Value appended(const BoundCall& call);  // arr values axis
Value split_up(const BoundCall& call);  // ary indices_or_sections axis

Value padded(const BoundCall& call);      // array pad_width mode constant_values
Value tiled(const BoundCall& call);       // A reps
Value repeated(const BoundCall& call);    // a repeats axis
Value flipped(const BoundCall& call);     // m axis
Value rolled(const BoundCall& call);      // a shift axis
Value diagonal(const BoundCall& call);    // v k
Value lower(const BoundCall& call);       // m k
Value upper(const BoundCall& call);       // m k
Value traced(const BoundCall& call);      // a
Value outer(const BoundCall& call);       // a b
Value summed_up(const BoundCall& call);   // a axis: cumsum
Value taken(const BoundCall& call);       // a indices axis
Value counted_in(const BoundCall& call);  // x weights minlength: bincount
// Of numbers that are known: where the first of the largest, or the smallest, stands.
Value place_of_most(const BoundCall& call);   // a axis: argmax
Value place_of_least(const BoundCall& call);  // a axis: argmin

}  // namespace backstep::read
