// The words of a lesson as HTML, section by section.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace backstep::lessons {

// What stands under one heading: the first section is that of "# ", the others of "## ".
struct HtmlSection {
  std::string title;  // plain text
  std::string html;
};

// `markdown` (CommonMark with tables), cut at its headings. HTML in it stays text. A picture that
// `pictures` has, as SVG by its name, stands in the text itself; of any other its caption does.
std::vector<HtmlSection> html_sections(std::string_view markdown,
                                       const std::map<std::string, std::string>& pictures = {});

}  // namespace backstep::lessons
