// Who a customer's call comes from.
#pragma once

#include <optional>

#include "auth/guest_cookie.h"
#include "auth/keys.h"
#include "base/bounded_text.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

struct Caller {
  CustomerHash hash;
  BoundedText<auth::kSaleNameBytesMax> only_sale;  // the token is good for this sale only; empty: for all
  std::optional<auth::GuestId> new_guest;          // has to be told their cookie
  AnnotationsBox annotations = {};                 // what the shop's token says of them
  CustomerKind kind = CustomerKind::kGuest;
};

}  // namespace doorbuster::sale
