// Finding a place in a record: by number, by name, by text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/describe.h"

namespace backstep::step {

struct Record;

struct Found {
  std::optional<std::size_t> events;  // the place: so many events are done
  std::string said;                   // what was found, or why nothing was
};

// "17": after event 17. "dxmu": after the event that wrote it. "nan": where a NaN or an infinity
// arose. Where there is no such place, names that begin as typed are offered.
Found find_place(const Record& record, std::string_view typed, Language language);

// The next event, after the first `done` and then from the start again, whose name, formula or
// sentence holds `text`, whatever the case of its letters.
Found find_text(const Record& record, std::string_view text, std::size_t done, Language language);

}  // namespace backstep::step
