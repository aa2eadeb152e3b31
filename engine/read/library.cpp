// Finds circuits: built-in ones by name, others in files.
#include "engine/read/library.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "engine/read/builtin.h"
#include "engine/read/cells.h"
#include "engine/read/encoding.h"
#include "engine/read/file.h"
#include "engine/read/nearest.h"
#include "engine/read/notebook.h"

namespace backstep::read {
namespace {

constexpr std::string_view kFolder = "graphs/";
constexpr std::string_view kSuffix = ".py";

// "graphs/batch_norm.py" is batch_norm; "" for files that are no circuits.
std::string_view circuit_name(std::string_view file) {
  const bool is_circuit = file.substr(0, kFolder.size()) == kFolder &&
                          file.size() > kFolder.size() + kSuffix.size() &&
                          file.substr(file.size() - kSuffix.size()) == kSuffix;
  if (!is_circuit) return {};
  file = file.substr(kFolder.size(), file.size() - kFolder.size() - kSuffix.size());
  // What stands in a folder below is no circuit.
  return file.find('/') == std::string_view::npos ? file : std::string_view();
}

const EmbeddedFile* find_builtin(std::string_view name) {
  for (const EmbeddedFile& file : builtin_files()) {
    if (!name.empty() && circuit_name(file.name) == name) return &file;
  }
  return nullptr;
}

Module parse_builtin(const EmbeddedFile& file) {
  Module module = parse_module(std::string(file.name), std::string(file.text));
  // What was passed over in a file of ours is no news to anybody.
  module.notes.clear();
  return module;
}

std::string read_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw Error(fmt::format("{}: a folder, not a file: name a Python file in it", printable(path)));
  }
  return read_bytes(path, is_notebook(path) ? kMostNotebookBytes : kMaxSourceBytes);
}

// The cell that `cell=12` names; 0 for the name of a function.
std::size_t cell_of(std::string_view function) {
  constexpr std::string_view kCell = "cell=";
  constexpr std::size_t kMostDigits = 6;
  if (!function.starts_with(kCell)) return 0;
  const std::string_view number = function.substr(kCell.size());
  const bool is_number = !number.empty() && number.size() <= kMostDigits &&
                         number.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? static_cast<std::size_t>(std::stoul(std::string(number))) : 0;
}

void check_cell(const Source& source, std::string_view function, std::size_t cell) {
  if (source.cells().empty()) {
    throw Error(fmt::format("{}:{}: only a notebook has cells", printable(source.name()),
                            printable(std::string(function))));
  }
  if (cell > 0 && cell <= source.cells().size()) return;
  throw Error(fmt::format("{}:{}: there is no such cell; its code cells are numbered 1 to {}",
                          printable(source.name()), printable(std::string(function)),
                          source.cells().size()));
}

[[noreturn]] void refuse_without_def(const Module& module, std::string_view file) {
  const std::string_view text = module.source->text();
  const bool empty = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (!module.classes.empty()) {
    throw Error(
        fmt::format("{}: no class in this file has a forward(), a __call__() or a loss(): "
                    "name a method, as in {}:{}.NAME",
                    printable(file), printable(file), shortened(module.classes.back().name)));
  }
  throw Error(fmt::format("{}: {}: a function is expected, as in\n  def f(x):\n      return x * x",
                          printable(file),
                          empty ? "the file is empty" : "there is no def in this file"));
}

// The statements of a file without a def, or of one cell, as a circuit.
CircuitSource choose_statements(Module module, std::size_t cell) {
  TopLevel top(std::move(module), cell);
  const Segment segment = top.whole();
  const CellCircuit circuit = top.resolve(segment);
  const Source& source = *top.module().source;
  if (circuit.forward.empty()) refuse_without_def(top.module(), source.name());
  return top.take_circuit(segment.result, circuit);
}

