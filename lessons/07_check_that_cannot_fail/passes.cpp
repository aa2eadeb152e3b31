// Finds the passes among the files that are compiled in, and breaks the right one line by line.
#include "passes.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "engine/read/builtin.h"
#include "engine/tensor.h"

namespace backstep::lessons {
namespace {

constexpr std::string_view kBugs = "graphs/bugs/";
constexpr std::string_view kOwn = "lessons/07_check_that_cannot_fail/program/";

struct Title {
  std::string_view key;
  Words words;
};

constexpr std::array kTitles = {
    Title{"01_constant_statistics", Words("statistics as constants")},
    Title{"02_mean_branch_dropped", Words("mean branch dropped")},
    Title{"03_variance_branch_dropped", Words("variance branch dropped")},
    Title{"04_assignment_for_accumulation", Words("= for +=")},
    Title{"05_no_half_at_the_root", Words("no 1/2 at the root")},
    Title{"06_no_two_at_the_square", Words("no 2 at the square")},
    Title{"07_sign_of_the_inverse", Words("sign of the inverse")},
    Title{"08_no_n_at_the_variance", Words("no 1/N at the variance")},
    Title{"09_n_minus_1_backward_only", Words("N - 1 backward only")},
    Title{"10_gamma_forgotten", Words("gamma forgotten")},
    Title{"11_no_n_at_the_mean", Words("no 1/N at the mean")},
    Title{"12_sign_of_the_subtraction", Words("sign of the subtraction")},
    Title{"dx_is_zero", Words("dx = 0, always")},
    Title{"means_for_sums", Words("means for sums")},
};

std::string text_of(std::string_view folder, std::string_view key) {
  const std::string name = fmt::format("{}{}.py", folder, key);
  for (const EmbeddedFile& file : read::builtin_files()) {
    if (file.name == name) return std::string(file.text);
  }
  throw Error(fmt::format("there is no {}", name));
}

}  // namespace

std::vector<Pass> wrong_passes() {
  std::vector<Pass> passes;
  for (const Title& title : kTitles) {
    const bool is_of_zoo = title.key.front() == '0' || title.key.front() == '1';  // 01 to 12
    passes.push_back({std::string(title.key),
                      text_of(is_of_zoo ? kBugs : kOwn, title.key),
                      {title.words, {}},
                      is_of_zoo});
  }
  return passes;
}

Pass right_pass() { return {"right", text_of(kOwn, "right"), {Words("the right pass"), {}}}; }

std::vector<Pass> sabotaged_passes() {
  constexpr std::string_view kBegin = "\n    d", kEquals = " = ";
  const Pass right = right_pass();
  std::vector<Pass> passes;
  for (std::size_t at = right.text.find(kBegin); at != right.text.npos;
       at = right.text.find(kBegin, at + 1)) {
    const std::size_t value = right.text.find(kEquals, at) + kEquals.size();
    const std::size_t end = right.text.find('\n', value);
    std::string broken = right.text;
    broken.insert(end, ")");
    broken.insert(value, "2 * (");
    passes.push_back({fmt::format("doubled_{}", passes.size() + 1), std::move(broken), {}});
  }
  return passes;
}

}  // namespace backstep::lessons
