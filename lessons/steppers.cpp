// A lesson in both steppers: its sections tied to events, and what it hands to each stepper.
#include "lessons/steppers.h"

#include <fmt/format.h>

#include <sstream>

#include "engine/check/slopes.h"
#include "engine/read/library.h"
#include "engine/step/stepper.h"
#include "engine/write/file.h"
#include "lessons/html_text.h"

namespace backstep::lessons {
namespace {

// Adds the nodes that `word` stands for.
void add_nodes(const Trace& trace, const Ledger& ledger, const std::string& word,
               const std::string& title, std::vector<NodeId>& nodes) {
  const bool forward = word == "forward";
  if (forward || word == "backward") {
    for (const Event& event : trace.events()) {
      if ((event.kind == EventKind::kForward) == forward) nodes.push_back(event.node);
    }
    return;
  }
  const NodeId node = trace.graph().find(word);
  if (node == kNoNode || ledger.written_by(node) == Ledger::kNever) {
    throw Error(fmt::format("the section '{}' tells of {}, which no step writes", title, word));
  }
  nodes.push_back(node);
}

}  // namespace

std::vector<page::PageSection> page_sections(const Trace& trace, const LessonWords& words) {
  std::vector<page::PageSection> sections(words.tells_of.size());
  for (std::size_t i = 0; i < words.in.size(); ++i) {
    std::vector<HtmlSection> told = html_sections(words.in[i], words.pictures);
    if (told.size() != sections.size()) {
      throw Error(
          fmt::format("the lesson has {} sections in the language {}, and it is said of {} "
                      "what they tell of; each '## ' begins one, in every language",
                      told.size(), languages()[i].code(), sections.size()));
    }
    for (std::size_t k = 0; k < told.size(); ++k) {
      sections[k].titles.push_back(std::move(told[k].title));
      sections[k].htmls.push_back(std::move(told[k].html));
    }
  }
  const Ledger ledger(trace);
  for (std::size_t k = 0; k < sections.size(); ++k) {
    std::istringstream tells_of(words.tells_of[k]);
    for (std::string word; tells_of >> word;) {
      add_nodes(trace, ledger, word, sections[k].titles.front(), sections[k].nodes);
    }
  }
  return sections;
}

void step_through(const read::Run& run, const Options& options) {
  step::Options settings;
  settings.title = run.circuit;
  settings.notes = run.notes;
  settings.language = options.language;
  step::run(run.trace, settings);
}

void write_page(const read::Run& run, const LessonWords& words, const Options& options) {
  page::PageOptions page;
  page.circuit = run.circuit;
  page.outputs = run.outputs;
  page.language = options.language;
  page.notes = run.notes;
  page.source = read::source_text(run.circuit);
  page.sections = page_sections(run.trace, words);
  page.slopes = check::all_measured_slopes(run.trace, run.output, run.seed);
  write::write_file(options.page, page::page_html(run.trace, page));
}

}  // namespace backstep::lessons
