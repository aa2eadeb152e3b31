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

NodeId find_by_end(const Graph& graph, std::string_view plain) {
  NodeId found = kNoNode;
  std::size_t shortest = 0;  // loss_total is nearer to total than loss_log_total
  bool is_alone = false;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.place.part != Part::kForward || node.name.empty()) continue;
    const std::size_t underscore = node.name.rfind('_');
    if (underscore == std::string::npos || plain_name(node.name.substr(underscore)) != plain) {
      continue;
    }
    if (found != kNoNode && node.name.size() > shortest) continue;
    is_alone = found == kNoNode || node.name.size() < shortest;
    shortest = node.name.size();
    found = id;
  }
  return is_alone ? found : kNoNode;
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

NodeId find_plain(const Graph& graph, std::string_view plain) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    const bool is_value = node.place.part == Part::kForward && !node.name.empty();
    if (is_value && plain_name(node.name) == plain) return id;
  }
  return kNoNode;
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

NodeId find_by_meaning(const Graph& graph, std::string_view name) {
  const std::string plain = plain_name(name);
  const NodeId same = find_plain(graph, plain);
  if (same != kNoNode) return same;
  const NodeId by_end = find_by_end(graph, plain);
  if (by_end != kNoNode) return by_end;
  for (const Names& names : meanings()) {
    if (std::find(names.begin(), names.end(), plain) == names.end()) continue;
    for (const std::string_view other : names) {
      const NodeId found = find_plain(graph, other);
      if (found != kNoNode) return found;
    }
  }
  for (const Names& names : meanings()) {
    if (std::find(names.begin(), names.end(), plain) == names.end()) continue;
    const NodeId found = find_by_end(graph, names.front());
    if (found != kNoNode) return found;
  }
  return kNoNode;
}

}  // namespace backstep::check
