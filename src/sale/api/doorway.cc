#include "sale/api/doorway.h"

#include "net/problem.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

// A paused sale takes no claims, so nobody has to come in to make one.
bool is_shut_for(const EntryView& entry, SaleState state) {
  return entry.state == EntryState::kOffered && state == SaleState::kPaused;
}

}  // namespace

void respond_no_entry(net::Exchange& exchange, std::string_view instance, std::string_view room,
                      std::string_view detail) {
  net::respond(exchange,
               {.status = net::Status::kUnauthorized,
                .slug = "admission-needed",
                .title = "It has to be your turn",
                .detail = detail,
                .instance = instance,
                .members = {{"room", room}}},
               {{"WWW-Authenticate", "Bearer realm=\"doorbuster\""},
                {"Cache-Control", "no-store"},
                {"Location", room},
                {"X-Doorbuster-Room", room}});
}

Doorway::Doorway(Desk& desk, net::Loop& loop, SaleClient& cell)
    : desk_(desk), loop_(loop), cell_(cell), owner_(cell.add_owner([this](SaleAnswer& answer) {
        desk_.begin();
        take(answer);
      })) {}

void Doorway::begin(net::Exchange& exchange, Visitor visitor, Command&& question) {
  uint32_t index = static_cast<uint32_t>(places_.size());
  if (free_.empty()) {
    places_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  places_[index] = {.visitor = std::move(visitor), .exchange = {}, .entry = {}, .in_use = true};
  ask(exchange, index, std::move(question));
}

void Doorway::ask(net::Exchange& exchange, uint32_t index, Command&& question) {
  if (!cell_.submit(owner_, index, std::move(question))) {
    respond_busy_to(exchange, places_[index].visitor);
    return free(index);
  }
  places_[index].exchange = exchange.defer();
}

void Doorway::free(uint32_t index) {
  ASSERT(places_[index].in_use);
  places_[index] = {};
  free_.push_back(index);
}

void Doorway::take(const SaleAnswer& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket.value);
  net::Exchange* exchange = loop_.resume(places_[index].exchange);
  if (exchange == nullptr) return free(index);  // the client has gone; what was decided stands
  if (answer.status == cell::ReplyStatus::kDecided) return go_on(*exchange, index, answer.reply);
  respond_busy_to(*exchange, places_[index].visitor);
  free(index);
}

void Doorway::go_on(net::Exchange& exchange, uint32_t index, const Reply& reply) {
  Place& place = places_[index];
  const bool is_decided = !refused(reply.outcome) && (reply.entry || (place.entry && reply.hold));
  if (is_decided && reply.entry && !place.entry) return meet_entry(exchange, index, reply);
  if (is_decided) {
    place.entry->state = place.entry->state == EntryState::kOffered ? EntryState::kHolding : place.entry->state;
    finish(exchange, place, reply.hold);
  } else {
    respond_not_in(exchange, place.visitor, reply);
  }
  free(index);
}

void Doorway::meet_entry(net::Exchange& exchange, uint32_t index, const Reply& reply) {
  Place& place = places_[index];
  const EntryView& entry = *reply.entry;
  const Errand errand = place.visitor.errand;
  if (errand == Errand::kCheck) {
    finish_check(exchange, place, entry);
    return free(index);
  }
  if (!may_enter(entry.state) || is_shut_for(entry, reply.sale_state)) {
    respond_not_in(exchange, place.visitor, reply);
    return free(index);
  }
  place.entry = entry;
  if (entry.state != EntryState::kOffered) return ask(exchange, index, LookUpHold{*entry.hold, std::nullopt});
  if (errand == Errand::kPassage) return ask(exchange, index, Reserve{place.visitor.sale, place.visitor.customer, {}});
  finish(exchange, place, std::nullopt);
  free(index);
}

