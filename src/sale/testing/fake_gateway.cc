#include "sale/testing/fake_gateway.h"

#include <array>

#include "base/json.h"
#include "platform/outbound/money_json.h"

namespace doorbuster::sale::testing {

void FakeGateway::send_customers_to(std::string address) {
  const std::lock_guard lock(mutex_);
  address_ = std::move(address);
}

Result<PaymentNotification> FakeGateway::read_event(const net::Request& request) {
  constexpr std::array<std::string_view, 4> kResults = {"succeeded", "failed", "refunded", "refund_failed"};
  static_assert(kResults.size() == platform::kPaymentEventTypeNames.size());
  if (request.header("signature") != "genuine") return fail(ErrorCode::kNotGenuine, "the signature does not fit");
  JsonDocument document(request.body());
  const JsonObject root = document.root();
  PaymentNotification news;
  news.sale = SaleNumber(static_cast<uint32_t>(root.optional("sale").integer({.min = 0, .max = UINT32_MAX})));
  news.hold = HoldNumber::unpacked(static_cast<uint64_t>(root.required("hold").integer({.min = 0})));
  news.attempt = static_cast<uint8_t>(root.required("attempt").integer({.min = 0, .max = 255}));
  news.type = root.required("result").one_of(kResults, platform::PaymentEventType::kPaymentFailed);
  news.reference = root.optional("reference").string();
  if (const JsonValue amount = root.optional("amount"); amount.present()) {
    news.amount = platform::read_money(amount.object());
  }
  TRY(document.finish());
  return news;
}

std::optional<std::string> FakeGateway::redirect_of(SaleNumber, HoldNumber, uint8_t attempt) const {
  const std::lock_guard lock(mutex_);
  if (address_.empty()) return std::nullopt;
  return address_ + std::to_string(attempt);
}

}  // namespace doorbuster::sale::testing
