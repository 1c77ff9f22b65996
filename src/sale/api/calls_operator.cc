#include <array>

#include "base/encoding.h"
#include "sale/api/calls.h"
#include "sale/api/parse_settings.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
namespace {

void respond_sale(Desk& desk, net::Exchange& exchange, const Deferred& kept, SaleNumber sale, net::Status status) {
  const Listing* listing = desk.directory().find(sale);
  ASSERT(listing != nullptr);
  const std::string body = desk.page_of(*listing).body;
  const std::string location =
      status == net::Status::kCreated ? "/api/v1/sales/" + listing->settings.id : std::string();
  respond_json(desk, exchange, kept, status, body, location);
}

void finish_create(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  respond_sale(desk, exchange, kept, reply.sale, net::Status::kCreated);
}

void finish_change(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  respond_sale(desk, exchange, kept, reply.sale, net::Status::kOk);
}

void act(Desk& desk, const Call& call, SaleAction action) {
  auto cause = cause_of(desk, call);
  if (!cause) return;
  const Listing* listing = desk.sale_of(call);
  if (listing != nullptr)
    desk.ask(call, ActOnSale{listing->number, action, std::move(*cause)}, deferred(call, finish_change));
}

std::string fresh_id() {
  std::array<std::byte, 4> random{};
  fill_random(random);
  return to_hex(random);
}

// An operator's call for a sale.
struct Steered {
  const Listing* listing;
  std::string actor;
  Idempotency idempotency;

  [[nodiscard]] Cause because(std::string reason) const { return {actor, std::move(reason), idempotency}; }
};

// Answers by itself and returns nothing if it is not an operator's, or of no sale, or its idempotency key is wrong.
std::optional<Steered> steered_by(Desk& desk, const Call& call) {
  const auto actor = desk.operator_of(call);
  if (!actor) return std::nullopt;
  const Listing* listing = desk.sale_of(call);
  if (listing == nullptr) return std::nullopt;
  const auto idempotency = idempotency_of(call, *actor);
  if (!idempotency) return std::nullopt;
  return Steered{listing, *actor, *idempotency};
}

}  // namespace

void create_sale(Desk& desk, const Call& call) {
  const auto actor = desk.operator_of(call);
  if (!actor) return;
  const auto idempotency = idempotency_of(call, *actor);
  if (!idempotency) return;
  auto sale = parse_new_sale(call.request.body(), fresh_id());
  if (!sale) return respond_invalid(call.exchange, call.request.path(), sale.error().message);
  CreateSale command{std::make_unique<Settings>(std::move(sale->settings)),
                     sale->draft,
                     {*actor, std::move(sale->reason), *idempotency}};
  fill_random(command.draw_secret);
  if (sale->beacon) command.beacon = std::make_unique<Beacon>(std::move(*sale->beacon));
  desk.ask(call, std::move(command), deferred(call, finish_create));
}

void change_sale(Desk& desk, const Call& call) {
  const auto steered = steered_by(desk, call);
  if (!steered) return;
  const Listing* listing = steered->listing;
  auto change = parse_sale_change(call.request.body());
  if (!change) return respond_invalid(call.exchange, call.request.path(), change.error().message);
  Cause cause = steered->because(std::move(change->reason));
  if (change->publish) {
    return desk.ask(call, ActOnSale{listing->number, SaleAction::kPublish, std::move(cause)},
                    deferred(call, finish_change));
  }
  const std::string wrong = contradiction_in(patched(listing->settings, change->patch), listing->beacon);
  if (!wrong.empty()) return respond_invalid(call.exchange, call.request.path(), wrong);
  desk.ask(call,
           ChangeSale{listing->number, std::make_unique<SettingsPatch>(std::move(change->patch)), std::move(cause),
                      std::move(change->message)},
           deferred(call, finish_change));
}

void give_beacon(Desk& desk, const Call& call) {
  const auto steered = steered_by(desk, call);
  if (!steered) return;
  auto round = parse_beacon_round(call.request.body());
  if (!round) return respond_invalid(call.exchange, call.request.path(), round.error().message);
  Cause cause = steered->because(std::move(round->reason));
  desk.ask(call, GiveBeacon{steered->listing->number, std::move(round->value), std::move(cause)},
           deferred(call, finish_change));
}

void pause_sale(Desk& desk, const Call& call) { act(desk, call, SaleAction::kPause); }
void resume_sale(Desk& desk, const Call& call) { act(desk, call, SaleAction::kResume); }
void close_sale(Desk& desk, const Call& call) { act(desk, call, SaleAction::kClose); }

}  // namespace doorbuster::sale
