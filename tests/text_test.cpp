// Text that anybody may have written: what of it is shown, how wide it is, what may be a name.
#include "engine/text.h"

#include <doctest/doctest.h>

namespace backstep {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST_CASE("what steers a terminal, turns the text or cannot be seen is escaped as Python does") {
  CHECK(printable("plain x² 한글 ±√ \U0001f600") == "plain x² 한글 ±√ \U0001f600");
  CHECK(printable("\x1b[2J\n\t\x7f") == "\\x1b[2J\\x0a\\x09\\x7f");
  CHECK(printable("γ \xc2\x85\xc2\x9b") == "γ \\x85\\x9b");
  CHECK(printable("a\u202eb\u200bc\u2028d\ufeff") == "a\\u202eb\\u200bc\\u2028d\\ufeff");
  CHECK(printable("\U000e0041\ue000\u0378") == "\\U000e0041\\ue000\\u0378");
  CHECK(printable("\u3164\u115f") == "\\u3164\\u115f");  // letters that show nothing
}

TEST_CASE("bytes that are no UTF-8 are escaped one by one") {
  CHECK(printable("\xff\xc3") == "\\xff\\xc3");
  CHECK(printable("\xc0\x80\xed\xa0\x80") == "\\xc0\\x80\\xed\\xa0\\x80");
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
  CHECK(first_invalid_byte("é한") == std::string_view::npos);
  CHECK(first_invalid_byte("ab\xe9") == 2);
}

TEST_CASE("of marks upon one letter four stay") {
  CHECK(printable("e" + repeated("\u0301", 4)) == "e" + repeated("\u0301", 4));
  CHECK(printable("e" + repeated("\u0301", 6)) == "e" + repeated("\u0301", 4) + "\\u0301\\u0301");
}

TEST_CASE("lines stay lines where they may") {
  CHECK(printable_lines("a\x1b\nb\r\n") == "a\\x1b\nb\\x0d\n");
  CHECK(printable_lines("") == "");
}

TEST_CASE("text is cut for a sentence") {
  CHECK(shortened("평균값", 2) == "평균...");
  CHECK(shortened("평균값", 3) == "평균값");
  CHECK(quoted(std::string(41, 'a')) == "'" + std::string(40, 'a') + "...'");
}

TEST_CASE("Korean takes two columns, marks none") {
  CHECK(columns("dx") == 2);
  CHECK(columns("기울기") == 6);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("\u1112\u1161\u11ab") == 2);  // 한 of its three letters
  CHECK(columns("→█") == 2);
}

TEST_CASE("a name is an identifier of Python that can be seen") {
  for (const char* name : {"x", "_", "_x", "x_1", "dW1", "γ", "평균", "café", "__class__", "cache",
                           "print", "match", "inf", "nano"}) {
    CAPTURE(name);
    CHECK(identifier(name) == name);
  }
  CHECK(identifier("\ufb01") == "fi");         // as Python reads this letter
  CHECK(identifier("e\u0301") == "é");         // ... and this pair
  CHECK(identifier("\uff4e\uff50") == "");     // np
  CHECK(identifier("\U0001d425ambda") == "");  // lambda
  CHECK(identifier("a" + repeated("\u0323", 4)) != "");
}

TEST_CASE("nothing else is a name") {
  const std::string names[] = {"",
                               "1x",
                               "a b",
                               "a-b",
                               "a.b",
                               "a\nb",
                               "a\x1b[m",
                               "a\"",
                               "a'",
                               "a#",
                               "None",
                               "lambda",
                               "True",
                               "np",
                               "_12",
                               "a\u202eb",
                               "a\u200b",
                               "a\u3164",
                               "\u2e2f",
                               "\u0301a",
                               "a\xff",
                               "\xc0\x80",
                               "${x}",
                               "../x",
                               "x\\",
                               std::string("a\0b", 3),
                               std::string(201, 'a'),
                               "a" + repeated("\u0489", 5)};
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(identifier(name) == "");
  }
}

TEST_CASE("Python's words are known") {
  for (const char* word : {"False", "and", "async", "await", "def", "yield"}) {
    CHECK(is_python_word(word));
  }
  CHECK_FALSE(is_python_word("print"));
  CHECK_FALSE(is_python_word(""));
}

}  // namespace
}  // namespace backstep
