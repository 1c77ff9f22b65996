#include "sale/api/request_parts.h"

#include "base/json.h"
#include "sale/api/parse_settings.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

// A token that is for one sale only is no good for another.
std::optional<Caller> unless_for_another_sale(const Call& call, std::optional<Caller> caller, const Listing& listing) {
  if (!caller || caller->only_sale.empty() || caller->only_sale.view() == listing.settings.id) return caller;
  respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, "token-for-another-sale",
                  "Token for another sale", "The token's `sale` claim names another sale than this one.");
  return std::nullopt;
}

}  // namespace

std::optional<Idempotency> idempotency_of(const Call& call, std::string_view scope) {
  const auto sent = platform::idempotency_key_of(call, scope);
  return sent ? std::optional(Idempotency{.key = sent->key, .fingerprint = sent->fingerprint}) : std::nullopt;
}

std::optional<Cause> cause_of(Desk& desk, const Call& call) {
  const auto actor = desk.operator_of(call);
  if (!actor) return std::nullopt;
  const auto idempotency = idempotency_of(call, *actor);
  if (!idempotency) return std::nullopt;
  auto reason = parse_reason(call.request.body());
  if (!reason) {
    respond_invalid(call.exchange, call.request.path(), reason.error().message);
    return std::nullopt;
  }
  return Cause{*actor, std::move(*reason), *idempotency};
}

bool has_caught_up(Desk& desk, const Call& call) {
  if (desk.shared().views.caught_up()) return true;
  respond_busy(call.exchange, call.request.path(), "catching-up",
               "The reports are being rebuilt from the log after a start.");
  return false;
}

const Listing* sale_for_report(Desk& desk, const Call& call) {
  if (!desk.operator_of(call)) return nullptr;
  const Listing* listing = desk.sale_of(call);
  return listing != nullptr && has_caught_up(desk, call) ? listing : nullptr;
}

std::optional<auth::SealedId> id_of(Desk& desk, const Call& call, size_t parameter, auth::IdKind kind) {
  const auto id = desk.shared().ids.open(call.parameter(parameter), kind);
  if (!id || desk.directory().find(SaleNumber(id->sale)) == nullptr) {
    respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "not-found", "Not found",
                    "There is no such thing, or it is not yours.");
    return std::nullopt;
  }
  return id;
}

std::optional<Caller> customer_for(Desk& desk, const Call& call, const Listing& listing) {
  const Guests guests = listing.settings.guests ? Guests::kWelcome : Guests::kRefused;
  return unless_for_another_sale(call, desk.caller_of(call, guests), listing);
}

std::optional<Caller> customer_of(Desk& desk, const Call& call, const auth::SealedId& id) {
  const Listing* listing = desk.directory().find(SaleNumber(id.sale));
  ASSERT(listing != nullptr);
  return unless_for_another_sale(call, desk.caller_of(call, Guests::kKnown), *listing);
}

bool passes_gate(Desk& desk, const Call& call, platform::Action action, const Listing& listing, bool is_known) {
  return desk.shared().gate.lets_pass(call, {.action = action, .scope = listing.settings.id, .is_known = is_known});
}

std::optional<Caller> customer_who_changes(Desk& desk, const Call& call, const auth::SealedId& id) {
  auto caller = customer_of(desk, call, id);
  const Listing& listing = *desk.directory().find(SaleNumber(id.sale));
  return caller && passes_gate(desk, call, platform::Action::kChange, listing, true) ? caller : std::nullopt;
}

std::optional<Applicant> applicant_of(Desk& desk, const Call& call, platform::Action action) {
  const Listing* listing = desk.sale_of(call);
  if (listing == nullptr) return std::nullopt;
  const auto caller = customer_for(desk, call, *listing);
  if (!caller) return std::nullopt;
  const auto idempotency = idempotency_of(call);
  if (!idempotency) return std::nullopt;
  if (!passes_gate(desk, call, action, *listing, !caller->new_guest.has_value())) return std::nullopt;
  return Applicant{*listing, *caller, *idempotency};
}

std::optional<Looker> looker_of(Desk& desk, const Call& call, const auth::SealedId& id) {
  if (desk.is_operator(call)) return desk.operator_of(call) ? std::optional(Looker{}) : std::nullopt;
  const auto token = call.request.query_parameter("token");
  if (token && desk.shared().entry_tokens.fits(*token, SaleNumber(id.sale), EntryNumber::unpacked(id.number)))
    return Looker{};
  const auto caller = customer_of(desk, call, id);
  return caller ? std::optional(Looker{caller->hash}) : std::nullopt;
}

std::optional<auth::SealedId> entry_in(Desk& desk, const Call& call) {
  const Listing* listing = desk.sale_of(call);
  if (listing == nullptr) return std::nullopt;
  const auto id = id_of(desk, call, 1, auth::IdKind::kEntry);
  if (id && id->sale != listing->number.value()) {
    respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "not-found", "Not found",
                    "This entry is of another sale.");
    return std::nullopt;
  }
  return id;
}

Deferred deferred(const Call& call, Finish finish) {
  const std::string_view path = call.request.path();
  return {.finish = finish, .instance = path.size() <= kInstanceBytesMax ? path : std::string_view()};
}

Deferred deferred(const Call& call, const Caller& caller, Finish finish) {
  Deferred kept = deferred(call, finish);
  kept.sets_cookie = caller.new_guest.has_value();
  if (caller.new_guest) kept.guest = *caller.new_guest;
  return kept;
}

void look_up_hold(Desk& desk, const Call& call, auth::IdKind kind, Finish finish) {
  const auto id = id_of(desk, call, 0, kind);
  if (!id) return;
  const HoldNumber hold = HoldNumber::unpacked(id->number);
  if (desk.is_operator(call)) {
    if (desk.operator_of(call)) desk.ask(call, LookUpHold{hold, std::nullopt}, deferred(call, finish));
    return;
  }
  const auto caller = customer_of(desk, call, *id);
  if (caller) desk.ask(call, LookUpHold{hold, caller->hash}, deferred(call, finish));
}

void respond_forgotten(net::Exchange& exchange, const Deferred& kept) {
  respond_problem(exchange, kept.instance, net::Status::kNotFound, "not-found", "Not found",
                  "This was done before, and what it was done to is forgotten by now.");
}

void respond_json(Desk& desk, net::Exchange& exchange, const Deferred& kept, net::Status status, std::string_view body,
                  std::string_view location) {
  const std::string cookie = kept.sets_cookie ? desk.shared().cookies.set_cookie(kept.guest) : std::string();
  platform::respond_json(exchange, status, body, location, cookie);
}

void finish_with_hold(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply,
                      net::Status status) {
  if (!reply.hold) return respond_forgotten(exchange, kept);
  const Listing* listing = desk.directory().find(reply.hold->sale);
  ASSERT(listing != nullptr);
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  write_hold(json, desk.shared().ids, *listing, *reply.hold);
  std::string location;
  if (status == net::Status::kCreated)
    location = "/api/v1/holds/" + std::string(auth::view(hold_id(desk.shared().ids, reply.sale, reply.hold->number)));
  respond_json(desk, exchange, kept, status, body, location);
}

}  // namespace doorbuster::sale
