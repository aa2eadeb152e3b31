// Takes names apart: the word that tells the direction, and what is left, which tells the layer.
#include "engine/check/pairs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "engine/check/names.h"
#include "engine/read/class_order.h"
#include "engine/read/uses.h"

namespace backstep::check {
namespace {

using read::Expression;
using read::Function;
using read::Module;
using Words = std::vector<std::string>;

enum class Direction : std::uint8_t { kNone, kForward, kBackward };

// "batchNorm_forward2" is batch, norm, forward, 2.
Words words_of(std::string_view name) {
  Words words;
  char before = '_';
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_break = c == '_' || (std::isupper(byte) != 0 &&
                                       std::islower(static_cast<unsigned char>(before)) != 0);
    if (is_break || words.empty()) words.emplace_back();
    if (c != '_') words.back() += static_cast<char>(std::tolower(byte));
    before = c;
  }
  std::erase(words, "");
  return words;
}

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 7> kForward = {"forward", "fwd",         "fprop",   "fw",
                                                      "fp",      "feedforward", "forwards"};
constexpr std::array<std::string_view, 14> kBackward = {
    "backward", "backwards", "back",  "bwd",       "bprop", "backprop",   "bw",
    "grad",     "gradient",  "grads", "gradients", "vjp",   "derivative", "deriv"};

// Of functions that estimate a gradient of any function: they are no layer's.
constexpr std::array<std::string_view, 8> kOthers = {"numerical", "numeric", "check", "eval",
                                                     "clip",      "zero",    "test",  "sparse"};

// What tells one way of doing the same from another.
constexpr std::array<std::string_view, 20> kVariants = {
    "alt",        "alternative", "naive", "vectorized", "vectorised", "vec",    "simple",
    "simplified", "fast",        "slow",  "compact",    "short",      "direct", "v1",
    "v2",         "1",           "2",     "my",         "new",        "opt"};

struct Name {
  Direction direction = Direction::kNone;
  Words layer;  // the other words
};

Name name_of(const Function& function) {
  Name name;
  for (const std::string& word : words_of(function.name)) {
    const bool is_backward = is_one_of(kBackward, word);
    const bool is_direction = is_backward || is_one_of(kForward, word);
    if (is_direction && name.direction == Direction::kNone) {
      name.direction = is_backward ? Direction::kBackward : Direction::kForward;
    } else {
      name.layer.push_back(word);
    }
  }
  return name;
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += word;
  return text;
}

Words without_variants(Words words) {
  std::erase_if(words, [](const std::string& word) { return is_one_of(kVariants, word); });
  return words;
}

// How well two layers' names fit: exactly, or but for words such as "naive".
enum class Fit : std::uint8_t { kNone, kVariant, kExact };

Fit fit(const Words& a, const Words& b) {
  if (joined(a) == joined(b)) return Fit::kExact;
  return joined(without_variants(a)) == joined(without_variants(b)) ? Fit::kVariant : Fit::kNone;
}

// As in Python, the last of several with one name.
std::vector<const Function*> functions_of(const Module& module) {
  std::vector<const Function*> functions;
  for (const Function& function : module.functions) {
    if (module.find(function.name) == &function) functions.push_back(&function);
  }
  return functions;
}

// dsigmoid where the file has a sigmoid.
const Function* derivative_of(const Module& module, const Function& function) {
  if (function.name.size() < 2 || function.name.front() != 'd') return nullptr;
  std::string_view rest = std::string_view(function.name).substr(1);
  if (rest.front() == '_') rest.remove_prefix(1);
  const Function* of = module.find(rest);
  return of != nullptr && name_of(*of).direction == Direction::kNone ? of : nullptr;
}

bool is_backward(const Module& module, const Function& function) {
  const Name name = name_of(function);
  const bool is_other = std::any_of(name.layer.begin(), name.layer.end(),
                                    [](const auto& word) { return is_one_of(kOthers, word); });
  if (is_other) return false;
  return name.direction == Direction::kBackward || derivative_of(module, function) != nullptr;
}

const Function* best_forward(const Module& module, const Function& backward) {
  if (const Function* of = derivative_of(module, backward)) return of;
  const Name name = name_of(backward);
  const Function* best = nullptr;
  int best_rank = 0;
  for (const Function* function : functions_of(module)) {
    if (function == &backward || is_backward(module, *function)) continue;
    const Name other = name_of(*function);
    const Fit fits = fit(name.layer, other.layer);
    const bool is_forward = other.direction == Direction::kForward;
    if (fits == Fit::kNone || (!is_forward && fits != Fit::kExact)) continue;
    const int rank = (fits == Fit::kExact ? 2 : 0) + (is_forward ? 2 : 1);
    if (rank > best_rank) {
      best = function;
      best_rank = rank;
    }
  }
  return best;
}

// `def backward` beside one other function.
const Function* only_other(const Module& module, const Function& backward) {
  if (!name_of(backward).layer.empty()) return nullptr;
  const Function* other = nullptr;
  for (const Function* function : functions_of(module)) {
    if (function == &backward) continue;
    if (other != nullptr || is_backward(module, *function)) return nullptr;
    other = function;
  }
  return other;
}

// ---- what a function returns -------------------------------------------------------------------

void add_returns(const std::vector<read::Statement>& body,
                 std::vector<const read::Sequence*>& found) {
  for (const read::Statement& statement : body) {
    if (const auto* back = std::get_if<read::Return>(&statement.kind)) {
      if (!back->value) continue;
      if (const auto* items = std::get_if<read::Sequence>(&back->value->kind)) {
        found.push_back(items);
      }
    } else if (const auto* branch = std::get_if<read::Branch>(&statement.kind)) {
      for (const read::Arm& arm : branch->arms) add_returns(arm.body, found);
    }
  }
}

// The names of the results of the last return that has several: "" for what is no name.
std::vector<std::string> results_of(const Function& function) {
  std::vector<const read::Sequence*> found;
  add_returns(function.body, found);
  std::vector<std::string> names;
  if (found.empty()) return names;
  for (const Expression& item : found.back()->items) {
    const std::string* name = read::name_of(item);
    names.push_back(name == nullptr ? "" : *name);
  }
  return names;
}

bool is_gradient_of_parameter(const Function& function, const std::string& result) {
  if (result == "grads" || result == "grad" || result == "gradients") return true;
  const std::vector<std::string> of = gradient_of_name(result);
  return std::any_of(function.parameters.begin(), function.parameters.end(),
                     [&](const read::Parameter& parameter) {
                       return std::any_of(of.begin(), of.end(), [&](const std::string& name) {
                         return plain_name(name) == plain_name(parameter.name);
                       });
                     });
}

// `return loss, dx`: the gradients stand behind what they are the gradients of.
bool returns_gradients(const Function& function) {
  const std::vector<std::string> results = results_of(function);
  if (results.size() < 2 || is_gradient_of_parameter(function, results.front())) return false;
  return is_gradient_of_parameter(function, results[1]);
}

// ---- the names of circuits ---------------------------------------------------------------------

// Layers that courses call otherwise.
std::string usual_layer(const Words& words) {
  const std::string layer = joined(without_variants(words));
  if (layer == "affine" || layer == "fc" || layer == "dense") return "linear";
  if (layer == "bn") return "batchnorm";
  if (layer == "ln") return "layernorm";
  return layer;
}

}  // namespace

