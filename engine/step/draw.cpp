// The picture of a state: which part goes where, and what gives way where there is little room.
#include "engine/step/draw.h"

#include <algorithm>

#include "engine/expression.h"
#include "engine/step/matrix.h"
#include "engine/step/parts.h"
#include "engine/step/text.h"
#include "engine/step/words.h"

namespace backstep::step {
namespace {

// A rectangle of the frame.
struct Area {
  int row = 0, col = 0;
  int rows = 0, cols = 0;
};

// Top and bottom.

void draw_title(Frame& frame, const Model& model) {
  const int cols = frame.size().cols;
  std::string place =
      say(model.language, words::kStepOf, model.cursor.done(), model.record->events());
  const walk::Phase* now = phase(model);
  const std::string where = now == nullptr
                                ? say(model.language, words::kStart)
                                : printable(phase_title(model.record->trace, *now, model.language));
  if (cols >= 60) place += " · " + where;
  const int place_width = std::min(width(place), cols - 2);
  const Style bar = {.bold = true, .reverse = true};
  frame.paint(0, bar);
  frame.put(0, 1, printable(model.record->title), bar, cols - place_width - 4);
  frame.put(0, cols - place_width - 1, place, bar, place_width);
}

// A tick per event, in the ink of its direction: thick where it is done, with the marks on it.
void draw_timeline(Frame& frame, const Model& model, int row) {
  const std::vector<Event>& events = model.record->trace.events();
  const std::size_t count = events.size();
  if (count == 0) return;
  const auto columns = static_cast<std::size_t>(frame.size().cols);
  const auto column_of = [&](std::size_t done) {
    return static_cast<int>(done * (columns - 1) / count);
  };
  for (std::size_t col = 0; col < columns; ++col) {
    const std::size_t event = std::min(count - 1, col * count / columns);
    const bool done = static_cast<int>(col) < column_of(model.cursor.done());
    frame.put(row, static_cast<int>(col), done ? "━" : "─", {.ink = ink_of(events[event])}, 1);
  }
  for (const walk::Phase& phase : model.record->phases) {
    if (phase.kind != walk::Phase::Kind::kSeed) continue;
    frame.put(row, column_of(phase.begin), "┼", {.ink = Ink::kGradient}, 1);
  }
  for (const std::size_t mark : model.breakpoints) {
    frame.put(row, column_of(mark), "●", {.ink = Ink::kWrong, .bold = true}, 1);
  }
  for (std::size_t i = 0; i < model.bookmarks.size(); ++i) {
    if (model.bookmarks[i] == Model::kUnset) continue;
    frame.put(row, column_of(model.bookmarks[i]), std::to_string(i + 1), {.bold = true}, 1);
  }
  frame.put(row, column_of(model.cursor.done()), "◆", {.bold = true}, 1);
}

void draw_status(Frame& frame, const Model& model) {
  const int row = frame.size().rows - 1;
  const int cols = frame.size().cols;
  const bool typing = model.mode != Mode::kWalk && model.mode != Mode::kHelp;
  const int used = frame.put(row, 0, status_line(model, cols), cols);
  if (!typing) return;
  frame.cursor_row = row;
  frame.cursor_col = std::min(used, cols - 1);
}

// The list of stations.

struct ListColumns {
  int title = 10, name = 8, shape = 0;
};

std::string row_title(const Model& model, NodeId node) {
  const Graph& graph = model.record->graph();
  if (graph.node(node).primitive != nullptr) return printable(title(graph, node));
  const bool input = graph.node(node).role == Role::kInput;
  return say(model.language, input ? words::kInput : words::kParameter);
}

void draw_marker(Frame& frame, const Model& model, NodeId node, int row, int col) {
  const Event* done = model.cursor.just_done();
  const Event* next = model.cursor.next();
  if (done != nullptr && row_of(*model.record, *done) == node) {
    frame.put(row, col, goes_back(*done) ? "◀" : "▶", {.ink = ink_of(*done), .bold = true}, 1);
  }
  if (next != nullptr && row_of(*model.record, *next) == node) {
    frame.put(row, col + 1, goes_back(*next) ? "◁" : "▷", {.ink = ink_of(*next)}, 1);
  }
}

// The row whose gradient rule the step just done went through; kNoNode if none.
NodeId sender(const Model& model) {
  const Event* done = model.cursor.just_done();
  const bool sent = done != nullptr && done->kind == EventKind::kContribution;
  return sent ? use_of(model.record->graph(), done->node).user : kNoNode;
}

void draw_station(Frame& frame, const Model& model, NodeId node, Area at, ListColumns columns) {
  const Graph& graph = model.record->graph();
  const bool on_show = row_on_show(model) == node;
  const bool written = is_written(model, node);
  Style style = {.ink = written ? Ink::kPlain : Ink::kFaint, .bold = on_show};
  style.reverse = model.selected == node;
  draw_marker(frame, model, node, at.row, at.col);
  const int end = at.col + at.cols;
  int col = at.col + 2;
  const auto put = [&](const std::string& text, int columns_wide, const Style& with) {
    frame.put(at.row, col, cut(text, columns_wide), with, end - col);
    col += columns_wide + 1;
  };
  const bool operation = graph.node(node).primitive != nullptr;
  const bool sends = node == sender(model);
  const Style number = {.ink = sends ? Ink::kGradient : Ink::kFaint, .bold = sends};
  put(operation ? fmt::format("{:>3}", graph.place(node).station) : "", 3, number);
  put(row_title(model, node), columns.title, style);
  put(printable(graph.name(node)), columns.name, style);
  if (columns.shape > 0) put(to_string(graph.node(node).shape), columns.shape, {Ink::kFaint});
  const GradientState state = model.record->ledger.state(node, model.cursor.done());
  const bool some = state.arrived > 0;
  frame.put(at.row, col, gradient_state_text(model, node),
            {.ink = some ? Ink::kGradient : Ink::kFaint, .bold = some && on_show}, end - col);
}

// Which row the list begins with, so that the one that is looked at stays in sight.
std::size_t first_row(const Model& model, int rows) {
  const std::vector<NodeId>& all = model.record->stations;
  const auto at = std::find(all.begin(), all.end(), row_on_show(model));
  const int now = at == all.end() ? 0 : static_cast<int>(at - all.begin());
  const int last_start = std::max(0, static_cast<int>(all.size()) - rows);
  return static_cast<std::size_t>(std::clamp(now - rows / 2, 0, last_start));
}

void draw_list(Frame& frame, const Model& model, Area area) {
  const bool roomy = area.cols >= 44;
  const ListColumns columns = roomy ? ListColumns{14, 10, 9} : ListColumns{};
  const std::vector<NodeId>& all = model.record->stations;
  const std::size_t first = first_row(model, area.rows);
  for (int i = 0; i < area.rows; ++i) {
    const std::size_t at = first + static_cast<std::size_t>(i);
    if (at >= all.size()) break;
    draw_station(frame, model, all[at], {area.row + i, area.col, 1, area.cols}, columns);
  }
}

// Formulas, values, ledger.

// Puts lines into an area, each wrapped. Returns the rows that were taken.
int draw_lines(Frame& frame, Area area, const std::vector<Line>& lines, int indent,
               int most_per_line) {
  int row = 0;
  for (const Line& line : lines) {
    const int room = std::min(most_per_line, area.rows - row);
    for (const Line& piece : at_most(wrap(line, area.cols, indent), room, area.cols)) {
      frame.put(area.row + row++, area.col, piece, area.cols);
    }
  }
  return row;
}

// One value with its title, ready to be placed.
struct Box {
  std::vector<Line> lines;
  int cols = 0;
};

Box value_box(const Model& model, std::size_t which, int rows, int columns) {
  const NodeId node = values_on_show(model)[which];
  const bool has_focus = which == model.focus;
  MatrixLook look;
  look.rows = rows;
  look.columns = columns;
  look.language = model.language;
  look.written = is_written(model, node);
  look.focused = has_focus;
  const Shape shape = model.record->graph().node(node).shape;
  look.element = {std::min(model.row, shape.rows() - 1), std::min(model.col, shape.cols() - 1)};
  look.range =
      walk::shared_range(model.record->trace, model.record->ledger, model.record->sums, node);
  const Element at = element(model);
  const NodeId chosen = focused(model);
  if (!has_focus && model.selected == kNoNode && model.mode != Mode::kPredict) {
    for (const walk::Block& block : walk::sources(model.record->graph(), chosen, at.row, at.col)) {
      if (block.node == node) look.lit.push_back(block);
    }
  }
  Box box;
  const Ink ink =
      model.record->graph().place(node).part == Part::kForward ? Ink::kForward : Ink::kGradient;
  box.lines.push_back({{cut(value_title(model, node), columns), {ink, has_focus, has_focus}}});
  for (Line& line : matrix_lines(model.record->trace.value(node), look)) {
    box.lines.push_back(std::move(line));
  }
  for (const Line& line : box.lines) box.cols = std::max(box.cols, width(line));
  return box;
}

struct PlacedBox {
  Box box;
  int row = 0, col = 0;
};

// Places the boxes in this order side by side, and below each other where they do not fit. Fewer
// than asked for are placed where the area is full.
std::vector<PlacedBox> place_boxes(const Model& model, Area area, int rows_each,
                                   const std::vector<std::size_t>& order) {
  constexpr int kGap = 3;
  constexpr int kRoomy = 16;
  const int gap_below = area.rows >= kRoomy ? 1 : 0;
  std::vector<PlacedBox> placed;
  int row = 0, col = 0, height = 0;
  for (const std::size_t which : order) {
    Box box = value_box(model, which, rows_each, area.cols);
    if (col > 0 && col + box.cols > area.cols) {
      row += height + gap_below;
      col = height = 0;
    }
    const int rows = static_cast<int>(box.lines.size());
    if (row + rows > area.rows) break;
    height = std::max(height, rows);
    const int next_col = col + box.cols + kGap;
    placed.push_back({std::move(box), area.row + row, area.col + col});
    col = next_col;
  }
  return placed;
}

// As many values as possible, each with as many rows as possible.
std::vector<PlacedBox> best_boxes(const Model& model, Area area,
                                  const std::vector<std::size_t>& order) {
  constexpr int kFewestRows = 3;
  std::vector<PlacedBox> best;
  for (int rows_each = area.rows - 1; rows_each >= 1; --rows_each) {
    std::vector<PlacedBox> placed = place_boxes(model, area, rows_each, order);
    if (placed.size() > best.size()) best = std::move(placed);
    if (best.size() == order.size()) break;
    if (rows_each <= kFewestRows && !best.empty()) break;
  }
  return best;
}

// The values in their order; the focused one comes first where it would find no room.
std::vector<std::size_t> value_order(const Model& model, Area area) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values_on_show(model).size(); ++i) order.push_back(i);
  const std::size_t focus = std::min(model.focus, order.size() - 1);
  if (focus >= best_boxes(model, area, order).size()) {
    std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(focus), order.end());
  }
  return order;
}

