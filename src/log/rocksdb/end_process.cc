#include "log/rocksdb/end_process.h"

#include <cstdio>
#include <cstdlib>

namespace doorbuster::log {

void end_process(const std::string& why) {
  std::fprintf(stderr,
               "the log cannot go on: %s\nNothing that was acknowledged is lost. Fix the cause, then restart.\n",
               why.c_str());
  std::fflush(stderr);
  std::abort();
}

void end_for_failed_write(const std::string& folder, const std::string& status, bool is_full) {
  const bool has_no_space = is_full || status.find("No space left") != std::string::npos;
  end_process(has_no_space ? "no space is left on the disk of " + folder + " (" + status + ")"
                           : "a write to " + folder + " did not become durable: " + status);
}

}  // namespace doorbuster::log
