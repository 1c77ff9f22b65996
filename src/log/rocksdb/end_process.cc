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

}  // namespace doorbuster::log
