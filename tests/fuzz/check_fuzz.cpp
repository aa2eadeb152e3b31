// Fuzzes backstep check: any bytes as somebody's backward pass, judged against a circuit.
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/check/judge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLongest = 4096;
  if (size > kLongest) return 0;
  try {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const backstep::check::JudgeOptions options{"batch_norm", {}};
    const auto judgement =
        backstep::check::judge(backstep::check::parse_student("fuzz.py", text, ""), options);
    backstep::check::report(judgement, *backstep::language_of("ko"));
  } catch (const backstep::Error&) {
    // The only way in which a bad text may end.
  }
  return 0;
}
