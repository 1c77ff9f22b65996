#include "sale/api/payment_wait.h"

#include <algorithm>

#include "base/json_writer.h"
#include "platform/api/request_parts.h"
#include "sale/api/render.h"

namespace doorbuster::sale {

void PaymentWait::add(net::Exchange& exchange, const Reply& started) {
  const HoldView& hold = *started.hold;
  if (answer_if_known(exchange, hold, *started.annotations, hold.state != HoldState::kPaying)) return;
  const int64_t now = loop_.now_us();
  const int64_t patience = std::min(kPatienceMicros, (exchange.answer_due_us() - now) * 3 / 4);
  waiting_.push_back({exchange.defer(), hold, started.annotations, now + patience});
}

void PaymentWait::tick() {
  const int64_t now = loop_.now_us();
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    net::Exchange* exchange = loop_.resume(waiting.ticket);
    if (exchange == nullptr) return true;
    return answer_if_known(*exchange, waiting.hold, *waiting.annotations, now >= waiting.until_us);
  });
}

bool PaymentWait::answer_if_known(net::Exchange& exchange, const HoldView& hold, const Annotations& annotations,
                                  bool at_last) {
  const auto address = payments_.redirect_of(hold.sale, hold.number, hold.attempts);
  if (!address && !at_last) return false;
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  write_order(json, ids_, catalog_.at(hold.sale), hold, annotations, address.value_or(""));
  const std::string location = "/api/v1/orders/" + std::string(auth::view(order_id(ids_, hold.sale, hold.number)));
  platform::respond_json(exchange, net::Status::kAccepted, body, location);
  return true;
}

}  // namespace doorbuster::sale
