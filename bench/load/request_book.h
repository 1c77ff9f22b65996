// The bytes of all requests of one load, ready before the first is sent: one customer's token after the other.
#pragma once

#include <string>
#include <vector>

#include "load/options.h"

namespace doorbuster::bench {

class RequestBook {
 public:
  // kNotFound if the tokens can't be read, kInvalid if there are none behind those to skip.
  [[nodiscard]] static Result<RequestBook> make(const LoadOptions& options);

  // Replaces `out` with the next request; false when all have been given out.
  [[nodiscard]] bool next(std::string& out);

 private:
  RequestBook() = default;
  [[nodiscard]] Result<void> read_tokens(const LoadOptions& options);

  std::string before_;  // the token
  std::string after_;
  std::vector<std::string> tokens_;
  size_t position_ = 0;
  uint64_t left_ = 0;
  bool repeat_ = false;
  bool has_tokens_ = false;
};

}  // namespace doorbuster::bench
