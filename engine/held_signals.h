// Signals that end a program, held back while a file is half written.
#pragma once

#include <csignal>

namespace backstep {

// While this lives, SIGINT, SIGTERM and SIGHUP wait, so that whoever writes a file can finish or
// take away what it has begun; then they end the program as ever. SIGQUIT still ends it at once.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, signal);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  // The mask from before, for a program that is started meanwhile.
  const sigset_t& before() const { return before_; }

 private:
  sigset_t before_;
};

}  // namespace backstep
