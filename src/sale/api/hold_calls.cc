#include "base/annotations_json.h"
#include "base/json.h"
#include "sale/api/calls.h"
#include "sale/api/deferred_calls.h"
#include "sale/api/look_up_hold.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

void respond_hold(const Decided& decided, const SaleCatalog& catalog, const auth::IdSealer& ids, net::Status status) {
  if (!decided.reply.hold) return respond_forgotten(decided);
  const HoldView& hold = *decided.reply.hold;
  std::string& body = decided.exchange.scratch();
  JsonWriter json(body);
  write_hold(json, ids, catalog.at(hold.sale), hold, *decided.reply.annotations);
  std::string location;
  if (status == net::Status::kCreated)
    location = "/api/v1/holds/" + std::string(auth::view(hold_id(ids, decided.reply.sale, hold.number)));
  respond_json(decided, status, body, location);
}

void finish_reserve(const Decided& decided, const SaleCatalog& catalog, const auth::IdSealer& ids) {
  respond_hold(decided, catalog, ids, net::Status::kCreated);
}

void finish_show_hold(const Decided& decided, const SaleCatalog& catalog, const auth::IdSealer& ids) {
  const HoldState state = decided.reply.hold->state;
  if (state == HoldState::kExpired || state == HoldState::kReleased) {
    Reply gone = decided.reply;
    gone.outcome = state == HoldState::kExpired ? Outcome::kExpired : Outcome::kReleased;
    return respond_refused(decided.exchange, decided.kept.instance, gone, catalog, ids);
  }
  respond_hold(decided, catalog, ids, net::Status::kOk);
}

void finish_release(const Decided& decided, const SaleCatalog& catalog, const auth::IdSealer& ids) {
  respond_hold(decided, catalog, ids, net::Status::kOk);
}

// What the cell would say to a customer who has nothing in this sale, as far as the published numbers alone decide it.
std::optional<Outcome> foregone_outcome(const Listing& listing, const PublicStatus& status) {
  switch (status.state) {
    case SaleState::kScheduled:
    case SaleState::kPrequeue:
      return Outcome::kSaleNotOpen;
    case SaleState::kPaused:
      return Outcome::kSalePaused;
    case SaleState::kClosed:
      return Outcome::kSaleClosed;
    case SaleState::kOpen:
      if (listing.settings.queue == QueueKind::kNone && status.available == 0) return Outcome::kSoldOut;
      return std::nullopt;
    case SaleState::kDraft:
      break;
  }
  return std::nullopt;
}

// Most of a stampede hears "not yet" or "sold out": that takes no decision, and must cost as little as possible.
bool refuse_at_once(const Call& call, const Listing& listing, const CustomerHash& customer, SalePages& pages,
                    RefusalTally& refusals) {
  const LiveStatus::Read read = listing.live->read();
  const auto outcome = foregone_outcome(listing, read.status);
  if (!outcome || listing.customers->may_have(customer)) return false;
  refusals.count(listing, *outcome);
  call.exchange.respond(pages.refusal_of(listing, read, *outcome));
  return true;
}

// {"client_reference": "...", "metadata": {...}}, both optional, or no body. Answers by itself and returns nothing if
// the body is anything else.
std::optional<AnnotationsBox> annotations_in(const Call& call, const Caller& caller) {
  if (call.request.body().empty()) return caller.annotations;
  JsonDocument document(call.request.body());
  Annotations annotations = read_annotations(document.root());
  if (const auto finished = document.finish(); !finished) {
    respond_invalid(call.exchange, call.request.path(), finished.error().message);
    return std::nullopt;
  }
  return merged(std::move(annotations), caller.annotations);
}

}  // namespace

void reserve(const Call& call, RequestReader& reader, SalePages& pages, RefusalTally& refusals, DeferredCalls& calls,
             platform::Gate& gate) {
  const auto asked = reader.applicant_of(call, platform::Action::kReserve);
  if (!asked) return;
  auto annotations = annotations_in(call, asked->caller);
  if (!annotations) return;
  Deferred kept = deferred(call, asked->caller, finish_by<finish_reserve>);
  kept.taker = reader.taker_of(call, asked->caller, asked->listing.number);
  kept.is_reserve = true;
  if (refuse_at_once(call, asked->listing, asked->caller.hash, pages, refusals))
    return gate.note_not_taken(kept.taker, call.now);
  calls.ask(call, asked->listing.number,
            Reserve{asked->listing.number, asked->caller.hash, asked->idempotency, std::move(*annotations),
                    asked->caller.kind},
            kept);
}

void show_hold(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  look_up_hold(call, auth::IdKind::kHold, reader, calls, finish_by<finish_show_hold>);
}

void release_hold(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  const auto id = reader.id_of(call, 0, auth::IdKind::kHold);
  if (!id) return;
  const HoldNumber hold = HoldNumber::unpacked(id->number);
  const Deferred kept = deferred(call, finish_by<finish_release>);
  if (reader.is_operator(call)) {
    auto cause = reader.cause_of(call);
    if (cause) calls.ask(call, SaleNumber(id->sale), Release{hold, std::nullopt, std::move(*cause)}, kept);
    return;
  }
  const auto caller = reader.customer_who_changes(call, *id);
  if (caller) calls.ask(call, SaleNumber(id->sale), Release{hold, caller->hash, {}}, kept);
}

}  // namespace doorbuster::sale
