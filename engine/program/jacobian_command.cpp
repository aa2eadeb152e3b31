// backstep jacobian: how one value hangs on another, as a matrix with shades.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "engine/check/jacobian.h"
#include "engine/number_text.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  std::string of;
  std::string to;
  int column = 0;
  Language language;
};

// A share of the largest entry below which a direction counts for none.
constexpr double kShare = 1e-4;

NodeId node_of(const read::Run& run, const std::string& name, std::string_view option) {
  const NodeId node = run.trace.graph().find(name);
  if (node != kNoNode) return node;
  throw Error(fmt::format("{} {}: {} has no value of this name; backstep run lists them", option,
                          read::quoted(name), run.circuit));
}

double largest(ConstView matrix) {
  double most = 0;
  for (const double value : matrix) most = std::max(most, std::fabs(value));
  return most;
}

// Darker for larger; a minus keeps its sign in print.
std::string shade(double value, double most) {
  constexpr std::array<std::string_view, 5> kShades = {"  ", "░░", "▒▒", "▓▓", "██"};
  const double share = most > 0 && std::isfinite(value) ? std::fabs(value) / most : 0;
  const auto level = static_cast<std::size_t>(std::ceil(4 * std::sqrt(share) - 0.5));
  return std::string(kShades[std::min<std::size_t>(level, 4)]);
}

void print_matrix(ConstView matrix, Language language) {
  constexpr int kMostNumbers = 8;
  constexpr int kMostSides = 40;
  const double most = largest(matrix);
  for (int row = 0; row < std::min(matrix.shape.rows(), kMostSides); ++row) {
    std::string shades, numbers;
    double sum = 0;
    for (int col = 0; col < matrix.shape.cols(); ++col) {
      sum += matrix(row, col);
      if (col < kMostSides) shades += shade(matrix(row, col), most);
      if (col < kMostNumbers) numbers += fmt::format("{:>11}", number_text(matrix(row, col), 3));
    }
    const bool is_none = std::fabs(sum) <= 1e-12 * most;
    fmt::print("  {}  {}{}  {} {}\n", shades, numbers,
               matrix.shape.cols() > kMostNumbers ? " ..." : "", say(language, Words("sum")),
               is_none ? "0" : number_text(sum, 3));
  }
}

void execute(const Settings& settings) {
  const read::Run run = program::run(settings.inputs);
  const Graph& graph = run.trace.graph();
  const Language language = settings.language;
  const NodeId of = node_of(run, settings.of, "--of");
  const NodeId to = node_of(run, settings.to, "--to");
  const Tensor whole = check::jacobian(run, of, to);
  const Shape rows = graph.node(of).shape;
  const Shape cols = graph.node(to).shape;
  const bool is_batch = rows == cols && rows.rows() > 1 && rows.cols() > 1;
  if (is_batch && settings.column >= rows.cols()) {
    throw Error(fmt::format("--column {}: {} has {} columns, from 0", settings.column, settings.of,
                            rows.cols()));
  }
  const Tensor matrix = is_batch ? check::of_column(whole, rows, cols, settings.column) : whole;
  fmt::print("d {} / d {}{}: {}\n", settings.of, settings.to,
             is_batch ? ", " + say(language, Words("column {0} of each"), settings.column) : "",
             to_string(matrix.shape()));
  print_matrix(matrix, language);
  fmt::print("{}\n", say(language,
                         Words("rank {0} of {1} (a direction below {2} of the largest counts for "
                               "none)"),
                         check::rank(matrix, kShare),
                         std::min(matrix.shape().rows(), matrix.shape().cols()), kShare));
  const bool is_coupling = is_batch && settings.of == "out" && settings.to == "x";
  const auto closed = is_coupling ? check::batch_norm_coupling(run, settings.column) : std::nullopt;
  if (!closed) return;
  double off = 0;
  for (std::size_t i = 0; i < matrix.data().size(); ++i) {
    off = std::max(off, std::fabs(matrix.data()[i] - closed->data()[i]));
  }
  fmt::print("{}\n", say(language, Words("closed form {0}: {1} apart at most"),
                         "(delta_ij - 1/N - xhat_i xhat_j / N) gamma ivar", number_text(off, 2)));
}

}  // namespace

void add_jacobian(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("jacobian", "how one value hangs on another");
  const auto settings = std::make_shared<Settings>();
  command
      ->add_option("CIRCUIT", settings->inputs.circuit,
                   "a built-in circuit, FILE.py (its last function), or FILE.py:name")
      ->required();
  add_values(*command, settings->inputs);
  command->add_option("--of", settings->of, "the value that moves, such as out")->required();
  command->add_option("--to", settings->to, "the value that is moved, such as x")->required();
  command->add_option("--column", settings->column, "of two (N, D): the feature to show")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  add_language(*command, settings->language);
  command->callback([settings, &status] {
    execute(*settings);
    status = kDone;
  });
}

}  // namespace backstep::program
