// GET /robots.txt (RFC 9309): what crawlers may ask of this server.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/api/call.h"

namespace doorbuster::links {

class Robots {
 public:
  // By the file at this path; empty: by what is usual.
  explicit Robots(const std::string& path);

  // kInvalid: the file can't be read, or is longer than crawlers have to read.
  [[nodiscard]] Result<void> check() const;
  [[nodiscard]] std::string_view text() const;

 private:
  const Result<std::string> text_;
};

void show_robots(const platform::Call& call, const Robots& robots);

}  // namespace doorbuster::links
