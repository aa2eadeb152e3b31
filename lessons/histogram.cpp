// Histograms: counting, gnuplot's commands, and bars of block characters.
#include "lessons/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/number_text.h"
#include "engine/text.h"
#include "lessons/chart.h"
#include "lessons/subprocess.h"
#include "lessons/terminal_text.h"

namespace backstep::lessons {
namespace {

// A bar of `eighths` of a column, in block characters.
std::string bar(std::size_t eighths) {
  constexpr const char* kPart[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::string result;
  for (std::size_t i = 0; i < eighths / 8; ++i) result += "█";
  return result + kPart[eighths % 8];
}

// Where each bin begins, to a hundredth of its width.
std::vector<std::string> bin_labels(const Histogram& histogram) {
  const double unit = histogram.bin_width() / 100;
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double begin = histogram.low + static_cast<double>(i) * histogram.bin_width();
    labels.push_back(number_text(std::round(begin / unit) * unit, 2));
  }
  return labels;
}

std::size_t longest(const std::vector<std::string>& texts) {
  std::size_t length = 0;
  for (const std::string& text : texts) length = std::max(length, text.size());
  return length;
}

}  // namespace

Histogram histogram(ConstView values, int bins) {
  std::vector<double> numbers;
  std::copy_if(values.begin(), values.end(), std::back_inserter(numbers),
               [](double value) { return std::isfinite(value); });
  if (numbers.empty()) throw Error("a histogram needs at least one finite number");
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  Histogram result{*least, *most, std::vector<std::size_t>(static_cast<std::size_t>(bins))};
  if (result.low == result.high) {
    result.low -= 0.5;
    result.high += 0.5;
  }
  const double width = result.bin_width();
  for (const double number : numbers) {
    const double bin = std::floor((number - result.low) / width);
    ++result
          .counts[std::min(static_cast<std::size_t>(std::max(bin, 0.0)), result.counts.size() - 1)];
  }
  return result;
}

std::string histogram_svg(const Histogram& histogram, std::string_view title,
                          std::string_view value_name, std::string_view count_name) {
  std::string script = fmt::format(
      "set terminal svg noenhanced size 560,320 font 'sans-serif,13' background '#ffffff'\n"
      "set encoding utf8\n"
      "set title {} font 'sans-serif,15'\n"
      "set xlabel {}\n"
      "set ylabel {}\n"
      "set format x '%g'\n"
      "set xtics autofreq rotate by 0\n"
      "set xrange [{}:{}]\n"
      "set yrange [0:*]\n"
      "set border 3\n"
      "set tics nomirror out\n"
      "set style fill solid 0.85 border rgb '#ffffff'\n"
      "$data << END_OF_DATA\n",
      gnuplot_quoted(title), gnuplot_quoted(value_name), gnuplot_quoted(count_name), histogram.low,
      histogram.high);
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double centre = histogram.low + (static_cast<double>(i) + 0.5) * histogram.bin_width();
    script += fmt::format("{} {}\n", centre, histogram.counts[i]);
  }
  script += fmt::format(
      "END_OF_DATA\n"
      "plot $data using 1:2:({}) with boxes linecolor rgb '#3b6ea5' notitle\n",
      histogram.bin_width());
  return output_of({"gnuplot", "--default-settings", "-"}, script, "gnuplot-nox");
}

std::vector<std::string> histogram_text(const Histogram& histogram, std::string_view title,
                                        int width) {
  const std::vector<std::string> labels = bin_labels(histogram);
  const std::size_t label_width = longest(labels);
  const std::size_t most = *std::max_element(histogram.counts.begin(), histogram.counts.end());
  const std::size_t count_width = fmt::format(" {}", most).size();
  const std::size_t room = static_cast<std::size_t>(width) - label_width - 2 - count_width;
  std::vector<std::string> lines = {std::string(title)};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t count = histogram.counts[i];
    // Rounded up, so that even one number among thousands leaves a trace.
    const std::size_t eighths = (count * room * 8 + most - 1) / most;
    lines.push_back(fmt::format("{:>{}} ▕{} {}", labels[i], label_width, bar(eighths), count));
  }
  return lines;
}

std::string side_by_side(const std::vector<std::string>& left,
                         const std::vector<std::string>& right, int at) {
  std::string text;
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    std::string line = i < left.size() ? left[i] : "";
    if (i < right.size()) {
      line.append(static_cast<std::size_t>(std::max(1, at - columns(line))), ' ');
      line += right[i];
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace backstep::lessons
