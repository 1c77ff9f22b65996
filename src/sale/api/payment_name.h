// What the provider calls a payment: by the order that the API shows, so that its books and ours can be compared.
//
// The first payment of an order has the order's id itself, each further one has "-2", "-3" and so on behind it. Those
// that were begun before that was so have an id of their own, and "-1", "-2" and so on; whoever tells of one says which
// it is (PaymentName).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/sealed_id.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

struct PaymentOf {
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 1;  // 1 is the first
  PaymentName named = PaymentName::kByOrder;
  bool operator==(const PaymentOf&) const = default;
};

[[nodiscard]] std::string name_of(const PaymentOf& payment, const auth::IdSealer& ids);
// Nothing if it is not the name of a payment of ours.
[[nodiscard]] std::optional<PaymentOf> payment_named(std::string_view name, const auth::IdSealer& ids);

}  // namespace doorbuster::sale
