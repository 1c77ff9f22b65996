#include "sale/api/calls.h"
#include "sale/api/refusals.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
namespace {

void finish_reserve(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  finish_with_hold(desk, exchange, kept, reply, net::Status::kCreated);
}

void finish_show_hold(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  const HoldState state = reply.hold->state;
  if (state == HoldState::kExpired || state == HoldState::kReleased) {
    Reply gone = reply;
    gone.outcome = state == HoldState::kExpired ? Outcome::kExpired : Outcome::kReleased;
    return respond_refused(desk, exchange, kept.instance, gone);
  }
  finish_with_hold(desk, exchange, kept, reply, net::Status::kOk);
}

void finish_release(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  finish_with_hold(desk, exchange, kept, reply, net::Status::kOk);
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
bool refuse_at_once(Desk& desk, const Call& call, const Listing& listing, const CustomerHash& customer) {
  const StatusBoard::Read read = desk.shared().board.read(listing.number);
  const auto outcome = foregone_outcome(listing, read.status);
  if (!outcome || listing.customers->may_have(customer)) return false;
  desk.count_refusal(listing.number, *outcome);
  call.exchange.respond(desk.refusal_of(listing, read, *outcome));
  return true;
}

}  // namespace

void reserve(Desk& desk, const Call& call) {
  const auto asked = applicant_of(desk, call, platform::Action::kReserve);
  if (!asked || !has_no_body(call) || refuse_at_once(desk, call, asked->listing, asked->caller.hash)) return;
  desk.ask(call, Reserve{asked->listing.number, asked->caller.hash, asked->idempotency},
           deferred(call, asked->caller, finish_reserve));
}

void show_hold(Desk& desk, const Call& call) { look_up_hold(desk, call, auth::IdKind::kHold, finish_show_hold); }

void release_hold(Desk& desk, const Call& call) {
  const auto id = id_of(desk, call, 0, auth::IdKind::kHold);
  if (!id) return;
  const HoldNumber hold = HoldNumber::unpacked(id->number);
  if (desk.is_operator(call)) {
    auto cause = cause_of(desk, call);
    if (cause) desk.ask(call, Release{hold, std::nullopt, std::move(*cause)}, deferred(call, finish_release));
    return;
  }
  const auto caller = customer_who_changes(desk, call, *id);
  if (caller) desk.ask(call, Release{hold, caller->hash, {}}, deferred(call, finish_release));
}

}  // namespace doorbuster::sale
