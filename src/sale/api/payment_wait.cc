#include "sale/api/payment_wait.h"

#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {

void PaymentWait::add(net::Exchange& exchange, const Deferred& kept, const HoldView& hold) {
  if (answer_if_known(exchange, kept, hold, hold.state != HoldState::kPaying)) return;
  waiting_.push_back({exchange.defer(kept), hold, loop_.now_us() + kPatienceMicros});
}

void PaymentWait::tick() {
  const int64_t now = loop_.now_us();
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    net::Exchange* exchange = loop_.resume(waiting.ticket);
    if (exchange == nullptr) return true;
    return answer_if_known(*exchange, exchange->context<Deferred>(), waiting.hold, now >= waiting.until_us);
  });
}

bool PaymentWait::answer_if_known(net::Exchange& exchange, const Deferred& kept, const HoldView& hold, bool at_last) {
  const auto address = desk_.shared().payments.redirect_of(hold.number, hold.attempts);
  if (!address && !at_last) return false;
  const Listing* listing = desk_.directory().find(hold.sale);
  ASSERT(listing != nullptr);
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  write_order(json, desk_.shared().ids, *listing, hold, address.value_or(""));
  const std::string location =
      "/api/v1/orders/" + std::string(auth::view(order_id(desk_.shared().ids, hold.sale, hold.number)));
  respond_json(desk_, exchange, kept, net::Status::kAccepted, body, location);
  return true;
}

}  // namespace doorbuster::sale
