// Seeds side by side, and the figures that come of them.
#include "lessons/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/number_text.h"
#include "engine/tensor.h"
#include "engine/write/json_text.h"

namespace backstep::lessons {
namespace {

volatile std::sig_atomic_t is_stopped = 0;

// While it lives, the first Ctrl-C only says so. The second has its usual effect.
class CtrlC {
 public:
  CtrlC() {
    is_stopped = 0;
    struct sigaction action = {};
    action.sa_handler = [](int) { is_stopped = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, nullptr, &before_);
    if (before_.sa_handler != SIG_IGN) ::sigaction(SIGINT, &action, nullptr);  // nohup, or "&"
  }
  ~CtrlC() { ::sigaction(SIGINT, &before_, nullptr); }
  CtrlC(const CtrlC&) = delete;
  CtrlC& operator=(const CtrlC&) = delete;

 private:
  struct sigaction before_ = {};
};

// NaN and infinities have no number in JSON.
nlohmann::json json_number(double value) {
  if (!std::isfinite(value)) return number_text(value);
  return value;
}

// Digits behind the point, so that two of the spread are seen.
int digits_of(double spread) {
  constexpr int kMost = 6;
  if (!(spread > 0)) return 3;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(spread))), 0, kMost);
}

std::string with_spread(double mean, double spread, int digits) {
  const double unit = std::pow(10, digits);
  const double rounded = std::round(mean * unit) / unit + 0.0;  // no -0.00
  return fmt::format("{:.{}f} ± {:.{}f}", rounded, digits, spread, digits);
}

}  // namespace

Figure figure_of(std::span<const double> values) {
  if (values.empty()) throw Error("a figure needs at least one value");
  const double count = static_cast<double>(values.size());
  Figure figure{0, 0, values.size()};
  for (const double value : values) figure.mean += value / count;
  double squares = 0;
  for (const double value : values) squares += (value - figure.mean) * (value - figure.mean);
  if (values.size() > 1) figure.spread = std::sqrt(squares / (count - 1));
  return figure;
}

bool is_beyond_spread(const Figure& a, const Figure& b) {
  return std::abs(a.mean - b.mean) > std::max(a.spread, b.spread);
}

Figure difference(std::span<const double> of, std::span<const double> by) {
  if (of.size() != by.size()) {
    throw Error(fmt::format("{} seeds are compared with {}", of.size(), by.size()));
  }
  std::vector<double> differences;
  for (std::size_t i = 0; i < of.size(); ++i) differences.push_back(by[i] - of[i]);
  return figure_of(differences);
}

std::string figure_text(const Figure& figure) {
  constexpr double kMostPlain = 1e6;
  if (!(std::abs(figure.mean) < kMostPlain) || !std::isfinite(figure.spread)) {
    return fmt::format("{} ± {}", number_text(figure.mean, 3), number_text(figure.spread, 2));
  }
  return with_spread(figure.mean, figure.spread, std::min(digits_of(figure.spread), 3));
}

std::string percent_text(const Figure& figure) {
  if (!std::isfinite(figure.mean) || !std::isfinite(figure.spread)) return figure_text(figure);
  return with_spread(100 * figure.mean, 100 * figure.spread, 1);
}

bool on_all_cores(std::size_t count, const std::function<void(std::size_t)>& work,
                  write::Progress* progress) {
  std::vector<std::exception_ptr> errors(count);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::atomic<bool> failed = false;
  std::mutex progress_mutex;
  const auto worker = [&] {
    for (std::size_t i = next++; i < count && !failed && !is_stopped; i = next++) {
      try {
        work(i);
        ++done;
      } catch (...) {
        errors[i] = std::current_exception();
        failed = true;
      }
      if (progress == nullptr) continue;
      const std::lock_guard lock(progress_mutex);
      progress->advance();
    }
  };
  {
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(cores, count); ++i) threads.emplace_back(worker);
    worker();
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return done == count;
}

std::int64_t net_seed(std::uint32_t first, std::size_t seed, std::size_t net) {
  constexpr std::int64_t kNets = 1000;
  constexpr std::int64_t kSeeds = std::int64_t{1} << 32;
  const std::int64_t of_seed = (first + static_cast<std::int64_t>(seed)) * kNets;
  return (of_seed + static_cast<std::int64_t>(net)) % kSeeds;
}

std::size_t seed_by_seed(std::size_t seeds, const std::function<bool(std::size_t)>& one_seed) {
  const CtrlC watched;
  for (std::size_t seed = 0; seed < seeds; ++seed) {
    if (one_seed(seed)) continue;
    if (seed == 0)
      throw Stopped("stopped before the first seed was done: there is nothing to tell");
    return seed;
  }
  return seeds;
}

void Figures::set(const std::string& name, const Figure& figure) {
  if (!figures_.emplace(name, figure).second) {
    throw Error(fmt::format("the figure {} is set twice", name));
  }
}

const Figure& Figures::operator[](const std::string& name) const {
  const auto found = figures_.find(name);
  if (found == figures_.end()) throw Error(fmt::format("there is no figure {}", name));
  return found->second;
}

std::string Figures::json() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, figure] : figures_) {
    json[name] = {{"mean", json_number(figure.mean)},
                  {"spread", json_number(figure.spread)},
                  {"seeds", figure.seeds}};
  }
  return write::json_text(json, 2) + "\n";
}

}  // namespace backstep::lessons
