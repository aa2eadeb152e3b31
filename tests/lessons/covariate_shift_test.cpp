// The lesson on covariate shift, run as a learner runs it: what it claims must follow from what a
// short run measured, where it follows exactly.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/read/run.h"
#include "lessons/measure.h"
#include "lessons/rerun.h"
#include "lessons/subprocess.h"
#include "tests/sanitized.h"

namespace backstep::lessons {
namespace {

namespace fs = std::filesystem;

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_covariate_shift";

// The figures of a quick run with more arguments.
nlohmann::json figures(std::vector<std::string> more) {
  std::string folder = (fs::temp_directory_path() / "backstep-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const fs::path file = fs::path(folder) / "figures.json";
  std::vector<std::string> command = {kProgram, "--quick", "--json", file};
  command.insert(command.end(), more.begin(), more.end());
  output_of(command, "", "");
  nlohmann::json json = nlohmann::json::parse(std::ifstream(file));
  fs::remove_all(folder);
  return json;
}

const nlohmann::json& plain_figures() {
  static const nlohmann::json json = figures({});
  return json;
}

double mean_of(const nlohmann::json& json, const std::string& name) {
  CAPTURE(name);
  REQUIRE(json.contains(name));
  return json.at(name).at("mean").get<double>();
}

// Additions, multiplications, divisions and roots, counted one by one.
std::size_t counted_whitening(std::size_t samples, std::size_t features) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < features; ++i) {
    count += samples + samples;                                       // mean; difference
    for (std::size_t j = 0; j <= i; ++j) count += samples + samples;  // products; sum and quotient
    ++count;                                                          // epsilon
  }
  for (std::size_t column = 0; column < features; ++column) {
    for (std::size_t row = column; row < features; ++row) {
      for (std::size_t before = 0; before < column; ++before) count += 2;
      ++count;  // a root on the diagonal, a quotient below it
    }
  }
  for (std::size_t sample = 0; sample < samples; ++sample) {
    for (std::size_t i = 0; i < features; ++i) {
      for (std::size_t before = 0; before < i; ++before) count += 2;
      ++count;
    }
  }
  return count;
}

TEST_CASE("the bias grows outside and stands still inside, exactly" *
          doctest::skip(tests::kSanitized)) {
  const nlohmann::json& json = plain_figures();
  CHECK(mean_of(json, "bias.inside") == 0);
  CHECK(json.at("bias.inside").at("spread").get<double>() == 0);
  CHECK(json.at("bias.inside").at("seeds").get<int>() > 1);
  CHECK(mean_of(json, "bias.outside") > 0);
  CHECK(mean_of(json, "bias.outside_loss_change") == 0);
  CHECK(mean_of(json, "bias.inside_loss_change") == 0);
  CHECK(mean_of(json, "bias.loss") > 0);
}

TEST_CASE("the circuits: inside, the two ways back to the bias cancel; outside, one is missing") {
  read::RunOptions options;
  options.set = {{"x", "arange(8).reshape(4,2) / 8"},
                 {"b", "[[0.5, -3]]"},
                 {"target", "[[1, 2], [0, 5], [0, -7], [1, 0.25]]"}};
  const Trace inside = read::run_circuit("centring", options).trace;
  options.set.emplace_back("mu", "[[0.875, -2.5]]");
  const Trace outside = read::run_circuit("centring_outside", options).trace;
  CHECK(largest_difference(value(inside, "loss"), value(outside, "loss")) == 0);
  const Tensor straight = column_sums(value(inside, "du1"));
  CHECK(largest_difference(value(outside, "db"), straight) == 0);
  for (int col = 0; col < 2; ++col) {
    CHECK(value(inside, "db")(0, col) == 0);
    CHECK(value(inside, "dmu")(0, col) == -straight(0, col));
    CHECK(straight(0, col) != 0);
  }
}

TEST_CASE("the words say what the graph of the mean inside is rewritten to" *
          doctest::skip(tests::kSanitized)) {
  const std::string words = output_of({kProgram, "--quick"}, "", "");
  CHECK(words.find("db = np.sum(du, axis=0) → db = np.broadcast_to(0, (3,)): what is left of a") !=
        words.npos);
}

TEST_CASE("standardising keeps the correlation, whitening takes it away" *
          doctest::skip(tests::kSanitized)) {
  const nlohmann::json& json = plain_figures();
  CHECK(mean_of(json, "correlation.raw") > 0.3);
  CHECK(mean_of(json, "correlation.standardised") ==
        doctest::Approx(mean_of(json, "correlation.raw")).epsilon(1e-9));
  CHECK(std::abs(mean_of(json, "correlation.whitened")) < 1e-3);  // epsilon leaves a trace
}

TEST_CASE("the operations of whitening are those that are counted one by one" *
          doctest::skip(tests::kSanitized)) {
  const nlohmann::json& json = plain_figures();
  constexpr std::size_t kSamples = 256;
  for (const std::size_t features : {4, 16, 64, 256}) {
    const std::string name = "features_" + std::to_string(features);
    CHECK(mean_of(json, name + ".whitening_operations") ==
          static_cast<double>(counted_whitening(kSamples, features)));
    CHECK(mean_of(json, name + ".batch_norm_operations") ==
          static_cast<double>(features * (5 * kSamples + 3)));
    CHECK(mean_of(json, name + ".whitening_seconds") > 0);
  }
}

TEST_CASE("weights four times as large: the signal is 4 times as large at each layer" *
          doctest::skip(tests::kSanitized)) {
  const nlohmann::json& json = plain_figures();
  for (const int depth : {1, 5, 15}) {
    const std::string name = "depth_" + std::to_string(depth);
    CHECK(mean_of(json, name + ".x2.without.deviation") ==
          doctest::Approx(std::pow(4, depth) * mean_of(json, name + ".x0.5.without.deviation"))
              .epsilon(1e-12));
    CHECK(mean_of(json, name + ".x2.with.deviation") == doctest::Approx(1).epsilon(1e-3));
  }
}

TEST_CASE("batch norm holds the mean and the deviation of what a ReLU gets" *
          doctest::skip(tests::kSanitized)) {
  const nlohmann::json& json = plain_figures();
  CHECK(std::abs(mean_of(json, "layer_3.mean_first.with")) < 1e-12);
  CHECK(mean_of(json, "layer_3.deviation_first.with") == doctest::Approx(1).epsilon(1e-3));
  CHECK(mean_of(json, "layer_3.moved.with") < mean_of(json, "layer_3.moved.without"));
}

TEST_CASE("a normaliser of one's own stands in place of batch norm" *
          doctest::skip(tests::kSanitized)) {
  const nlohmann::json json = figures({"--norm", "layer_norm"});
  // The same rule but for its epsilon.
  for (const std::string name : {"layer_1.moved", "layer_3.far", "layer_2.turned"}) {
    CHECK(mean_of(json, name + ".with") ==
          doctest::Approx(mean_of(json, name + ".layer_norm")).epsilon(0.02));
    CHECK(mean_of(json, name + ".without") == mean_of(plain_figures(), name + ".without"));
  }
  const std::string words = output_of({kProgram, "--quick", "--norm", "rms_norm"}, "", "");
  CHECK(words.find("rms_norm stands in place of batch norm") != words.npos);
}

TEST_CASE("a file that is no normaliser is refused before anything is measured") {
  CHECK_THROWS_WITH_AS(
      output_of({kProgram, "--norm", "relu"}, "", ""),
      doctest::Contains("ended with status 2: --norm relu: this is no normaliser: for 10 * x it "
                        "gives numbers that differ by up to "),
      Error);
  CHECK_THROWS_WITH_AS(
      output_of({kProgram, "--norm", "linear"}, "", ""),
      doctest::Contains("ended with status 2: --norm linear: this is no normaliser: it asks for W; "
                        "a normaliser gets its x, gamma and beta, and all else needs a default"),
      Error);
}

TEST_CASE("the deviation is taken from the mean") {
  Tensor values({2, 2}, 5);
  CHECK(deviation(values) == 0);
  values(0, 0) = values(0, 1) = 7;
  CHECK(deviation(values) == 1);
}

}  // namespace
}  // namespace backstep::lessons
