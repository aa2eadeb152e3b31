// The page from its parts: the picture first, so that it shows before the script has run.
#include "engine/page/page.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/expression.h"
#include "engine/page/files.h"
#include "engine/page/groups.h"
#include "engine/page/picture.h"
#include "engine/page/record.h"
#include "engine/text.h"
#include "engine/walk/phases.h"
#include "engine/write/dot_text.h"

namespace backstep::page {
namespace {

std::string_view page_file(std::string_view name) {
  for (const EmbeddedFile& file : page_files()) {
    if (file.name == name) return file.text;
  }
  throw Error(fmt::format("this program was built without {}", name));
}

// The text of a file as HTML, so that what turns or hides a part of it is seen; tabs as four
// spaces.
std::string source_html(std::string_view source) {
  std::string html;
  std::string line;
  const auto end_line = [&] {
    html += write::html_text(line);
    line.clear();
  };
  for (std::size_t i = 0; i < source.size(); ++i) {
    const bool lone = source[i] == '\r' && (i + 1 == source.size() || source[i + 1] != '\n');
    if (source[i] == '\t') {
      line += "    ";
    } else if (source[i] == '\n' || lone) {
      end_line();
      html += '\n';
    } else if (source[i] != '\r') {
      line += source[i];
    }
  }
  end_line();
  return html;
}

// What the user should know of this run, a line each.
std::string notes(const PageOptions& options) {
  std::string all;
  for (const std::string& note : options.notes) {
    all += "<li>" + write::html_text(printable(note)) + "</li>";
  }
  return all;
}

// The whole run above the scrubber, a stroke for each step: high where a phase begins.
std::string ticks(const Trace& trace) {
  constexpr std::array kKinds = {"forward", "seed", "backward"};
  std::array<std::string, kKinds.size()> strokes;
  for (const walk::Phase& phase : walk::phases(trace)) {
    std::string& path = strokes[static_cast<std::size_t>(phase.kind)];
    for (std::size_t k = phase.begin; k < phase.end; ++k) {
      const int height = k == phase.begin ? 12 : 7;
      path += fmt::format("M{} 14v-{}", k + 1, height);
    }
  }
  // In pixels, of a track of about 600.
  const std::size_t width = std::clamp<std::size_t>(240 / trace.events().size(), 1, 3);
  std::string svg = fmt::format(
      "<svg id=\"ticks\" viewBox=\"0 0 {} 14\" preserveAspectRatio=\"none\" stroke-width=\"{}\" "
      "aria-hidden=\"true\">",
      trace.events().size(), width);
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    svg += fmt::format("<path class=\"{}\" d=\"{}\"/>", kKinds[i], strokes[i]);
  }
  return svg + "</svg>";
}

// The other pictures wait in templates, which cost nothing until they are opened.
std::string templates(const std::vector<PagePicture>& pictures) {
  std::string all;
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    all += fmt::format("<template data-picture=\"{}\">{}</template>\n", pictures[i].group,
                       pictures[i].svg);
  }
  return all;
}

}  // namespace

std::string page_html(const Trace& trace, const PageOptions& options) {
  const Ledger ledger(trace);
  const PageGroups groups = page_groups(trace.graph());
  const std::vector<PagePicture> pictures = page_pictures(trace, ledger, groups, options.outputs);
  const std::string part = options.sections.empty() ? "page" : "lesson";
  return filled(page_file("page.html"), [&](std::string_view place) -> std::string {
    if (place == "language") return std::string(options.language.code());
    if (place == "circuit") return write::html_text(options.circuit);
    if (place == "ticks") return ticks(trace);
    if (place == "about") return options.notes.empty() && options.source.empty() ? " hidden" : "";
    if (place == "notes") return notes(options);
    if (place == "source") return source_html(options.source);
    if (place == "style") return std::string(page_file(part + ".css"));
    if (place == "picture") return pictures[0].svg;
    if (place == "templates") return templates(pictures);
    if (place == "record") return page_record(trace, ledger, groups, options);
    if (place == "script") return std::string(page_file(part + ".js"));
    return "{" + std::string(place) + "}";
  });
}

}  // namespace backstep::page
