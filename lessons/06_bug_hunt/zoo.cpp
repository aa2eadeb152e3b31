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
  for (const EmbeddedFile& file : read::builtin_files()) {
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
  const std::string seen = say(language, Words("seen"));
  const std::vector<std::string> probes = {"ones", "gamma=1", "sum(out**2)", "N=2"};
  std::string table = fmt::format("| | {} |", say(language, Words("random")));
  std::string rule = "|---|---|";
  for (const std::string& probe : probes) {
    table += fmt::format(" `{}` |", probe);
    rule += "---|";
  }
  table += "\n" + rule + "\n";
  for (std::size_t i = 0; i < bugs.size(); ++i) {
    table += fmt::format("| {} | {} |", i + 1, seen);
    for (const std::string& probe : probes) {
      const bool hidden = hides(bugs[i], probe);
      table += fmt::format(" {} |", hidden ? "-" : seen);
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
  if (finding.station == 0) {
    return say(language, Words("Look at where {0} is added up."), finding.expected);
  }
  return say(language, Words("Look at station {0}: what should {1} be?"), finding.station,
             finding.expected);
}

std::string probe_hint(const Bug& bug, Language language) {
  const auto& hidden = bug.judgement.hidden_by;
  if (hidden.empty()) return say(language, Words("Every probe of the table sees it."));
  return say(language, Words("A check with {0} would have missed it."), fmt::join(hidden, ", "));
}

}  // namespace backstep::lessons
