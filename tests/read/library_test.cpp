// Circuits by name and by file, and what is said where there is none.
#include "engine/read/library.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace backstep::read {
namespace {

namespace fs = std::filesystem;

// A folder that is gone after the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / "backstep_library_test") {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    const fs::path file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

std::string error_of_circuit(const std::string& circuit) {
  try {
    find_circuit(circuit);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a circuit is a built-in one, a file, or a function of a file") {
  const Folder folder;
  const std::string file = folder.write("two.py", "def a(x): return x\ndef b(x): return x\n");
  CHECK(find_circuit("batch_norm").function == "batch_norm");
  CHECK(find_circuit("batch_norm:batch_norm").function == "batch_norm");
  CHECK(find_circuit(file).function == "b");
  CHECK(find_circuit(file + ":a").function == "a");
  const std::string odd = folder.write("a:b.py", "def f(x): return x\n");
  CHECK(find_circuit(odd).function == "f");
  CHECK(find_circuit(odd + ":f").function == "f");
}

TEST_CASE("a class of a file is a circuit by its name, or by a method of it") {
  const Folder folder;
  const std::string file = folder.write("layers.py",
                                        "def helper(x): return x\n"
                                        "class Relu:\n"
                                        "    def forward(self, x): return x\n"
                                        "    def other(self, x): return x\n"
                                        "class Optimizer:\n"
                                        "    def step(self): pass\n");
  CHECK(find_circuit(file).function == "Relu");
  CHECK(find_circuit(file + ":Relu").function == "Relu");
  CHECK(find_circuit(file + ":Relu.other").function == "Relu.other");
  CHECK(find_circuit(file + ":helper").function == "helper");
  CHECK(error_of_circuit(file + ":Optimizer") ==
        file + ": 'Optimizer' has no forward(), __call__() or loss() that can be run; it has step");
  CHECK(error_of_circuit(file + ":Relu.no") ==
        file + ": 'Relu' has no method 'no' that can be run; it has forward, other");
  CHECK(error_of_circuit(file + ":no") ==
        file + ": there is no function 'no' in this file; it has helper, Relu, Optimizer");
  const std::string none = folder.write("none.py", "class A:\n    def step(self): pass\n");
  CHECK(error_of_circuit(none) ==
        none +
            ": no class in this file has a forward(), a __call__() or a loss(): name a method, "
            "as in " +
            none + ":A.NAME");
}

TEST_CASE("what cannot be found or read is told") {
  const Folder folder;
  const std::string folder_error =
      folder.path() + ": a folder, not a file: name a Python file in it";
  CHECK(error_of_circuit(folder.path()) == folder_error);
  const std::string missing = folder.path() + "/no.py";
  CHECK(error_of_circuit(missing) == missing + ": there is no such file");
  CHECK(error_of_circuit(missing + ":f") == missing + ": there is no such file");
  CHECK(error_of_circuit("batchnorm")
            .find("there is no circuit 'batchnorm': did you mean "
                  "batch_norm?; the built-in ones are batch_norm, ") == 0);
  CHECK(error_of_circuit("") == "the circuit has no name: name a built-in one or FILE.py");
  CHECK(error_of_circuit("batch_norm:other") ==
        "graphs/batch_norm.py: there is no function 'other' in this file; it has batch_norm");
  const std::string example = ": a function is expected, as in\n  def f(x):\n      return x * x";
  const std::string empty = folder.write("empty.py", " \n");
  CHECK(error_of_circuit(empty) == empty + ": the file is empty" + example);
  const std::string plain = folder.write("plain.py", "x = 1\n");
  CHECK(error_of_circuit(plain) == plain + ": there is no def in this file" + example);
  const std::string two = folder.write("two.py", "def a(x): return x\ndef b(x): return x\n");
  CHECK(error_of_circuit(two + ":c") ==
        two + ": there is no function 'c' in this file; it has a, b");
  const std::string binary = folder.write("binary.py", std::string("\x7f"
                                                                   "ELF\0",
                                                                   5));
  CHECK(error_of_circuit(binary).find(binary + ": not a text: byte 5 is NUL") == 0);
  fs::create_symlink(folder.path() + "/loop.py", folder.path() + "/loop.py");
  CHECK(error_of_circuit(folder.path() + "/loop.py") ==
        "cannot read " + folder.path() + "/loop.py: Too many levels of symbolic links");
}

TEST_CASE("the text of a circuit is that of its file; there may be none") {
  const Folder folder;
  const std::string text = "def a(x): return x\ndef b(x): return x\n";
  const std::string file = folder.write("two.py", text);
  CHECK(source_text(file) == text);
  CHECK(source_text(file + ":a") == text);
  CHECK(source_text("batch_norm").find("def batch_norm(") != std::string::npos);
  CHECK(source_text("batch_norm:batch_norm") == source_text("batch_norm"));
  CHECK(source_text("no_such_circuit").empty());
}

}  // namespace
}  // namespace backstep::read
