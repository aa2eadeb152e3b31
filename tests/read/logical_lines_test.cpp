// Python's logical lines: brackets, strings, backslashes, comments, indentation.
#include "engine/read/logical_lines.h"

#include <doctest/doctest.h>

namespace backstep::read {
namespace {

// Each line as "indentation|text".
std::vector<std::string> lines_of(const std::string& text) {
  const Source source("my.py", text);
  std::vector<std::string> result;
  for (const LogicalLine& line : split_lines(source)) {
    result.push_back(std::to_string(line.indentation) + "|" +
                     text.substr(line.begin, line.end - line.begin));
  }
  return result;
}

std::string error_of_lines(const std::string& text) {
  try {
    split_lines(Source("my.py", text));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

using Lines = std::vector<std::string>;

TEST_CASE("lines without a statement are left out") {
  CHECK(lines_of("") == Lines{});
  CHECK(lines_of(" \n\t\n# a\n   # b (\n") == Lines{});
  CHECK(lines_of("a\n\n#######\n  b # c\n") == Lines{"0|a", "2|b # c"});
}

TEST_CASE("brackets, backslashes and strings go on over lines") {
  CHECK(lines_of("a = (1 +  # one (\n     2)\nb") == Lines{"0|a = (1 +  # one (\n     2)", "0|b"});
  CHECK(lines_of("a = 1 + \\\n  2\nb") == Lines{"0|a = 1 + \\\n  2", "0|b"});
  CHECK(lines_of("'''a\n(b'''\nc") == Lines{"0|'''a\n(b'''", "0|c"});
  CHECK(lines_of("'a\\'(' \nb") == Lines{"0|'a\\'(' ", "0|b"});
  CHECK(lines_of("\"\"\"a\"b\"\"c\"\"\"\n") == Lines{"0|\"\"\"a\"b\"\"c\"\"\""});
}

TEST_CASE("line ends, a byte order mark, tabs and form feeds") {
  CHECK(lines_of("a\r\n  b\rc\n") == Lines{"0|a", "2|b", "0|c"});
  CHECK(lines_of("\xef\xbb\xbf"
                 "a\n") == Lines{"0|a"});
  CHECK(lines_of("\ta\n  \tb\n\f  c") == Lines{"8|a", "8|b", "2|c"});
  CHECK(lines_of("(a,\r\n b)\r\nc\\\r\nd") == Lines{"0|(a,\r\n b)", "0|c\\\r\nd"});
}

TEST_CASE("what is not closed is shown where it opens") {
  CHECK(error_of_lines("a = (1 + [2\n") ==
        "my.py:1:10: '[' is never closed\n"
        "   1 | a = (1 + [2\n"
        "     |          ^");
  CHECK(error_of_lines("a = 1)\n") ==
        "my.py:1:6: ')' closes nothing\n"
        "   1 | a = 1)\n"
        "     |      ^");
  CHECK(error_of_lines("a = (1\n]\n") ==
        "my.py:2:1: ']' stands where the '(' of line 1 is to be closed\n"
        "   2 | ]\n"
        "     | ^");
  CHECK(error_of_lines("a = 'b\n'") ==
        "my.py:1:5: this string does not end on its line: a quote is missing\n"
        "   1 | a = 'b\n"
        "     |     ^");
  CHECK(error_of_lines("a\n  '''b\n\n") ==
        "my.py:2:3: this string is never closed: three quotes are missing at its end\n"
        "   2 |   '''b\n"
        "     |   ^");
  CHECK(error_of_lines("a = 1 \\ + 2") ==
        "my.py:1:7: nothing may stand behind a '\\' but the end of its line\n"
        "   1 | a = 1 \\ + 2\n"
        "     |       ^");
  CHECK(error_of_lines("'a\\").substr(0, 13) == "my.py:1:1: th");
}

TEST_CASE("brackets have a greatest depth") {
  const std::string deep(64, '(');
  CHECK(error_of_lines(deep + std::string(64, ')')).empty());
  CHECK(error_of_lines(deep + "(x" + std::string(65, ')')) ==
        "my.py:1:65: brackets are nested more than 64 deep\n"
        "   1 | ..." +
            std::string(51, '(') + "x" + std::string(38, ')') + "...\n     | " +
            std::string(53, ' ') +
            "^\n"
            "  write instead: the inner part on a line of its own, under a name");
}

}  // namespace
}  // namespace backstep::read