std::string names_of(const Model& model, const std::vector<std::size_t>& order, std::size_t from) {
  const std::vector<NodeId> values = values_on_show(model);
  std::string names;
  for (std::size_t i = from; i < order.size(); ++i) {
    names += (names.empty() ? "" : ", ") + value_title(model, values[order[i]]);
  }
  return names;
}

void draw_values(Frame& frame, const Model& model, Area area) {
  if (values_on_show(model).empty() || area.rows < 2) return;
  std::vector<std::size_t> order = value_order(model, area);
  std::vector<PlacedBox> boxes = best_boxes(model, area, order);
  if (boxes.size() < order.size() && area.rows >= 4) {
    // The last row names those that have no room.
    --area.rows;
    order = value_order(model, area);
    boxes = best_boxes(model, area, order);
    frame.put(area.row + area.rows, area.col,
              say(model.language, words::kMoreValues, names_of(model, order, boxes.size())),
              {Ink::kFaint}, area.cols);
  }
  for (const PlacedBox& placed : boxes) {
    int row = placed.row;
    for (const Line& line : placed.box.lines) {
      frame.put(row++, placed.col, line, area.col + area.cols - placed.col);
    }
  }
}

// At most `rows` lines of the ledger: its heading, the first rows, and the sum.
std::vector<Line> shortened_ledger(const Model& model, int rows) {
  std::vector<Line> lines = ledger_lines(model);
  const int count = static_cast<int>(lines.size());
  if (count <= rows) return lines;
  if (rows < 3) return {};
  std::vector<Line> shown(lines.begin(), lines.begin() + rows - 2);
  shown.push_back({{"  …", {Ink::kFaint}}});
  shown.push_back(lines.back());
  return shown;
}

