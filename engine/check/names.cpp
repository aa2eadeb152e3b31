// Usual names, as they stand in courses, notebooks and threads.
#include "engine/check/names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace backstep::check {
namespace {

using Names = std::vector<std::string_view>;

// Each line is one value; plain names.
const std::vector<Names>& meanings() {
  static const std::vector<Names> all = {
      {"x", "input", "inputs", "inp", "data"},
      {"mu", "mean", "samplemean", "batchmean", "xmean", "avg", "average", "mub", "xbar", "m",
       "meanx", "mub", "rowmean", "u"},
      {"xmu", "xc", "xcentered", "xcentred", "xminusmu", "xminusmean", "centered", "centred",
       "diff", "deviation", "dev", "xm", "xzero", "xmm", "xcent", "zeromean"},
      {"sq", "xmusq", "xmu2", "squared", "xc2", "square", "sqr", "diff2"},
      {"var", "variance", "samplevar", "batchvar", "xvar", "sigma2", "sigmasq", "sigmasquared",
       "varx", "rowvar", "v"},
      {"sqrtvar", "std", "sigma", "stddev", "samplestd", "sd", "stdev", "batchstd", "xstd", "s"},
      {"ivar", "istd", "invstd", "rstd", "invvar", "invsigma", "stdinv", "invsqrtvar", "inv",
       "rsigma", "isigma", "invsd", "vinv", "sigmainv", "isqrtvar"},
      {"xhat", "xnorm", "xn", "xnormalized", "xnormalised", "norm", "normalized", "normalised",
       "xtilde", "z", "normed", "xnormed"},
      {"gammax", "gxhat", "scaled", "scaledx", "xscaled", "gx", "gammaxhat"},
      {"gamma", "g", "scale", "weight"},
      {"beta", "b", "shift", "bias", "offset"},
      {"eps", "epsilon"},
      {"out", "y", "output", "o"},
      {"scores", "logits", "z", "score", "x", "o", "f"},
      {"y", "target", "targets", "labels", "onehot", "t", "yonehot", "ytrue", "label"},
      {"top", "max", "maxscores", "rowmax", "m"},
      {"shifted", "shiftedlogits", "shift", "stable", "centered"},
      {"power", "exps", "expscores", "exp", "e", "expz", "expshifted", "ex"},
      {"total", "sums", "sumexp", "sumexps", "rowsum", "denom", "s", "zsum"},
      {"logtotal", "logsum", "logsumexp", "logz"},
      {"logp", "logprobs", "logprob", "logprobabilities", "logsoftmax"},
      {"prediction", "pred", "yhat", "ypred", "p"},
      {"loss", "l", "cost", "j"},
      {"hidden", "h", "z1", "a1", "h1", "affine1", "hiddenlayer"},
      {"normed", "hbn", "bn", "bnout", "hnorm", "z1bn", "normout"},
      {"active", "relu", "a", "hrelu", "activation", "act", "reluout", "a1", "h1"},
      {"w", "weights", "weight"},
      {"difference", "diff", "error", "err", "residual"},
      {"denominator", "denom"},
      {"power", "expx", "exp"},
  };
  return all;
}

bool is_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80;
}

bool is_number(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What is left of a name without so many letters and digits, and the underscores next to them.
std::string without_first(std::string_view name, std::size_t count) {
  std::size_t at = 0;
  for (std::size_t left = count; left > 0; ++at) left -= is_of_word(name[at]) ? 1 : 0;
  while (at < name.size() && !is_of_word(name[at])) ++at;
  return std::string(name.substr(at));
}

std::string without_last(std::string_view name, std::size_t count) {
  std::size_t end = name.size();
  for (std::size_t left = count; left > 0; --end) left -= is_of_word(name[end - 1]) ? 1 : 0;
  while (end > 0 && !is_of_word(name[end - 1])) --end;
  return std::string(name.substr(0, end));
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (is_of_word(c)) plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

std::vector<std::string> gradient_of_name(std::string_view name) {
  const std::string plain = plain_name(name);
  std::vector<std::string> of;
  for (const std::string_view prefix : {"dlossd", "dld", "dcostd", "djd", "gradientof", "gradof",
                                        "gradient", "gradwrt", "grad", "delta", "d", "g"}) {
    if (plain.size() > prefix.size() && plain.starts_with(prefix)) {
      of.push_back(without_first(name, prefix.size()));
    }
  }
  for (const std::string_view suffix : {"grad", "gradient", "bar"}) {
    if (plain.size() > suffix.size() && plain.ends_with(suffix)) {
      of.push_back(without_last(name, suffix.size()));
    }
  }
  return of;
}

bool is_upstream_name(std::string_view name) {
  constexpr std::array<std::string_view, 16> kNames = {
      "dout",   "upstream", "gradoutput", "gradout", "doutput", "dy",           "delta", "grad",
      "dldout", "dldy",     "dvalues",    "outgrad", "ygrad",   "upstreamgrad", "dl",    "dlout"};
  return std::find(kNames.begin(), kNames.end(), plain_name(name)) != kNames.end();
}

void KnownNames::Spellings::add(NodeId node, const std::string& name) {
  written_.try_emplace(name, node);
  const auto [known, is_new] = plain_.try_emplace(plain_name(name), node);
  if (!is_new) known->second = kNoNode;
}

NodeId KnownNames::Spellings::find(std::string_view name) const {
  if (const auto found = written_.find(std::string(name)); found != written_.end()) {
    return found->second;
  }
  const auto found = plain_.find(plain_name(name));
  return found == plain_.end() ? kNoNode : found->second;
}

KnownNames::KnownNames(const Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.place.part != Part::kForward || node.name.empty()) continue;
    nodes_.add(id, node.name);
    if (node.primitive != nullptr) steps_.add(id, node.name);
    add_end(id, node.name);
  }
}

void KnownNames::add_end(NodeId node, const std::string& name) {
  const std::size_t underscore = name.rfind('_');
  if (underscore == std::string::npos) return;
  const std::string plain = plain_name(name.substr(underscore));
  if (is_number(plain)) return;  // x_2 is no end of x
  End& end = ends_[plain];
  if (end.node != kNoNode && name.size() > end.size) return;
  end = {node, name.size(), end.node == kNoNode || name.size() < end.size};
}

NodeId KnownNames::find(std::string_view name) const { return nodes_.find(name); }

NodeId KnownNames::find_step(std::string_view name) const { return steps_.find(name); }

NodeId KnownNames::find_by_end(const std::string& plain) const {
  const auto found = ends_.find(plain);
  return found != ends_.end() && found->second.is_alone ? found->second.node : kNoNode;
}

NodeId KnownNames::find_by_meaning(std::string_view name) const {
  const std::string plain = plain_name(name);
  const NodeId same = find(name);
  if (same != kNoNode) return same;
  const NodeId by_end = find_by_end(plain);
  if (by_end != kNoNode) return by_end;
  for (const Names& names : meanings()) {
    if (std::find(names.begin(), names.end(), plain) == names.end()) continue;
    for (const std::string_view other : names) {
      const NodeId found = find(other);
      if (found != kNoNode) return found;
    }
  }
  for (const Names& names : meanings()) {
    if (std::find(names.begin(), names.end(), plain) == names.end()) continue;
    const NodeId found = find_by_end(std::string(names.front()));
    if (found != kNoNode) return found;
  }
  return kNoNode;
}

}  // namespace backstep::check
