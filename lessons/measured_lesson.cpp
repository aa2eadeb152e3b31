// From one measurement to the words, pictures, figures and page of a lesson.
#include "lessons/measured_lesson.h"

#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

#include "engine/draw/graphviz.h"
#include "engine/write/file.h"
#include "engine/write/picture.h"
#include "engine/write/streams.h"
#include "lessons/steppers.h"
#include "lessons/telling.h"

namespace backstep::lessons {
namespace {

// The words, and in a quick run a warning below their title.
std::string words_of(const MeasuredLesson& lesson, const Telling& telling, Language language,
                     bool quick) {
  std::string words = filled_text(lesson_words(lesson.folder, language), telling.places);
  if (!quick) return words;
  const std::string note = say(
      language, Words("**A quick run: it shows that all works, and its figures may not bear out "
                      "the words.**"));
  return words.insert(words.find('\n'), "\n\n" + note);
}

read::Run run_of(const MeasuredLesson& lesson, const Options& options) {
  read::RunOptions settings = lesson.run;
  settings.seed = options.seed;
  return read::run_circuit(lesson.circuit, settings);
}

using Files = std::vector<std::pair<std::string, std::string>>;

// Each by its name.
Files pictures(const Telling& telling) {
  Files files;
  for (const NamedChart& named : telling.charts) {
    files.emplace_back(named.stem + ".svg", chart_svg(named.chart));
    files.emplace_back(named.stem + ".png", chart_png(named.chart));
  }
  for (const NamedCircuit& named : telling.circuits) {
    files.emplace_back(named.stem + ".dot", named.dot);
    files.emplace_back(named.stem + ".svg", draw::svg(named.dot));
    files.emplace_back(named.stem + ".png", draw::png(named.dot));
  }
  return files;
}

void write_page_of(const MeasuredLesson& lesson, const Measured& measured, const Files& drawn,
                   const Options& options) {
  LessonWords words;
  for (const Language language : languages()) {
    words.in.push_back(words_of(lesson, measured.tell(language), language, options.quick));
  }
  words.tells_of = lesson.tells_of;
  for (const auto& [name, bytes] : drawn) {
    if (name.ends_with(".svg")) words.pictures[name] = bytes;
  }
  write_page(run_of(lesson, options), words, options);
}

// Finds out before the work, not after it, that a file cannot be written.
void check_files(const Options& options) {
  if (!options.out.empty()) write::check_writable(options.out / "lesson.md");
  if (!options.json.empty()) write::check_writable(options.json);
  if (!options.page.empty()) write::check_writable(options.page);
}

}  // namespace

int give(const MeasuredLesson& lesson, const Options& options) {
  if (options.step) {
    step_through(run_of(lesson, options), options);
    return 0;
  }
  check_files(options);
  const Measured measured = lesson.measure();
  const Telling telling = measured.tell(options.language);
  const std::string words = words_of(lesson, telling, options.language, options.quick);
  tell(words, options);
  std::fflush(stdout);
  if (!options.json.empty()) write::write_file(options.json, measured.figures.json());
  if (!options.out.empty() || !options.page.empty()) {
    const Files drawn = pictures(telling);
    if (!options.out.empty()) {
      for (const auto& [name, bytes] : drawn) write::write_file(options.out / name, bytes);
      write::write_file(options.out / "lesson.md", words);
    }
    if (!options.page.empty()) write_page_of(lesson, measured, drawn, options);
  }
  if (!measured.is_broken) return 0;
  write::say(
      say(options.language, Words("Stopped: the figures are those of the seeds that were done.")));
  return kInterrupted;
}

}  // namespace backstep::lessons
