// The dials of the sandbox: how a payment provider can misbehave.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"

namespace doorbuster::platform {

// What POST /payments does.
enum class SandboxAnswer {
  kOk,
  kRefuse,   // 422, and there is no payment
  kError,    // 500, and there is no payment
  kTimeOut,  // the payment is there, but nobody is told
};
inline constexpr std::array<std::string_view, 4> kSandboxAnswerNames = {"ok", "refuse", "error", "time-out"};

struct SandboxSettings {
  SandboxAnswer answer = SandboxAnswer::kOk;
  int64_t answer_delay_ms = 0;
  int64_t callback_delay_ms = 0;
  int64_t callback_copies = 1;  // 0 drops the event, 2 and more repeat it
  int64_t late_ms = 30'000;     // how late "pay late" pays
  bool refunds_fail = false;
};

inline constexpr int64_t kSandboxDelayMsMax = 600'000;
inline constexpr int64_t kSandboxCopiesMax = 10;

// Changes what the JSON object names and leaves the rest. kInvalid names the member that is wrong; nothing is changed
// then.
[[nodiscard]] Result<SandboxSettings> change_settings(const SandboxSettings& now, std::string_view json);
[[nodiscard]] std::string write_settings(const SandboxSettings& settings);

}  // namespace doorbuster::platform
