// Settings that are no arrays: `--set bn_param.mode=train`, and those that code takes for granted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/read/value.h"

namespace backstep::read {

// What a text means as a setting: a number, True, False, None, or a word. Nothing for a text that
// is to be worked out, as zeros(3) is.
std::optional<Value> setting_of(const std::string& text);

// What an entry of a dictionary of settings is if nobody sets it: the mode is 'train', the stride
// of a `conv_param` 1. Nothing for an entry that has no usual value.
std::optional<Value> usual_setting(std::string_view dictionary, std::string_view key);

// Whether a parameter of this name is likely to be a dictionary of settings: bn_param, config.
bool is_name_of_settings(std::string_view name);

// What a parameter that is one number, or one word, is if nobody sets it: reg, mode, p. Nothing for
// a name that says no such thing.
std::optional<Value> usual_value(std::string_view name);

// As Python writes a number, a truth or a text.
std::string setting_text(const Value& value);

}  // namespace backstep::read
