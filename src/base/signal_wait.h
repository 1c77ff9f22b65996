// Waiting for the signals that end a process, instead of handling them.
#pragma once

#include <signal.h>

#include <initializer_list>

namespace doorbuster {

// Made in main(), before any thread: blocks the signals in this thread and in all threads and processes that it starts,
// so that only wait() hears them. SIGPIPE is ignored from then on: a peer that has gone is an error of the write.
class SignalWait {
 public:
  explicit SignalWait(std::initializer_list<int> signals = {SIGINT, SIGTERM});

  // The next of the signals, also if it came before the call.
  [[nodiscard]] int wait() const;

 private:
  sigset_t signals_{};
};

}  // namespace doorbuster
