// backstep render: the pictures of a circuit, as DOT, SVG and PNG.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/text.h"
#include "engine/write/circuit_dot.h"
#include "engine/write/picture.h"
#include "engine/write/progress.h"
#include "engine/write/streams.h"

namespace backstep::program {
namespace {

using write::DotOptions;

struct Settings {
  Inputs inputs;
  std::string out;
  std::vector<std::string> formats = {"dot", "svg", "png"};
  bool steps = false;
  std::size_t from = 0;
  std::size_t to = static_cast<std::size_t>(-1);
  bool yes = false;
  bool unfold = false;
  Language language;
};

// The pictures of the steps may take so much without being asked for twice.
constexpr double kMegabyte = 1e6;
constexpr double kMostUnasked = 200 * kMegabyte;
// Of less nobody needs to know before.
constexpr double kWorthSaying = 20 * kMegabyte;

std::string size_text(double bytes) {
  return bytes < 1000 * kMegabyte ? fmt::format("{:.0f} MB", bytes / kMegabyte)
                                  : fmt::format("{:.1f} GB", bytes / kMegabyte / 1000);
}

class Renderer {
 public:
  Renderer(const Settings& settings, const read::Run& run) : settings_(settings), run_(run) {
    for (const std::string& format : settings.formats) {
      formats_.push_back(write::picture_format(format));
    }
  }

  void render() {
    DotOptions options;
    options.language = settings_.language;
    options.unfold = settings_.unfold;
    options.outputs = run_.outputs;
    if (settings_.steps) check_size(options);
    picture(run_.circuit, options);
    options.flow = true;
    picture(run_.circuit + "_flow", options);
    options.flow = false;
    if (settings_.steps) render_steps(options);
  }

 private:
  void picture(const std::string& stem, const DotOptions& options) {
    const write::CircuitLayout layout(run_.trace, options);
    write_picture(stem, write::circuit_dot(run_.trace, options, layout));
  }

  std::size_t last_step() const { return std::min(settings_.to, run_.trace.events().size()); }

  // Every step is drawn in the same places, so that one tells the size of all: the last, which has
  // most to show.
  void check_size(DotOptions options) const {
    const std::size_t last = last_step();
    if (settings_.from > last) {
      throw Error(
          fmt::format("--from {}: the last step that is drawn is {}", settings_.from, last));
    }
    const std::size_t count = last - settings_.from + 1;
    options.step = true;
    options.done = last;
    const write::CircuitLayout layout(run_.trace, options);
    const std::string dot = write::circuit_dot(run_.trace, options, layout);
    const double pictures = static_cast<double>(count);
    if (pictures * static_cast<double>(dot.size()) * 3 < kWorthSaying) return;
    const double bytes = pictures * static_cast<double>(write::picture_bytes(dot, formats_));
    if (bytes > kMostUnasked && !settings_.yes) {
      throw Error(fmt::format(
          "the pictures of {} steps take about {}, which is more than {}; draw some of them with "
          "--from {} --to {}, fewer formats with --format svg, or all with --yes",
          count, size_text(bytes), size_text(kMostUnasked), settings_.from,
          settings_.from + static_cast<std::size_t>(kMostUnasked / bytes * pictures / 2)));
    }
    if (bytes > kWorthSaying) {
      write::say(
          fmt::format("note: the pictures of {} steps take about {}", count, size_text(bytes)));
    }
  }

  // One picture an event, all with the places of the first, so that nothing moves between them.
  void render_steps(DotOptions options) {
    options.step = true;
    const write::CircuitLayout layout(run_.trace, options);
    const std::size_t last = last_step();
    // Where the names of the pictures go by on the terminal, they tell enough.
    const bool shows_names = ::isatty(STDOUT_FILENO) != 0;
    write::Progress progress("render", last - settings_.from + 1);
    for (std::size_t done = settings_.from; done <= last; ++done) {
      options.done = done;
      write_picture(fmt::format("{}_step_{:03}", run_.circuit, done),
                    write::circuit_dot(run_.trace, options, layout));
      if (!shows_names) progress.advance();
    }
    progress.done();
  }

  void write_picture(const std::string& stem, const std::string& dot) {
    write::write_pictures(settings_.out, stem, dot, formats_);
    fmt::print("{}\n", printable((std::filesystem::path(settings_.out) / stem).string()));
  }

  const Settings& settings_;
  const read::Run& run_;
  std::vector<write::PictureFormat> formats_;
};

}  // namespace

void add_render(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("render", "the circuit as pictures");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  command->add_option("--out", settings->out, "the folder to write to")
      ->required()
      ->check(file_name());
  command->add_option("--format", settings->formats, "dot, svg, png")
      ->delimiter(',')
      ->check(CLI::IsMember({"dot", "svg", "png"}))
      ->capture_default_str();
  CLI::Option* steps =
      command->add_flag("--steps", settings->steps, "one more picture for each event of the run");
  command->add_option("--from", settings->from, "the first step to draw, from 0")->needs(steps);
  command->add_option("--to", settings->to, "the last step to draw")->needs(steps);
  command->add_flag("--yes", settings->yes, "draw all steps, however much they take")->needs(steps);
  command->add_flag("--unfold", settings->unfold, "draw each broadcast as a node of its own");
  add_language(*command, settings->language);
  command->callback([settings, &status] {
    const read::Run run = program::run(settings->inputs);
    Renderer(*settings, run).render();
    status = kDone;
  });
}

}  // namespace backstep::program
