// Notebooks: their cells as one text, and errors that name the cell.
#include "engine/read/notebook.h"

#include <doctest/doctest.h>

#include "engine/read/python_parser.h"

namespace backstep::read {
namespace {

std::string cell(const std::string& source) {
  return R"({"cell_type": "code", "source": [)" + source + "]}";
}

std::string error_of_notebook(const std::string& bytes) {
  try {
    read_notebook("my.ipynb", bytes);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the cells of a notebook are one text, which knows them") {
  const std::string cells = cell(R"x("%matplotlib inline\n", "x = 1\n", "y = (2\n", "% 3)")x") +
                            R"x(, {"cell_type": "markdown", "source": "# two"}, )x" +
                            cell(R"x("%%html\n", "<b>'")x") + ", " + cell(R"x("def f(:\n")x") +
                            ", " + cell(R"x("z = x?\n", "w = y\n")x");
  const Notebook notebook = read_notebook("my.ipynb", R"({"cells": [)" + cells + "]}");
  const Source& source = *notebook.source;
  CHECK(
      source.text() ==
      "# %matplotlib inline\nx = 1\ny = (2\n% 3)\n# %%html\n# <b>'\n# def f(:\n# z = x?\nw = y\n");
  CHECK(source.cells().size() == 4);
  const std::size_t last = source.text().find("w = y");
  CHECK(source.cell(last) == 4);
  CHECK(source.line(last) == 9);
  CHECK(source.line_in_cell(last) == 2);
  CHECK(source.line_words(last) == "line 2 of cell 4");
  CHECK(std::string(ReadError(source, last + 4, "no").what()) ==
        "my.ipynb:cell=4:2:5: no\n   2 | w = y\n     |     ^");
  CHECK(notebook.notes == std::vector<std::string>{"passed over: cell 3, which is no Python"});
  CHECK(notebook.unread.at(3) ==
        "my.ipynb:cell=3:1:6: '(' is never closed\n   1 | def f(:\n     |      ^");
}

TEST_CASE("what is no notebook is refused with the reason") {
  const std::string begin = "my.ipynb: no notebook: ";
  CHECK(error_of_notebook("[]") == begin + "it holds a list, not an object with cells");
  CHECK(error_of_notebook("{}") == begin + "it has no list of cells");
  CHECK(error_of_notebook(R"({"cells": []})") == begin + "it has no code cell");
  CHECK(error_of_notebook(R"({"cells": [{"cell_type": "code"}]})") ==
        begin + "a code cell has no source");
  CHECK(error_of_notebook(R"({"cells": [{"cell_type": "code", "source": [1]}]})") ==
        begin + "a line of a code cell is no text");
  CHECK(error_of_notebook("x").find(begin + "it is not JSON: parse error") == 0);
  CHECK(error_of_notebook(std::string(200, '[')).find(begin + "it holds a list") == 0);
  CHECK(error_of_notebook(R"({"a": )" + std::string(200, '[')) ==
        begin + "its JSON is nested too deep");
}

}  // namespace backstep::read
