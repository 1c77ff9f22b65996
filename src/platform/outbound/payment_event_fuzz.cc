// Provider's bytes: a signed event of any body is refused or reads the same after writing it; answers and requests of
// any body too.
#include "platform/outbound/payment_event.h"
#include "platform/outbound/payment_messages.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::platform;
  static const auth::WebhookSecret secret =
      auth::WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const Timestamp now = Timestamp::from_micros(5'000'000);
  const std::string signature = secret.sign("e", now, body);
  const auto event = read_payment_event({"e", "5", signature, body}, std::span(&secret, 1), now);
  if (event) {
    const std::string written = write_payment_event(*event);
    const std::string again = secret.sign("e", now, written);
    const auto reread = read_payment_event({"e", "5", again, written}, std::span(&secret, 1), now);
    ASSERT(reread.has_value() && write_payment_event(*reread) == written);
  } else {
    ASSERT(!event.error().unauthorised && !event.error().message.empty());
  }
  ASSERT(!read_payment_event({body, body, body, body}, std::span(&secret, 1), now).has_value());
  if (const auto answer = read_payment_answer(body)) ASSERT(is_web_address(answer->redirect_url));
  if (const auto start = read_payment_start(body)) {
    ASSERT(read_payment_start(write_payment_start(start->payment, start->callback_url)).has_value());
  }
  (void)read_payment_refund(body);
  return 0;
}
