// A lesson in both steppers: --step in the terminal, --page as one file with the words beside it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/page/page.h"
#include "engine/read/run.h"
#include "lessons/options.h"

namespace backstep::lessons {

// What a lesson shows beside its run.
struct LessonWords {
  // Its Markdown, with every place filled, in each language, as languages() has them.
  std::vector<std::string> in;
  // What each section tells of, in their order: "forward", "backward", names of values ("dxmu1
  // dxmu2 dxmu"), or nothing. The first stands for what comes before the first "## ".
  std::vector<std::string> tells_of;
  std::map<std::string, std::string> pictures;  // SVG by the name that the Markdown gives it
};

// The sections in every language, each with the nodes whose events it tells of. Throws Error where
// the languages or `tells_of` differ in their number, or where a name is of no value.
std::vector<page::PageSection> page_sections(const Trace& trace, const LessonWords& words);

// --step: walks the run in the terminal.
void step_through(const read::Run& run, const Options& options);

// --page FILE.html: the run as a page, with the words.
void write_page(const read::Run& run, const LessonWords& words, const Options& options);

}  // namespace backstep::lessons
