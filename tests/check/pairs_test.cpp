// Which functions of a file belong together, by their names and by what they return.
#include "engine/check/pairs.h"

#include <doctest/doctest.h>

namespace backstep::check {
namespace {

using Strings = std::vector<std::string>;

read::Module module_of(const Strings& heads) {
  std::string text;
  for (const std::string& head : heads) text += "def " + head + ":\n    return x\n\n";
  return read::parse_module("my.py", text);
}

// "forward backward" of each pair.
Strings pairs_in(const read::Module& module) {
  Strings names;
  for (const Pair& pair : pairs_of(module).pairs) {
    names.push_back(pair.forward_name() + " " + pair.backward_name());
  }
  return names;
}

TEST_CASE("a backward function belongs to the forward function of its layer") {
  const read::Module module = module_of(
      {"relu_forward(x)", "conv_forward_naive(x)", "relu_backward(x)", "backward_conv(x)",
       "batchNormForward(x)", "batchnorm_backward_alt(x)", "gelu(x)", "dgelu(x)", "tanh(x)",
       "grad_tanh(x)", "pool_forward(x)", "drop_backward(x)", "numerical_gradient(f, x)"});
  CHECK(pairs_in(module) ==
        Strings{"relu_forward relu_backward", "conv_forward_naive backward_conv",
                "batchNormForward batchnorm_backward_alt", "gelu dgelu", "tanh grad_tanh"});
  const Pairs pairs = pairs_of(module);
  REQUIRE(pairs.only_forward.size() == 1);
  CHECK(pairs.only_forward[0]->name == "pool_forward");
  REQUIRE(pairs.only_backward.size() == 1);
  CHECK(pairs.only_backward[0]->name == "drop_backward");
}

TEST_CASE("the backward function for a circuit is found by its name") {
  const read::Module module =
      module_of({"batchnorm_backward_alt(x)", "spatial_batchnorm_backward(x)",
                 "batchnorm_backward(x)", "affine_backward(x)"});
  CHECK(backward_for(module, "batch_norm")->name == "batchnorm_backward");
  CHECK(others_for(module, "batch_norm", backward_for(module, "batch_norm")) ==
        Strings{"batchnorm_backward_alt"});
  CHECK(backward_for(module, "linear")->name == "affine_backward");
  CHECK(backward_for(module, "relu") == nullptr);
}

TEST_CASE("a function that returns its gradients is a pair by itself") {
  const read::Module module =
      read::parse_module("my.py",
                         "def loss(x, y):\n    return l, dx\n\ndef net(W):\n    return l, grads\n\n"
                         "def two(x):\n    return x, y\n");
  CHECK(pairs_in(module) == Strings{"loss loss", "net net"});
}

TEST_CASE("several results have upstream gradients of their own") {
  const read::Module module =
      read::parse_module("my.py",
                         "def cell_forward(x):\n    return next_h, next_c, cache\n\n"
                         "def cell_backward(dnext_h, dnext_c, cache):\n    return dx\n\n"
                         "def one_forward(x):\n    return out, cache\n\n"
                         "def one_backward(dout, cache):\n    return dx\n");
  const Pairs pairs = pairs_of(module);
  REQUIRE(pairs.pairs.size() == 2);
  const auto upstreams = upstreams_of(pairs.pairs[0]);
  REQUIRE(upstreams.size() == 2);
  CHECK(upstreams[1].parameter == "dnext_c");
  CHECK(upstreams[1].result == 1);
  CHECK(upstreams_of(pairs.pairs[1]).empty());
}

}  // namespace
}  // namespace backstep::check
