// A learner's own normaliser: the built-in ones pass, a file that is none is refused with its
// reason, and what is grown into a net gives the function's own numbers.
#include "lessons/normaliser.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/evaluate.h"
#include "engine/read/numpy_random.h"
#include "engine/train/trainer.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

namespace fs = std::filesystem;

// A file with this function, gone at the end of the test.
class File {
 public:
  explicit File(const std::string& text) {
    std::string name = (fs::temp_directory_path() / "backstep-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::ofstream(path()) << "import numpy as np\n" << text;
  }
  ~File() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::string path() const { return (folder_ / "mine.py").string(); }

 private:
  fs::path folder_;
};

void check_refused(const std::string& circuit, const char* reason) {
  CHECK_THROWS_WITH_AS(read_normaliser(circuit), doctest::Contains(reason), Error);
}

TEST_CASE("the built-in normalisers are some, and batch norm alone mixes the samples") {
  for (const char* name : {"batch_norm", "layer_norm", "rms_norm"}) {
    CAPTURE(name);
    const OwnNormaliser own = read_normaliser(name);
    CHECK(own.name == name);
    CHECK(own.mixes_samples == (own.name == "batch_norm"));
  }
}

TEST_CASE("what is grown into a net gives the numbers of layer norm") {
  const OwnNormaliser own = read_normaliser("layer_norm");
  const Shape shape = {7, 4};
  Graph graph;
  const Var x = graph.leaf(Role::kInput, shape, "x");
  const Var gamma = graph.leaf(Role::kParameter, {shape.cols()}, "gamma");
  const Var beta = graph.leaf(Role::kParameter, {shape.cols()}, "beta");
  const Var mine = own.rule(x, gamma, beta);
  const Var theirs = train::layer_norm(1e-6)(x, gamma, beta);
  read::LegacyRandom random(3);
  Values values;
  for (const Var leaf : {x, gamma, beta}) values.emplace(leaf.id(), random.randn(leaf.shape()));
  const NodeId nodes[] = {mine.id(), theirs.id()};
  const Trace trace = evaluate(std::move(graph), values);
  CHECK(largest_difference(trace.value(nodes[0]), trace.value(nodes[1])) < 1e-12);
}

TEST_CASE("a net trains with rms_norm, which has no beta") {
  train::NetShape shape{{4, 6, 3}};
  shape.normaliser = read_normaliser("rms_norm").rule;
  train::TrainOptions options;
  options.batch = 5;
  options.compile = false;
  train::Trainer trainer(shape, options);
  const Tensor x = read::LegacyRandom(1).randn(Shape{5, 4});
  const std::vector<int> labels = {0, 1, 2, 0, 1};
  const double first = trainer.step(x, labels);
  for (int i = 0; i < 30; ++i) trainer.step(x, labels);
  CHECK(trainer.step(x, labels) < first);
  const Tensor beta = trainer.parameters().at("beta1");
  CHECK(largest(beta) == 0);
}

TEST_CASE("a function of a learner's own, with a default and without gamma") {
  const File file(
      "def mine(x, eps=1e-6):\n"
      "    return x / np.sqrt(np.mean(x**2, axis=0) + eps)\n");
  const OwnNormaliser own = read_normaliser(file.path());
  CHECK(own.name == "mine");
  CHECK(own.mixes_samples);
}

TEST_CASE("a gamma or beta that is asked for and not used is no harm") {
  const File file(
      "def mine(x, gamma, beta):\n"
      "    return gamma * (x / np.sqrt(np.mean(x**2, axis=1, keepdims=True) + 1e-8))\n");
  train::NetShape shape{{4, 6, 3}};
  shape.normaliser = read_normaliser(file.path()).rule;
  train::TrainOptions options;
  options.batch = 5;
  options.compile = false;
  train::Trainer trainer(shape, options);
  trainer.step(read::LegacyRandom(1).randn(Shape{5, 4}), std::vector<int>{0, 1, 2, 0, 1});
  CHECK(largest(trainer.parameters().at("beta1")) == 0);
  CHECK(trainer.parameters().at("gamma1")(0, 0) != 1);
}

TEST_CASE("what is no normaliser is refused with its reason") {
  check_refused("relu", "for 10 * x it gives numbers that differ by up to");
  check_refused("linear", "it asks for W");
  check_refused("softmax_cross_entropy", "it asks for y");
  check_refused("/nowhere/mine.py", "/nowhere/mine.py");
  check_refused(File("def mine(x):\n    return np.mean(x, axis=0, keepdims=True)\n").path(),
                "for an x of (6, 5) it gives (1, 5), not the shape of x");
  check_refused(File("def mine(x):\n    return x - x\n").path(), "the same for every x");
  check_refused(File("def mine(x):\n    return np.sign(x)\n").path(), "no gradient flows");
  check_refused(File("def mine(x):\n"
                     "    return 1e6 * x / np.sqrt(np.mean(x**2, axis=1, keepdims=True))\n")
                    .path(),
                "for random numbers it gives numbers up to");
  check_refused(File("def mine(x)\n    return x\n").path(), "mine.py");
}

}  // namespace
}  // namespace backstep::lessons
