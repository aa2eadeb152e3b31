// Pictures by Graphviz: same text, same bytes; errors are thrown, not printed; text stays text.
#include "engine/write/picture.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "engine/draw/graphviz.h"
#include "engine/write/dot_text.h"
#include "tests/circuits.h"

namespace backstep::write {
namespace {

using draw::Placement;
using draw::placement;
using draw::png;
using draw::svg;
using tests::error_text;

const std::string kSmall = "digraph small { a -> b [key=first]; a -> b [key=second] }";

const std::string kHostile[] = {
    "\"",
    "a\"b]; evil [label=\"x",
    "</script><script>alert(1)</script>",
    "<img onerror=x>",
    "{a|b}",
    "back\\slash \\N \\G \\l \\",
    "two\nlines\r\tand\x01\x1b[31m control \x7f",
    "not \xff UTF-8 \xc3",
    "&lt;&amp;&#65;&",
    "-->]]>",
    "\xe2\x80\xae turned \xe2\x80\xa8",
    "한글 이름 é ᵀ ⇉",
    "",
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("an SVG and a PNG, the same bytes each time") {
  const std::string first_svg = svg(kSmall);
  const std::string first_png = png(kSmall);
  CHECK(has(first_svg, "<svg"));
  CHECK(first_png.starts_with("\x89PNG\r\n"));
  CHECK((svg(kSmall) == first_svg));
  CHECK((png(kSmall) == first_png));
}

TEST_CASE("what Graphviz cannot read is an error with its words") {
  CHECK(has(error_text([] { svg("digraph {"); }), "syntax error in line 1"));
  CHECK(has(error_text([] { png("this is no graph"); }), "cannot read this DOT text"));
  CHECK(has(error_text([] { svg(""); }), "cannot read this DOT text"));
  CHECK(
      has(error_text([] { svg("digraph { layout=nonsense; a }"); }), "cannot lay this graph out"));
  CHECK_NOTHROW(svg(kSmall));  // an error leaves nothing behind
}

TEST_CASE("a placement holds every node and every edge, parallel ones too") {
  const Placement place = placement(kSmall);
  CHECK(place.nodes.size() == 2);
  REQUIRE(place.edges.size() == 2);
  CHECK(place.edges.at("first").size() % 3 == 1);
  CHECK(place.edges.at("first").front().x != place.edges.at("second").front().x);
  CHECK(place.nodes.at("a").centre.y > place.nodes.at("b").centre.y);
  CHECK(place.width > 0);
  CHECK(place.height > 0);
}

TEST_CASE("pictures are drawn from several threads") {
  const std::string expected = svg(kSmall);
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  for (std::string& result : results) {
    threads.emplace_back([&result] { result = svg(kSmall); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : results) CHECK((result == expected));
}

TEST_CASE("any text is the value of an attribute, and stays text") {
  for (const std::string& name : kHostile) {
    CAPTURE(name);
    const std::string text = dot_quoted(name);
    const std::string picture = svg("digraph { n [label=" + text + ", tooltip=" + text + "] }");
    CHECK(count(picture, "class=\"node\"") == 1);
    CHECK_FALSE(has(picture, "<script"));
    CHECK_FALSE(has(picture, "<img"));
    CHECK(printable_lines(picture) == picture);
    CHECK_FALSE(has(picture, "\x1b"));
  }
}

TEST_CASE("any text stands in an HTML-like label, and stays text") {
  for (const std::string& name : kHostile) {
    CAPTURE(name);
    const std::string label = "<<TABLE><TR><TD>" + label_text(name) + "</TD></TR></TABLE>>";
    const std::string picture = svg("digraph { n [label=" + label + "] }");
    CHECK(count(picture, "class=\"node\"") == 1);
    CHECK_FALSE(has(picture, "<script"));
    CHECK_FALSE(has(picture, "<img"));
    CHECK_FALSE(has(picture, "\x1b"));
  }
}

TEST_CASE("escapes and entities are not read") {
  const std::string quoted = svg("digraph { n [label=" + dot_quoted("\\N &lt; \\") + "] }");
  CHECK(has(quoted, ">\\N &amp;lt; \\</text>"));
  const std::string html = svg("digraph { n [label=<<TABLE><TR><TD>" + label_text("\\N &lt; \\") +
                               "</TD></TR></TABLE>>] }");
  CHECK(has(html, ">\\N &amp;lt; \\</text>"));
}

TEST_CASE("long text is cut in the middle and broken at spaces") {
  CHECK(middle_cut("xmu", 18) == "xmu");
  CHECK(middle_cut("abcdefghijklmnopqrstuvwxyz", 9) == "abcde…xyz");
  CHECK(middle_cut("가나다라마바사아자차", 6) == "가나다…자차");
  CHECK(wrapped("one two three", 10, 1000) == std::vector<std::string>{"one two three"});
  CHECK(wrapped("one two three", 10, 20) == std::vector<std::string>{"one", "two", "three"});
  CHECK(wrapped("", 10, 20).empty());
}

TEST_CASE("the formats that are asked for are written, and no others") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "backstep-picture-test";
  std::filesystem::remove_all(folder);
  const PictureFormat formats[] = {picture_format("svg"), picture_format("dot")};
  write_pictures(folder, "small", kSmall, formats);
  CHECK(std::filesystem::exists(folder / "small.dot"));
  CHECK(std::filesystem::exists(folder / "small.svg"));
  CHECK_FALSE(std::filesystem::exists(folder / "small.png"));
  std::filesystem::remove_all(folder);
  CHECK(has(error_text([] { picture_format("gif"); }), "there are dot, svg and png"));
}

}  // namespace
}  // namespace backstep::write
