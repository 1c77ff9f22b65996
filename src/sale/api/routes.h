// Every call of the sale's API: method, path and the function that takes it. A test holds this table to
// docs/api/openapi.yaml.
#pragma once

#include <span>

#include "sale/api/parts.h"

namespace doorbuster::sale {

using SaleRoute = platform::Route<SaleParts>;

[[nodiscard]] std::span<const SaleRoute> sale_routes();

}  // namespace doorbuster::sale
