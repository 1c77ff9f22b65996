// Customers whose payment has begun and who wait to hear where to pay: the provider's address comes a moment after the
// decision.
#pragma once

#include <vector>

#include "sale/api/desk.h"

namespace doorbuster::sale {

class PaymentWait {
 public:
  // An answer is given after this long with no address in it; the order tells it later.
  static constexpr int64_t kPatienceMicros = 3'000'000;

  PaymentWait(Desk& desk, net::Loop& loop) : desk_(desk), loop_(loop) {}

  // Answers with the order as soon as its address is known.
  void add(net::Exchange& exchange, const Deferred& kept, const HoldView& hold);
  // Every few milliseconds.
  void tick();

 private:
  struct Waiting {
    net::Ticket ticket;
    HoldView hold;
    int64_t until_us = 0;
  };
  [[nodiscard]] bool answer_if_known(net::Exchange& exchange, const Deferred& kept, const HoldView& hold, bool at_last);

  Desk& desk_;
  net::Loop& loop_;
  std::vector<Waiting> waiting_;
};

}  // namespace doorbuster::sale