[[noreturn]] void refuse_function(const Module& module, std::string_view file,
                                  std::string_view wanted) {
  const Class* of = module.find_class(wanted.substr(0, wanted.find('.')));
  if (of != nullptr) {
    std::vector<std::string> methods;
    for (const Method& method : of->methods) methods.push_back(shortened(method.function.name));
    throw Error(fmt::format(
        "{}: {} has no {} that can be run; it has {}", printable(file), backstep::quoted(of->name),
        wanted == of->name
            ? "forward(), __call__() or loss()"
            : fmt::format("method {}", backstep::quoted(wanted.substr(of->name.size() + 1))),
        methods.empty() ? "no method" : fmt::format("{}", fmt::join(methods, ", "))));
  }
  std::vector<std::string> names;
  for (const Function& function : module.functions) names.push_back(shortened(function.name));
  for (const Class& one : module.classes) names.push_back(shortened(one.name));
  throw Error(fmt::format("{}: there is no function {} in this file; it has {}", printable(file),
                          backstep::quoted(wanted), fmt::join(names, ", ")));
}

// The function, or the class that can be run, that stands last.
std::string last_of(const Module& module) {
  std::uint32_t last = 0;
  std::string name;
  if (!module.functions.empty()) {
    last = module.functions.back().byte;
    name = module.functions.back().name;
  }
  for (const Class& of : module.classes) {
    if (of.byte <= last || of.error) continue;
    if (running_method({&of, &module}).empty()) continue;
    last = of.byte;
    name = of.name;
  }
  return name;
}

CircuitSource choose(Module module, std::string_view file, std::string_view function) {
  if (function.starts_with("cell=")) {
    const std::size_t cell = cell_of(function);
    check_cell(*module.source, function, cell);
    return choose_statements(std::move(module), cell);
  }
  std::string name = function.empty() ? last_of(module) : std::string(function);
  if (name.empty() && module.functions.empty() && !module.blocks.empty()) {
    return choose_statements(std::move(module), 0);
  }
  if (name.empty()) refuse_without_def(module, file);
  if (module.functions.empty() && module.classes.empty()) refuse_without_def(module, file);
  if (module.find(name) == nullptr && !add_class_circuit(module, name)) {
    refuse_function(module, file, name);
  }
  return {std::move(module), std::move(name)};
}

[[noreturn]] void refuse_circuit(std::string_view circuit) {
  const std::vector<std::string> names = builtin_names();
  const bool looks_like_file = circuit.find('/') != std::string_view::npos ||
                               circuit.find(kSuffix) != std::string_view::npos;
  if (looks_like_file) {
    throw Error(fmt::format("{}: there is no such file", printable(circuit)));
  }
  const std::string near = nearest(circuit, names);
  throw Error(
      fmt::format("there is no circuit {}{}; the built-in ones are {}; a file of your own "
                  "is named as FILE.py or FILE.py:function",
                  quoted(circuit), near.empty() ? "" : fmt::format(": did you mean {}?", near),
                  fmt::join(names, ", ")));
}

Module open_module(const std::string& path, std::string_view function) {
  if (!is_notebook(path)) return parse_module(path, read_file(path));
  Notebook notebook = read_notebook(path, read_file(path));
  const auto unread = notebook.unread.find(cell_of(function));
  if (unread != notebook.unread.end()) throw Error(unread->second);
  Module module = parse_module(notebook.source);
  module.notes.insert(module.notes.begin(), notebook.notes.begin(), notebook.notes.end());
  return module;
}

bool exists(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::symlink_status(path, error);
  return !error && status.type() != std::filesystem::file_type::not_found;
}

struct FileAndFunction {
  std::string file;
  std::string_view function;
};

FileAndFunction split(std::string_view circuit) {
  const std::size_t colon = circuit.rfind(':');
  if (colon == std::string_view::npos) return {std::string(circuit), {}};
  return {std::string(circuit.substr(0, colon)), circuit.substr(colon + 1)};
}

}  // namespace

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : builtin_files()) {
    if (!circuit_name(file.name).empty()) names.emplace_back(circuit_name(file.name));
  }
  return names;
}