const Function* forward_for(const Module& module, const Function* backward) {
  const Function* forward = best_forward(module, *backward);
  return forward != nullptr ? forward : only_other(module, *backward);
}

Pair class_pair_of(const Module& module, const Function& circuit) {
  const read::Type type{module.find_class(circuit.object->type), &module};
  for (const char* const name : {"backward", "backwards", "backprop", "bprop", "backward_pass"}) {
    const read::BoundMethod method = read::find_method(type, name);
    if (method.function != nullptr) return {&circuit, method.function, circuit.object->type};
  }
  return {};
}

std::vector<Pair> class_pairs_of(const Module& module) {
  std::vector<Pair> pairs;
  for (const Function& circuit : module.circuits) {
    if (circuit.object->type != circuit.name) continue;  // of another method
    const Pair pair = class_pair_of(module, circuit);
    if (pair.backward != nullptr) pairs.push_back(pair);
  }
  return pairs;
}

Pairs pairs_of(const Module& module) {
  Pairs found;
  std::vector<const Function*> taken;
  for (const Function* function : functions_of(module)) {
    if (!is_backward(module, *function)) continue;
    const Function* forward = forward_for(module, function);
    if (forward == nullptr && returns_gradients(*function)) forward = function;
    if (forward == nullptr) {
      found.only_backward.push_back(function);
    } else {
      found.pairs.push_back({forward, function});
      taken.push_back(forward);
    }
  }
  for (const Function* function : functions_of(module)) {
    const bool is_taken = std::find(taken.begin(), taken.end(), function) != taken.end();
    if (is_taken || is_backward(module, *function)) continue;
    if (returns_gradients(*function)) {
      found.pairs.push_back({function, function});
    } else if (name_of(*function).direction == Direction::kForward) {
      found.only_forward.push_back(function);
    }
  }
  for (const Pair& pair : class_pairs_of(module)) found.pairs.push_back(pair);
  std::stable_sort(found.pairs.begin(), found.pairs.end(), [](const Pair& a, const Pair& b) {
    return a.backward->byte < b.backward->byte;
  });
  return found;
}

