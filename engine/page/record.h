// What the script of a page replays: the record of a run as compact JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/page/groups.h"
#include "engine/page/page.h"

namespace backstep::page {

// JSON that can stand in a <script> element. Exact numbers are float64 in base64, so nothing is
// lost and NaN and infinity need no word of their own. Every node is written once, so an event is
// the difference between two steps, and a step is a number: no state is stored.
std::string page_record(const Trace& trace, const Ledger& ledger, const PageGroups& groups,
                        const PageOptions& options);

// The bytes of numbers, least significant first, in base64.
std::string base64(std::span<const double> numbers);

// `json` so that it cannot end the element it stands in.
std::string safe_in_script(std::string_view json);

}  // namespace backstep::page
