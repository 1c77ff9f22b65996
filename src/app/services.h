// The list of services: the one place where a new one is added.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "links/service.h"
#include "recs/service.h"
#include "sale/service.h"

namespace doorbuster::app {

// What services may need of the process: all that the sale does. Each takes what is its; all of it outlives them.
using ServiceDeps = sale::SaleDeps;

// The names that the setting `services` may list, in the order in which services start.
[[nodiscard]] std::vector<std::string_view> service_names();

// Whether some service has something at an address of the API (platform::Service::has).
using Has = std::function<bool(std::string_view resource)>;

// Those that the configuration names. Errors are sentences for whoever typed the command.
[[nodiscard]] Result<std::vector<std::unique_ptr<platform::Service>>> make_services(const Config& config,
                                                                                    const ServiceDeps& deps,
                                                                                    const Has& has);

}  // namespace doorbuster::app
