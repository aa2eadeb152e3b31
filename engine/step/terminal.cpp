// The driver of a real terminal, on ncurses.
#include "engine/step/terminal.h"

#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <string>

#include "engine/step/draw.h"
#include "engine/step/text.h"
#include "engine/step/words.h"
#include "engine/tensor.h"

namespace backstep::step {
namespace {

// Signals.

constexpr std::array<int, 4> kEndingSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

volatile std::sig_atomic_t g_ended_by = 0;

void remember_signal(int signal) { g_ended_by = signal; }

// While this lives, signals that end a program are remembered, and come in only while the program
// waits for a key: none is lost between a check and the wait. Suspending is left to ncurses.
class SignalGuard {
 public:
  SignalGuard() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : kEndingSignals) sigaddset(&ending, signal);
    sigprocmask(SIG_BLOCK, &ending, &mask_before_);
    mask_while_waiting_ = mask_before_;
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      sigdelset(&mask_while_waiting_, kEndingSignals[i]);
      struct sigaction action = {};
      action.sa_handler = remember_signal;
      sigaction(kEndingSignals[i], &action, &before_[i]);
      // A signal that the caller ignores, as under nohup, stays ignored.
      if (before_[i].sa_handler == SIG_IGN) sigaction(kEndingSignals[i], &before_[i], nullptr);
    }
  }
  ~SignalGuard() {
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      sigaction(kEndingSignals[i], &before_[i], nullptr);
    }
    sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  // Waits for a key or a signal. False where the terminal is gone.
  bool wait() const {
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    const int ready = ppoll(&input, 1, nullptr, &mask_while_waiting_);
    if (ready < 0) return errno == EINTR;
    return (input.revents & POLLIN) != 0;
  }

 private:
  sigset_t mask_before_ = {};
  sigset_t mask_while_waiting_ = {};
  std::array<struct sigaction, kEndingSignals.size()> before_ = {};
};

// Colours.

// Colour pairs: one an ink, then one a level of heat.
constexpr int kInks = 6;
constexpr int kHeatLevels = 3;

short pair_of(const Style& style) {
  if (style.heat == 0) return static_cast<short>(style.ink);
  return static_cast<short>(kInks + kHeatLevels + style.heat);
}

void make_ink(Ink ink, int rich, int plain) {
  const int color = COLORS >= 256 ? rich : plain;
  init_pair(static_cast<short>(ink), static_cast<short>(color), -1);
}

void make_heat(int level, int foreground, int background) {
  init_pair(static_cast<short>(kInks + kHeatLevels + level), static_cast<short>(foreground),
            static_cast<short>(background));
}

// Blue for negative and orange for positive numbers: no common colour blindness mixes them up. The
// text upon them has its own colour, so that dark and light terminals show the same.
void make_colors() {
  start_color();
  use_default_colors();
  make_ink(Ink::kFaint, 245, COLOR_WHITE);
  make_ink(Ink::kForward, 37, COLOR_CYAN);
  make_ink(Ink::kGradient, 167, COLOR_RED);
  make_ink(Ink::kRight, 71, COLOR_GREEN);
  make_ink(Ink::kWrong, 203, COLOR_RED);
  if (COLORS >= 256) {
    constexpr std::array<int, 7> kBackground = {33, 25, 17, 0, 94, 166, 214};
    constexpr std::array<int, 7> kForeground = {16, 231, 255, 0, 255, 16, 16};
    for (int level = -3; level <= 3; ++level) {
      const auto i = static_cast<std::size_t>(level + 3);
      if (level != 0) make_heat(level, kForeground[i], kBackground[i]);
    }
    return;
  }
  for (int level = 1; level <= 3; ++level) {
    make_heat(level, level == 1 ? COLOR_YELLOW : COLOR_BLACK, level == 1 ? -1 : COLOR_YELLOW);
    make_heat(-level, level == 1 ? COLOR_BLUE : COLOR_WHITE, level == 1 ? -1 : COLOR_BLUE);
  }
}

bool wants_color() {
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && has_colors();
}

// The screen.

// Names of the environment that choose the character set, the strongest first.
const char* chosen_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return nullptr;
}

// A machine on which nobody chose a locale, as in a container, has a terminal of our days: UTF-8.
// A language whose words are beyond ASCII has no other. Otherwise the choice stands.
void choose_locale(Language language) {
  const std::string_view word = language.of(words::kStart);
  const bool beyond_ascii =
      std::any_of(word.begin(), word.end(), [](char c) { return (c & 0x80) != 0; });
  const bool chosen = std::setlocale(LC_CTYPE, "") != nullptr && chosen_locale() != nullptr;
  const bool utf8 = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  if (!utf8 && (!chosen || beyond_ascii)) std::setlocale(LC_CTYPE, "C.UTF-8");
}

