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
  const std::vector<HtmlSection> en = html_sections(words.en, words.pictures);
  const std::vector<HtmlSection> ko = html_sections(words.ko, words.pictures);
  if (en.size() != ko.size() || en.size() != words.tells_of.size()) {
    throw Error(
        fmt::format("the lesson has {} sections in English, {} in Korean, and it is said of {} "
                    "what they tell of; each '## ' begins one, in both languages",
                    en.size(), ko.size(), words.tells_of.size()));
  }
  const Ledger ledger(trace);
  std::vector<page::PageSection> sections;
  for (std::size_t i = 0; i < en.size(); ++i) {
    page::PageSection section = {en[i].title, ko[i].title, en[i].html, ko[i].html, {}};
    std::istringstream tells_of(words.tells_of[i]);
    for (std::string word; tells_of >> word;) {
      add_nodes(trace, ledger, word, section.title_en, section.nodes);
    }
    sections.push_back(std::move(section));
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
