// backstep render: the pictures of a circuit, as DOT, SVG and PNG.
#include <fmt/core.h>

#include <filesystem>
#include <map>
#include <memory>

#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/text.h"
#include "engine/write/circuit_dot.h"
#include "engine/write/picture.h"

namespace backstep::program {
namespace {

using write::DotOptions;

struct Settings {
  Inputs inputs;
  std::string out;
  std::vector<std::string> formats = {"dot", "svg", "png"};
  bool steps = false;
  bool unfold = false;
  Language language = Language::kEnglish;
};

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

  // One picture an event, all with the places of the first, so that nothing moves between them.
  void render_steps(DotOptions options) {
    options.step = true;
    const write::CircuitLayout layout(run_.trace, options);
    for (std::size_t done = 0; done <= run_.trace.events().size(); ++done) {
      options.done = done;
      write_picture(fmt::format("{}_step_{:03}", run_.circuit, done),
                    write::circuit_dot(run_.trace, options, layout));
    }
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
  command->add_flag("--steps", settings->steps, "one more picture for each event of the run");
  command->add_flag("--unfold", settings->unfold, "draw each broadcast as a node of its own");
  add_language(*command, settings->language);
  command->callback([settings, &status] {
    const read::Run run = program::run(settings->inputs);
    Renderer(*settings, run).render();
    status = kDone;
  });
}

}  // namespace backstep::program
