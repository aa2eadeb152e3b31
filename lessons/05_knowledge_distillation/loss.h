// The distillation loss as a circuit, run with the scores of real digits.
#pragma once

#include <vector>

#include "engine/trace.h"
#include "study.h"

namespace backstep::lessons {

// The circuit for the first held-out digits: the ensemble teaches a student that knows nothing yet.
Trace distillation_circuit(const Results& results, double temperature, double alpha);

// The size of dscores (root mean square) at one temperature.
struct GradientSizes {
  double temperature = 0;
  double plain = 0;   // of the teacher's part without T**2
  double scaled = 0;  // and with it
};

// Of the labels' part, which no temperature changes.
double label_gradient(const Results& results);
std::vector<GradientSizes> gradient_sizes(const Results& results);

// The logarithm of the smaller of two probabilities, whose scores are so far apart.
struct TwoLogarithms {
  double gap = 800;
  double naive = 0;  // np.log(power / total)
  double safe = 0;   // shifted - np.log(total), as the circuit has it
};
TwoLogarithms two_logarithms();

}  // namespace backstep::lessons
