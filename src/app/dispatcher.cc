#include "app/dispatcher.h"

#include "net/problem.h"
#include "net/router.h"
#include "ops/metrics/registry.h"

namespace doorbuster::app {
namespace {

net::Response response_to(const ops::HealthReply& reply) {
  return {.status = reply.status == 200 ? net::Status::kOk : net::Status::kServiceUnavailable,
          .content_type = ops::kHealthContentType,
          .body = reply.body,
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace

Dispatcher::Dispatcher(const DispatcherContext& shared, std::unique_ptr<net::Handler> sales)
    : context_(shared), sales_(std::move(sales)) {}

void Dispatcher::handle(const net::Request& request, net::Exchange& exchange) {
  // Every call of a service begins with /api/: nothing else is looked at twice on the way of a hold.
  if (!request.path().starts_with("/api/") && answer_own(request, exchange)) return;
  if (!context_.recovered.load(std::memory_order_acquire)) {
    return net::respond(exchange, {.status = net::Status::kServiceUnavailable,
                                   .slug = "recovering",
                                   .title = "The server is starting",
                                   .detail = "It is replaying its log and will be ready in a moment.",
                                   .instance = request.path(),
                                   .members = {}});
  }
  if (context_.demo_shop != nullptr && context_.demo_shop->answer(request, exchange)) return;
  sales_->handle(request, exchange);
}

Dispatcher::Own Dispatcher::own_at(std::string_view path, const Page*& page) const {
  if (path == "/livez") return Own::kLive;
  if (path == "/readyz") return Own::kReady;
  if (path == "/metrics" && context_.shows_metrics) return Own::kMetrics;
  page = page_at(path);
  return page != nullptr ? Own::kPage : Own::kNone;
}

bool Dispatcher::answer_own(const net::Request& request, net::Exchange& exchange) {
  const Page* page = nullptr;
  const Own own = own_at(request.path(), page);
  if (own == Own::kNone) return false;
  if (request.method() != net::Method::kGet && request.method() != net::Method::kHead) {
    net::respond_unmatched({.outcome = net::Router::Outcome::kMethodNotAllowed, .allow = "GET, HEAD, OPTIONS"}, request,
                           exchange);
  } else if (own == Own::kPage) {
    respond(*page, request, exchange);
  } else if (own == Own::kMetrics) {
    const std::string text = context_.metrics();
    exchange.respond(net::Response{.content_type = ops::kMetricsContentType, .body = text});
  } else {
    answer_health(own, exchange);
  }
  return true;
}

void Dispatcher::answer_health(Own own, net::Exchange& exchange) {
  const bool is_live = own == Own::kLive;
  std::optional<net::PreparedResponse>& kept = is_live ? live_ : ready_;
  const bool passes = is_live ? context_.health.is_live() : context_.health.is_ready();
  if (kept && passes) return exchange.respond(*kept);
  const ops::HealthReply reply = is_live ? context_.health.livez() : context_.health.readyz();
  if (passes && reply.status == 200) kept.emplace(response_to(reply));
  exchange.respond(response_to(reply));
}

}  // namespace doorbuster::app
