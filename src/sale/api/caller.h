// Who a customer's call comes from.
#pragma once

#include <optional>

#include "auth/guest_cookie.h"
#include "auth/keys.h"
#include "base/bounded_text.h"
#include "platform/api/gate.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

struct Caller {
  CustomerHash hash;
  BoundedText<auth::kSaleNameBytesMax> only_sale;  // the token is good for this sale only; empty: for all
  std::optional<auth::GuestId> new_guest;          // has to be told their cookie
  AnnotationsBox annotations = {};                 // what the shop's token says of them
  CustomerKind kind = CustomerKind::kGuest;
  std::optional<uint32_t> account_age_days = {};  // as the shop's token says
  uint64_t instrument = 0;                        // as auth::JwtClaims
};

// How the gate knows them.
[[nodiscard]] inline platform::Asker asker_of(const Caller& caller) {
  using Kind = platform::Asker::Kind;
  if (caller.new_guest) return {.kind = Kind::kNew, .id = caller.hash.high};
  return {.kind = caller.kind == CustomerKind::kOfShop ? Kind::kCustomer : Kind::kSession,
          .id = caller.hash.high,
          .account_age_days = caller.account_age_days,
          .instrument = caller.instrument};
}

}  // namespace doorbuster::sale
