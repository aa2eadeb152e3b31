// backstep check: which line of a hand-written backward pass is wrong, and why.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/check/cells.h"
#include "engine/check/judge.h"
#include "engine/check/whole_file.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/write/json_text.h"
#include "engine/write/streams.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  std::string mine;
  std::vector<std::string> names;
  Language language;
  bool json = false;
};

std::map<std::string, std::string> names_of(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> names;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
      throw Error(fmt::format("--name {}: expected THEIRS=OURS, such as --name va2=xhat",
                              read::shortened(text)));
    }
    names[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return names;
}

nlohmann::ordered_json findings_of(const check::Judgement& judgement, Language language) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const check::Finding& finding : judgement.findings) {
    findings.push_back({{"line", finding.line},
                        {"name", finding.name},
                        {"cause", check::name_of(finding.why.cause)},
                        {"text", check::in_words(finding, language)}});
    const std::size_t cell = finding.source == nullptr ? 0 : finding.source->cell(finding.byte);
    if (cell != 0) findings.back()["cell"] = cell;
  }
  return findings;
}

nlohmann::ordered_json fields_of(const check::Judgement& judgement, Language language) {
  return {{"verdict", check::name_of(judgement.outcome())},
          {"findings", findings_of(judgement, language)},
          {"hidden_by", judgement.hidden_by},
          {"missing", judgement.absent},
          {"unjudged", judgement.unjudged},
          {"ignored", judgement.ignored},
          {"notes", judgement.notes}};
}

std::string as_json(const check::Judgement& judgement, Language language) {
  nlohmann::ordered_json all = fields_of(judgement, language);
  if (!judgement.is_file) {
    all["pairs"] = {{{"forward", judgement.forward},
                     {"backward", judgement.backward},
                     {"verdict", check::name_of(judgement.outcome())},
                     {"findings", findings_of(judgement, language)}}};
  }
  return write::json_text(all, 2);
}

std::string as_json(const std::vector<check::CellsVerdict>& verdicts, Language language) {
  nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
  for (const check::CellsVerdict& one : verdicts) {
    nlohmann::ordered_json pair = {{"forward", one.result}, {"backward", "d" + one.result}};
    pair.update(fields_of(one.judgement, language));
    pairs.push_back(std::move(pair));
  }
  const nlohmann::ordered_json all = {{"pairs", pairs}};
  return write::json_text(all, 2);
}

// A pair that could not be judged has no findings, and says why.
std::string as_json(const check::FileVerdict& verdict, Language language) {
  nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
  for (const check::PairVerdict& one : verdict.pairs) {
    nlohmann::ordered_json pair = {{"forward", one.pair.forward_name()},
                                   {"backward", one.pair.backward_name()}};
    if (one.judgement) {
      pair.update(fields_of(*one.judgement, language));
    } else {
      pair.update({{"verdict", "not judged"},
                   {"findings", nlohmann::ordered_json::array()},
                   {"why", one.error}});
    }
    pairs.push_back(std::move(pair));
  }
  const nlohmann::ordered_json all = {{"pairs", pairs},
                                      {"without_backward", verdict.only_forward},
                                      {"without_forward", verdict.only_backward}};
  return write::json_text(all, 2);
}

bool is_npz(const std::string& file) {
  return file.size() > 4 && file.compare(file.size() - 4, 4, ".npz") == 0;
}

int status_of(check::Outcome outcome) {
  switch (outcome) {
    case check::Outcome::kRight:
      return kDone;
    case check::Outcome::kWrong:
      return kWrongGradient;
    case check::Outcome::kIncomplete:
      break;
  }
  return kIncomplete;
}

// Statements at the top level: forward lines, and the gradients by hand below them.
int judge_statements(const Settings& settings) {
  const std::vector<check::CellsVerdict> verdicts =
      check::judge_cells(settings.inputs.circuit, run_options(settings.inputs));
  int status = kDone;
  for (const check::CellsVerdict& one : verdicts) {
    for (const std::string& note : one.judgement.notes) write::say("note: " + note);
    const int of_one = status_of(one.judgement.outcome());
    if (of_one == kWrongGradient || status == kDone) status = of_one;
  }
  if (settings.json) {
    fmt::print("{}\n", as_json(verdicts, settings.language));
    return status;
  }
  for (const check::CellsVerdict& one : verdicts) {
    fmt::print("{}", printable_lines(check::report(one.judgement, settings.language)));
  }
  return status;
}

int status_of(const check::FileVerdict& verdict) {
  if (verdict.has_wrong()) return kWrongGradient;
  if (verdict.has_unjudged()) return kBadInput;
  return verdict.has_incomplete() ? kIncomplete : kDone;
}

bool is_builtin(const std::string& circuit) {
  const std::vector<std::string> names = read::builtin_names();
  return std::find(names.begin(), names.end(), circuit) != names.end();
}

// Each forward function of the file against its own backward function.
int judge_file(const Settings& settings) {
  if (is_builtin(settings.inputs.circuit)) {
    throw Error(fmt::format(
        "check {0}: --mine FILE.py is missing, the file with your backward pass for {0}",
        settings.inputs.circuit));
  }
  const check::FileVerdict verdict = check::judge_file(
      settings.inputs.circuit, names_of(settings.names), run_options(settings.inputs));
  for (const check::PairVerdict& one : verdict.pairs) {
    if (!one.judgement) continue;
    for (const std::string& note : one.judgement->notes) {
      write::say(fmt::format("note: {}: {}", one.pair.backward_name(), note));
    }
  }
  if (settings.json) {
    fmt::print("{}\n", as_json(verdict, settings.language));
  } else {
    fmt::print("{}", printable_lines(check::report(verdict, settings.language)));
  }
  return status_of(verdict);
}

check::Judgement judge_mine(const Settings& settings) {
  const check::JudgeOptions options{settings.inputs.circuit, run_options(settings.inputs)};
  if (is_npz(settings.mine)) {
    return check::judge_values(settings.mine, names_of(settings.names), options);
  }
  check::Student student = check::open_student(settings.mine, settings.inputs.circuit);
  student.names = names_of(settings.names);
  return check::judge(std::move(student), options);
}

int execute(const Settings& settings) {
  if (settings.mine.empty()) {
    return check::has_cells(settings.inputs.circuit) ? judge_statements(settings)
                                                     : judge_file(settings);
  }
  const check::Judgement judgement = judge_mine(settings);
  for (const std::string& note : judgement.notes) write::say("note: " + note);
  if (settings.json) {
    fmt::print("{}\n", as_json(judgement, settings.language));
  } else {
    fmt::print("{}", printable_lines(check::report(judgement, settings.language)));
  }
  return status_of(judgement.outcome());
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("check", "which line of my own backward pass is wrong, and why");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  command
      ->add_option("--mine", settings->mine,
                   "FILE.py, FILE.py:function, or FILE.npz with values by name; without it, every "
                   "forward function of CIRCUIT, a file, against its own backward function, or "
                   "the gradients by hand below a loss, in a notebook or a script")
      ->check(file_name());
  command
      ->add_option("--name", settings->names,
                   "THEIRS=OURS: what a name of the file stands for, or THEIRS=4")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--json", settings->json, "print the verdict as JSON");
  add_language(*command, settings->language);
  command->callback([settings, &status] { status = execute(*settings); });
}

}  // namespace backstep::program
