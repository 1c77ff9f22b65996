// Every call of the sale's API: method, path and the function that takes it. A test holds this table to
// docs/api/openapi.yaml.
#pragma once

#include <span>

#include "platform/api/routes.h"
#include "sale/api/desk.h"

namespace doorbuster::sale {

struct ApiRoute {
  net::Method method;
  std::string_view pattern;
  void (*take)(Desk&, const Call&);
};

[[nodiscard]] std::span<const ApiRoute> api_routes();
// Adds all of them to one reactor's routes. The desk outlives them.
void add_sale_routes(platform::Routes& routes, Desk& desk);

}  // namespace doorbuster::sale
