// What stands in the tables and pictures of the lesson.
#pragma once

#include "engine/say.h"

namespace backstep::lessons {

namespace label {

inline constexpr auto kOwnNote = Words(
    "\n**In this run `{0}` stands in place of batch norm** wherever nets are trained: in the "
    "tables and pictures of what moves and of deep stacks. {1} What is said there of batch norm by "
    "name is meant of batch norm itself.\n");
inline constexpr auto kMixes = Words("It mixes the samples of a batch, and keeps no statistics.");
inline constexpr auto kBySample = Words("It treats each sample by itself.");
inline constexpr auto kWhatReluGets = Words("what the ReLU gets");
inline constexpr auto kByOneStep = Words("layer {0}, moved by one step, %");
inline constexpr auto kByAllSteps = Words("layer {0}, from first to last, %");
inline constexpr auto kDeviationLast = Words("layer {0}, deviation at last");
inline constexpr auto kMeanLast = Words("layer {0}, mean at last");
inline constexpr auto kRight = Words("accuracy, %");
inline constexpr auto kLess = Words("less than");
inline constexpr auto kAsMuch = Words("about as much as");
inline constexpr auto kMore = Words("more than");
inline constexpr auto kApart = Words(
    "So a net can learn better although its inputs move no less in a step. Santurkar et al. (\"How "
    "does batch normalization help optimization?\", 2018) found the same, and see the gain in a "
    "smoother loss.");
inline constexpr auto kNotApart = Words(
    "In this run the two checks do not tell movement and learning apart. Santurkar et al. (\"How "
    "does batch normalization help optimization?\", 2018) do so in other nets, and see the gain in "
    "a smoother loss.");
inline constexpr auto kBatchNormOperations = Words("batch norm");
inline constexpr auto kWhiteningOperations = Words("whitening");
inline constexpr auto kMilliseconds = Words("{0}, ms");
inline constexpr auto kWeights = Words("net, scale");
inline constexpr auto kDeviationFactor = Words("deviation");
inline constexpr auto kGradientFactor = Words("gradient");
inline constexpr auto kRightAt = Words("at {0} layers, %");
inline constexpr auto kLearnsTo = Words("50% up to");
inline constexpr auto kNone = Words("none");
inline constexpr auto kLayer = Words("layer");
inline constexpr auto kLayerNumber = Words("layer {0}");
inline constexpr auto kStep = Words("step");
inline constexpr auto kStepNumber = Words("step {0}");
inline constexpr auto kValue = Words("what the ReLU gets");
inline constexpr auto kMoved = Words("moved by one step, % of the deviation");
inline constexpr auto kTurned = Words("change of the gradient, %");
inline constexpr auto kMean = Words("mean");
inline constexpr auto kDeviation = Words("deviation");
inline constexpr auto kPixel = Words("a pixel");
inline constexpr auto kNeighbour = Words("its right neighbour");
inline constexpr auto kRaw = Words("raw");
inline constexpr auto kStandardised = Words("standardised");
inline constexpr auto kWhitened = Words("whitened");
inline constexpr auto kFeatures = Words("features D");
inline constexpr auto kOperations = Words("operations for a batch of {0}");
inline constexpr auto kWhitening = Words("whitening");
inline constexpr auto kBiasOutside = Words("b, mean outside");
inline constexpr auto kBiasInside = Words("b, mean inside");
inline constexpr auto kLoss = Words("loss, both");
inline constexpr auto kInside = Words("mean inside the graph");
inline constexpr auto kOutside = Words("mean outside: a constant");
inline constexpr auto kDepth = Words("hidden layers");
inline constexpr auto kGradient = Words("size of dW1");
inline constexpr auto kAccuracy = Words("accuracy, %");

}  // namespace label

}  // namespace backstep::lessons
