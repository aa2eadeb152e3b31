// Somebody else's backward pass against the circuit's own: the first wrong line, why, and which
// probes would have hidden it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/check/cause.h"
#include "engine/describe.h"
#include "engine/read/inputs.h"

namespace backstep::check {

struct Finding {
  std::shared_ptr<const read::Source> source;  // null for values of an npz
  std::uint32_t line = 0;
  std::size_t byte = 0;  // of the expression in that line
  std::string name;      // as the student calls it
  std::string expected;  // as the circuit does...
  std::string formula;   // ... and how it makes it
  std::uint32_t station = 0;
  bool has_numbers = false;  // false where the shapes differ
  int row = 0;               // of the element that is furthest off
  int col = 0;
  Shape shape;  // of what is right
  double theirs = 0;
  double ours = 0;
  std::string shapes;  // "(4, 3) instead of (1, 3)", where they differ
  Diagnosis why;
};

enum class Outcome : std::uint8_t {
  kRight,  // every gradient that the circuit has was compared, and is right
  kWrong,
  kIncomplete,  // nothing is wrong, but not every gradient could be compared
};

struct Judgement {
  std::string forward;   // the functions that were held against each other; the second is empty...
  std::string backward;  // ... for values of an npz
  std::vector<Finding> findings;
  std::vector<std::string> hidden_by;  // "ones", "gamma=1", "sum(out**2)", "N=2"
  std::vector<std::string> shown_by;   // the other probes
  std::vector<std::string> notes;
  std::size_t lines = 0;              // that were compared...
  std::size_t results = 0;            // ... and the gradients among them
  std::vector<std::string> absent;    // gradients that it does not give
  std::vector<std::string> unjudged;  // ... and those that are nan in the circuit itself
  std::vector<std::string> ignored;   // what it gives besides, which is no value of the circuit
  bool is_file = false;               // values of an npz, not lines

  Outcome outcome() const {
    if (!findings.empty()) return Outcome::kWrong;
    return absent.empty() && unjudged.empty() ? Outcome::kRight : Outcome::kIncomplete;
  }
  bool right() const { return outcome() == Outcome::kRight; }
};

// "right", "wrong", "incomplete", as --json prints it.
std::string_view name_of(Outcome outcome);

struct JudgeOptions {
  std::string circuit;
  read::RunOptions run;  // its settings may name entries of dictionaries: bn_param.mode
};

// Throws Error for a file that cannot be read or does not belong to the circuit. Where the
// student's file is the circuit's own, its two functions are held against each other.
Judgement judge(Student student, const JudgeOptions& options);
// The two functions of a pair against each other.
Judgement judge_pair(Student student, const read::RunOptions& run);

// The same for values that were computed elsewhere, by their names. `names` says what the names of
// the file stand for, where they differ from the circuit's.
Judgement judge_values(const std::string& npz, const std::map<std::string, std::string>& names,
                       const JudgeOptions& options);

// Fills in the element that is furthest off, or the shapes where they differ.
void show_numbers(Finding& finding, ConstView theirs, ConstView right);

// "dvar is wrong: a factor 1/2 is missing"
std::string in_words(const Finding& finding, Language language);

// Everything that was found, as it is printed.
std::string report(const Judgement& judgement, Language language);

}  // namespace backstep::check
