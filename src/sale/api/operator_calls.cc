#include <array>

#include "base/bug_zoo.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "base/jump_hash.h"
#include "sale/api/calls.h"
#include "sale/api/deferred_calls.h"
#include "sale/api/parse_settings.h"

namespace doorbuster::sale {
namespace {

void respond_sale(const Decided& decided, net::Status status, const SalePage& page, std::string_view location = {}) {
  platform::respond_json(decided.exchange, status, page.body, location, {}, page.etag);
}

void finish_create(const Decided& decided, const SaleCatalog& catalog, SalePages& pages) {
  const Listing& listing = catalog.at(decided.reply.sale);
  respond_sale(decided, net::Status::kCreated, pages.page_of(listing), "/api/v1/sales/" + listing.settings.id);
}

void finish_change(const Decided& decided, const SaleCatalog& catalog, SalePages& pages) {
  respond_sale(decided, net::Status::kOk, pages.page_of(catalog.at(decided.reply.sale)));
}

// Where another operator may have been faster (RFC 9110 section 13.1.1).
std::optional<TermsTag> terms_asked_by(const Call& call, const Listing& listing) {
  const auto if_match = call.request.header("If-Match");
  return if_match ? terms_asked(*if_match, terms_tag(listing.settings, listing.message)) : std::nullopt;
}

void act(const Call& call, SaleAction action, RequestReader& reader, DeferredCalls& calls) {
  auto cause = reader.cause_of(call);
  if (!cause) return;
  const Listing* listing = reader.sale_of(call);
  if (listing == nullptr) return;
  calls.ask(call, listing->number,
            ActOnSale{listing->number, action, std::move(*cause), terms_asked_by(call, *listing)},
            deferred(call, finish_by<finish_change>));
}

// A request that comes again has to find the sale that it made, so its idempotency key decides, whatever becomes of the
// cells meanwhile.
std::string id_for(const Idempotency& idempotency) {
  std::array<std::byte, 4> random{};
  fill_random(random);
  if (idempotency.key == 0) return to_hex(random);
  std::vector<std::byte> key;
  ByteWriter(key).integer(idempotency.key);
  return to_hex(Bytes(sha256(as_bytes("sale"), key)).first(8));
}

// Where a sale with that id is, or else where it is to be.
CellId cell_for(std::string_view id, const SaleCatalog& catalog, uint32_t cells) {
  const auto known = catalog.page().by_id.find(id);
  if (known && !bug_planted(Bug::kSaleByHashAlone)) return cell_of(*known);
  const Digest digest = sha256(as_bytes(id));
  return CellId(jump_hash(ByteReader(digest).integer<uint64_t>(), cells));
}

}  // namespace

void create_sale(const Call& call, RequestReader& reader, const SaleCatalog& catalog, DeferredCalls& calls) {
  const auto actor = reader.operator_of(call);
  if (!actor) return;
  const auto idempotency = idempotency_of(call, *actor);
  if (!idempotency) return;
  auto sale = parse_new_sale(call.request.body(), id_for(*idempotency));
  if (!sale) return respond_invalid(call.exchange, call.request.path(), sale.error().message);
  CreateSale command{std::make_unique<Settings>(std::move(sale->settings)),
                     sale->draft,
                     {*actor, std::move(sale->reason), *idempotency}};
  fill_random(command.draw_secret);
  if (sale->beacon) command.beacon = std::make_unique<Beacon>(std::move(*sale->beacon));
  const CellId cell = cell_for(command.settings->id, catalog, calls.cells());
  calls.ask(call, cell, std::move(command), deferred(call, finish_by<finish_create>));
}

void change_sale(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  const auto asked = reader.operator_call_of(call);
  if (!asked) return;
  const Listing& listing = asked->listing;
  auto change = parse_sale_change(call.request.body());
  if (!change) return respond_invalid(call.exchange, call.request.path(), change.error().message);
  Cause cause = asked->because(std::move(change->reason));
  const Deferred kept = deferred(call, finish_by<finish_change>);
  const auto of_terms = terms_asked_by(call, listing);
  if (change->publish)
    return calls.ask(call, listing.number, ActOnSale{listing.number, SaleAction::kPublish, std::move(cause), of_terms},
                     kept);
  // With words, as far as it does not depend on what a colleague has just done.
  SettingsPatch absolute = change->patch;
  absolute.more_units.reset();
  const std::string wrong = validate(patched(listing.settings, absolute), listing.beacon);
  if (!wrong.empty()) return respond_invalid(call.exchange, call.request.path(), wrong);
  calls.ask(call, listing.number,
            ChangeSale{listing.number, std::make_unique<SettingsPatch>(std::move(change->patch)), std::move(cause),
                       std::move(change->message), of_terms},
            kept);
}

void give_beacon(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  const auto asked = reader.operator_call_of(call);
  if (!asked) return;
  auto round = parse_beacon_round(call.request.body());
  if (!round) return respond_invalid(call.exchange, call.request.path(), round.error().message);
  Cause cause = asked->because(std::move(round->reason));
  calls.ask(call, asked->listing.number, GiveBeacon{asked->listing.number, std::move(round->value), std::move(cause)},
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
