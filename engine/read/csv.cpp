// Reads numbers from CSV: line by line, cell by cell, with the place of whatever is wrong.
#include "engine/read/csv.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdlib>

#include "engine/read/gzip.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// Excel begins a text of UTF-8 with a mark.
std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (text.substr(0, kMark.size()) == kMark) text.remove_prefix(kMark.size());
  return text;
}

bool is_number(std::string_view cell, double& value) {
  constexpr std::size_t kLongest = 64;
  if (cell.empty() || cell.size() > kLongest) return false;
  // Not by strtod: its words inf and nan, and its hexadecimal numbers.
  if (cell.find_first_not_of("0123456789+-.eE") != cell.npos) return false;
  const std::string text(cell);
  char* end = nullptr;
  value = std::strtod(text.c_str(), &end);
  return *end == '\0' && std::isfinite(value);
}

class CsvParser {
 public:
  CsvParser(std::string_view text, const std::string& where, int classes)
      : rest_(without_mark(text)), where_(where), classes_(classes) {}

  CsvSamples parse() {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      std::string_view line = rest_.substr(0, end);
      rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
      ++line_;
      if (trimmed(line).empty() || (line_ == 1 && is_header(line))) continue;
      parse_line(line);
    }
    if (labels_.empty())
      throw Error(fmt::format("{}: line {}: there are no samples", where_, line_));
    const Shape shape = checked_shape({static_cast<std::int64_t>(labels_.size()), width_ - 1});
    return {Tensor(shape, std::move(numbers_)), std::move(labels_)};
  }

 private:
  static bool is_header(std::string_view line) {
    double ignored = 0;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find(',', at), line.size());
      const std::string_view cell = trimmed(line.substr(at, end - at));
      if (cell.empty() || is_number(cell, ignored)) return false;
      at = end + 1;
    }
    return true;
  }

  void parse_line(std::string_view line) {
    cells_.clear();
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find(',', at), line.size());
      cells_.push_back(
          number(trimmed(line.substr(at, end - at)), static_cast<int>(cells_.size()) + 1));
      at = end + 1;
    }
    const int width = static_cast<int>(cells_.size());
    if (width_ == 0) width_ = width;
    if (width < 2) fail(1, "a row takes at least one number and a label");
    if (width != width_) {
      fail(std::min(width, width_) + 1,
           fmt::format("this row has {} columns, those before have {}", width, width_));
    }
    numbers_.insert(numbers_.end(), cells_.begin(), cells_.end() - 1);
    const double label = cells_.back();
    if (label < 0 || label >= classes_ || label != std::floor(label)) {
      fail(width, fmt::format("label {:g} is no whole number from 0 to {}", label, classes_ - 1));
    }
    labels_.push_back(static_cast<int>(label));
  }

  double number(std::string_view cell, int column) const {
    double value = 0;
    if (cell.empty()) fail(column, "a number is missing");
    if (!is_number(cell, value)) {
      const bool is_several = cell.find(';') != cell.npos;
      fail(column, fmt::format("{} is no finite number{}", quoted(cell),
                               is_several ? "; is it separated by ; ? write , in its place" : ""));
    }
    return value;
  }

  [[noreturn]] void fail(int column, const std::string& what) const {
    throw Error(fmt::format("{}: line {}, column {}: {}", where_, line_, column, what));
  }

  std::string_view rest_;
  const std::string& where_;
  int classes_;
  int line_ = 0;
  int width_ = 0;
  std::vector<double> cells_;
  std::vector<double> numbers_;
  std::vector<int> labels_;
};

}  // namespace

CsvSamples parse_csv(std::string_view text, const std::string& where, int classes) {
  return CsvParser(text, where, classes).parse();
}

CsvSamples read_csv(const std::filesystem::path& path, int classes) {
  return parse_csv(read_unpacked(path), printable(path.native()), classes);
}

}  // namespace backstep::read
