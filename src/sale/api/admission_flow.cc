#include "sale/api/admission_flow.h"

#include "net/problem.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

// A paused sale takes no claims, so nobody has to come in to make one.
bool is_shut_for(const EntryView& entry, SaleState state) {
  return entry.state == EntryState::kOffered && state == SaleState::kPaused;
}

void redirect(net::Exchange& exchange, std::string_view address, std::string_view cookie = {}) {
  net::Response response{
      .status = net::Status::kFound,
      .headers = {{"Cache-Control", "no-store"}, {"Location", address}, {"Referrer-Policy", "no-referrer"}}};
  if (!cookie.empty()) response.headers.add({"Set-Cookie", cookie});
  exchange.respond(response);
}

}  // namespace

void respond_not_your_turn(net::Exchange& exchange, std::string_view instance, EntryState state) {
  net::respond(exchange,
               {.status = net::Status::kConflict,
                .slug = "not-your-turn",
                .title = "Not your turn",
                .detail = "Only an entry that is offered, holding or paying is let in, and not in its last second.",
                .instance = instance,
                .members = {{"state", name_of(state)}}},
               {{"Cache-Control", "no-store"}});
}

void respond_no_entry(net::Exchange& exchange, std::string_view instance, std::string_view room,
                      std::string_view detail) {
  net::HeaderList fields = {
      {"WWW-Authenticate", "Bearer realm=\"doorbuster\""}, {"Cache-Control", "no-store"}, {"X-Doorbuster-Room", room}};
  if (room.size() <= kDoorAddressBytesMax / 3) fields.add({"Location", room});  // twice, it has to fit, too
  net::respond(exchange,
               {.status = net::Status::kUnauthorized,
                .slug = "admission-needed",
                .title = "It has to be your turn",
                .detail = detail,
                .instance = instance,
                .members = {{"room", room}}},
               fields);
}

AdmissionFlow::AdmissionFlow(SaleContext& context, SaleCatalog& catalog, net::Loop& loop, SaleClient& cell)
    : catalog_(catalog),
      options_(context.admissions),
      keys_(context.keys.admission_keys()),
      ids_(context.ids),
      clock_(context.clock),
      loop_(loop),
      cell_(cell),
      owner_(cell.add_owner([this](SaleAnswer& answer) {
        catalog_.refresh();
        take(answer);
      })) {}

void AdmissionFlow::begin(net::Exchange& exchange, AdmissionRequest request, Command&& question) {
  const uint32_t index = pending_.put({.request = std::move(request), .exchange = {}, .entry = {}});
  ask(exchange, index, std::move(question));
}

void AdmissionFlow::ask(net::Exchange& exchange, uint32_t index, Command&& question) {
  if (!cell_.submit(cell_of(pending_[index].request.sale), owner_, index, std::move(question))) {
    respond_busy_to(exchange, pending_[index].request);
    return pending_.remove(index);
  }
  pending_[index].exchange = exchange.defer();
}

void AdmissionFlow::take(const SaleAnswer& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket.value);
  net::Exchange* exchange = loop_.resume(pending_[index].exchange);
  if (exchange == nullptr) return pending_.remove(index);  // the client has gone; what was decided stands
  if (answer.status == cell::ReplyStatus::kDecided) return go_on(*exchange, index, answer.reply);
  respond_busy_to(*exchange, pending_[index].request);
  pending_.remove(index);
}

void AdmissionFlow::go_on(net::Exchange& exchange, uint32_t index, const Reply& reply) {
  Pending& pending = pending_[index];
  const bool is_decided = !refused(reply.outcome) && (reply.entry || (pending.entry && reply.hold));
  if (is_decided && reply.entry && !pending.entry) return meet_entry(exchange, index, reply);
  if (is_decided) {
    pending.entry->state = pending.entry->state == EntryState::kOffered ? EntryState::kHolding : pending.entry->state;
    finish(exchange, pending, reply.hold);
  } else {
    respond_not_in(exchange, pending.request, reply);
  }
  pending_.remove(index);
}

