// What must hold between settings, beyond the range of each.
#include <bit>
#include <set>

#include "app/limits.h"
#include "app/settings.h"

namespace doorbuster::app {
namespace {

using Sentences = std::vector<std::string>;

void check_store(const Config& config, Sentences& wrong) {
  if (config.log.store != Store::kMemory || config.log.accept_losing_everything) return;
  wrong.push_back(
      "log.store = \"memory\" forgets every sale and every order when the process ends: if that is what you want, set "
      "log.accept_losing_everything = true (or --log-accept-losing-everything), else use \"rocksdb\"");
}

void check_addresses(const Config& config, Sentences& wrong) {
  if (config.admin_listen == config.listen) {
    wrong.push_back("admin_listen is the same as listen: leave it empty, or choose another port");
  }
}

void check_payment(const PaymentConfig& payment, Sentences& wrong) {
  if (payment.adapter == PaymentAdapter::kHttp && payment.secret.empty()) {
    wrong.push_back(
        "payment.secret must be set with payment.adapter = \"http\": without it anybody could say that an order was "
        "paid");
  }
}

void check_limits(const Config& config, Sentences& wrong) {
  const LimitsConfig& limits = config.limits;
  if (uint64_t{limits.holds} + limits.entries + limits.sales >= UINT32_MAX) {
    wrong.push_back(
        "limits.holds, limits.entries and limits.sales must stay below 4294967295 together: lower one of them");
  }
  if (!std::has_single_bit(limits.ring_commands)) {
    const uint64_t above = std::bit_ceil(uint64_t{limits.ring_commands});
    wrong.push_back("limits.ring_commands is " + std::to_string(limits.ring_commands) +
                    ": choose a power of two, for example " + std::to_string(above));
  }
  if (config.http.connections_per_address > config.http.max_connections) {
    wrong.push_back("http.connections_per_address is larger than http.max_connections: lower it, or raise the other");
  }
  if (auto http = net::check(http_limits(config)); !http) wrong.push_back("[http] " + http.error().message);
}

void check_shop_key(const ShopKeyConfig& key, std::set<std::string>& ids, Sentences& wrong) {
  const std::string name = "customers.shop_keys \"" + key.id + "\"";
  if (!ids.insert(key.id).second) wrong.push_back(name + " is there twice: give each key an id of its own");
  if (key.secret.empty() == key.public_key.empty()) {
    wrong.push_back(name + " needs either a secret (HS256) or a public_key (EdDSA)");
  }
}

void check_lists(const Config& config, Sentences& wrong) {
  std::set<std::string> ids;
  for (const ShopKeyConfig& key : config.customers.shop_keys) check_shop_key(key, ids, wrong);
  std::set<std::string> urls;
  std::set<std::string> webhook_ids;
  for (const WebhookConfig& webhook : config.webhooks) {
    if (!urls.insert(webhook.url).second) {
      wrong.push_back("webhooks \"" + webhook.url + "\" is there twice: list all of its events in one place");
    }
    if (!webhook.id.empty() && !webhook_ids.insert(webhook.id).second)
      wrong.push_back("webhooks with the id \"" + webhook.id + "\" are there twice: give each an id of its own");
  }
}

}  // namespace

Sentences contradictions(const Config& config) {
  Sentences wrong;
  check_store(config, wrong);
  check_addresses(config, wrong);
  check_payment(config.payment, wrong);
  check_limits(config, wrong);
  check_lists(config, wrong);
  return wrong;
}

}  // namespace doorbuster::app
