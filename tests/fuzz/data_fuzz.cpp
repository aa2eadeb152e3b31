// Fuzzes the readers of data: any bytes as an IDX, a CSV and a gzip file.
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/read/csv.h"
#include "engine/read/gzip.h"
#include "engine/read/idx.h"

namespace {

// An error is the only way in which bad bytes may end.
template <typename Action>
void try_to(Action action) {
  try {
    action();
  } catch (const backstep::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backstep::read;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try_to([&] { parse_idx_images(bytes, "fuzz"); });
  try_to([&] { parse_idx_labels(bytes, "fuzz"); });
  try_to([&] { parse_csv(bytes, "fuzz"); });
  try_to([&] { unpacked(bytes, "fuzz"); });
  return 0;
}
