// The only file that knows Graphviz.
#include "engine/draw/graphviz.h"

#include <fmt/core.h>
#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

#include <memory>
#include <mutex>
#include <utility>

#include "engine/tensor.h"

namespace backstep::draw {
namespace {

// What Graphviz says while it works; it has one place for this in the whole process.
std::string& messages() {
  static std::string text;
  return text;
}

int keep_message(char* text) {
  constexpr std::size_t kMost = 2000;
  if (messages().size() < kMost) messages() += text;
  return 0;
}

std::mutex& graphviz_mutex() {
  static std::mutex mutex;
  return mutex;
}

struct Close {
  void operator()(Agraph_t* graph) const { agclose(graph); }
};

// One context until the process ends: Graphviz's text layout remembers the last font of a context
// even after that has been freed.
GVC_t* context() {
  static GVC_t* const context = gvContext();
  return context;
}

[[noreturn]] void fail(std::string_view what) {
  std::string words = messages();
  while (!words.empty() && words.back() == '\n') words.pop_back();
  throw Error(fmt::format("Graphviz cannot {}{}{}", what, words.empty() ? "" : ": ", words));
}

// A graph that was read and laid out. One at a time: it holds Graphviz until it is gone.
class Drawing {
 public:
  explicit Drawing(const std::string& dot) : lock_(graphviz_mutex()) {
    messages().clear();
    agseterrf(keep_message);
    agseterr(AGWARN);
    if (context() == nullptr) fail("start");
    graph_.reset(agmemread(dot.c_str()));
    if (graph_ == nullptr) fail("read this DOT text");
    if (gvLayout(context(), graph_.get(), "dot") != 0) fail("lay this graph out");
  }
  ~Drawing() {
    if (graph_ != nullptr) gvFreeLayout(context(), graph_.get());
  }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

  std::string render(const char* format) {
    char* data = nullptr;
    unsigned length = 0;
    const int status = gvRenderData(context(), graph_.get(), format, &data, &length);
    const std::unique_ptr<char, decltype(&gvFreeRenderData)> owner(data, gvFreeRenderData);
    if (status != 0 || data == nullptr) fail(fmt::format("draw this graph as {}", format));
    return {data, length};
  }

  Placement placement() const;

 private:
  std::lock_guard<std::mutex> lock_;
  std::unique_ptr<Agraph_t, Close> graph_;
};

Spline spline_of(Agedge_t* edge) {
  Spline points;
  const splines* all = ED_spl(edge);
  if (all == nullptr || all->size == 0) return points;
  const bezier& curve = all->list[0];
  for (int i = 0; i < curve.size; ++i) points.push_back({curve.list[i].x, curve.list[i].y});
  return points;
}

Placement Drawing::placement() const {
  Placement placement;
  Agraph_t* graph = graph_.get();
  for (Agnode_t* node = agfstnode(graph); node != nullptr; node = agnxtnode(graph, node)) {
    constexpr double kPointsPerInch = 72;
    const pointf centre = ND_coord(node);
    placement.nodes[agnameof(node)] = {
        {centre.x, centre.y}, ND_width(node) * kPointsPerInch, ND_height(node) * kPointsPerInch};
    for (Agedge_t* edge = agfstout(graph, node); edge != nullptr; edge = agnxtout(graph, edge)) {
      const char* key = agnameof(edge);
      if (key != nullptr) placement.edges[key] = spline_of(edge);
    }
  }
  placement.width = GD_bb(graph).UR.x;
  placement.height = GD_bb(graph).UR.y;
  return placement;
}

}  // namespace

std::string svg(const std::string& dot) { return Drawing(dot).render("svg:svg:core"); }

std::string png(const std::string& dot) { return Drawing(dot).render("png:cairo:cairo"); }

Placement placement(const std::string& dot) { return Drawing(dot).placement(); }

}  // namespace backstep::draw