void AdmissionFlow::meet_entry(net::Exchange& exchange, uint32_t index, const Reply& reply) {
  Pending& pending = pending_[index];
  const EntryView& entry = *reply.entry;
  const AdmissionKind kind = pending.request.kind;
  if (kind == AdmissionKind::kCheck) {
    finish_check(exchange, pending, entry);
    return pending_.remove(index);
  }
  if (!may_enter(entry.state) || is_shut_for(entry, reply.sale_state)) {
    respond_not_in(exchange, pending.request, reply);
    return pending_.remove(index);
  }
  pending.entry = entry;
  pending.was_in = entry.state != EntryState::kOffered;
  if (entry.state != EntryState::kOffered) return ask(exchange, index, LookUpHold{*entry.hold, std::nullopt});
  if (kind == AdmissionKind::kRedirect)
    return ask(exchange, index,
               Reserve{.sale = pending.request.sale,
                       .customer = pending.request.customer,
                       .idempotency = {},
                       .kind = CustomerKind::kGuest});
  finish(exchange, pending, std::nullopt);
  pending_.remove(index);
}

void AdmissionFlow::finish_check(net::Exchange& exchange, const Pending& pending, const EntryView& entry) {
  const AdmissionRequest& request = pending.request;
  if (!may_stay(entry.state)) {
    return respond_no_entry(exchange, request.instance, request.room,
                            "This admission was for a turn that is over, or was taken away.");
  }
  const auth::SealedText id = entry_id(ids_, entry.sale, entry.number);
  const std::string expires = format_rfc3339(request.expires_at);
  exchange.respond(net::Response{.status = net::Status::kNoContent,
                                 .headers = {{"Cache-Control", "no-store"},
                                             {"X-Doorbuster-Entry", auth::view(id)},
                                             {"X-Doorbuster-Sale", catalog_.at(request.sale).settings.id},
                                             {"X-Doorbuster-Expires", expires}}});
}

void AdmissionFlow::finish(net::Exchange& exchange, const Pending& pending, const std::optional<HoldView>& hold) {
  const AdmissionRequest& request = pending.request;
  const auto admission =
      admit(options_, *keys_.snapshot(), ids_, catalog_.at(request.sale), *pending.entry, hold, clock_.now());
  if (!admission)
    return respond_not_in(exchange, request, Reply{.outcome = Outcome::kNotYourTurn, .entry = pending.entry});
  if (request.kind == AdmissionKind::kToken) return respond_token(exchange, pending, *admission);
  const auto rounds = static_cast<uint8_t>(pending.was_in ? request.rounds + 1 : 0);
  const bool is_told = rounds > 0 || request.rounds > 0;
  redirect(exchange, platform::with_admission(*request.back, admission->token),
           is_told ? rounds_cookie(rounds) : std::string());
}

void AdmissionFlow::respond_token(net::Exchange& exchange, const Pending& pending, const auth::Admission& admission) {
  const AdmissionRequest& request = pending.request;
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("token", admission.token).member("expires_at", admission.expires_at);
  json.member("sale", catalog_.at(request.sale).settings.id);
  json.member("entry", auth::view(entry_id(ids_, pending.entry->sale, pending.entry->number)));
  if (request.back) json.member("return_to", platform::with_admission(*request.back, admission.token));
  json.end_object();
  exchange.respond(net::Response{.status = net::Status::kCreated,
                                 .content_type = "application/json",
                                 .body = body,
                                 .headers = {{"Cache-Control", "no-store"}}});
}

// Who only passes by waits in the room, which tries again by itself.
void AdmissionFlow::respond_busy_to(net::Exchange& exchange, const AdmissionRequest& request) {
  if (request.kind == AdmissionKind::kRedirect) return redirect(exchange, request.room);
  platform::respond_busy(exchange, request.instance, "unavailable",
                         "The server has as much to do as it can, or does not own the sales at the moment: ask again.");
}

void AdmissionFlow::respond_not_in(net::Exchange& exchange, const AdmissionRequest& request, const Reply& reply) {
  if (request.kind == AdmissionKind::kRedirect) return redirect(exchange, request.room);
  if (request.kind == AdmissionKind::kCheck) {
    return respond_no_entry(exchange, request.instance, request.room, "This admission was for a turn that is over.");
  }
  if (refused(reply.outcome) && reply.outcome != Outcome::kNotYourTurn)
    return respond_refused(exchange, request.instance, reply, catalog_, ids_);
  if (is_shut_for(*reply.entry, reply.sale_state)) {
    Reply paused = reply;
    paused.outcome = Outcome::kSalePaused;
    paused.entry.reset();
    return respond_refused(exchange, request.instance, paused, catalog_, ids_);
  }
  respond_not_your_turn(exchange, request.instance, reply.entry->state);
}

}  // namespace doorbuster::sale
