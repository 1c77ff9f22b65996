// A customer's way through a sale, one call of the HTTP API a step. `doorbuster demo` walks it; nothing in it is known
// to the server only, so it can be read as an example of a client.
#pragma once

#include <functional>
#include <string>

#include "base/time.h"
#include "demo/demo_http.h"

namespace doorbuster::demo {

struct SaleSeen {
  std::string title;
  std::string state;
  std::string queue;
  int64_t units = 0;
  int64_t available = 0;
  int64_t offered = 0;
  int64_t held = 0;
  int64_t paying = 0;
  int64_t sold = 0;
  int64_t waiting = 0;
  int64_t claim_seconds = 0;
  Timestamp opens_at;
};

struct EntrySeen {
  std::string id;
  std::string state;
  int64_t people_ahead = 0;
  int64_t next_poll_seconds = 1;
};

struct HoldSeen {
  std::string id;
  std::string state;
  std::string expires_at;
};

struct OrderSeen {
  std::string id;
  std::string state;
  std::string redirect_url;  // where to pay; empty when there is nothing to pay
};

// Hears of every call and its answer.
using Narrator = std::function<void(const DemoCall&, const DemoAnswer&)>;

class ShopVisit {
 public:
  ShopVisit(DemoHttp& http, std::string sale, std::string token, Narrator narrator = {});

  // Each fails with kConflict and the problem's words when the server says no, with kUnavailable when it says nothing.
  [[nodiscard]] Result<SaleSeen> look();
  // By a short link, whose code then goes with what is asked for.
  [[nodiscard]] Result<void> come_by(const std::string& link);
  [[nodiscard]] Result<EntrySeen> join(const std::string& link = {});
  [[nodiscard]] Result<EntrySeen> entry(const std::string& id);
  [[nodiscard]] Result<void> leave(const std::string& entry);
  [[nodiscard]] Result<HoldSeen> reserve(const std::string& link = {});
  [[nodiscard]] Result<void> release(const std::string& hold);
  [[nodiscard]] Result<OrderSeen> start_payment(const std::string& hold);
  [[nodiscard]] Result<OrderSeen> order(const std::string& id);
  // At the sandbox's page, as its buttons do: "pay", "decline".
  [[nodiscard]] Result<void> press(const OrderSeen& order, const std::string& button);

 private:
  [[nodiscard]] Result<DemoAnswer> ask(const DemoCall& call);

  DemoHttp& http_;
  const std::string sale_path_;
  const std::string token_;
  const Narrator narrator_;
};

}  // namespace doorbuster::demo
