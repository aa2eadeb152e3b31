// What the script of a page replays: the record of a run as compact JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/write/page.h"
#include "engine/write/page_groups.h"

namespace backstep::write {

// JSON that can stand in a <script> element. Values are float64 in base64, so nothing is rounded
// and NaN and infinity need no word of their own. Every node is written once, so an event is the
// difference between two steps, and a step is a number: no state is stored.
std::string page_record(const Trace& trace, const Ledger& ledger, const PageGroups& groups,
                        const PageOptions& options);

// The bytes of numbers, least significant first, in base64.
std::string base64(std::span<const double> numbers);
std::string base64(std::span<const float> numbers);

// `json` so that it cannot end the element it stands in.
std::string safe_in_script(std::string_view json);

}  // namespace backstep::write
