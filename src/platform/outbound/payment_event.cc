#include "platform/outbound/payment_event.h"

#include "base/json.h"
#include "base/json_writer.h"
#include "platform/outbound/money_json.h"

namespace doorbuster::platform {
namespace {

constexpr StringRule kReference{.min_bytes = 1, .max_bytes = 128};
constexpr StringRule kReason{.max_bytes = 500};

}  // namespace

tl::expected<PaymentEvent, PaymentEventRefusal> read_payment_event(const auth::SignedMessage& message,
                                                                   std::span<const auth::WebhookSecret> secrets,
                                                                   Timestamp now) {
  if (const auto verified = auth::verify_webhook(message, secrets, now); !verified) {
    return tl::unexpected(PaymentEventRefusal{true, std::string(auth::explain(verified.error()))});
  }
  JsonDocument document(message.body);
  const JsonObject root = document.root();
  PaymentEvent event;
  event.id = std::string(message.id);
  event.type = root.required("type").one_of<PaymentEventType>(kPaymentEventTypeNames);
  event.order = std::string(root.required("order").string(kReference));
  event.payment = std::string(root.required("payment").string(kReference));
  event.amount = read_money(root.required("amount").object());
  event.occurred_at = root.required("occurred_at").time();
  event.reason = std::string(root.optional("reason").string(kReason));
  if (const Result<void> finished = document.finish(); !finished) {
    return tl::unexpected(PaymentEventRefusal{false, finished.error().message});
  }
  return event;
}

std::string write_payment_event(const PaymentEvent& event) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("type", kPaymentEventTypeNames[static_cast<size_t>(event.type)]);
  json.member("order", event.order).member("payment", event.payment).key("amount");
  write_money(json, event.amount);
  json.member("occurred_at", event.occurred_at);
  if (!event.reason.empty()) json.member("reason", event.reason);
  json.end_object();
  return body;
}

}  // namespace doorbuster::platform
