// Usual names of settings, as they stand in courses and notebooks.
#include "engine/read/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace backstep::read {
namespace {

struct Usual {
  std::string_view name;
  double value;
  NumberType type = NumberType::kFloat;
};

constexpr std::array kEntries = {
    Usual{"eps", 1e-5},
    Usual{"epsilon", 1e-5},
    Usual{"momentum", 0.9},
    Usual{"training", 1, NumberType::kBool},
    Usual{"train", 1, NumberType::kBool},
    Usual{"p", 0.5},
    Usual{"keep_prob", 0.5},
    Usual{"drop_prob", 0.5},
    Usual{"dropout_ratio", 0.5},
    Usual{"stride", 1, NumberType::kInteger},
    Usual{"pad", 1, NumberType::kInteger},
    Usual{"padding", 1, NumberType::kInteger},
    Usual{"pool_height", 2, NumberType::kInteger},
    Usual{"pool_width", 2, NumberType::kInteger},
};

// One number each, where a def line has no default for it.
constexpr std::array kNumbers = {
    Usual{"reg", 0.1},          Usual{"reg_strength", 0.1}, Usual{"lam", 0.1},
    Usual{"lambd", 0.1},        Usual{"lambda_", 0.1},      Usual{"alpha", 0.1},
    Usual{"keep_prob", 0.5},    Usual{"drop_prob", 0.5},    Usual{"dropout_ratio", 0.5},
    Usual{"temperature", 2},    Usual{"margin", 1},         Usual{"momentum", 0.9},
    Usual{"learning_rate", 0.1}};

bool is_word(std::string_view text) {
  const bool starts = !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
  return starts && std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
         });
}

template <std::size_t kSize>
std::optional<Value> value_in(const std::array<Usual, kSize>& known, std::string_view name) {
  for (const Usual& one : known) {
    if (one.name == name) return scalar(one.value, one.type);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Value> setting_of(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool has_digit = text.find_first_of("0123456789") != std::string::npos;
  if (has_digit && *end == '\0' && text.find_first_of("xXpP") == std::string::npos) {
    const bool is_whole = text.find_first_of(".eE") == std::string::npos;
    return scalar(number, is_whole ? NumberType::kInteger : NumberType::kFloat);
  }
  if (text == "True" || text == "False") return scalar(text == "True" ? 1 : 0, NumberType::kBool);
  if (text == "None") return Value{};
  const bool is_quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
                         text.back() == text.front();
  if (is_quoted) return Value{Word{text.substr(1, text.size() - 2)}};
  if (is_word(text)) return Value{Word{text}};
  return std::nullopt;
}

std::optional<Value> usual_setting(std::string_view dictionary, std::string_view key) {
  if (key == "mode") return Value{Word{"train"}};
  const bool is_pool = dictionary.find("pool") != std::string_view::npos;
  if (key == "stride" && is_pool) return scalar(2, NumberType::kInteger);
  if ((key == "pad" || key == "padding") && is_pool) return scalar(0, NumberType::kInteger);
  return value_in(kEntries, key);
}

bool is_name_of_settings(std::string_view name) {
  std::string lower;
  for (const char c : name) {
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lower.find("param") != std::string::npos || lower.find("config") != std::string::npos;
}

std::optional<Value> usual_value(std::string_view name) {
  if (name == "mode") return Value{Word{"train"}};
  return value_in(kNumbers, name);
}

std::string setting_text(const Value& value) {
  if (value.is_none()) return "None";
  if (const Word* word = value.word()) return "'" + word->text + "'";
  const Scalar& number = *value.scalar();
  if (number.type == NumberType::kBool) return number.value != 0 ? "True" : "False";
  return fmt::format("{}", number.value);
}

}  // namespace backstep::read
