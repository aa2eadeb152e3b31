// JSON as text, for files and for the terminal.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace backstep::write {

// `json` with so many spaces of indentation; on one line for -1. Bytes that are no UTF-8 are
// replaced rather than refused, and what cannot be seen is escaped: \u202e.
std::string json_text(const nlohmann::ordered_json& json, int indent);

}  // namespace backstep::write
