// A learner's own normaliser: a NumPy function of x, gamma and beta that stands in a net in place
// of batch norm.
#pragma once

#include <string>

#include "engine/train/net.h"

namespace backstep::lessons {

struct OwnNormaliser {
  std::string name;  // of the function
  train::Normaliser rule;
  bool mixes_samples = false;  // does one sample of a batch change what comes out for another?
};

// `circuit` is FILE.py (its last function), FILE.py:name or the name of a built-in circuit: its
// first parameter is x; gamma and beta, where it has them, are rows to be learnt, and all others
// need a default. Throws Error, with the reason, for what is no normaliser: what cannot be read,
// gives another shape than that of x, lets the scale of x through, or lets no gradient through.
OwnNormaliser read_normaliser(const std::string& circuit);

}  // namespace backstep::lessons
