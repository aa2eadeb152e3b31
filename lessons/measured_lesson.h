// A lesson whose figures come from training: measured once, then told in a language as words,
// pictures, figures and a page.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/read/run.h"
#include "lessons/chart.h"
#include "lessons/lesson_text.h"
#include "lessons/options.h"
#include "lessons/seeds.h"

namespace backstep::lessons {

// What stands before the bar while a lesson measures.
inline constexpr auto kProgress = Words("training", "progress");

struct NamedChart {
  std::string stem;  // of its files: "rates" becomes rates.svg and rates.png
  Chart chart;
};

struct NamedCircuit {
  std::string stem;
  std::string dot;
};

// The lesson in one language.
struct Telling {
  Places places;
  std::vector<NamedChart> charts;
  std::vector<NamedCircuit> circuits;
};

struct Measured {
  Figures figures;         // all that the lesson claims
  bool is_broken = false;  // Ctrl-C came: the figures are those of fewer seeds
  std::function<Telling(Language)> tell;
};

struct MeasuredLesson {
  std::string folder;         // of its words: "03_batch_norm_training"
  std::string circuit;        // that --step and --page walk: its name, as in read::run_circuit
  read::RunOptions run = {};  // ... and its settings; the seed is that of the options
  std::vector<std::string> tells_of;  // the sections of the page: see LessonWords
  std::function<Measured()> measure;
};

// --step walks the circuit and measures nothing. Otherwise measures; prints the words and writes
// --json, so that nothing measured is lost; then draws the pictures that are asked for, and writes
// --out and --page. Gives the exit status: 0, or kInterrupted when Ctrl-C came after the first
// seed. Throws Error.
int give(const MeasuredLesson& lesson, const Options& options);

}  // namespace backstep::lessons