const Module* Library::find_module(std::string_view name) {
  const auto known = modules_.find(name);
  if (known != modules_.end()) return known->second.get();
  const EmbeddedFile* file = find_builtin(name);
  if (file == nullptr) return nullptr;
  auto module = std::make_unique<Module>(parse_builtin(*file));
  return modules_.emplace(std::string(name), std::move(module)).first->second.get();
}

Library::Entry Library::find(std::string_view name) {
  const Module* module = find_module(name);
  if (module == nullptr || module->functions.empty()) return {};
  return {module, &module->functions.back()};
}

Library::Entry Library::find_imported(const Source& file, const std::string& module,
                                      std::string_view function) {
  const Module* builtin = find_module(module);
  if (builtin == nullptr) return {};
  const std::filesystem::path beside =
      std::filesystem::path(file.name()).parent_path() / (module + std::string(kSuffix));
  if (exists(beside.string()) && read_file(beside.string()) != builtin->source->text()) {
    throw Error(
        fmt::format("{} is not read, and the built-in circuit {} is another: put the def "
                    "into this file",
                    printable(beside.string()), backstep::quoted(module)));
  }
  return {builtin, builtin->find(function)};
}

const Module* Library::find_beside(const Source& file, const std::string& module) {
  constexpr int kMostFolders = 4;
  namespace fs = std::filesystem;
  std::string path = module;
  std::size_t dots = path.find_first_not_of('.');
  if (dots == std::string::npos) return nullptr;
  path = path.substr(dots);
  std::replace(path.begin(), path.end(), '.', '/');
  std::error_code error;
  fs::path folder = fs::absolute(fs::path(file.name()), error).parent_path();
  for (std::size_t up = 1; up < dots; ++up) folder = folder.parent_path();
  std::string found;
  for (int level = 0; level < (dots > 0 ? 1 : kMostFolders); ++level) {
    const std::string candidate = (folder / (path + std::string(kSuffix))).string();
    const bool is_file = !error && fs::is_regular_file(candidate, error);
    if (is_file && !found.empty() && read_file(candidate) != read_file(found)) {
      throw Error(
          fmt::format("{} is imported, and there are {} and {}: which of them Python takes "
                      "hangs on the folder that it is started in",
                      backstep::quoted(module), printable(found), printable(candidate)));
    }
    if (is_file && found.empty()) found = candidate;
    error.clear();
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  if (found.empty()) return nullptr;
  std::unique_ptr<Module>& parsed = beside_[found];
  if (parsed == nullptr) parsed = std::make_unique<Module>(parse_module(found, read_file(found)));
  return parsed.get();
}

Module open_module(const std::string& path) { return open_module(path, {}); }

CircuitSource find_circuit(std::string_view circuit) {
  if (circuit.empty()) throw Error("the circuit has no name: name a built-in one or FILE.py");
  if (const EmbeddedFile* file = find_builtin(circuit)) {
    return choose(parse_builtin(*file), file->name, {});
  }
  const std::string whole(circuit);
  if (exists(whole)) return choose(open_module(whole, {}), whole, {});
  const FileAndFunction parts = split(circuit);
  if (parts.function.empty()) refuse_circuit(circuit);
  if (const EmbeddedFile* file = find_builtin(parts.file)) {
    return choose(parse_builtin(*file), file->name, parts.function);
  }
  if (!exists(parts.file)) refuse_circuit(parts.file);
  return choose(open_module(parts.file, parts.function), parts.file, parts.function);
}

std::string source_text(std::string_view circuit) {
  const std::string whole(circuit);
  const std::string file = exists(whole) ? whole : split(circuit).file;
  if (const EmbeddedFile* builtin = find_builtin(file)) return std::string(builtin->text);
  if (!exists(file)) return {};
  if (!is_notebook(file)) return as_utf8(read_file(file));
  return std::string(read_notebook(file, read_file(file)).source->text());
}

}  // namespace backstep::read
