// The gradients that somebody wrote by hand in the cells of a notebook, or at the top level of a
// script, below the forward lines that they belong to.
#pragma once

#include <string>
#include <vector>

#include "engine/check/judge.h"

namespace backstep::check {

struct CellsVerdict {
  std::string result;  // the loss that the forward lines make
  Judgement judgement;
};

// Whether the file holds a loss and gradients by hand behind it. Throws Error for what cannot be
// read.
bool has_cells(const std::string& file);

// Holds each gradient dNAME against that of NAME: one verdict for each loss. Throws Error for
// forward lines that cannot be read.
std::vector<CellsVerdict> judge_cells(const std::string& file, const read::RunOptions& options);

}  // namespace backstep::check
