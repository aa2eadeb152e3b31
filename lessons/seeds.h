// A claim is a mean over several seeds with its spread: the seeds run side by side on all cores,
// and the result is the same bits whatever their number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor.h"
#include "engine/write/progress.h"

namespace backstep::lessons {

// What was measured with several seeds.
struct Figure {
  double mean = 0;
  double spread = 0;  // the standard deviation between the seeds, with n - 1; 0 for one seed
  std::size_t seeds = 0;
};

Figure figure_of(std::span<const double> values);

// Are the means further apart than the larger of the spreads? If not, the seeds alone may have made
// the difference.
bool is_beyond_spread(const Figure& a, const Figure& b);

// by - of, seed by seed. Throws Error if they are of different seeds.
Figure difference(std::span<const double> of, std::span<const double> by);

// "0.874 ± 0.012": the spread to two digits, the mean as far as the spread reaches.
std::string figure_text(const Figure& figure);
// "87.4 ± 1.2": a share as a percentage.
std::string percent_text(const Figure& figure);

// Calls work(0) to work(count - 1) on all cores, each once. `progress`, if given, advances by one
// after each. The first exception, by its number, is thrown once all that began have ended. False
// if Ctrl-C came, within seed_by_seed, before all had begun.
bool on_all_cores(std::size_t count, const std::function<void(std::size_t)>& work,
                  write::Progress* progress = nullptr);

// The seed of a net: of the lesson's first seed, which of its seeds it is, and which net of that
// one. Large seeds begin again at 0, as NumPy's are of 32 bits.
std::int64_t net_seed(std::uint32_t first, std::size_t seed, std::size_t net);

// Ctrl-C came before there was anything to tell.
struct Stopped : Error {
  using Error::Error;
};

// Calls one_seed(0), one_seed(1), ... and gives how many were whole before Ctrl-C: what they gave
// is in order, and can be told. `one_seed` is false where it was broken off. A second Ctrl-C ends
// the program at once. Throws Stopped if not even the first was whole.
std::size_t seed_by_seed(std::size_t seeds, const std::function<bool(std::size_t)>& one_seed);

// Every figure that a lesson claims, by name: {"high_rate.with": {"mean": ...}, ...} as JSON.
class Figures {
 public:
  // Setting a name twice is a mistake of ours: Error.
  void set(const std::string& name, const Figure& figure);
  const Figure& operator[](const std::string& name) const;
  std::string json() const;

 private:
  std::map<std::string, Figure> figures_;
};

}  // namespace backstep::lessons
