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

AdmissionFlow::AdmissionFlow(SaleContext& context, SaleCatalog& catalog, net::Loop& loop, SaleClient& cell)
    : catalog_(catalog),
      options_(context.admissions),
      keys_(context.keys.admission_keys()),
      ids_(context.ids),
      cookies_(context.cookies),
      clock_(context.clock),
      loop_(loop),
      cell_(cell),
      owner_(cell.add_owner([this](SaleAnswer& answer) {
        catalog_.refresh();
        take(answer);
      })) {}

void AdmissionFlow::begin(net::Exchange& exchange, AdmissionRequest request, Command&& question) {
  uint32_t index = static_cast<uint32_t>(steps_.size());
  if (free_.empty()) {
    steps_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  steps_[index] = {.request = std::move(request), .exchange = {}, .entry = {}, .in_use = true};
  ask(exchange, index, std::move(question));
}

void AdmissionFlow::ask(net::Exchange& exchange, uint32_t index, Command&& question) {
  if (!cell_.submit(cell_of(steps_[index].request.sale), owner_, index, std::move(question))) {
    respond_busy_to(exchange, steps_[index].request);
    return free(index);
  }
  steps_[index].exchange = exchange.defer();
}

void AdmissionFlow::free(uint32_t index) {
  ASSERT(steps_[index].in_use);
  steps_[index] = {};
  free_.push_back(index);
}

void AdmissionFlow::take(const SaleAnswer& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket.value);
  net::Exchange* exchange = loop_.resume(steps_[index].exchange);
  if (exchange == nullptr) return free(index);  // the client has gone; what was decided stands
  if (answer.status == cell::ReplyStatus::kDecided) return go_on(*exchange, index, answer.reply);
  respond_busy_to(*exchange, steps_[index].request);
  free(index);
}

void AdmissionFlow::go_on(net::Exchange& exchange, uint32_t index, const Reply& reply) {
  Step& step = steps_[index];
  const bool is_decided = !refused(reply.outcome) && (reply.entry || (step.entry && reply.hold));
  if (is_decided && reply.entry && !step.entry) return meet_entry(exchange, index, reply);
  if (is_decided) {
    step.entry->state = step.entry->state == EntryState::kOffered ? EntryState::kHolding : step.entry->state;
    finish(exchange, step, reply.hold);
  } else {
    respond_not_in(exchange, step.request, reply);
  }
  free(index);
}

void AdmissionFlow::meet_entry(net::Exchange& exchange, uint32_t index, const Reply& reply) {
  Step& step = steps_[index];
  const EntryView& entry = *reply.entry;
  const AdmissionKind kind = step.request.kind;
  if (kind == AdmissionKind::kCheck) {
    finish_check(exchange, step, entry);
    return free(index);
  }
  if (!may_enter(entry.state) || is_shut_for(entry, reply.sale_state)) {
    respond_not_in(exchange, step.request, reply);
    return free(index);
  }
  step.entry = entry;
  if (entry.state != EntryState::kOffered) return ask(exchange, index, LookUpHold{*entry.hold, std::nullopt});
  if (kind == AdmissionKind::kRedirect)
    return ask(exchange, index, Reserve{step.request.sale, step.request.customer, {}});
  finish(exchange, step, std::nullopt);
  free(index);
}

void AdmissionFlow::finish_check(net::Exchange& exchange, const Step& step, const EntryView& entry) {
  const AdmissionRequest& request = step.request;
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

void AdmissionFlow::finish(net::Exchange& exchange, const Step& step, const std::optional<HoldView>& hold) {
  const AdmissionRequest& request = step.request;
  const auto admission =
      admit(options_, *keys_.snapshot(), ids_, catalog_.at(request.sale), *step.entry, hold, clock_.now());
  if (!admission)
    return respond_not_in(exchange, request, Reply{.outcome = Outcome::kNotYourTurn, .entry = step.entry});
  if (request.kind == AdmissionKind::kToken) return respond_token(exchange, step, *admission);
  redirect(exchange, request, platform::with_admission(*request.back, admission->token));
}

void AdmissionFlow::respond_token(net::Exchange& exchange, const Step& step, const auth::Admission& admission) {
  const AdmissionRequest& request = step.request;
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("token", admission.token).member("expires_at", admission.expires_at);
  json.member("sale", catalog_.at(request.sale).settings.id);
  json.member("entry", auth::view(entry_id(ids_, step.entry->sale, step.entry->number)));
  if (request.back) json.member("return_to", platform::with_admission(*request.back, admission.token));
  json.end_object();
  exchange.respond(net::Response{.status = net::Status::kCreated,
                                 .content_type = "application/json",
                                 .body = body,
                                 .headers = {{"Cache-Control", "no-store"}}});
}

// Who only passes by waits in the room, which tries again by itself.
void AdmissionFlow::respond_busy_to(net::Exchange& exchange, const AdmissionRequest& request) {
  if (request.kind == AdmissionKind::kRedirect) return redirect(exchange, request, request.room);
  platform::respond_busy(exchange, request.instance, "unavailable",
                         "The server has as much to do as it can, or does not own the sales at the moment: ask again.");
}

void AdmissionFlow::respond_not_in(net::Exchange& exchange, const AdmissionRequest& request, const Reply& reply) {
  if (request.kind == AdmissionKind::kRedirect) return redirect(exchange, request, request.room);
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
  net::respond(exchange,
               {.status = net::Status::kConflict,
                .slug = "not-your-turn",
                .title = "Not your turn",
                .detail = "Only an entry that is offered, holding or paying is let in, and not in its last second.",
                .instance = request.instance,
                .members = {{"state", name_of(reply.entry->state)}}},
               {{"Cache-Control", "no-store"}});
}

void AdmissionFlow::redirect(net::Exchange& exchange, const AdmissionRequest& request, std::string_view address) {
  const std::string cookie = request.new_guest ? cookies_.set_cookie(*request.new_guest) : std::string();
  net::Response response{
      .status = net::Status::kFound,
      .headers = {{"Cache-Control", "no-store"}, {"Location", address}, {"Referrer-Policy", "no-referrer"}}};
  if (!cookie.empty()) response.headers.add({"Set-Cookie", cookie});
  exchange.respond(response);
}

}  // namespace doorbuster::sale