void draw_details(Frame& frame, const Model& model, Area area) {
  constexpr int kIndent = 9;
  const int most_per_line = area.rows >= 12 ? 3 : area.rows >= 7 ? 2 : 1;
  draw_lines(frame, area, legend_lines(model), 5, 2);
  const std::vector<Line> formulas = formula_lines(model, area.cols, most_per_line);
  const int used = draw_lines(frame, area, formulas, kIndent, most_per_line);
  const bool gap = used > 0 && area.rows - used >= 14;
  Area rest = {area.row + used + gap, area.col, area.rows - used - gap, area.cols};
  const std::vector<Line> ledger = shortened_ledger(model, rest.rows / 2);
  const int ledger_rows = static_cast<int>(ledger.size());
  draw_values(frame, model, {rest.row, rest.col, rest.rows - ledger_rows, rest.cols});
  for (int i = 0; i < ledger_rows; ++i) {
    frame.put(rest.row + rest.rows - ledger_rows + i, rest.col, ledger[static_cast<std::size_t>(i)],
              rest.cols);
  }
}

// The whole.

void draw_rule(Frame& frame, const Model& model, int row, int list_cols) {
  for (int col = 0; col < frame.size().cols; ++col) frame.put(row, col, "─", {Ink::kFaint}, 1);
  if (list_cols == 0) return;
  frame.put(row, 2, " " + say(model.language, words::kStations) + " ", {Ink::kFaint}, list_cols);
  const std::string gradient = " " + say(model.language, words::kGradient) + " ";
  const int state_col = list_cols >= 44 ? 42 : 26;
  frame.put(row, state_col - 1, gradient, {Ink::kFaint}, list_cols - state_col + 1);
  frame.put(row, list_cols, "┬", {Ink::kFaint}, 1);
}

