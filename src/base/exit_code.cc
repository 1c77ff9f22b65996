#include "base/exit_code.h"

#include <cstdio>

namespace doorbuster {

int exit_code_of(const Result<void>& done) {
  if (done) return 0;
  std::fprintf(stderr, "doorbuster: %s\n", done.error().message.c_str());
  return 1;
}

}  // namespace doorbuster
