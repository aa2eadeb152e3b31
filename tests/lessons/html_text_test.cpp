// The words of a lesson as HTML: cut at headings, pictures within, and HTML in it as text.
#include "lessons/html_text.h"

#include <doctest/doctest.h>

#include <string>

namespace backstep::lessons {
namespace {

std::string one(std::string_view markdown) { return html_sections(markdown).at(0).html; }

TEST_CASE("each heading begins a section, but not one within code") {
  const auto sections = html_sections(
      "# The lesson\n\nBefore.\n\n## First\n\n```python\n## no heading\nx = 1\n```\n\n"
      "## Second `x`  \nLast, without a line end");
  REQUIRE(sections.size() == 3);
  CHECK(sections[0].title == "The lesson");
  CHECK(sections[0].html == "<p>Before.</p>\n");
  CHECK(sections[1].title == "First");
  CHECK(sections[1].html.find("## no heading") != std::string::npos);
  CHECK(sections[2].title == "Second `x`");
  CHECK(sections[2].html == "<p>Last, without a line end</p>\n");
}

TEST_CASE("no words are one empty section") {
  const auto sections = html_sections("");
  REQUIRE(sections.size() == 1);
  CHECK(sections[0].title.empty());
  CHECK(sections[0].html.empty());
}

TEST_CASE("tables, lists and code are those of Markdown") {
  CHECK(one("| a | b |\n|---|--:|\n| 1 | 2 |\n").find("<td align=\"right\">2</td>") !=
        std::string::npos);
  CHECK(one("- `dx` is **small**\n").find("<li><code>dx</code> is <strong>small</strong></li>") !=
        std::string::npos);
}

TEST_CASE("HTML in the words stays text") {
  const std::string html = one("a <script>b</script> <img src=x>\n\n<b>c</b>\n");
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("<img") == std::string::npos);
  CHECK(html.find("<b>") == std::string::npos);
  CHECK(html.find("&lt;script&gt;") != std::string::npos);
}

TEST_CASE("a picture stands in the text, or its caption does") {
  const std::string markdown = "![one & two](a.svg)\n![three](b.svg)\n";
  const std::string html =
      html_sections(markdown, {{"a.svg", "<svg id=\"s\">100%</svg>"}}).at(0).html;
  CHECK(html.find("<img src=\"data:image/svg+xml,%3Csvg id=%22s%22%3E100%25%3C/svg%3E\" "
                  "alt=\"one &amp; two\">") != std::string::npos);
  CHECK(html.find("<em>three</em>") != std::string::npos);
  CHECK(html.find("b.svg") == std::string::npos);
}

}  // namespace
}  // namespace backstep::lessons
