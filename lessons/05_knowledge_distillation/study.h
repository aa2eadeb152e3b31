// What the lesson measures: teachers, their ensemble, and students that learn from labels, from the
// ensemble, or from both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/digits.h"
#include "lessons/seeds.h"

namespace backstep::lessons {

struct Settings {
  std::size_t seeds = 5;
  int training = 8000;
  int teacher_epochs = 5;
  int few = 500;  // samples of the students that see few
  int few_epochs = 60;
  int many_epochs = 8;
  double temperature = 4;
  double alpha = 0.9;       // the weight of the teacher's part
  std::uint32_t seed = 50;  // the first
};

Settings settings(bool quick, std::uint32_t seed);

// The hidden layers of the ensemble's members: other structures, and other seeds each.
const std::vector<std::vector<int>>& members();
// With the inputs in front and the classes behind.
std::vector<int> widths(const std::vector<int>& hidden);
// Of one digit through a net of such widths.
std::size_t multiply_adds(const std::vector<int>& widths);

inline constexpr int kStudentHidden = 16;
inline constexpr int kTinyHidden = 8;

// The temperatures and the weights that are tried, all else being equal.
inline constexpr double kTemperatures[] = {1, 2, 4, 8, 16};
inline constexpr double kAlphas[] = {0, 0.3, 0.6, 0.9, 1};
std::string temperature_name(double temperature);  // "temperature.4"
std::string alpha_name(double alpha);              // "alpha.0.9"

struct Results {
  std::size_t seeds = 0;  // that were whole
  // Accuracies on the held-out digits: "teacher", "ensemble", "student_500.soft", ...
  Figures figures;
  // Of the first seed, for a closer look; `teacher` holds the ensemble's scores.
  Digits digits;
  Tensor student_scores;  // of the first held-out digits, by a student that has learnt nothing
};

// Teachers, then students, side by side on all cores. `what` stands beside the progress bar.
Results measure(const Settings& settings, std::string_view what);

}  // namespace backstep::lessons
