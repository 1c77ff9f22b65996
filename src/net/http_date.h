// The Date field, rendered once a second instead of once a request.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace doorbuster::net {

class HttpDate {
 public:
  HttpDate() { update(0); }
  // Seconds since 1970. Renders only if the second is another one.
  void update(int64_t unix_seconds);
  // "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" (RFC 9110 section 5.6.7)
  [[nodiscard]] std::string_view field() const { return {text_.data(), kSize}; }

 private:
  static constexpr size_t kSize = 37;
  std::array<char, 64> text_{};
  int64_t second_ = -1;
};

}  // namespace doorbuster::net
