// Markdown for a terminal, by md4c: its calls become runs of letters, and these become lines.
#include "lessons/terminal_text.h"

#include <fmt/format.h>
#include <md4c.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/text.h"
#include "lessons/styled_text.h"

namespace backstep::lessons {
namespace {

constexpr int kWidestText = 96;
constexpr int kNarrowestText = 40;

std::string repeated(std::string_view letter, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += letter;
  return result;
}

std::string text_of(const MD_ATTRIBUTE& attribute) { return {attribute.text, attribute.size}; }

std::string decoded_entity(std::string_view entity) {
  constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
      {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", " "}};
  for (const auto& [name, letter] : kEntities) {
    if (entity == name) return std::string(letter);
  }
  return std::string(entity);
}

// The lines of the text, each behind what its lists and quotations put before it.
class Page {
 public:
  // What stands before the first line of an item, and before the lines that follow.
  void indent(std::string first, std::string rest) {
    indents_.push_back({std::move(first), std::move(rest)});
  }
  void outdent() { indents_.pop_back(); }

  int indent_width() const {
    int width = 0;
    for (const Indent& indent : indents_) width += columns(indent.rest);
    return width;
  }

  void line(std::string_view text) {
    std::string result;
    for (Indent& indent : indents_) result += std::exchange(indent.first, indent.rest);
    result += text;
    result.erase(result.find_last_not_of(' ') + 1);
    text_ += result + "\n";
  }

  // A blank line before the next block, unless it is the first, or join() was called since.
  void begin_block() {
    if (blank_is_due_) text_ += "\n";
    blank_is_due_ = false;
  }
  void end_block() { blank_is_due_ = true; }
  void join() { blank_is_due_ = false; }

  std::string take() { return std::move(text_); }

 private:
  struct Indent {
    std::string first;
    std::string rest;
  };
  std::vector<Indent> indents_;
  std::string text_;
  bool blank_is_due_ = false;
};

struct Cell {
  std::vector<Run> runs;
  MD_ALIGN align = MD_ALIGN_DEFAULT;
};
using Row = std::vector<Cell>;

// A table: columns as wide as their longest cell, or, where that is too much, the widest ones
// narrowed and their cells wrapped.
class Table {
 public:
  Table(const std::vector<Row>& rows, const TerminalStyle& style, int width)
      : rows_(rows), colour_(style.colour) {
    for (const Row& row : rows_) {
      widths_.resize(std::max(widths_.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) {
        widths_[i] = std::max(widths_[i], columns_of(row[i].runs));
      }
    }
    narrow_to(width);
  }

  void write(Page& page) const {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      write_row(rows_[i], page);
      if (i == 0) page.line(repeated("─", whole_width()));
    }
  }

 private:
  static constexpr int kGap = 2;
  static constexpr int kNarrowestColumn = 8;

  int whole_width() const {
    const int gaps = kGap * static_cast<int>(widths_.size() - 1);
    return std::accumulate(widths_.begin(), widths_.end(), gaps);
  }

  void narrow_to(int width) {
    while (whole_width() > width) {
      int& widest = *std::max_element(widths_.begin(), widths_.end());
      if (widest <= kNarrowestColumn) return;
      --widest;
    }
  }

  void write_row(const Row& row, Page& page) const {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(wrapped(row[i].runs, widths_[i], colour_));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t k = 0; k < height; ++k) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) line += repeated(" ", kGap);
        line += aligned(k < cells[i].size() ? cells[i][k] : "", widths_[i], row[i].align);
      }
      page.line(line);
    }
  }

  static std::string aligned(const std::string& text, int width, MD_ALIGN align) {
    const int room = std::max(0, width - columns_of_line(text));
    const int left = align == MD_ALIGN_RIGHT ? room : align == MD_ALIGN_CENTER ? room / 2 : 0;
    return repeated(" ", left) + text + repeated(" ", room - left);
  }

  const std::vector<Row>& rows_;
  bool colour_;
  std::vector<int> widths_;
};

// Takes md4c's calls and writes the page.
class Renderer {
 public:
  explicit Renderer(const TerminalStyle& style) : style_(style) {}

