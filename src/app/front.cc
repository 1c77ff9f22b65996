#include "app/front.h"

#include "app/pages.h"
#include "net/problem.h"
#include "net/router.h"
#include "ops/metrics/registry.h"

namespace doorbuster::app {
namespace {

void respond(net::Exchange& exchange, const ops::HealthReply& reply) {
  exchange.respond(net::Response{.status = reply.status == 200 ? net::Status::kOk : net::Status::kServiceUnavailable,
                                 .content_type = ops::kHealthContentType,
                                 .body = reply.body,
                                 .headers = {{"Cache-Control", "no-store"}}});
}

}  // namespace

Front::Front(const FrontShared& shared, std::unique_ptr<net::Handler> sales)
    : shared_(shared), sales_(std::move(sales)) {}

void Front::handle(const net::Request& request, net::Exchange& exchange) {
  // Every call of a service begins with /api/: nothing else is looked at twice on the way of a hold.
  if (!request.path().starts_with("/api/") && answer_own(request, exchange)) return;
  if (!shared_.recovered.load(std::memory_order_acquire)) {
    return net::respond(exchange, {.status = net::Status::kServiceUnavailable,
                                   .slug = "recovering",
                                   .title = "The server is starting",
                                   .detail = "It is replaying its log and will be ready in a moment.",
                                   .instance = request.path(),
                                   .members = {}});
  }
  sales_->handle(request, exchange);
}

bool Front::answer_own(const net::Request& request, net::Exchange& exchange) {
  const std::string_view path = request.path();
  const Page* page = page_at(path);
  const bool is_metrics = path == "/metrics" && shared_.shows_metrics;
  if (page == nullptr && !is_metrics && path != "/livez" && path != "/readyz") return false;
  if (request.method() != net::Method::kGet && request.method() != net::Method::kHead) {
    net::respond_unmatched({.outcome = net::Router::Outcome::kMethodNotAllowed, .allow = "GET, HEAD, OPTIONS"}, request,
                           exchange);
  } else if (page != nullptr) {
    respond(*page, request, exchange);
  } else if (is_metrics) {
    const std::string text = shared_.metrics();
    exchange.respond(net::Response{.content_type = ops::kMetricsContentType, .body = text});
  } else {
    respond(exchange, path == "/livez" ? shared_.health.livez() : shared_.health.readyz());
  }
  return true;
}

}  // namespace doorbuster::app
