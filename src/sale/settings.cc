#include "sale/settings.h"

#include <bit>
#include <set>

#include "auth/key_set.h"
#include "ops/settings/rules.h"
#include "platform/api/redirect_allow_list.h"

namespace doorbuster::sale {
namespace {

constexpr size_t kMostShopKeys = 64;

Result<void> key_id(std::string_view text) {
  if (auth::is_key_id(text)) return {};
  return fail(ErrorCode::kInvalid, "must be 1 to 64 letters, digits, '-', '_' or '.'");
}

Result<void> return_entry(std::string_view text) {
  TRY(platform::RedirectAllowList::make({std::string(text)}));
  return {};
}

void add_limits(ops::SettingsTable& table, ServiceSettings& settings) {
  table.integer("log.snapshot_every_events", settings.cell.events_a_snapshot, {.min = 1'000, .max = 1'000'000'000},
                "How many events lie between two snapshots; fewer make the next start quicker.");
  table.integer("limits.sales", settings.capacity.sales, {.min = 1, .max = 1'000'000},
                "Sales that are kept at once, in each cell; one that is archived, 30 days after its close, is not.");
  table.integer("limits.holds", settings.capacity.holds, {.min = 1'000, .max = kRecordsMax},
                "Holds and orders that are kept at once, over all sales of a cell. Memory is taken as they come.");
  table.integer("limits.entries", settings.capacity.entries, {.min = 1'000, .max = kRecordsMax},
                "Entries in queues that are kept at once, over all sales of a cell.");
  table.integer("limits.sale_share_percent", settings.capacity.sale_share_percent, {.min = 1, .max = 100},
                "How much of what a cell's other sales leave of limits.holds, of limits.entries and of "
                "limits.annotation_bytes one sale may have: so there is always some left for the next. 100: all of "
                "it.");
  table.integer("limits.guest_share_percent", settings.capacity.guest_share_percent, {.min = 1, .max = 100},
                "How much of limits.holds, of limits.entries and of limits.annotation_bytes guests may have, and how "
                "much of each sale's part: the rest is for customers with a token of the shop. 100: all of it.");
  table.integer("limits.operator_keys", settings.capacity.operator_keys, {.min = 100, .max = 10'000'000},
                "Idempotency keys of operators that are remembered, in each cell.");
  table.integer("limits.annotation_bytes", settings.capacity.annotation_bytes, {.min = 0, .max = int64_t{1} << 40},
                "Memory for what is attached to holds and entries (client_reference, metadata, customer_id), in each "
                "cell; whoever brings more is told 503. 0: nothing may be attached.");
  table.integer("limits.ring_commands", settings.ring_commands, {.min = 64, .max = 1'048'576},
                "Commands of one reactor that wait for their decision; more are told 503 at once. A power of two.");
  table.integer(
      "limits.batch_commands", settings.cell.commands_a_turn, {.min = 1, .max = 1'048'576},
      "Most commands that are decided in one turn. What is decided while a batch is on its way to the disk goes "
      "with the next batch.");
}

void add_payment(ops::SettingsTable& table, PaymentSettings& payment) {
  table.choice("payment.adapter", payment.adapter, kPaymentAdapterNames,
               "\"sandbox\" takes no money: a page to pay on, for trying out. \"http\" is a provider behind the signed "
               "protocol.");
  table.text("payment.url", payment.url, ops::base_address, "Where the provider, or the sandbox, takes payments.");
  table.text("payment.secret", payment.secret, ops::secret_or_empty,
             "Signs what goes to the provider and proves what comes from it. Secret.");
  table.seconds("payment.timeout_seconds", payment.timeout, {.min = 1, .max = 300},
                "After this time without an answer a payment is unknown, which is not failed.");
}

void add_customers(ops::SettingsTable& table, ServiceSettings& settings) {
  table.text_list("admissions.return_to", settings.admissions.return_to, return_entry,
                  "Where customers may be sent with an admission: addresses of the shop, each with all that lies below "
                  "it. None: nowhere.");
  table.seconds("admissions.life_seconds", settings.admissions.life_max, {.min = 10, .max = 86'400},
                "How long an admission lasts at most; it never outlasts the offer or the hold it is for.");
  table.boolean("customers.keep_ids", settings.keep_customer_ids,
                "Whether the shop's own id of a customer (`sub` of a token) is kept with what they join and hold, and "
                "given back as customer_id. Off: only a keyed hash is.");
  table.sections("customers.shop_keys", settings.shop_keys, kMostShopKeys,
                 "Keys of the shop that sign customers' tokens", [](ops::SettingsTable& item, ShopKeySettings& key) {
                   item.text("id", key.id, key_id, "The `kid` of the tokens that are signed with it.",
                             ops::SettingsTable::Presence::kRequired);
                   item.text("secret", key.secret, ops::secret_or_empty, "For HS256. Secret.");
                   item.text("public_key", key.public_key, ops::any_text, "For EdDSA, in base64url.");
                 });
}

void check_shop_key(const ShopKeySettings& key, std::set<std::string>& ids, std::vector<std::string>& errors) {
  const std::string name = "customers.shop_keys \"" + key.id + "\"";
  if (!ids.insert(key.id).second) errors.push_back(name + " is there twice: give each key an id of its own");
  if (key.secret.empty() == key.public_key.empty()) {
    errors.push_back(name + " needs either a secret (HS256) or a public_key (EdDSA)");
  }
}

void check_limits(const ServiceSettings& settings, std::vector<std::string>& errors) {
  const Capacity& capacity = settings.capacity;
  if (uint64_t{capacity.holds} + capacity.entries + capacity.sales >= UINT32_MAX) {
    errors.push_back(
        "limits.holds, limits.entries and limits.sales must stay below 4294967295 together: lower one of them");
  }
  if (!std::has_single_bit(settings.ring_commands)) {
    const uint64_t above = std::bit_ceil(uint64_t{settings.ring_commands});
    errors.push_back("limits.ring_commands is " + std::to_string(settings.ring_commands) +
                     ": choose a power of two, for example " + std::to_string(above));
  }
}

}  // namespace

void add_settings(ops::SettingsTable& table, ServiceSettings& settings) {
  add_limits(table, settings);
  add_payment(table, settings.payment);
  add_customers(table, settings);
}

void validate(const ServiceSettings& settings, std::vector<std::string>& errors) {
  if (settings.payment.adapter == PaymentAdapter::kHttp && settings.payment.secret.empty()) {
    errors.push_back(
        "payment.secret must be set with payment.adapter = \"http\": without it anybody could say that an order was "
        "paid");
  }
  check_limits(settings, errors);
  std::set<std::string> ids;
  for (const ShopKeySettings& key : settings.shop_keys) check_shop_key(key, ids, errors);
}

}  // namespace doorbuster::sale
