// Customers whose payment has begun and who wait to hear where to pay: the provider's address comes a moment after the
// decision.
#pragma once

#include <vector>

#include "auth/sealed_id.h"
#include "net/exchange.h"
#include "net/loop.h"
#include "sale/api/catalog.h"
#include "sale/api/payment_gateway.h"
#include "sale/machine/command.h"

namespace doorbuster::sale {

class PaymentWait {
 public:
  // After this long, and before the request would be answered as too late, an answer is given with no address in it;
  // the order tells it later.
  static constexpr int64_t kPatienceMicros = 3'000'000;

  // All outlive it.
  PaymentWait(const SaleCatalog& catalog, const auth::IdSealer& ids, PaymentGateway& payments, net::Loop& loop)
      : catalog_(catalog), ids_(ids), payments_(payments), loop_(loop) {}

  // Answers with the order as soon as its address is known.
  void add(net::Exchange& exchange, const Reply& started);
  // Every few milliseconds.
  void tick();

 private:
  struct Waiting {
    net::Ticket ticket;
    HoldView hold;
    AnnotationsBox annotations;
    int64_t until_us = 0;
  };
  [[nodiscard]] bool answer_if_known(net::Exchange& exchange, const HoldView& hold, const Annotations& annotations,
                                     bool at_last);

  const SaleCatalog& catalog_;
  const auth::IdSealer& ids_;
  PaymentGateway& payments_;
  net::Loop& loop_;
  std::vector<Waiting> waiting_;
};

}  // namespace doorbuster::sale
