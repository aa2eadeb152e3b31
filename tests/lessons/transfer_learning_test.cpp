// The lesson on transfer learning: the figures that it claims, what freezing saves, and a learner's
// own files, good and bad.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text.h"
#include "engine/train/trainer.h"
#include "lessons/digits.h"
#include "lessons/subprocess.h"
#include "tests/sanitized.h"

namespace backstep::lessons {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_transfer_learning";
// What gzip makes of no bytes at all.
constexpr std::string_view kPackedNothing("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", 20);
constexpr const char* kWays[] = {"scratch", "finetune", "lower", "head"};

// A new folder, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "backstep-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Gives the path of the new file.
  std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return (path_ / name).string();
  }
  fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// What the program prints, on one line, and the figures that it writes.
struct Told {
  std::string words;
  json figures;
};

Told told(const Folder& folder, const std::vector<std::string>& options) {
  std::vector<std::string> command = {kProgram, "--quick", "--json", folder / "figures.json"};
  command.insert(command.end(), options.begin(), options.end());
  std::string words = output_of(command, "", "");
  std::replace(words.begin(), words.end(), '\n', ' ');
  return {std::move(words), json::parse(content(folder / "figures.json"))};
}

void check_groups(const json& figures, const std::vector<int>& amounts) {
  for (const char* set : {"similar", "different"}) {
    for (const int amount : amounts) {
      for (const char* way : kWays) {
        const std::string name = fmt::format("{}_{}.{}", set, amount, way);
        CAPTURE(name);
        REQUIRE(figures.contains(name));
        CHECK(figures[name].at("mean") >= 0);
        CHECK(figures[name].at("mean") <= 1);
        CHECK(figures[name].at("spread") >= 0);
        CHECK(figures[name].at("seeds") > 1);
      }
    }
  }
}

double mean(const json& figures, const std::string& name) { return figures.at(name).at("mean"); }

// Samples of so many features: the class is told by the first.
std::string csv(int samples, int features, int classes) {
  std::string text;
  for (int i = 0; i < samples; ++i) {
    const int label = i % classes;
    for (int k = 0; k < features; ++k) {
      text += fmt::format("{},", k == 0 ? 10 * label + i % 3 : (7 * i + 5 * k) % 11);
    }
    text += fmt::format("{}\n", label);
  }
  return text;
}

std::string big_endian(unsigned number) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

// Each image is as bright as its class is high.
std::string idx_images(unsigned samples, unsigned side, unsigned classes) {
  std::string bytes = big_endian(2051) + big_endian(samples) + big_endian(side) + big_endian(side);
  for (unsigned i = 0; i < samples * side * side; ++i) {
    bytes += static_cast<char>(20 * (i / (side * side) % classes) + i % 5);
  }
  return bytes;
}

std::string idx_labels(unsigned samples, unsigned classes) {
  std::string bytes = big_endian(2049) + big_endian(samples);
  for (unsigned i = 0; i < samples; ++i) bytes += static_cast<char>(i % classes);
  return bytes;
}

void check_refused(const std::vector<std::string>& options, const std::string& text) {
  CAPTURE(text);
  std::vector<std::string> command = {kProgram, "--quick"};
  command.insert(command.end(), options.begin(), options.end());
  CHECK_THROWS_WITH_AS(output_of(command, "", ""),
                       doctest::Contains(("ended with status 2: " + text).c_str()), Error);
}

TEST_CASE("every figure that is promised is there, and frozen layers still serve the source" *
          doctest::skip(tests::kSanitized)) {
  const Folder folder;
  const json figures = told(folder, {}).figures;
  check_groups(figures, {20, 100, 897});
  for (const char* batch : {"10", "2"}) {
    CAPTURE(batch);
    CHECK_EQ(mean(figures, fmt::format("frozen_{}.source", batch)), mean(figures, "source"));
    CHECK_NE(mean(figures, fmt::format("following_{}.source", batch)), mean(figures, "source"));
  }
  CHECK(mean(figures, "source") > mean(figures, "as_it_is.similar"));
}

