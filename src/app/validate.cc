// What must hold between settings, beyond the range of each.
#include <set>

#include "app/limits.h"
#include "app/settings.h"

namespace doorbuster::app {
namespace {

using Errors = std::vector<std::string>;

void check_store(const Config& config, Errors& errors) {
  if (config.log.store != Store::kMemory || config.log.accept_losing_everything) return;
  errors.push_back(
      "log.store = \"memory\" forgets every sale and every order when the process ends: if that is what you want, set "
      "log.accept_losing_everything = true (or --log-accept-losing-everything), else use \"rocksdb\"");
}

void check_services(const Config& config, Errors& errors) {
  if (config.services.empty())
    errors.push_back("services is empty, so that nothing would be served: name at least one, such as \"sale\"");
}

void check_http(const Config& config, Errors& errors) {
  if (config.admin_listen == config.listen) {
    errors.push_back("admin_listen is the same as listen: leave it empty, or choose another port");
  }
  if (config.http.connections_per_address > config.http.connections) {
    errors.push_back("http.connections_per_address is larger than http.max_connections: lower it, or raise the other");
  }
  if (auto http = net::check(config.http); !http) errors.push_back("[http] " + http.error().message);
}

void check_webhooks(const Config& config, Errors& errors) {
  std::set<std::string> urls;
  std::set<std::string> ids;
  for (const WebhookConfig& webhook : config.webhooks) {
    if (!urls.insert(webhook.url).second) {
      errors.push_back("webhooks \"" + webhook.url + "\" is there twice: list all of its events in one place");
    }
    if (!webhook.id.empty() && !ids.insert(webhook.id).second)
      errors.push_back("webhooks with the id \"" + webhook.id + "\" are there twice: give each an id of its own");
  }
}

// What is taken at the start, whether anybody comes or not.
void check_memory(const Config& config, Errors& errors) {
  constexpr uint64_t kMiB = 1024ULL * 1024;
  const Means means = means_of_this_process();
  const Limits limits = limits_of(config, means);
  const uint64_t bytes = ring_bytes(limits);
  if (bytes <= means.memory_bytes / 2) return;
  errors.push_back("limits.ring_commands = " + std::to_string(limits.ring_commands) + " takes " +
                   std::to_string(bytes / kMiB) + " MiB on " + std::to_string(limits.reactors) + " reactors and " +
                   std::to_string(limits.cells) + " cells, and this process may take " +
                   std::to_string(means.memory_bytes / kMiB) +
                   " MiB of memory: lower it, or threads.reactors, or cells");
}

}  // namespace

Errors validate(const Config& config) {
  Errors errors;
  check_services(config, errors);
  check_store(config, errors);
  check_http(config, errors);
  check_webhooks(config, errors);
  sale::validate(config.sale, errors);
  check_memory(config, errors);
  return errors;
}

}  // namespace doorbuster::app