class Screen {
 public:
  explicit Screen(Language language) {
    choose_locale(language);
    utf8_ = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    screen_ = newterm(nullptr, stdout, stdin);
    if (screen_ == nullptr) throw Error("this terminal cannot show a full screen; try --script");
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    colors_ = wants_color();
    if (colors_) make_colors();
  }
  ~Screen() {
    endwin();
    delscreen(screen_);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  Size size() const { return {LINES, COLS}; }

  void show(const Frame& frame) const {
    erase();
    for (int row = 0; row < frame.size().rows; ++row) {
      for (int col = 0; col < frame.size().cols; ++col) show_cell(frame.at(row, col), row, col);
    }
    curs_set(frame.cursor_row >= 0 ? 1 : 0);
    if (frame.cursor_row >= 0) move(frame.cursor_row, frame.cursor_col);
    refresh();
  }

 private:
  attr_t attributes(const Style& style) const {
    attr_t attributes = A_NORMAL;
    if (style.bold) attributes |= A_BOLD;
    if (style.underline) attributes |= A_UNDERLINE;
    if (style.reverse) attributes |= A_REVERSE;
    // Without colour, faint text is dim and large numbers are bold.
    if (!colors_ && style.ink == Ink::kFaint) attributes |= A_DIM;
    if (!colors_ && std::abs(style.heat) >= 2) attributes |= A_BOLD;
    return attributes;
  }

  void show_cell(const Cell& cell, int row, int col) const {
    if (cell.glyph.empty()) return;
    attr_set(attributes(cell.style), colors_ ? pair_of(cell.style) : static_cast<short>(0),
             nullptr);
    if (utf8_) {
      mvaddstr(row, col, cell.glyph.c_str());
      return;
    }
    std::string_view rest = cell.glyph;
    const std::string stand_in(ascii(take_glyph(rest)));
    mvaddstr(row, col, stand_in.c_str());
  }

  SCREEN* screen_ = nullptr;
  bool utf8_ = true;
  bool colors_ = false;
};

// Keys.

std::string utf8_of(wint_t c) {
  std::array<char, MB_LEN_MAX> bytes = {};
  std::mbstate_t state = {};
  const std::size_t count = std::wcrtomb(bytes.data(), static_cast<wchar_t>(c), &state);
  return count == static_cast<std::size_t>(-1) ? "" : std::string(bytes.data(), count);
}

bool is_named(wint_t code, Key& key) {
  switch (code) {
    case KEY_LEFT:
      return key.code = Key::kLeft, true;
    case KEY_RIGHT:
      return key.code = Key::kRight, true;
    case KEY_UP:
      return key.code = Key::kUp, true;
    case KEY_DOWN:
      return key.code = Key::kDown, true;
    case KEY_HOME:
      return key.code = Key::kHome, true;
    case KEY_END:
      return key.code = Key::kEnd, true;
    case KEY_BTAB:
      return key.code = Key::kBackTab, true;
    case KEY_ENTER:
      return key.code = Key::kEnter, true;
    case KEY_BACKSPACE:
    case KEY_DC:
      return key.code = Key::kBackspace, true;
    default:
      return false;
  }
}

bool is_character(wint_t code, Key& key) {
  constexpr wint_t kEscapeCode = 27, kDelete = 127, kControlH = 8;
  if (code == '\t') return key.code = Key::kTab, true;
  if (code == '\r' || code == '\n') return key.code = Key::kEnter, true;
  if (code == kEscapeCode) return key.code = Key::kEscape, true;
  if (code == kDelete || code == kControlH) return key.code = Key::kBackspace, true;
  constexpr wint_t kFirstVisible = 32;
  if (code < kFirstVisible) return false;
  key.text = utf8_of(code);
  return !key.text.empty();
}

// Applies every key that has come in. False where input has ended.
bool apply_keys(Model& model) {
  wint_t code = 0;
  bool any = false;
  for (int result = get_wch(&code); result != ERR && !model.quit; result = get_wch(&code)) {
    any = true;
    Key key;
    const bool known = result == KEY_CODE_YES ? is_named(code, key) : is_character(code, key);
    if (known) model = apply(std::move(model), key);
  }
  return any;
}

}  // namespace

bool has_full_screen() {
  const char* term = std::getenv("TERM");
  const bool able = term != nullptr && *term != '\0' && std::strcmp(term, "dumb") != 0;
  return able && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

void walk_in_terminal(Model model) {
  g_ended_by = 0;
  {
    const SignalGuard signals;
    const Screen screen(model.language);
    constexpr int kMostIdle = 50;  // a terminal that is readable and yet has no keys is gone
    int idle = 0;
    while (!model.quit && g_ended_by == 0 && idle < kMostIdle) {
      screen.show(draw(model, screen.size()));
      if (!signals.wait()) break;
      idle = apply_keys(model) ? 0 : idle + 1;
    }
  }
  // The terminal is restored and the signal's own action is back.
  if (g_ended_by != 0) std::raise(g_ended_by);
}

}  // namespace backstep::step
