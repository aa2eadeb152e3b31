// Golden frames: what the stepper shows at 80 x 24, at 120 x 40, narrow and tiny, in both
// languages.
#include <doctest/doctest.h>

#include "engine/step/draw.h"
#include "engine/step/plain.h"
#include "engine/step/text.h"
#include "tests/golden.h"
#include "tests/step/records.h"

namespace backstep::step {
namespace {

constexpr Size kUsual = {24, 80};
constexpr Size kLarge = {40, 120};
constexpr Size kNarrow = {12, 40};

std::string drawn(const Model& model, Size size, const char* keys) {
  const Frame frame = draw(model, size);
  return std::string("keys: ") + keys + "\n" + text_of(frame) + "styles\n" + styles_of(frame);
}

// The frames after each of the scripts.
std::string frames(const Model& start, Size size, std::initializer_list<const char*> scripts) {
  std::string text;
  for (const char* script : scripts) {
    Player player(start);
    for (const ScriptWord& word : parse_script(script)) player.play(word);
    text += drawn(player.model(), size, script);
  }
  return text;
}

constexpr std::initializer_list<const char*> kPlaces = {"n",
                                                        "g=xhat",
                                                        "g=dout",
                                                        "g=dbeta",
                                                        "g=dxmu1",
                                                        "g=dxmu2",
                                                        "g=dxmu",
                                                        "g=dsqrtvar i i",
                                                        "g=dxhat Up Up j l",
                                                        "g=dgammax p=(3,)",
                                                        "g=dgammax p=4x3",
                                                        "End"};

TEST_CASE("batch norm in every size and language") {
  const Trace trace = batch_norm_run();
  const Record record(trace, "batch_norm", {"x is randn(4, 3), seed 50"});
  const Model english(record);
  const Model korean(record, *language_of("ko"));
  const auto all = [](const Model& model, Size size) {
    return drawn(model, size, "") + frames(model, size, kPlaces);
  };
  tests::check_golden("step/batch_norm_80x24.en.txt", all(english, kUsual));
  tests::check_golden("step/batch_norm_80x24.ko.txt", all(korean, kUsual));
  tests::check_golden("step/batch_norm_120x40.en.txt", all(english, kLarge));
  tests::check_golden("step/batch_norm_120x40.ko.txt", all(korean, kLarge));
  tests::check_golden("step/batch_norm_40x12.en.txt", all(english, kNarrow));
  tests::check_golden("step/batch_norm_40x12.ko.txt", all(korean, kNarrow));
}

TEST_CASE("questions, prompts, marks and help") {
  const Trace trace = batch_norm_run();
  const Record record(trace, "batch_norm");
  const Model start(record);
  std::string text = drawn(press(after(start, "n*11"), "p"), kUsual, "p");
  text += drawn(typed(press(after(start, "n*11"), "g"), "dxm"), kUsual, "g dxm");
  text += drawn(after(start, "n*3 b n*4 1 n*6 b f"), kUsual, "marks");
  text += drawn(press(start, "?"), kUsual, "?");
  text += drawn(press(Model(record, *language_of("ko")), "?"), kNarrow, "? ko");
  tests::check_golden("step/prompts.txt", text);
}

TEST_CASE("the notebook's 50 x 50, NaN, and hostile names") {
  const Trace large = batch_norm_run({50, 50});
  const Record large_record(large, "batch_norm");
  std::string text = frames(Model(large_record), kUsual, {"g=dxmu1", "g=dx j*25 l*25"});
  text += frames(Model(large_record), kLarge, {"g=dxmu1"});
  const Trace broken = run_with_nan();
  const Record broken_record(broken, "nan");
  text += frames(Model(broken_record), kUsual, {"g=nan", "End"});
  const Trace hostile = run_with_hostile_names();
  const Record hostile_record(hostile, "\x1b]0;title\x07");
  text += frames(Model(hostile_record), kUsual, {"n", "End"});
  tests::check_golden("step/hard_cases.txt", text);
}

TEST_CASE("plain lines, in both languages") {
  const Trace trace = batch_norm_run();
  const Record record(trace, "batch_norm", {"x is randn(4, 3), seed 50"});
  for (const Language language : {Language(), *language_of("ko")}) {
    const Model start(record, language);
    std::string text = plain_text(start);
    Player all(start);
    while (!all.model().cursor.at_end()) text += all.play({"n", {Key::kRight}});
    Player script(start);
    for (const ScriptWord& word : parse_script(
             "n n i i i g=dgammax p p=4x3 p=value:0.1 N N b 1 w Tab w W g=nowhere /=mean / ? Down "
             "Up Esc n q")) {
      text += "> " + word.word + "\n" + script.play(word);
    }
    const bool english = language == Language();
    tests::check_golden(english ? "step/plain.en.txt" : "step/plain.ko.txt", text);
  }
}

// Whether every cell is one glyph of the width that it takes, and nothing can steer a terminal.
bool is_sound(const Frame& frame) {
  for (int row = 0; row < frame.size().rows; ++row) {
    for (int col = 0; col < frame.size().cols; ++col) {
      const std::string& glyph = frame.at(row, col).glyph;
      if (printable(glyph) != glyph) return false;
      if (glyph.empty() && (col == 0 || width(frame.at(row, col - 1).glyph) != 2)) return false;
      const bool wide = width(glyph) == 2;
      if (wide && (col + 1 == frame.size().cols || !frame.at(row, col + 1).glyph.empty())) {
        return false;
      }
    }
  }
  return true;
}

TEST_CASE("no size garbles a frame") {
  const Trace trace = batch_norm_run();
  const Trace hostile = run_with_hostile_names();
  const Record records[] = {Record(trace, "batch_norm", {"한글 알림"}), Record(hostile, "h")};
  for (const Record& record : records) {
    for (const Language language : {Language(), *language_of("ko")}) {
      const Model start(record, language);
      const Model models[] = {start,
                              after(start, "f f n n n n"),
                              press(start, "p"),
                              press(start, "?"),
                              after(start, "End Up"),
                              typed(press(start, "g"), "a long name that does not fit in here")};
      for (const Model& model : models) {
        for (int rows = 1; rows < 45; rows += rows < 26 ? 1 : 9) {
          for (int cols = 1; cols < 130; cols += cols < 12 ? 1 : 7) {
            INFO(rows, " rows, ", cols, " columns");
            REQUIRE(is_sound(draw(model, {rows, cols})));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace backstep::step
