#include "platform/sandbox/settings.h"

#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::platform {

Result<SandboxSettings> change_settings(const SandboxSettings& now, std::string_view json) {
  constexpr IntegerRule kDelay{.min = 0, .max = kSandboxDelayMsMax, .needs = "a delay has 0 to 600,000 milliseconds"};
  JsonDocument document(json);
  const JsonObject root = document.root();
  SandboxSettings next;
  next.answer = root.optional("answer").one_of(kSandboxAnswerNames, now.answer);
  next.answer_delay_ms = root.optional("answer_delay_ms").integer(kDelay, now.answer_delay_ms);
  next.callback_delay_ms = root.optional("callback_delay_ms").integer(kDelay, now.callback_delay_ms);
  next.callback_copies =
      root.optional("callback_copies").integer({.min = 0, .max = kSandboxCopiesMax}, now.callback_copies);
  next.late_ms = root.optional("late_ms").integer(kDelay, now.late_ms);
  next.refunds_fail = root.optional("refunds_fail").boolean(now.refunds_fail);
  TRY(document.finish());
  return next;
}

std::string write_settings(const SandboxSettings& settings) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("answer", kSandboxAnswerNames[static_cast<size_t>(settings.answer)]);
  json.member("answer_delay_ms", settings.answer_delay_ms).member("callback_delay_ms", settings.callback_delay_ms);
  json.member("callback_copies", settings.callback_copies).member("late_ms", settings.late_ms);
  json.member("refunds_fail", settings.refunds_fail).end_object();
  return text;
}

}  // namespace doorbuster::platform
