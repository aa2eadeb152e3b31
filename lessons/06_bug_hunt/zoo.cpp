// Judges each file of the zoo, which is compiled in.
#include "zoo.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/read/builtin.h"

namespace backstep::lessons {
namespace {

bool hides(const Bug& bug, const std::string& probe) {
  const auto& hidden = bug.judgement.hidden_by;
  return std::find(hidden.begin(), hidden.end(), probe) != hidden.end();
}

}  // namespace

std::vector<Bug> zoo(std::uint32_t seed, std::size_t only) {
  std::vector<Bug> bugs;
  for (const read::BuiltinFile& file : read::builtin_files()) {
    if (!file.name.starts_with("graphs/bugs/")) continue;
    if (only != 0 && only != bugs.size() + 1) {
      bugs.push_back({file.text, {}});
      continue;
    }
    read::RunOptions run;
    run.seed = seed;
    const std::string name = fmt::format("bug_{}.py", bugs.size() + 1);
    check::Student student = check::parse_student(name, std::string(file.text), "");
    bugs.push_back({file.text, check::judge(std::move(student), {"batch_norm", run})});
    if (bugs.back().judgement.right()) {
      throw Error(fmt::format("{} is right: it does not belong in the zoo", file.name));
    }
  }
  return bugs;
}

Places figures(const std::vector<Bug>& bugs, Language language) {
  const bool english = language == Language::kEnglish;
  const std::vector<std::string> probes = {"ones", "gamma=1", "sum(out**2)", "N=2"};
  std::string table = english ? "| | random |" : "| | 난수 |";
  std::string rule = "|---|---|";
  for (const std::string& probe : probes) {
    table += fmt::format(" `{}` |", probe);
    rule += "---|";
  }
  table += "\n" + rule + "\n";
  for (std::size_t i = 0; i < bugs.size(); ++i) {
    table += fmt::format("| {} | {} |", i + 1, english ? "seen" : "보임");
    for (const std::string& probe : probes) {
      const bool hidden = hides(bugs[i], probe);
      table += fmt::format(" {} |", hidden ? "-" : english ? "seen" : "보임");
    }
    table += "\n";
  }
  const auto count = [&](const std::string& probe) {
    return static_cast<std::size_t>(
        std::count_if(bugs.begin(), bugs.end(), [&](const Bug& bug) { return hides(bug, probe); }));
  };
  const auto missed =
      std::count_if(bugs.begin(), bugs.end(), [](const Bug& bug) { return bug.judgement.right(); });
  Places places;
  places.text("table", table);
  places.count("count", bugs.size());
  places.count("hidden_by_ones", count("ones"));
  places.count("hidden_by_gamma", count("gamma=1"));
  places.count("hidden_by_squares", count("sum(out**2)"));
  places.count("hidden_by_random", static_cast<std::size_t>(missed));
  return places;
}

std::string station_hint(const Bug& bug, Language language) {
  const check::Finding& finding = bug.judgement.findings.front();
  if (language == Language::kEnglish) {
    return finding.station == 0 ? fmt::format("Look at where {} is added up.", finding.expected)
                                : fmt::format("Look at station {}: what should {} be?",
                                              finding.station, finding.expected);
  }
  return finding.station == 0 ? fmt::format("{} 값을 모두 더하는 곳을 보세요.", finding.expected)
                              : fmt::format("{}번 정거장을 보세요. {} 값은 무엇이어야 할까요?",
                                            finding.station, finding.expected);
}

std::string probe_hint(const Bug& bug, Language language) {
  const auto& hidden = bug.judgement.hidden_by;
  const bool english = language == Language::kEnglish;
  if (hidden.empty()) {
    return english ? "Every probe of the table sees it." : "표에 있는 모든 검사가 찾아냅니다.";
  }
  const std::string probes = fmt::format("{}", fmt::join(hidden, ", "));
  return english ? fmt::format("A check with {} would have missed it.", probes)
                 : fmt::format("{} 조건의 검사라면 놓쳤을 것입니다.", probes);
}

}  // namespace backstep::lessons