void Doorway::finish_check(net::Exchange& exchange, const Place& place, const EntryView& entry) {
  const Visitor& visitor = place.visitor;
  if (!may_stay(entry.state)) {
    return respond_no_entry(exchange, visitor.instance, visitor.room,
                            "This admission was for a turn that is over, or was taken away.");
  }
  const Listing* listing = desk_.directory().find(visitor.sale);
  ASSERT(listing != nullptr);
  const auth::SealedText id = entry_id(desk_.shared().ids, entry.sale, entry.number);
  const std::string expires = format_rfc3339(visitor.expires_at);
  exchange.respond(net::Response{.status = net::Status::kNoContent,
                                 .headers = {{"Cache-Control", "no-store"},
                                             {"X-Doorbuster-Entry", auth::view(id)},
                                             {"X-Doorbuster-Sale", listing->settings.id},
                                             {"X-Doorbuster-Expires", expires}}});
}

void Doorway::finish(net::Exchange& exchange, const Place& place, const std::optional<HoldView>& hold) {
  const Shared& shared = desk_.shared();
  const Visitor& visitor = place.visitor;
  const Listing* listing = desk_.directory().find(visitor.sale);
  ASSERT(listing != nullptr);
  const auto admission = admit(shared.admissions, *shared.keys.admission_keys().snapshot(), shared.ids, *listing,
                               *place.entry, hold, shared.clock.now());
  if (!admission)
    return respond_not_in(exchange, visitor, Reply{.outcome = Outcome::kNotYourTurn, .entry = place.entry});
  if (visitor.errand == Errand::kToken) return respond_token(exchange, place, *admission);
  redirect(exchange, visitor, platform::with_admission(*visitor.back, admission->token));
}

void Doorway::respond_token(net::Exchange& exchange, const Place& place, const auth::Admission& admission) {
  const Listing* listing = desk_.directory().find(place.visitor.sale);
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("token", admission.token).member("expires_at", admission.expires_at);
  json.member("sale", listing->settings.id);
  json.member("entry", auth::view(entry_id(desk_.shared().ids, place.entry->sale, place.entry->number)));
  if (place.visitor.back) json.member("return_to", platform::with_admission(*place.visitor.back, admission.token));
  json.end_object();
  exchange.respond(net::Response{.status = net::Status::kCreated,
                                 .content_type = "application/json",
                                 .body = body,
                                 .headers = {{"Cache-Control", "no-store"}}});
}

// Who only passes by waits in the room, which tries again by itself.
void Doorway::respond_busy_to(net::Exchange& exchange, const Visitor& visitor) {
  if (visitor.errand == Errand::kPassage) return redirect(exchange, visitor, visitor.room);
  respond_busy(exchange, visitor.instance, "unavailable",
               "The server has as much to do as it can, or does not own the sales at the moment: ask again.");
}

void Doorway::respond_not_in(net::Exchange& exchange, const Visitor& visitor, const Reply& reply) {
  if (visitor.errand == Errand::kPassage) return redirect(exchange, visitor, visitor.room);
  if (visitor.errand == Errand::kCheck) {
    return respond_no_entry(exchange, visitor.instance, visitor.room, "This admission was for a turn that is over.");
  }
  if (refused(reply.outcome) && reply.outcome != Outcome::kNotYourTurn)
    return respond_refused(desk_, exchange, visitor.instance, reply);
  if (is_shut_for(*reply.entry, reply.sale_state)) {
    Reply paused = reply;
    paused.outcome = Outcome::kSalePaused;
    paused.entry.reset();
    return respond_refused(desk_, exchange, visitor.instance, paused);
  }
  net::respond(exchange,
               {.status = net::Status::kConflict,
                .slug = "not-your-turn",
                .title = "Not your turn",
                .detail = "Only an entry that is offered, holding or paying is let in, and not in its last second.",
                .instance = visitor.instance,
                .members = {{"state", name_of(reply.entry->state)}}},
               {{"Cache-Control", "no-store"}});
}

void Doorway::redirect(net::Exchange& exchange, const Visitor& visitor, std::string_view address) {
  const std::string cookie = visitor.new_guest ? desk_.shared().cookies.set_cookie(*visitor.new_guest) : std::string();
  net::Response response{
      .status = net::Status::kFound,
      .headers = {{"Cache-Control", "no-store"}, {"Location", address}, {"Referrer-Policy", "no-referrer"}}};
  if (!cookie.empty()) response.headers.add({"Set-Cookie", cookie});
  exchange.respond(response);
}

}  // namespace doorbuster::sale
