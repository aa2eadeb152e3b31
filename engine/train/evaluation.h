// A trained net in use: its scores for given samples, and how good they are.
#pragma once

#include <vector>

#include "engine/train/dataset.h"
#include "engine/train/net.h"

namespace backstep::train {

// The values before the softmax, a row a sample; batch norm by its running statistics.
Tensor scores(const NetShape& shape, const Parameters& parameters, ConstView x);

// softmax(scores / temperature), row by row.
Tensor softmax(ConstView scores, double temperature = 1);

// The class with the highest score, for each row.
std::vector<int> predict(const NetShape& shape, const Parameters& parameters, ConstView x);

// The share of samples whose class is predicted.
double accuracy(const NetShape& shape, const Parameters& parameters, const Dataset& data);

// The mean cross-entropy of the labels.
double mean_loss(const NetShape& shape, const Parameters& parameters, const Dataset& data);

}  // namespace backstep::train