TEST_CASE("freezing takes nodes and multiply-adds out of the step" *
          doctest::skip(tests::kSanitized)) {
  const Folder folder;
  const json figures = told(folder, {}).figures;
  const std::vector<int> widths = {64, 100, 100, 10};
  constexpr int kBatch = 64;
  for (int frozen = 0; frozen <= 2; ++frozen) {
    CAPTURE(frozen);
    train::TrainOptions options;
    options.batch = kBatch;
    options.frozen = {frozen, frozen};
    options.compile = false;
    options.optimizer = train::Sgd{0.01, 0.9, 1e-4};
    options.schedule = train::cosine_decay(0.01, 1);
    const train::Trainer trainer({widths}, options);
    const PlanSummary& summary = trainer.plan().summary();
    const std::string step = fmt::format("step_{}", frozen);
    CHECK_EQ(mean(figures, step + ".nodes"), summary.nodes_before);
    CHECK_EQ(mean(figures, step + ".multiply_adds"), summary.multiply_adds);
    // Forward every layer; back, the weights of those that learn, and the values between them.
    double products = 0;
    for (int layer = 0; layer < 3; ++layer) {
      const std::size_t at = static_cast<std::size_t>(layer);
      const int times = 1 + (layer >= frozen ? 1 : 0) + (layer > frozen ? 1 : 0);
      products += static_cast<double>(times) * kBatch * widths[at] * widths[at + 1];
    }
    CHECK_EQ(summary.multiply_adds, products);
    if (frozen > 0) {
      const std::string before = fmt::format("step_{}", frozen - 1);
      CHECK(mean(figures, step + ".nodes") < mean(figures, before + ".nodes"));
    }
  }
}

TEST_CASE("a learner's own CSV: the names of the figures follow its size" *
          doctest::skip(tests::kSanitized)) {
  const Folder folder;
  const std::string source = folder.write("big.csv", csv(90, 3, 3));
  const std::string target = folder.write("mine.csv", "a,b,c,label\n" + csv(50, 3, 4));
  const Told lesson = told(folder, {"--source", source, "--target", target});
  check_groups(lesson.figures, {20, 25});
  CHECK(!lesson.figures.contains("similar_100.scratch"));
  CHECK(lesson.figures.contains("different_25.early"));
  CHECK(lesson.words.find("mine.csv, with 25 samples to learn from") != std::string::npos);
  CHECK(lesson.words.find("The target has 4 classes and the source 3") != std::string::npos);
}

TEST_CASE("a learner's own IDX images, with their labels beside them" *
          doctest::skip(tests::kSanitized)) {
  const Folder folder;
  const std::string target = folder.write("my-images-idx3-ubyte", idx_images(16, 8, 2));
  folder.write("my-labels-idx1-ubyte", idx_labels(16, 2));
  const Told lesson = told(folder, {"--target", target});
  check_groups(lesson.figures, {8});
  CHECK(lesson.words.find("MNIST") != std::string::npos);
  // Images of MNIST's size are made as small as the digits are.
  const std::string large = folder.write("large-images", idx_images(16, 28, 2));
  folder.write("large-labels", idx_labels(16, 2));
  check_groups(told(folder, {"--target", large, "--source", target}).figures, {8});
}

TEST_CASE("files that do not fit are refused, with the reason") {
  const Folder folder;
  const std::string narrow = folder.write("narrow.csv", csv(20, 3, 2));
  const std::string wide = folder.write("wide.csv", csv(20, 5, 2));
  check_refused({"--target", narrow},
                fmt::format("the target ({}) has 3 numbers a sample, the source (the MNIST digits "
                            "of 8 x 8 pixels) has 64, and a net keeps the width of its inputs; are "
                            "their images of different sizes, or is there a column too many?",
                            narrow));
  check_refused(
      {"--target", narrow, "--source", wide},
      fmt::format("the target ({}) has 3 numbers a sample, the source ({}) has 5", narrow, wide));
  const std::string few = folder.write("few.csv", csv(7, 3, 2));
  check_refused({"--target", few},
                few + ": 7 samples; 8 are the least, for half of them are held out");
  const std::string same = folder.write("same.csv", csv(20, 3, 1));
  check_refused({"--target", same}, same +
                                        ": every label is 0, but it takes two classes to tell "
                                        "apart; is the label in the last column?");
  const std::string hole = folder.write("hole.csv", "1,2,0\n3,,1\n");
  check_refused({"--target", hole}, hole + ": line 2, column 2: a number is missing");
  const std::string text = folder.write("text.csv", "1,2,0\n3,four,1\n");
  check_refused({"--source", text}, text + ": line 2, column 2: 'four' is no finite number");
  const std::string label = folder.write("label.csv", "1,2,0\n3,4,0.5\n");
  check_refused({"--target", label},
                label + ": line 2, column 3: label 0.5 is no whole number from 0 to 255");
  const std::string far =
      folder.write("far.csv", csv(20, 3, 2) + "1.7e308,0,0,0\n-1.7e308,0,0,1\n");
  check_refused({"--target", far},
                far +
                    ": its numbers run from -1.7e+308 to 1.7e+308, further than a double can tell "
                    "apart");
  const std::string empty = folder.write("empty.csv", "");
  check_refused({"--target", empty}, empty + ": byte 0: the file is empty");
  const std::string packed = folder.write("empty.csv.gz", kPackedNothing);
  check_refused({"--source", packed}, packed + ": it unpacks to nothing");
}