namespace {

// Those whose layer is the circuit's, the best first.
std::vector<const Function*> all_for(const Module& module, std::string_view circuit) {
  Function named;
  named.name = std::string(circuit);
  const Words wanted = name_of(named).layer;
  std::vector<const Function*> exact, others;
  for (const Function* function : functions_of(module)) {
    if (!is_backward(module, *function)) continue;
    Words layer = name_of(*function).layer;
    const bool is_d = name_of(*function).direction == Direction::kNone;
    if (is_d) layer = name_of(*derivative_of(module, *function)).layer;
    if (usual_layer(layer) != usual_layer(wanted)) continue;
    (joined(layer) == joined(without_variants(layer)) ? exact : others).push_back(function);
  }
  exact.insert(exact.end(), others.begin(), others.end());
  return exact;
}

}  // namespace

const Function* backward_for(const Module& module, std::string_view circuit) {
  const std::vector<const Function*> all = all_for(module, circuit);
  return all.empty() ? nullptr : all.front();
}

std::vector<std::string> others_for(const Module& module, std::string_view circuit,
                                    const Function* taken) {
  std::vector<std::string> names;
  for (const Function* function : all_for(module, circuit)) {
    if (function != taken) names.push_back(function->name);
  }
  return names;
}

std::vector<UpstreamOf> upstreams_of(const Pair& pair) {
  if (pair.forward == nullptr || pair.is_one_function()) return {};
  const std::vector<std::string> results = results_of(*pair.forward);
  std::vector<UpstreamOf> upstreams;
  for (const read::Parameter& parameter : pair.backward->parameters) {
    for (const std::string& of : gradient_of_name(parameter.name)) {
      const auto result =
          std::find_if(results.begin(), results.end(), [&](const std::string& name) {
            return !name.empty() && plain_name(name) == plain_name(of);
          });
      if (result == results.end()) continue;
      upstreams.push_back({parameter.name, static_cast<std::size_t>(result - results.begin())});
      break;
    }
  }
  // The results that count are the first ones.
  for (const UpstreamOf& one : upstreams) {
    if (one.result >= upstreams.size()) return {};
  }
  return upstreams.size() < 2 ? std::vector<UpstreamOf>{} : upstreams;
}

}  // namespace backstep::check
