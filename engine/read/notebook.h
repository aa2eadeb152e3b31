// The code of a Jupyter notebook as one Python text, which knows its cells.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/source.h"

namespace backstep::read {

struct Notebook {
  std::shared_ptr<const Source> source;
  // What was passed over, and why.
  std::vector<std::string> notes;
  // Of each cell that is no Python, by its number: why.
  std::map<std::size_t, std::string> unread;
};

// The most bytes of a notebook that are read: its pictures stand in it, too.
inline constexpr std::size_t kMostNotebookBytes = std::size_t{1} << 26;

bool is_notebook(std::string_view path);

// The code cells in their order. Lines of IPython's own (`%matplotlib inline`, `!pip install x`)
// and cells of another language are comments in the text; so is a cell that is no Python, which
// does not stand in the way of the others. Throws Error for what is no notebook.
Notebook read_notebook(std::string name, const std::string& bytes);

}  // namespace backstep::read