TEST_CASE("a file without a name is refused") {
  check_refused({"--target", ""}, "--target: a name is missing");
  check_refused({"--source", ""}, "--source: a name is missing");
}

// Scaled with the others, this sample would leave the rest no room to be told apart.
TEST_CASE("what is held out has no say in how the numbers are scaled" *
          doctest::skip(tests::kSanitized)) {
  constexpr int kSamples = 50;
  train::Dataset places{Tensor({kSamples, 1}), std::vector<int>(kSamples)};
  for (int i = 0; i < kSamples; ++i) places.labels[static_cast<std::size_t>(i)] = i;
  const int held_out = shuffled(places, 0).labels.back();
  std::istringstream lines(csv(kSamples, 3, 2));
  std::string far;
  std::string line;
  for (int i = 0; std::getline(lines, line); ++i) {
    far += (i == held_out ? fmt::format("1e6,0,0,{}", i % 2) : line) + "\n";
  }
  const Folder folder;
  const std::string near_file = folder.write("near.csv", csv(kSamples, 3, 2));
  const std::string far_file = folder.write("far.csv", far);
  const json near = told(folder, {"--source", near_file, "--target", near_file}).figures;
  const json moved = told(folder, {"--source", near_file, "--target", far_file}).figures;
  constexpr double kOneSample = 2.0 / kSamples;
  CHECK(mean(moved, "similar_25.scratch") >= mean(near, "similar_25.scratch") - kOneSample - 1e-9);
}

TEST_CASE("a file's name that is no UTF-8 leaves the words UTF-8" *
          doctest::skip(tests::kSanitized)) {
  const Folder folder;
  const std::string target = folder.write("caf\xe9\xff 숫자.csv", csv(16, 3, 2));
  const Told lesson = told(folder, {"--target", target, "--source", target});
  CHECK(lesson.words.find("caf\\xe9\\xff 숫자.csv, with 8 samples") != std::string::npos);
  const fs::path out = folder / "out";
  told(folder, {"--target", target, "--source", target, "--out", out.string()});
  std::size_t texts = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(out)) {
    if (entry.path().extension() != ".md") continue;
    ++texts;
    CHECK(first_invalid_byte(content(entry.path())) == std::string::npos);
  }
  CHECK(texts > 0);
}

TEST_CASE("IDX files that do not fit are refused, with the reason") {
  const Folder folder;
  const std::string alone = folder.write("alone-images", idx_images(16, 8, 2));
  check_refused({"--target", alone},
                alone +
                    ": the labels of these images are looked for in a file beside it, with "
                    "'labels' in its name in place of 'images'; there is none");
  const std::string fewer = folder.write("fewer-images", idx_images(16, 8, 2));
  const std::string labels = folder.write("fewer-labels", idx_labels(15, 2));
  check_refused({"--target", fewer}, labels + ": 15 labels for 16 images");
  check_refused({"--target", labels},
                labels +
                    ": byte 0: the magic number is 2049 (labels), not 2051 (images); is this "
                    "the right file?");
  const std::string cut = folder.write("cut-images", idx_images(16, 8, 2).substr(0, 500));
  check_refused({"--source", cut}, cut +
                                       ": byte 500: the header promises 1024 bytes of content, "
                                       "but the file ends after 484");
}

}  // namespace
}  // namespace backstep::lessons
