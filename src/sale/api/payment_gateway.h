// What the API needs of payments. Behind it are the outbox (sale/payment_outbox.h) and a provider (platform/outbound/).
#pragma once

#include <optional>
#include <string>

#include "base/money.h"
#include "base/result.h"
#include "net/request.h"
#include "platform/outbound/payment_event.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

// What a provider says about one payment of one hold.
struct PaymentNotification {
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 0;
  platform::PaymentEventType type = platform::PaymentEventType::kPaymentFailed;
  std::string reference;  // the provider's own id of the payment
  Money amount = {0, Currency("XXX")};
  PaymentName named = PaymentName::kByOrder;  // as the provider calls it
};

class PaymentGateway {
 public:
  virtual ~PaymentGateway() = default;

  // Where the customer has to go to pay; nothing while the provider has not said. Any thread.
  [[nodiscard]] virtual std::optional<std::string> redirect_of(SaleNumber sale, HoldNumber hold,
                                                               uint8_t attempt) const = 0;

  // Reads and checks a provider's signed call. With what is wrong: kNotGenuine if its signature does not fit, kInvalid
  // if it is not understood, kNotFound if there is no such payment. Any thread.
  [[nodiscard]] virtual Result<PaymentNotification> read_event(const net::Request& request) = 0;
};

}  // namespace doorbuster::sale
