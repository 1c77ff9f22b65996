#include <array>

#include "base/encoding.h"
#include "sale/api/calls.h"
#include "sale/api/deferred_calls.h"
#include "sale/api/parse_settings.h"

namespace doorbuster::sale {
namespace {

void finish_create(const Decided& decided, const SaleCatalog& catalog, SalePages& pages) {
  const Listing& listing = catalog.at(decided.reply.sale);
  respond_json(decided, net::Status::kCreated, pages.page_of(listing).body, "/api/v1/sales/" + listing.settings.id);
}

void finish_change(const Decided& decided, const SaleCatalog& catalog, SalePages& pages) {
  respond_json(decided, net::Status::kOk, pages.page_of(catalog.at(decided.reply.sale)).body);
}

void act(const Call& call, SaleAction action, RequestReader& reader, DeferredCalls& calls) {
  auto cause = reader.cause_of(call);
  if (!cause) return;
  const Listing* listing = reader.sale_of(call);
  if (listing == nullptr) return;
  calls.ask(call, ActOnSale{listing->number, action, std::move(*cause)}, deferred(call, finish_by<finish_change>));
}

std::string fresh_id() {
  std::array<std::byte, 4> random{};
  fill_random(random);
  return to_hex(random);
}

}  // namespace

void create_sale(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  const auto actor = reader.operator_of(call);
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
  calls.ask(call, std::move(command), deferred(call, finish_by<finish_create>));
}

void change_sale(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  const auto asked = reader.operator_call_of(call);
  if (!asked) return;
  const Listing& listing = asked->listing;
  auto change = parse_sale_change(call.request.body());
  if (!change) return respond_invalid(call.exchange, call.request.path(), change.error().message);
  Cause cause = asked->because(std::move(change->reason));
  const Deferred kept = deferred(call, finish_by<finish_change>);
  if (change->publish) return calls.ask(call, ActOnSale{listing.number, SaleAction::kPublish, std::move(cause)}, kept);
  const std::string wrong = validate(patched(listing.settings, change->patch), listing.beacon);
  if (!wrong.empty()) return respond_invalid(call.exchange, call.request.path(), wrong);
  calls.ask(call,
            ChangeSale{listing.number, std::make_unique<SettingsPatch>(std::move(change->patch)), std::move(cause),
                       std::move(change->message)},
            kept);
}

void give_beacon(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  const auto asked = reader.operator_call_of(call);
  if (!asked) return;
  auto round = parse_beacon_round(call.request.body());
  if (!round) return respond_invalid(call.exchange, call.request.path(), round.error().message);
  Cause cause = asked->because(std::move(round->reason));
  calls.ask(call, GiveBeacon{asked->listing.number, std::move(round->value), std::move(cause)},
            deferred(call, finish_by<finish_change>));
}

void pause_sale(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  act(call, SaleAction::kPause, reader, calls);
}
void resume_sale(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  act(call, SaleAction::kResume, reader, calls);
}
void close_sale(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  act(call, SaleAction::kClose, reader, calls);
}

}  // namespace doorbuster::sale
