// The calls that one reactor answers, whatever services they belong to: from method and path to the function that takes
// the request.
//
// Each service adds its own calls for each reactor, bound to what they need there (its line to a cell, its view of the
// keys); all on that reactor's thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/handler.h"
#include "net/router.h"
#include "platform/api/call.h"
#include "platform/api/parts.h"

namespace doorbuster::platform {

class Routes {
 public:
  using Take = std::function<void(const Call&)>;

  // Asserts that the pattern is well formed (net/router.h) and that no call has this method and pattern.
  void add(net::Method method, std::string_view pattern, Take take);
  // A whole table, with the parts that its calls name.
  template <class P>
  void add(std::span<const Route<P>> table, const P& parts) {
    add(table, parts, [] {});
  }
  // The same, and `before` is called before each of them.
  template <class P, class Before>
  void add(std::span<const Route<P>> table, const P& parts, const Before& before) {
    const P& kept = keep(std::make_unique<P>(parts));
    for (const Route<P>& route : table) {
      add(route.method, route.pattern, [&kept, before, take = route.take](const Call& call) {
        before();
        take(kept, call);
      });
    }
  }

  // What calls are bound to: lives as long as the routes.
  template <class Part>
  Part& keep(std::unique_ptr<Part> part) {
    Part& kept = *part;
    parts_.push_back(std::shared_ptr<Part>(std::move(part)));
    return kept;
  }

  // Answers by the call for it, or with 404, 405, or, for OPTIONS, the methods there are.
  void handle(const net::Request& request, net::Exchange& exchange, Timestamp now) const;

  [[nodiscard]] const net::Router& router() const { return router_; }

 private:
  net::Router router_;
  std::vector<Take> calls_;  // by the router's number
  std::vector<std::shared_ptr<void>> parts_;
};

// Routes as what a reactor's connections are handed to.
class RoutedHandler final : public net::Handler {
 public:
  RoutedHandler(Routes routes, const Clock& clock) : routes_(std::move(routes)), clock_(clock) {}
  void handle(const net::Request& request, net::Exchange& exchange) override {
    routes_.handle(request, exchange, clock_.now());
  }

 private:
  const Routes routes_;
  const Clock& clock_;
};

}  // namespace doorbuster::platform
