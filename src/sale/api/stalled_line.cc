#include "sale/api/stalled_line.h"

#include <string>

#include "base/annotations.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "sale/api/estimate.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

// Of an id's number: how many waited when they came, and below it what tells those who came then apart.
constexpr unsigned kAheadShift = 32;

EntryView view_of(const auth::SealedId& id, const PublicStatus& status, EntryState state) {
  const auto ahead = static_cast<uint32_t>(id.number >> kAheadShift);
  const bool has_order = !status.has_draw || status.is_drawn;
  return {.number = EntryNumber::unpacked(id.number),
          .sale = SaleNumber(id.sale),
          .state = state,
          .position = has_order ? ahead + 1 : 0,
          .arrival = ahead + 1,
          .people_ahead = has_order ? ahead : 0,
          .claim_until = {},
          .delayed_until = {},
          .hold = {}};
}

}  // namespace

StalledLine::StalledLine(const SaleContext& context, const SaleCatalog& catalog)
    : catalog_(catalog), ids_(context.ids), tokens_(context.entry_tokens), cookies_(context.cookies) {}

void StalledLine::write_members(JsonWriter& json, const Listing& listing, const auth::SealedId& id, EntryState state,
                                Timestamp now) const {
  const PublicStatus status = listing.status();
  const EntryView entry = view_of(id, status, state);
  const bool waits = state == EntryState::kWaiting;
  const Forecast* forecast = waits ? catalog_.forecast(listing, status, now) : nullptr;
  const auth::SealedText sealed = ids_.seal(id);
  write_entry_members(json, ids_, listing, entry, auth::view(sealed),
                      estimate(entry, listing.settings, status, now, listing.beacon, forecast), {});
}

void StalledLine::join(const platform::Call& call, const Listing& listing, const Caller& caller) const {
  const auth::SealedId id{.kind = auth::IdKind::kStalledEntry,
                          .sale = listing.number.value(),
                          .number = uint64_t{listing.status().waiting} << kAheadShift | (caller.hash.low >> 32)};
  const auth::SealedText sealed = ids_.seal(id);
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_members(json, listing, id, EntryState::kWaiting, call.now);
  json.member("token", tokens_.issue(listing.number, EntryNumber::unpacked(id.number))).member("receipt", nullptr);
  json.end_object();
  const std::string location = "/api/v1/sales/" + listing.settings.id + "/queue/" + std::string(auth::view(sealed));
  platform::respond_json(call.exchange, net::Status::kAccepted, body, location,
                         caller.new_guest ? cookies_.set_cookie(*caller.new_guest) : std::string());
}

void StalledLine::show(const platform::Call& call, const auth::SealedId& id) const {
  const bool is_over = catalog_.status(SaleNumber(id.sale)).state == SaleState::kClosed;
  respond(call, id, is_over ? EntryState::kMissed : EntryState::kWaiting);
}

void StalledLine::show_left(const platform::Call& call, const auth::SealedId& id) const {
  respond(call, id, EntryState::kLeft);
}

void StalledLine::respond(const platform::Call& call, const auth::SealedId& id, EntryState state) const {
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_members(json, catalog_.at(SaleNumber(id.sale)), id, state, call.now);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void StalledLine::explain(const platform::Call& call) {
  platform::respond_problem(call.exchange, call.request.path(), net::Status::kConflict, "stalled", "In no line",
                            "This is no entry: by the guard's policy (verdict tarpit) whoever came with it waits for "
                            "nothing. If they are a person, let them join again once the policy does not say so.");
}

}  // namespace doorbuster::sale
