// From one measurement to the words, pictures, figures and page of a lesson.
#include "lessons/measured_lesson.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string_view>
#include <utility>

#include "engine/write/file.h"
#include "engine/write/picture.h"
#include "lessons/steppers.h"
#include "lessons/terminal_text.h"

namespace backstep::lessons {
namespace {

namespace fs = std::filesystem;

std::string words_of(const MeasuredLesson& lesson, const Telling& telling, Language language) {
  return filled_text(lesson_words(lesson.folder, language), telling.places);
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
    files.emplace_back(named.stem + ".svg", write::svg(named.dot));
    files.emplace_back(named.stem + ".png", write::png(named.dot));
  }
  return files;
}

void write_page_of(const MeasuredLesson& lesson, const Measured& measured, const Options& options) {
  const Telling en = measured.tell(Language::kEnglish), ko = measured.tell(Language::kKorean);
  LessonWords words;
  words.en = words_of(lesson, en, Language::kEnglish);
  words.ko = words_of(lesson, ko, Language::kKorean);
  words.tells_of = lesson.tells_of;
  for (auto& [name, bytes] : pictures(options.language == Language::kEnglish ? en : ko)) {
    if (name.ends_with(".svg")) words.pictures[name] = std::move(bytes);
  }
  write_page(run_of(lesson, options), words, options);
}

// Finds out before the work, not after it, that a file cannot be written.
void try_to_write(const fs::path& path) {
  if (path.empty() || (fs::exists(path) && !fs::is_regular_file(path))) return;
  const fs::path beside = path.string() + ".part";
  write::write_file(beside, "");
  fs::remove(beside);
}

std::string_view stopped_text(Language language) {
  return language == Language::kEnglish
             ? "Stopped: the figures are those of the seeds that were done."
             : "멈췄습니다. 수치는 그때까지 끝난 시드에서 나온 것입니다.";
}

}  // namespace

int give(const MeasuredLesson& lesson, const Options& options) {
  if (options.step) {
    step_through(run_of(lesson, options), options);
    return 0;
  }
  if (!options.out.empty()) try_to_write(options.out / "lesson.md");
  try_to_write(options.json);
  try_to_write(options.page);
  const Measured measured = lesson.measure();
  const Telling telling = measured.tell(options.language);
  const std::string words = words_of(lesson, telling, options.language);
  if (!options.page.empty()) write_page_of(lesson, measured, options);
  if (!options.out.empty()) {
    Files files = pictures(telling);
    files.emplace_back("lesson.md", words);
    for (const auto& [name, bytes] : files) write::write_file(options.out / name, bytes);
  }
  if (!options.json.empty()) write::write_file(options.json, measured.figures.json());
  fmt::print("{}", terminal_text(words, terminal_style()));
  std::fflush(stdout);
  if (!measured.is_broken) return 0;
  fmt::print(stderr, "{}\n", stopped_text(options.language));
  return kInterrupted;
}

}  // namespace backstep::lessons
