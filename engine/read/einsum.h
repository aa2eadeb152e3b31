// np.einsum and torch.einsum, of one or two arrays.
#pragma once

#include "engine/read/bound_call.h"

namespace backstep::read {

// (subscripts, operands): 'ij,jk->ik'. Throws ReadError.
Value einsum(const BoundCall& call);

}  // namespace backstep::read
