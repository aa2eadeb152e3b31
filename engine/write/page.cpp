// The page from its parts: the picture first, so that it shows before the script has run.
#include "engine/write/page.h"

#include <fmt/core.h>

#include <string_view>

#include "engine/expression.h"
#include "engine/write/dot_text.h"
#include "engine/write/page_files.h"
#include "engine/write/page_groups.h"
#include "engine/write/page_picture.h"
#include "engine/write/page_record.h"

namespace backstep::write {
namespace {

std::string_view page_file(std::string_view name) {
  for (const EmbeddedFile& file : page_files()) {
    if (file.name == name) return file.text;
  }
  throw Error(fmt::format("this program was built without {}", name));
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
    if (place == "circuit") return html_text(options.circuit);
    if (place == "style") return std::string(page_file(part + ".css"));
    if (place == "picture") return pictures[0].svg;
    if (place == "templates") return templates(pictures);
    if (place == "record") return page_record(trace, ledger, groups, options);
    if (place == "script") return std::string(page_file(part + ".js"));
    return "{" + std::string(place) + "}";
  });
}

}  // namespace backstep::write
