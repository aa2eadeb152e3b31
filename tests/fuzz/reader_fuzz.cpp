// Fuzzes the reader: any bytes as a Python file, read as a circuit, and any bytes as a --set value.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/read/circuit_reader.h"
#include "engine/read/values.h"

namespace {

using backstep::Error;

void read_circuit(const std::string& text) {
  try {
    backstep::read::Module module = backstep::read::parse_module("fuzz.py", text);
    if (module.functions.empty()) return;
    std::string name = module.functions.back().name;
    backstep::read::read_circuit({std::move(module), std::move(name)}, {});
  } catch (const Error&) {
    // The only way in which a bad text may end.
  }
}

// With three digits at most no array is large: the fuzzer looks for faults, not for slow sums.
void read_value(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  const auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool names_file = text.find(".npy") != std::string::npos;
  if (text.size() > kLongest || digits > 3 || names_file) return;
  try {
    backstep::read::LegacyRandom random(50);
    backstep::read::evaluate_input("--set x", text, random);
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read_circuit(text);
  read_value(text);
  return 0;
}
