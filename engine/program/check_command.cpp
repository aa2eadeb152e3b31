// backstep check: which line of a hand-written backward pass is wrong, and why.
#include <fmt/core.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "engine/check/judge.h"
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

std::string as_json(const check::Judgement& judgement, Language language) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const check::Finding& finding : judgement.findings) {
    findings.push_back({{"line", finding.line},
                        {"name", finding.name},
                        {"cause", check::name_of(finding.why.cause)},
                        {"text", check::in_words(finding, language)}});
  }
  const nlohmann::ordered_json all = {{"verdict", check::name_of(judgement.outcome())},
                                      {"findings", findings},
                                      {"hidden_by", judgement.hidden_by},
                                      {"missing", judgement.absent},
                                      {"unjudged", judgement.unjudged},
                                      {"ignored", judgement.ignored},
                                      {"notes", judgement.notes}};
  return write::json_text(all, 2);
}

bool is_npz(const std::string& file) {
  return file.size() > 4 && file.compare(file.size() - 4, 4, ".npz") == 0;
}

int execute(const Settings& settings) {
  const check::JudgeOptions options{settings.inputs.circuit, run_options(settings.inputs)};
  check::Judgement judgement;
  if (is_npz(settings.mine)) {
    judgement = check::judge_values(settings.mine, names_of(settings.names), options);
  } else {
    check::Student student = check::open_student(settings.mine);
    student.names = names_of(settings.names);
    judgement = check::judge(std::move(student), options);
  }
  for (const std::string& note : judgement.notes) write::say("note: " + note);
  if (settings.json) {
    fmt::print("{}\n", as_json(judgement, settings.language));
  } else {
    fmt::print("{}", printable_lines(check::report(judgement, settings.language)));
  }
  switch (judgement.outcome()) {
    case check::Outcome::kRight:
      return kDone;
    case check::Outcome::kWrong:
      return kWrongGradient;
    case check::Outcome::kIncomplete:
      break;
  }
  return kIncomplete;
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("check", "which line of my own backward pass is wrong, and why");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  command
      ->add_option("--mine", settings->mine,
                   "FILE.py, FILE.py:function, or FILE.npz with values by name")
      ->required()
      ->check(file_name());
  command->add_option("--name", settings->names, "THEIRS=OURS: what a name of the file stands for")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--json", settings->json, "print the verdict as JSON");
  add_language(*command, settings->language);
  command->callback([settings, &status] { status = execute(*settings); });
}

}  // namespace backstep::program
