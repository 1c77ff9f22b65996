// The bytes of all requests of one load, ready before the first is sent: one customer's token, or path, after the
// other.
#pragma once

#include <string>
#include <vector>

#include "load/options.h"

namespace doorbuster::bench {

class RequestBook {
 public:
  // kNotFound if the lines can't be read, kInvalid if there are none behind those to skip.
  [[nodiscard]] static Result<RequestBook> make(const LoadOptions& options);

  // Replaces `out` with the next request; false when all have been given out.
  [[nodiscard]] bool next(std::string& out);

 private:
  RequestBook() = default;

  std::string before_;              // what differs
  std::vector<std::string> lines_;  // paths or tokens; empty: every request is the same
  std::string after_;
  size_t position_ = 0;
  uint64_t left_ = 0;
  bool repeat_ = false;
};

}  // namespace doorbuster::bench
