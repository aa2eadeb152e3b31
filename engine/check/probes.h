// The numbers that a hand-written backward pass is tried on: random ones, which hide nothing, and
// those that people try, which do.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/check/student.h"
#include "engine/read/npz.h"
#include "engine/read/run.h"

namespace backstep::check {

struct Probe {
  std::string name;  // "ones", "gamma=1", "sum(out**2)", "N=2"
  read::RunOptions options;
};

// The function that is held to be right.
struct Subject {
  std::shared_ptr<const read::Module> module;
  std::string name;

  const read::Function& function() const { return *module->find(name); }
};

// A built-in circuit, FILE.py or FILE.py:name. Throws Error.
Subject find_subject(const std::string& circuit);

class Probes {
 public:
  // `epsilon` is used where the circuit has a setting of that kind and the options do not set it.
  Probes(Subject subject, read::RunOptions options, std::optional<double> epsilon);

  // Random numbers of two shapes. By their sides, a factor N is told from a factor 2 or D.
  const std::vector<Probe>& trusted() const { return trusted_; }
  const std::vector<Probe>& traps() const { return traps_; }
  // The setting of the circuit that got the epsilon; empty if none did.
  const std::string& epsilon_name() const { return epsilon_name_; }
  // Numbers that reach further, for masks that those of the usual size leave alone.
  std::vector<Probe> wide() const;

  read::Run run(const Probe& probe) const { return run(probe.options); }
  // On the leaves that stand among these values.
  read::Run run_on(const read::NamedTensors& values) const;

 private:
  read::Run run(const read::RunOptions& options) const {
    return read::run_circuit(*subject_.module, subject_.name, options);
  }
  bool is_pair() const { return options_.results > 0; }
  bool is_parameter(const std::string& name) const;
  void add_pair_probes();
  void fill_with_random(Probe& probe) const;
  void add_traps(const read::Run& run);

  Subject subject_;
  read::RunOptions options_;
  std::string epsilon_name_;
  std::vector<Probe> trusted_;
  std::vector<Probe> traps_;
};

// Whether a careful person would have seen no difference: every result within 1e-5.
bool hides(const Reading& reading, const Numbers& values, const Reference& reference);

}  // namespace backstep::check