void draw_body(Frame& frame, const Model& model, Area area, int list_cols) {
  if (list_cols == 0) return draw_details(frame, model, area);
  draw_list(frame, model, {area.row, 0, area.rows, list_cols});
  for (int row = 0; row < area.rows; ++row) {
    frame.put(area.row + row, list_cols, "│", {Ink::kFaint}, 1);
  }
  draw_details(frame, model, {area.row, list_cols + 2, area.rows, area.cols - list_cols - 2});
}

void draw_help(Frame& frame, const Model& model) {
  const int rows = frame.size().rows;
  const int cols = frame.size().cols;
  constexpr int kKeyColumns = 16;
  frame.put(0, 1, say(model.language, words::kHelpTitle), {.bold = true}, cols - 1);
  const bool narrow = cols < 50;
  int row = rows > 18 ? 2 : 1;
  for (const words::HelpLine& line : words::kHelp) {
    if (row >= rows) break;
    const int col = narrow ? 12 : kKeyColumns + 2;
    frame.put(row, 1, line.keys, {.bold = true}, col - 2);
    frame.put(row++, col, say(model.language, line.does), {}, cols - col);
  }
}

int list_columns(int cols) { return cols >= 110 ? 54 : cols >= 70 ? 36 : 0; }

// The rows that the explanation may take: all that it needs, but never so many that the step's
// formulas and numbers have no room.
int explanation_rows(int rows, int cols) {
  if (rows < 8) return std::max(1, rows - 2);
  return std::clamp(rows / (cols < 60 ? 3 : 5), 2, 8);
}

// The explanation, with the direction of the event in front of its sentence.
std::vector<Line> marked_explanation(const Model& model) {
  std::vector<Line> lines = explanation(model);
  const Event* event = model.cursor.just_done();
  const bool says_event = event != nullptr && model.mode == Mode::kWalk && !model.verdict &&
                          model.selected == kNoNode && model.inside == 0;
  if (says_event) {
    lines.front().insert(lines.front().begin(),
                         {goes_back(*event) ? "◀ " : "▶ ", {.ink = ink_of(*event), .bold = true}});
  }
  return lines;
}

void draw_walk(Frame& frame, const Model& model) {
  const int rows = frame.size().rows;
  const int cols = frame.size().cols;
  draw_title(frame, model);
  int row = 1;
  if (rows >= 10) draw_timeline(frame, model, row++);
  const int most = explanation_rows(rows, cols);
  const int needed = draw_lines(frame, {row, 0, most, cols}, marked_explanation(model), 2, most);
  // At 80 x 24 and above the parts below stand still from step to step.
  row += rows >= 20 ? most : needed;
  const bool shows_next = rows >= 8;
  const int bottom = rows - 1 - (shows_next ? 1 : 0);
  if (shows_next) frame.put(bottom, 0, next_line(model), cols);
  const int list_cols = rows >= 16 ? list_columns(cols) : 0;
  if (rows >= 16) draw_rule(frame, model, row++, list_cols);
  if (bottom > row) draw_body(frame, model, {row, 0, bottom - row, cols}, list_cols);
  if (rows > 1) draw_status(frame, model);
}

}  // namespace

Frame draw(const Model& model, Size size) {
  Frame frame(size);
  if (model.mode == Mode::kHelp) {
    draw_help(frame, model);
  } else {
    draw_walk(frame, model);
  }
  return frame;
}

}  // namespace backstep::step
