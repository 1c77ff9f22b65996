// The payment port for tests of the API, with a test in the provider's place: it says where to pay when the test says
// so, and takes the test's word for what became of a payment.
#pragma once

#include <mutex>
#include <string>

#include "sale/api/payment_gateway.h"

namespace doorbuster::sale::testing {

class FakeGateway final : public PaymentGateway {
 public:
  // From now on every payment has this address; an empty one means that the provider has not said yet.
  void send_customers_to(std::string address);

  // {"hold": 4711, "sale": 0, "attempt": 1, "result": "succeeded" | "failed" | "refunded" | "refund_failed",
  // "reference": "...", "amount": {...}}, with the field "Signature: genuine".
  [[nodiscard]] Result<PaymentNotification> read_event(const net::Request& request) override;
  [[nodiscard]] std::optional<std::string> redirect_of(SaleNumber sale, HoldNumber hold,
                                                       uint8_t attempt) const override;

 private:
  mutable std::mutex mutex_;
  std::string address_ = "https://pay.example/";
};

}  // namespace doorbuster::sale::testing
