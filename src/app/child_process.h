// This program again, as a process of its own, which ends with the one that started it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace doorbuster::app {

class ChildProcess {
 public:
  // Runs this program with these arguments, in a process group of its own, so that a terminal's Ctrl-C reaches only its
  // parent, which ends it in its own time; should the parent be killed, the kernel ends it. Its standard error is
  // ours, or goes to the end of the file that is named. To be called before other threads are started.
  [[nodiscard]] static Result<std::unique_ptr<ChildProcess>> start(const std::vector<std::string>& arguments,
                                                                   const std::string& error_log = {});

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() { stop(); }

  // The next line of its standard output; nothing when it has ended. For the first words of a process that answers
  // within seconds.
  [[nodiscard]] std::string read_line();
  // Notices when it has ended, and says how: "ended with status 1". Empty while it runs.
  [[nodiscard]] std::string ended();
  // Asks it to end, and makes it end after five seconds.
  void stop();

  // 0 once it is known to have ended.
  [[nodiscard]] pid_t number() const { return process_; }

 private:
  ChildProcess(pid_t process, int output) : process_(process), output_(output) {}

  pid_t process_;  // 0 once it has been waited for
  int output_;
};

// Where this program lies.
[[nodiscard]] std::string own_path();

}  // namespace doorbuster::app
