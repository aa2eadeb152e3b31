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

NodeId found_in(const std::unordered_map<std::string, NodeId>& names, const std::string& plain) {
  const auto found = names.find(plain);
  return found == names.end() ? kNoNode : found->second;
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80) plain += static_cast<char>(std::tolower(byte));
  }
  return plain;
}

std::vector<std::string> gradient_of_name(std::string_view name) {
  const std::string plain = plain_name(name);
  std::vector<std::string> of;
  for (const std::string_view prefix : {"dlossd", "dld", "dcostd", "djd", "gradientof", "gradof",
                                        "gradient", "gradwrt", "grad", "delta", "d", "g"}) {
    if (plain.size() > prefix.size() && plain.starts_with(prefix)) {
      of.push_back(plain.substr(prefix.size()));
    }
  }
  for (const std::string_view suffix : {"grad", "gradient", "bar"}) {
    if (plain.size() > suffix.size() && plain.ends_with(suffix)) {
      of.push_back(plain.substr(0, plain.size() - suffix.size()));
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

KnownNames::KnownNames(const Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.place.part != Part::kForward || node.name.empty()) continue;
    const std::string plain = plain_name(node.name);
    nodes_.try_emplace(plain, id);
    if (node.primitive != nullptr) steps_.try_emplace(plain, id);
    add_end(id, node.name);
  }
}

void KnownNames::add_end(NodeId node, const std::string& name) {
  const std::size_t underscore = name.rfind('_');
  if (underscore == std::string::npos) return;
  End& end = ends_[plain_name(name.substr(underscore))];
  if (end.node != kNoNode && name.size() > end.size) return;
  end = {node, name.size(), end.node == kNoNode || name.size() < end.size};
}

NodeId KnownNames::find_plain(const std::string& plain) const { return found_in(nodes_, plain); }

NodeId KnownNames::find_step(const std::string& plain) const { return found_in(steps_, plain); }

NodeId KnownNames::find_by_end(const std::string& plain) const {
  const auto found = ends_.find(plain);
  return found != ends_.end() && found->second.is_alone ? found->second.node : kNoNode;
}

NodeId KnownNames::find_by_meaning(std::string_view name) const {
  const std::string plain = plain_name(name);
  const NodeId same = find_plain(plain);
  if (same != kNoNode) return same;
  const NodeId by_end = find_by_end(plain);
  if (by_end != kNoNode) return by_end;
  for (const Names& names : meanings()) {
    if (std::find(names.begin(), names.end(), plain) == names.end()) continue;
    for (const std::string_view other : names) {
      const NodeId found = find_plain(std::string(other));
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
