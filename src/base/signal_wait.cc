#include "base/signal_wait.h"

#include "base/assert.h"

namespace doorbuster {

SignalWait::SignalWait(std::initializer_list<int> signals) {
  sigemptyset(&signals_);
  for (const int signal : signals) sigaddset(&signals_, signal);
  ASSERT(pthread_sigmask(SIG_BLOCK, &signals_, nullptr) == 0);
  ::signal(SIGPIPE, SIG_IGN);
}

int SignalWait::wait() const {
  int signal = 0;
  ASSERT(sigwait(&signals_, &signal) == 0);
  return signal;
}

}  // namespace doorbuster
