// Checks of a recorded run that hold by themselves: sums that must vanish, slopes that were
// measured, numbers that must be finite.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/say.h"
#include "engine/trace.h"

namespace backstep::page {

struct PageCheck {
  bool passed = true;
  Saying says;     // what is checked
  Saying numbers;  // what came out
};

std::vector<PageCheck> page_checks(const Trace& trace, const Ledger& ledger,
                                   const std::map<NodeId, Tensor>& slopes);

}  // namespace backstep::page
