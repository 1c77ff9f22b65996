// What a listener answers with: health and metrics, the plain page, and the services behind them. One a reactor.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "net/handler.h"
#include "net/response.h"
#include "ops/health.h"

namespace doorbuster::app {

// What all fronts share.
struct FrontShared {
  ops::Health& health;
  std::function<std::string()> metrics;  // the text of /metrics
  const std::atomic<bool>& recovered;    // before it, services would not know their own state
  bool shows_metrics = true;
};

class Front final : public net::Handler {
 public:
  Front(const FrontShared& shared, std::unique_ptr<net::Handler> sales);
  void handle(const net::Request& request, net::Exchange& exchange) override;

 private:
  // True if the request was for one of the server's own addresses, and is answered.
  bool answer_own(const net::Request& request, net::Exchange& exchange);

  const FrontShared shared_;
  const std::unique_ptr<net::Handler> sales_;
};

}  // namespace doorbuster::app
