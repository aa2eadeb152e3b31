// backstep derive: type the gradient of each station yourself.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/check/derive.h"
#include "engine/check/probes.h"
#include "engine/expression.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/read/file.h"
#include "engine/text.h"
#include "engine/write/file.h"
#include "engine/write/json_text.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  std::vector<std::string> answers;
  std::string state;
  bool again = false;
  Language language;
};

constexpr int kPointsAtOnce = 2;
constexpr int kPointsWithHelp = 1;

// Where a session goes on, unless the user names another file.
std::string default_state(const std::string& circuit) {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  if (state != nullptr && *state != '\0')
    return fmt::format("{}/backstep/derive_{}.json", state, circuit);
  if (home == nullptr || *home == '\0') return {};
  return fmt::format("{}/.local/state/backstep/derive_{}.json", home, circuit);
}

class Session {
 public:
  Session(const check::Reference& reference, const Settings& settings)
      : reference_(reference), language_(settings.language) {
    state_ = settings.state.empty() ? default_state(reference.run.circuit) : settings.state;
    if (!settings.again) load();
  }

  void run() {
    const std::vector<NodeId> nodes = check::questions(reference_);
    const Graph& graph = reference_.graph();
    fmt::print("{}\n",
               say(language_, Words("Type each gradient as a formula. ? hint, ! answer, q quit.")));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (points_.count(graph.name(nodes[i])) > 0) continue;
      if (!ask(nodes[i], i + 1, nodes.size())) break;
    }
    int score = 0;
    for (const auto& [name, points] : points_) score += points;
    const std::size_t most = nodes.size() * kPointsAtOnce;
    fmt::print("{}\n", say(language_, Words("{0} of {1} gradients, {2} of {3} points"),
                           points_.size(), nodes.size(), score, most));
  }

 private:
  // A file that holds something else is not written over.
  void load() {
    std::error_code ignored;
    if (!std::filesystem::exists(state_, ignored)) return;
    constexpr std::size_t kMostBytes = 1 << 20;
    const std::string text = read::read_bytes(state_, kMostBytes);
    if (text.empty()) return;
    const auto state = nlohmann::json::parse(text, nullptr, false);
    if (!state.is_object()) {
      throw Error(fmt::format(
          "{} holds no score of backstep derive; name another file with --state, or delete it",
          read::printable(state_)));
    }
    for (const auto& [name, points] : state.items()) {
      if (points.is_number_integer() && reference_.graph().find(name) != kNoNode) {
        points_[name] = std::clamp(points.get<int>(), 0, kPointsAtOnce);
      }
    }
  }

  void save() const {
    if (state_.empty()) return;
    write::write_file(state_, write::json_text(nlohmann::ordered_json(points_), 2) + "\n");
  }

  bool ask(NodeId node, std::size_t number, std::size_t count) {
    const Graph& graph = reference_.graph();
    const std::string name = graph.name(node);
    fmt::print("\n{}\n", say(language_, Words("{0} of {1}, station {2}: {3} {4}"), number, count,
                             graph.place(node).station, name, to_string(graph.node(node).shape)));
    int hints = 0;
    int points = kPointsAtOnce;
    for (std::string line;;) {
      fmt::print("{} = ", name);
      std::fflush(stdout);
      if (!std::getline(std::cin, line) || line == "q") return false;
      if (line.empty()) continue;
      if (line == "!") {
        fmt::print("{}\n", formula(graph, node));
        points_[name] = 0;
        save();
        return true;
      }
      if (line == "?") {
        fmt::print("{}\n", check::hint(reference_, node, ++hints, language_));
        points = kPointsWithHelp;
        continue;
      }
      if (judged(node, line)) {
        points_[name] = points;
        save();
        return true;
      }
      points = kPointsWithHelp;
    }
  }

  bool judged(NodeId node, const std::string& line) const {
    try {
      const check::Answer answer = check::judge_answer(reference_, node, line);
      fmt::print("{}\n", printable_lines(answer.says.in(language_)));
      return answer.verdict != check::AnswerVerdict::kWrong;
    } catch (const Error& error) {
      fmt::print("{}\n", printable_lines(error.what()));
      return false;
    }
  }

  const check::Reference& reference_;
  Language language_;
  std::string state_;
  std::map<std::string, int> points_;
};

// --answer dvar=FORMULA: one verdict a line.
int judge_all(const check::Reference& reference, const Settings& settings) {
  constexpr std::array<Words, 3> kVerdicts = {Words("right", "a verdict"),
                                              Words("right but for shape", "a verdict"),
                                              Words("wrong", "a verdict")};
  int status = kDone;
  for (const std::string& text : settings.answers) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const std::vector<NodeId> nodes = check::questions(reference);
    const auto node = std::find_if(nodes.begin(), nodes.end(),
                                   [&](NodeId id) { return reference.graph().name(id) == name; });
    if (equals == std::string::npos || node == nodes.end()) {
      throw Error(fmt::format("--answer {}: expected NAME=FORMULA, where NAME is a gradient of {}",
                              read::shortened(text), reference.run.circuit));
    }
    const check::Answer answer = check::judge_answer(reference, *node, text.substr(equals + 1));
    fmt::print("{}: {}: {}\n", name,
               say(settings.language, kVerdicts[static_cast<std::size_t>(answer.verdict)]),
               printable_lines(answer.says.in(settings.language)));
    if (answer.verdict == check::AnswerVerdict::kWrong) status = kWrongGradient;
  }
  return status;
}

int execute(const Settings& settings) {
  const check::Probes probes(check::find_subject(settings.inputs.circuit),
                             run_options(settings.inputs), std::nullopt);
  const check::Reference reference(probes.run(probes.trusted().front()));
  if (!settings.answers.empty()) return judge_all(reference, settings);
  Session(reference, settings).run();
  return kDone;
}

}  // namespace

void add_derive(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("derive", "type the gradient of each station yourself");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  command
      ->add_option("--answer", settings->answers,
                   "NAME=FORMULA: judge this and ask nothing, such as 'dxhat=dgammax*gamma'")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--state", settings->state, "the file that keeps the score")
      ->check(file_name());
  command->add_flag("--again", settings->again, "from the beginning, with no score");
  add_language(*command, settings->language);
  command->callback([settings, &status] { status = execute(*settings); });
}

}  // namespace backstep::program
