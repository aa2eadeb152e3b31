// Every pair of functions in a file, each forward function against its own backward function.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/check/judge.h"
#include "engine/check/probes.h"

namespace backstep::check {

struct PairVerdict {
  Pair pair;
  std::optional<Judgement> judgement;  // none where it could not be judged...
  std::string error;                   // ... and why
};

struct FileVerdict {
  Subject file;  // owns the functions of the pairs
  std::vector<PairVerdict> pairs;
  std::vector<std::string> only_forward;   // functions whose backward function the file lacks...
  std::vector<std::string> only_backward;  // ... and the other way round

  bool has_wrong() const;
  bool has_unjudged() const;    // a pair that could not be judged...
  bool has_incomplete() const;  // ... and one of which a gradient is missing
};

// `file` is FILE.py, or FILE.py:function for the pairs of that function. What one function needs
// does not hinder another. Throws Error for a file that cannot be read or has no pair.
FileVerdict judge_file(const std::string& file, const std::map<std::string, std::string>& names,
                       const read::RunOptions& options);

// A line for each pair, and below it what is wrong.
std::string report(const FileVerdict& verdict, Language language);

}  // namespace backstep::check
