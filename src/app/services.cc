#include "app/services.h"

#include <algorithm>
#include <array>

namespace doorbuster::app {
namespace {

using Made = Result<std::unique_ptr<platform::Service>>;

struct Known {
  std::string_view name;
  Made (*make)(const Config&, const ServiceDeps&, const Has&);
};

constexpr std::array kServices = {
    Known{"sale",
          [](const Config& config, const ServiceDeps& deps, const Has&) -> Made {
            return TRY(sale::Service::make(config.sale, deps));
          }},
    Known{"links",
          [](const Config& config, const ServiceDeps& deps, const Has& has) -> Made {
            const bool forgets_all = config.log.store == Store::kMemory;
            return links::Service::make(config.links, {.log = deps.log,
                                                       .operators = deps.operators,
                                                       .gate = deps.gate,
                                                       .clock = deps.clock,
                                                       .logger = deps.logger,
                                                       .view_store = deps.view_store,
                                                       .store = forgets_all ? "" : deps.data / "links",
                                                       .counts = forgets_all ? "" : deps.data / "links-counts",
                                                       .owner = deps.owner,
                                                       .base_url = deps.base_url,
                                                       .has = has});
          }},
    Known{"recs",
          [](const Config& config, const ServiceDeps& deps, const Has&) -> Made {
            return std::make_unique<recs::Service>(
                config.recs, recs::RecsDeps{.log = deps.log,
                                            .operators = deps.operators,
                                            .gate = deps.gate,
                                            .clock = deps.clock,
                                            .logger = deps.logger,
                                            .view_store = deps.view_store,
                                            .folder = config.log.store == Store::kMemory ? "" : deps.data.string(),
                                            .owner = deps.owner});
          }},
};

}  // namespace

std::vector<std::string_view> service_names() {
  std::vector<std::string_view> names;
  for (const Known& known : kServices) names.push_back(known.name);
  return names;
}

Result<std::vector<std::unique_ptr<platform::Service>>> make_services(const Config& config, const ServiceDeps& deps,
                                                                      const Has& has) {
  std::vector<std::unique_ptr<platform::Service>> services;
  for (const Known& known : kServices) {
    if (std::ranges::find(config.services, known.name) == config.services.end()) continue;
    services.push_back(TRY(known.make(config, deps, has)));
  }
  return services;
}

}  // namespace doorbuster::app
