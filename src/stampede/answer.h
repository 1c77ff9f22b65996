// One answer of HTTP/1.1, as far as a client of the sale's API needs it: a status line, Content-Length, no chunks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace doorbuster::stampede {

struct Answer {
  uint32_t status = 0;  // 0: there was none
  std::optional<Duration> retry_after = {};
  std::string cookie = {};  // "name=value" of the first Set-Cookie
  std::string body = {};
  bool closes = false;     // the server ends the connection behind it
  Timestamp sent_at = {};  // when its request went out
  Timestamp at = {};       // when it was whole

  [[nodiscard]] bool good() const { return status >= 200 && status < 400; }
};

// Takes the first answer out of what was received. Nothing if more bytes have to come; one with status 0 if what came
// can't be understood.
[[nodiscard]] std::optional<Answer> take_answer(std::string& received);

// The end of a problem's `type` (RFC 9457): "sold-out". Empty if the answer is none.
[[nodiscard]] std::string problem_of(const Answer& answer);

// A text in the answer's JSON object; empty where it is null or not there.
[[nodiscard]] std::string member_of(const Answer& answer, std::string_view name);

}  // namespace doorbuster::stampede
