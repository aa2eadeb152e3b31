// The stepper as one page: a file that opens from disk, asks no network for anything, and replays
// the record of a run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/tensor.h"
#include "engine/trace.h"

namespace backstep::page {

// A part of a lesson's text beside the circuit, and the nodes whose events it tells of.
struct PageSection {
  std::vector<std::string> titles;  // in each language, as languages() has them
  std::vector<std::string> htmls;   // of our own making: they go into the page as they are
  std::vector<NodeId> nodes;
};

struct PageOptions {
  std::string circuit;  // its name, in the title and in names of files that are saved
  std::vector<NodeId> outputs;
  Language language;               // that the page opens in; a button switches
  std::vector<std::string> notes;  // what the user should know of this run
  std::string source;              // its NumPy text, if there is any
  // Slopes that were measured: for the elements of a node, how sum(upstream * output) moves with
  // each, by finite differences. NaN where none was taken.
  std::map<NodeId, Tensor> slopes;
  std::vector<PageSection> sections;
};

// Of values with more numbers than a page should hold it holds this many rows and columns (the
// first and the last), with the statistics of all; 0 where it holds everything.
int page_window(const Trace& trace);

std::string page_html(const Trace& trace, const PageOptions& options);

}  // namespace backstep::page
