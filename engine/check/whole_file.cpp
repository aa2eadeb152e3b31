// Judges the pairs of a file one by one, and tells what became of each.
#include "engine/check/whole_file.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace backstep::check {
namespace {

bool has_name(const read::Function* function, const std::string& name) {
  return function != nullptr && function->name == name;
}

bool takes(const read::Function* function, const std::string& parameter) {
  return function != nullptr &&
         std::any_of(function->parameters.begin(), function->parameters.end(),
                     [&](const read::Parameter& one) { return one.name == parameter; });
}

// What is set goes to the pairs that have such a parameter; one that none has is refused.
class Settings {
 public:
  explicit Settings(read::RunOptions all) : all_(std::move(all)) {}

  read::RunOptions of(const Pair& pair) {
    read::RunOptions options = all_;
    options.set.clear();
    for (const auto& setting : all_.set) {
      const std::string parameter = setting.first.substr(0, setting.first.find('.'));
      if (!takes(pair.forward, parameter) && !takes(pair.backward, parameter)) continue;
      options.set.push_back(setting);
      used_.insert(setting.first);
    }
    return options;
  }

  void check_used() const {
    for (const auto& [name, text] : all_.set) {
      if (used_.count(name) > 0) continue;
      throw Error(fmt::format("--set {}: no function of a pair has a parameter {}",
                              read::shortened(name), read::quoted(name.substr(0, name.find('.')))));
    }
  }

 private:
  read::RunOptions all_;
  std::set<std::string> used_;
};

std::vector<std::string> names_of(const std::vector<const read::Function*>& functions) {
  std::vector<std::string> names;
  for (const read::Function* function : functions) names.push_back(function->name);
  return names;
}

[[noreturn]] void refuse_without_pairs(const Subject& file, const Pairs& found) {
  const std::vector<std::string> forward = names_of(found.only_forward);
  const std::vector<std::string> backward = names_of(found.only_backward);
  std::string have;
  if (!forward.empty()) have += fmt::format("; forward: {}", fmt::join(forward, ", "));
  if (!backward.empty()) have += fmt::format("; backward: {}", fmt::join(backward, ", "));
  throw Error(fmt::format(
      "{}: there is no forward function with its backward function in this file{}: they are told "
      "by "
      "their names, as relu_forward and relu_backward; --mine FILE.py:NAME says which is which",
      read::printable(file.module->source->name()), read::shortened(have, 300)));
}

// The file without the function, which is named behind a colon.
bool is_chosen(const std::string& file, const Subject& subject) {
  const std::string& name = subject.module->source->name();
  return file.size() > name.size() && file.starts_with(name + ":");
}

}  // namespace

bool FileVerdict::has_wrong() const {
  return std::any_of(pairs.begin(), pairs.end(), [](const PairVerdict& one) {
    return one.judgement && one.judgement->outcome() == Outcome::kWrong;
  });
}

bool FileVerdict::has_unjudged() const {
  return std::any_of(pairs.begin(), pairs.end(),
                     [](const PairVerdict& one) { return !one.judgement; });
}

bool FileVerdict::has_incomplete() const {
  return std::any_of(pairs.begin(), pairs.end(), [](const PairVerdict& one) {
    return one.judgement && one.judgement->outcome() == Outcome::kIncomplete;
  });
}

FileVerdict judge_file(const std::string& file, const std::map<std::string, std::string>& names,
                       const read::RunOptions& options) {
  FileVerdict verdict;
  verdict.file = find_subject(file);
  const Subject& subject = verdict.file;
  Pairs found = pairs_of(*subject.module);
  if (is_chosen(file, subject)) {
    std::erase_if(found.pairs, [&](const Pair& pair) {
      return !has_name(pair.forward, subject.name) && !has_name(pair.backward, subject.name);
    });
    found.only_forward.clear();
    found.only_backward.clear();
  }
  if (found.pairs.empty()) refuse_without_pairs(subject, found);
  Settings settings(options);
  std::vector<read::RunOptions> runs;
  for (const Pair& pair : found.pairs) runs.push_back(settings.of(pair));
  settings.check_used();
  for (std::size_t i = 0; i < found.pairs.size(); ++i) {
    PairVerdict one{found.pairs[i], std::nullopt, {}};
    try {
      Student student = student_of(subject.module, one.pair);
      student.names = names;
      one.judgement = judge_pair(std::move(student), runs[i]);
    } catch (const Error& error) {
      one.error = error.what();
    }
    verdict.pairs.push_back(std::move(one));
  }
  verdict.only_forward = names_of(found.only_forward);
  verdict.only_backward = names_of(found.only_backward);
  return verdict;
}

namespace {

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    result += line.empty() ? "\n" : fmt::format("    {}\n", line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string title_of(const Pair& pair) {
  const std::string forward = read::shortened(pair.forward_name());
  return pair.is_one_function()
             ? forward
             : fmt::format("{}, {}", forward, read::shortened(pair.backward_name()));
}

std::string line_of(const PairVerdict& one, Language language) {
  const std::string title = title_of(one.pair);
  if (!one.judgement) {
    return say(language, Words("{0}: not judged\n"), title) + indented(one.error);
  }
  const Judgement& judgement = *one.judgement;
  std::string text = fmt::format("{}: ", title);
  if (judgement.outcome() == Outcome::kRight) return text + report(judgement, language);
  if (judgement.outcome() == Outcome::kIncomplete) return text + report(judgement, language);
  return say(language, Words("{0}: wrong\n"), title) + indented(report(judgement, language));
}

}  // namespace

std::string report(const FileVerdict& verdict, Language language) {
  std::string text;
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::size_t unjudged = 0;
  for (const PairVerdict& one : verdict.pairs) {
    text += line_of(one, language);
    right += one.judgement && one.judgement->right() ? 1 : 0;
    wrong += one.judgement && one.judgement->outcome() == Outcome::kWrong ? 1 : 0;
    unjudged += one.judgement ? 0 : 1;
  }
  text += say(language, Words("{0} pairs: {1} right, {2} wrong, {3} incomplete, {4} not judged\n"),
              verdict.pairs.size(), right, wrong, verdict.pairs.size() - right - wrong - unjudged,
              unjudged);
  if (!verdict.only_forward.empty()) {
    text += say(language, Words("without a backward function: {0}\n"),
                fmt::format("{}", fmt::join(verdict.only_forward, ", ")));
  }
  if (!verdict.only_backward.empty()) {
    text += say(language, Words("without a forward function: {0}\n"),
                fmt::format("{}", fmt::join(verdict.only_backward, ", ")));
  }
  return text;
}

}  // namespace backstep::check