  std::string render(std::string_view markdown) {
    MD_PARSER parser = {};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_NOHTML;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      static_cast<Renderer*>(self)->enter_block(type, detail);
      return 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      static_cast<Renderer*>(self)->leave_block(type, detail);
      return 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
      static_cast<Renderer*>(self)->enter_span(type, detail);
      return 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void* detail, void* self) {
      static_cast<Renderer*>(self)->leave_span(type, detail);
      return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
      static_cast<Renderer*>(self)->add(type, {text, size});
      return 0;
    };
    md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, this);
    return page_.take();
  }

 private:
  struct List {
    bool tight = true;
    bool numbered = false;
    unsigned next = 0;
  };

  int width() const { return std::max(kNarrowestText / 2, style_.width - page_.indent_width()); }

  // ---- blocks
  // ------------------------------------------------------------------------------------

  void enter_block(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_UL:
        return enter_list({static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0, false, 0});
      case MD_BLOCK_OL: {
        const auto* list = static_cast<MD_BLOCK_OL_DETAIL*>(detail);
        return enter_list({list->is_tight != 0, true, list->start});
      }
      case MD_BLOCK_LI:
        return enter_item();
      case MD_BLOCK_QUOTE:
        return page_.indent("│ ", "│ ");
      case MD_BLOCK_CODE:
        code_is_text_ = static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang.size == 0;
        in_code_block_ = true;
        return;
      case MD_BLOCK_TABLE:
        rows_.clear();
        return;
      case MD_BLOCK_THEAD:
      case MD_BLOCK_H:
        block_style_ = kBold;
        return;
      case MD_BLOCK_TR:
        rows_.emplace_back();
        return;
      default:
        return;
    }
  }

  void leave_block(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_P:
        return write_paragraph();
      case MD_BLOCK_H:
        return write_heading(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
      case MD_BLOCK_CODE:
        return write_code();
      case MD_BLOCK_HR:
        return write_rule();
      case MD_BLOCK_LI:
        write_paragraph();
        page_.outdent();
        return;
      case MD_BLOCK_UL:
      case MD_BLOCK_OL:
        lists_.pop_back();
        if (lists_.empty() || !lists_.back().tight) page_.end_block();
        return;
      case MD_BLOCK_QUOTE:
        return page_.outdent();
      case MD_BLOCK_THEAD:
        block_style_ = kPlain;
        return;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        rows_.back().push_back(
            {std::exchange(runs_, {}), static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align});
        return;
      case MD_BLOCK_TABLE:
        return write_table();
      default:
        return;
    }
  }

  void enter_list(List list) {
    write_paragraph();
    if (!lists_.empty() && lists_.back().tight) page_.join();
    lists_.push_back(list);
    is_first_item_ = true;
  }

  void enter_item() {
    List& list = lists_.back();
    if (list.tight && !is_first_item_) page_.join();
    is_first_item_ = false;
    const std::string mark = list.numbered ? fmt::format("{}. ", list.next++) : "• ";
    page_.indent(mark, repeated(" ", columns(mark)));
  }

  void write_paragraph() {
    if (runs_.empty()) return;
    page_.begin_block();
    for (const std::string& line : wrapped(runs_, width(), style_.colour)) page_.line(line);
    runs_.clear();
    page_.end_block();
  }

  void write_heading(unsigned level) {
    const int length = std::min(columns_of(runs_), width());
    write_paragraph();
    if (level <= 2) page_.line(repeated(level == 1 ? "═" : "─", length));
    block_style_ = kPlain;
  }

  void write_code() {
    in_code_block_ = false;
    page_.begin_block();
    const unsigned style = code_is_text_ || !style_.colour ? kPlain : kCode;
    for (std::size_t begin = 0, end; begin < code_.size(); begin = end + 1) {
      end = std::min(code_.find('\n', begin), code_.size());
      const std::string line = printable(code_.substr(begin, end - begin));
      page_.line("  " + styled(line, style));
    }
    code_.clear();
    page_.end_block();
  }

  void write_rule() {
    page_.begin_block();
    page_.line(repeated("─", width()));
    page_.end_block();
  }

  void write_table() {
    page_.begin_block();
    Table(rows_, style_, width()).write(page_);
    page_.end_block();
  }

  // ---- spans
  // -------------------------------------------------------------------------------------

  void enter_span(MD_SPANTYPE type, void*) {
    if (type == MD_SPAN_IMG) put("▸ ");
    span_style_.push_back(style_of(type));
  }

  void leave_span(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_IMG) put(": " + text_of(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src));
    span_style_.pop_back();
    if (type == MD_SPAN_A) put(" (" + text_of(static_cast<MD_SPAN_A_DETAIL*>(detail)->href) + ")");
  }

  static unsigned style_of(MD_SPANTYPE type) {
    switch (type) {
      case MD_SPAN_STRONG:
        return kBold;
      case MD_SPAN_EM:
        return kItalic;
      case MD_SPAN_CODE:
        return kCode;
      case MD_SPAN_IMG:
        return kDim;
      default:
        return kPlain;
    }
  }

  void add(MD_TEXTTYPE type, std::string_view text) {
    if (in_code_block_) {
      code_ += text;
    } else if (type == MD_TEXT_BR) {
      runs_.push_back({"\n"});
    } else if (type == MD_TEXT_SOFTBR) {
      runs_.push_back({" "});
    } else if (type == MD_TEXT_ENTITY) {
      put(decoded_entity(text));
    } else {
      put(text, type == MD_TEXT_CODE && columns(text) <= kLongestSolid);
    }
  }

  void put(std::string_view text, bool solid = false) {
    unsigned style = block_style_;
    for (const unsigned span : span_style_) style |= span;
    runs_.push_back({printable(text), style, solid});
  }

  static constexpr int kLongestSolid = 40;  // a longer formula may be broken

  TerminalStyle style_;
  Page page_;
  std::vector<Run> runs_;
  std::vector<unsigned> span_style_;
  unsigned block_style_ = kPlain;
  std::vector<List> lists_;
  bool is_first_item_ = false;
  std::vector<Row> rows_;
  std::string code_;
  bool in_code_block_ = false;
  bool code_is_text_ = false;
};

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_dumb() {
  const char* terminal = std::getenv("TERM");
  return terminal == nullptr || std::string_view(terminal) == "dumb";
}

}  // namespace

TerminalStyle terminal_style() {
  TerminalStyle style;
  if (::isatty(STDOUT_FILENO) == 0) return style;
  winsize window = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
    style.width = std::clamp<int>(window.ws_col, kNarrowestText, kWidestText);
  }
  style.colour = !is_set("NO_COLOR") && !is_dumb();
  return style;
}

std::string terminal_text(std::string_view markdown, const TerminalStyle& style) {
  std::string text;
  for (const Piece& piece : pieces_of(markdown)) {
    text += (text.empty() ? "" : "\n") + terminal_text(piece, style);
  }
  return text;
}

std::string terminal_text(const Piece& piece, const TerminalStyle& style) {
  if (!piece.is_answer()) return Renderer(style).render(piece.markdown);
  const std::size_t begin = std::min(piece.markdown.find_first_not_of('\n'), piece.markdown.size());
  return Renderer(style).render(
      fmt::format("**{}.** {}", piece.label, piece.markdown.substr(begin)));
}

}  // namespace backstep::lessons
