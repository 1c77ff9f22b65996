// What a listener answers with: health and metrics, the plain page, and the services behind them. One a reactor.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "app/demo_shop.h"
#include "app/pages.h"
#include "net/handler.h"
#include "net/response.h"
#include "ops/health.h"

namespace doorbuster::app {

// What all dispatchers share.
struct DispatcherContext {
  ops::Health& health;
  std::function<std::string()> metrics;  // the text of /metrics
  const std::atomic<bool>& recovered;    // before it, services would not know their own state
  bool shows_metrics = true;
  const DemoShop* demo_shop = nullptr;  // null: there is none
};

class Dispatcher final : public net::Handler {
 public:
  Dispatcher(const DispatcherContext& shared, std::unique_ptr<net::Handler> sales);
  void handle(const net::Request& request, net::Exchange& exchange) override;

 private:
  // The server's own address that a path names, if any; `page` is set for kPage.
  enum class Own { kNone, kLive, kReady, kMetrics, kPage };
  [[nodiscard]] Own own_at(std::string_view path, const Page*& page) const;
  // True if the request was for one of the server's own addresses, and is answered.
  bool answer_own(const net::Request& request, net::Exchange& exchange);
  void answer_health(Own own, net::Exchange& exchange);

  const DispatcherContext context_;
  const std::unique_ptr<net::Handler> sales_;
  // What passes says the same each time: rendered once, at the first.
  std::optional<net::PreparedResponse> live_;
  std::optional<net::PreparedResponse> ready_;
};

}  // namespace doorbuster::app
