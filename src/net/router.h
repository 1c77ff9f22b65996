// From method and path to the number of a route: one step a segment, no allocation.
//
// Patterns are literal segments and parameters in braces: "/api/v1/sales/{sale}/holds/{hold}". A literal wins over a
// parameter in the same place. Paths are compared as they were sent: an escape matches only itself or stands in a
// parameter's value, still encoded. A route for GET answers HEAD as well.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/exchange.h"
#include "net/request.h"

namespace doorbuster::net {

struct Route {
  Method method;
  std::string pattern;
  uint16_t id;  // the caller's own number
};

class Router {
 public:
  static constexpr size_t kParametersMax = 8;

  enum class Outcome { kFound, kNoSuchPath, kMethodNotAllowed };

  struct Match {
    Outcome outcome = Outcome::kNoSuchPath;
    uint16_t id = 0;
    uint8_t parameter_count = 0;
    std::array<std::string_view, kParametersMax> parameters;  // in the order of the pattern, still encoded, never empty
    std::string_view allow;                                   // of kMethodNotAllowed: "GET, HEAD, OPTIONS"
  };

  // Asserts that the pattern is well formed and that method and pattern are new. The router must not be used yet.
  void add(Method method, std::string_view pattern, uint16_t id);

  [[nodiscard]] Match match(Method method, std::string_view path) const;

  // In the order in which they were added: for the test that compares them with the API's document.
  [[nodiscard]] const std::vector<Route>& table() const { return table_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr size_t kMethods = static_cast<size_t>(Method::kOther);

  struct Node {
    Node() { routes.fill(kNone); }
    std::vector<std::pair<std::string, uint32_t>> literals;
    uint32_t parameter = kNone;
    std::array<uint32_t, kMethods> routes;  // index into table_
    std::string allow;
  };

  uint32_t child_for(uint32_t node, std::string_view segment);
  void refresh_allow(Node& node) const;
  [[nodiscard]] uint32_t find(uint32_t node, std::string_view rest, Match& match) const;
  [[nodiscard]] bool has_routes(const Node& node) const { return !node.allow.empty(); }

  std::vector<Route> table_;
  std::vector<Node> nodes_ = std::vector<Node>(1);
};

// Answers a request that no route takes: 404, 405 with Allow, or, for OPTIONS on a path that exists, 204 with Allow.
void respond_unmatched(const Router::Match& match, const Request& request, Exchange& exchange);

}  // namespace doorbuster::net
