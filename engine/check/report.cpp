// Says what was found, as it is printed.
#include <fmt/core.h>
#include <fmt/format.h>

#include <array>

#include "engine/check/judge.h"
#include "engine/number_text.h"

namespace backstep::check {
namespace {

// The line with a caret, as the reader's errors show it.
std::string place_text(const Finding& finding, const std::string& message) {
  if (finding.source == nullptr) return message + "\n";
  return std::string(read::ReadError(*finding.source, finding.byte, message).what()) + "\n";
}

// "  yours    dvar[0] = 1.5"
std::string labelled(const std::string& label, std::string_view text) {
  return fmt::format("  {:<8} {}\n", label, text);
}

std::string numbers_text(const Finding& finding, Language language) {
  if (!finding.has_numbers) {
    if (finding.shapes.empty()) return {};
    return labelled(say(language, Words("shapes")), finding.shapes);
  }
  const std::string element = backstep::place_text(finding.shape, finding.row, finding.col);
  // As many digits as it takes to see that they differ.
  int digits = 6;
  while (digits < 17 && number_text(finding.theirs, digits) == number_text(finding.ours, digits)) {
    ++digits;
  }
  const auto number = [&](const std::string& name, double value) {
    return fmt::format("{}{} = {}", name, element, number_text(value, digits));
  };
  return labelled(say(language, Words("yours")), number(finding.name, finding.theirs)) +
         labelled(say(language, Words("right", "a number")),
                  number(finding.expected, finding.ours));
}

Words right_words(bool is_file) {
  return is_file ? Words("right: {0} gradients agree, of {1} values compared\n")
                 : Words("right: {0} results agree, over {1} lines\n");
}

Words wrong_words(bool is_file) {
  return is_file ? Words("{0} wrong\n")
                 : Words("{0} wrong; the lines after it were judged on corrected values\n");
}

Words absent_words(bool is_file) {
  return is_file ? Words("not in the file: {0}\n") : Words("not returned: {0}\n");
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  constexpr std::array<std::string_view, 3> kNames = {"right", "wrong", "incomplete"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string in_words(const Finding& finding, Language language) {
  return say(language, Words("{0} is wrong: {1}"), finding.name, finding.why.says.in(language));
}

std::string report(const Judgement& judgement, Language language) {
  std::string text;
  for (const Finding& finding : judgement.findings) {
    text += place_text(finding, in_words(finding, language));
    text += numbers_text(finding, language);
    const std::string station =
        finding.station == 0 ? "" : "  " + say(language, Words("(station {0})"), finding.station);
    text += labelled(say(language, Words("circuit")), finding.formula + station) + "\n";
  }
  const auto list = [&](const std::vector<std::string>& names, Words words) {
    if (!names.empty()) text += say(language, words, fmt::join(names, ", "));
  };
  if (judgement.outcome() == Outcome::kRight) {
    text += say(language, right_words(judgement.is_file), judgement.results, judgement.lines);
  } else if (judgement.outcome() == Outcome::kIncomplete) {
    text += say(
        language,
        Words("incomplete: nothing is wrong, but only {0} of {1} gradients could be compared\n"),
        judgement.results, judgement.results + judgement.absent.size() + judgement.unjudged.size());
  } else {
    text += say(language, wrong_words(judgement.is_file), judgement.findings.size());
    list(judgement.hidden_by, Words("a check with {0} would have hidden this\n"));
    list(judgement.shown_by, Words("a check with {0} would have shown it too\n"));
  }
  list(judgement.absent, absent_words(judgement.is_file));
  list(judgement.unjudged,
       Words("nan in the circuit itself, so nothing can be judged there: {0}; give it other "
             "numbers by --set\n"));
  list(judgement.ignored, Words("not compared, as the circuit has no such value: {0}\n"));
  return text;
}

}  // namespace backstep::check
