// The digits of the lessons: how many, of which size, and their order by a seed.
#include "lessons/digits.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace backstep::lessons {
namespace {

TEST_CASE("both sets are split as they say, and lie between 0 and 1") {
  for (const auto& [digits, training, held_out] :
       {std::tuple{mnist_digits(), 8000, 2000}, std::tuple{uci_digits(), 897, 900}}) {
    CHECK(digits.training.size() == training);
    CHECK(digits.held_out.size() == held_out);
    const auto [least, most] =
        std::minmax_element(digits.training.x.data().begin(), digits.training.x.data().end());
    CHECK(*least == 0);
    CHECK(*most == 1);
  }
}

TEST_CASE("a seed gives an order, and each sample keeps its label and its teacher") {
  train::Dataset data{Tensor({50, 2}), {}};
  data.teacher = Tensor({50, 1});
  for (int i = 0; i < 50; ++i) {
    data.x(i, 1) = (*data.teacher)(i, 0) = i;
    data.labels.push_back(i);
  }
  const train::Dataset one = shuffled(data, 1);
  CHECK(shuffled(data, 1).labels == one.labels);
  CHECK(shuffled(data, 2).labels != one.labels);
  CHECK(std::is_permutation(one.labels.begin(), one.labels.end(), data.labels.begin()));
  for (int i = 0; i < 50; ++i) {
    CHECK(one.x(i, 1) == one.labels[static_cast<std::size_t>(i)]);
    CHECK((*one.teacher)(i, 0) == one.labels[static_cast<std::size_t>(i)]);
  }
}

}  // namespace
}  // namespace backstep::lessons
