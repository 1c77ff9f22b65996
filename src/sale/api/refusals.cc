#include "sale/api/refusals.h"

#include <array>
#include <string>

#include "base/encoding.h"
#include "net/problem.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

using net::Status;

struct Refused {
  Outcome outcome;
  Status status;
  std::string_view slug;
  std::string_view title;
  std::string_view detail;
};

constexpr std::array kRefused = {
    Refused{Outcome::kSoldOut, Status::kConflict, "sold-out", "Sold out", "No unit is available at this moment."},
    Refused{Outcome::kOnePerCustomer, Status::kConflict, "one-per-customer", "Limit per customer reached",
            "You have as many units of this sale as one customer may have; see the hold named here."},
    Refused{Outcome::kNotYourTurn, Status::kConflict, "not-your-turn", "Not your turn",
            "This sale has a queue: join it with POST .../queue, and reserve once your entry says 'offered'."},
    Refused{Outcome::kSaleNotOpen, Status::kConflict, "sale-not-open", "The sale is not open yet",
            "Try again at `opens_at`."},
    Refused{Outcome::kSalePaused, Status::kConflict, "sale-paused", "The sale is paused",
            "The operator has paused the sale; places and holds are kept. Try again later."},
    Refused{Outcome::kSaleClosed, Status::kConflict, "sale-closed", "The sale is closed", "This sale has ended."},
    Refused{Outcome::kRemoved, Status::kForbidden, "removed", "Removed from the queue",
            "An operator took this entry out of the queue."},
    Refused{Outcome::kNotFound, Status::kNotFound, "not-found", "Not found",
            "There is no such thing, or it is not yours."},
    Refused{Outcome::kExpired, Status::kGone, "hold-expired", "The hold has expired",
            "Its time was up and the unit went back on sale."},
    Refused{Outcome::kReleased, Status::kGone, "hold-released", "The hold was released", "The unit went back on sale."},
    Refused{Outcome::kAlreadySold, Status::kConflict, "already-sold", "Already paid for",
            "A unit that is paid for can't be released."},
    Refused{Outcome::kPaymentInFlight, Status::kConflict, "payment-in-flight", "A payment is under way",
            "Its result has to be known first; look at the order."},
    Refused{
        Outcome::kTooManyAttempts, Status::kConflict, "too-many-payments", "Too many payments failed",
        "Eight payments for this hold were declined, or eight of your holds in this sale ended without the unit being "
        "bought after a payment was started; release the hold or let it expire."},
    Refused{
        Outcome::kTooManyEntries, Status::kConflict, "too-many-entries", "Too many entries came to nothing",
        "Sixteen times you left this queue, or let your turn or your hold lapse: this sale takes no more entries of "
        "yours (one with queue \"pass\" forgets after two minutes)."},
    Refused{Outcome::kKeyReused, Status::kUnprocessableContent, "idempotency-key-reused",
            "Idempotency key used for another request",
            "This Idempotency-Key came with another request before: use a new key for a new request."},
    Refused{Outcome::kIdTaken, Status::kConflict, "id-taken", "A sale has this id", "Choose another id."},
    Refused{Outcome::kWrongState, Status::kConflict, "wrong-state", "Not possible in this state",
            "The sale's `state` does not allow this. Once it has opened, opens_at, prequeue_opens_at, price and "
            "payment_grace_seconds stay and per_customer can only grow, and a review is over once there are places; "
            "what is closed stays closed."},
    Refused{Outcome::kUnitsInUse, Status::kConflict, "units-in-use", "Units are offered, held or sold",
            "Only available units can be withdrawn; `available` tells how many there are."},
    Refused{
        Outcome::kTermsChanged, Status::kPreconditionFailed, "changed-meanwhile", "Changed by somebody else meanwhile",
        "The sale's settings or its message are not any more those that If-Match names: get the sale again, look at "
        "what has changed, and ask with its new ETag."},
    Refused{Outcome::kNoQueue, Status::kConflict, "no-queue", "This sale has no queue",
            "Reserve at once with POST .../holds."},
    Refused{Outcome::kNothingToPay, Status::kConflict, "nothing-to-pay", "There is nothing to pay for",
            "This hold is a visit: whoever has it is inside until it ends, or until they give it back."},
    Refused{Outcome::kNoBeacon, Status::kConflict, "no-beacon", "This sale waits for no beacon",
            "A beacon is named when a sale with a draw is created: this one draws without."},
    Refused{Outcome::kBeaconNotDue, Status::kConflict, "beacon-not-due", "The beacon's round is not public yet",
            "Nobody can know its value before `published_at`: look it up then, and give it again."},
    Refused{Outcome::kBeaconGiven, Status::kConflict, "beacon-given", "Another value was given",
            "The places were drawn with the `value` that is named here. If it is not the beacon's, everybody who "
            "compares the record with the beacon will see that."},
    Refused{Outcome::kBeaconPassed, Status::kConflict, "beacon-passed", "The beacon's round is public by now",
            "Who takes part has to be fixed before anybody can know the round's value: create a sale that names a "
            "later round."},
    Refused{Outcome::kInvalidSettings, Status::kUnprocessableContent, "invalid-settings",
            "The settings contradict each other",
            "Together with what the sale has already, these settings are not possible."},
    Refused{Outcome::kLimitReached, Status::kServiceUnavailable, "limit-reached", "A limit of the server is reached",
            "The server's table of sales, holds or entries is full: its operator can raise [limits]."},
    Refused{Outcome::kNoRoomToAnnotate, Status::kServiceUnavailable, "no-room-to-annotate",
            "No room for what you attach",
            "As much is attached to holds and entries as limits.annotation_bytes allows, in all, to this sale or to "
            "guests. Without client_reference and metadata, in the body and in the token, this would be taken."},
    Refused{Outcome::kSaleShareTaken, Status::kServiceUnavailable, "sale-share-reached",
            "This sale has as much of the server as it may",
            "It has as many holds, or entries in its queue, as the server's other sales leave to it: try again later, "
            "when some are over. The operator can raise limits.holds, limits.entries or limits.sale_share_percent."},
    Refused{Outcome::kGuestShareTaken, Status::kServiceUnavailable, "guest-share-reached", "No room for more guests",
            "There are as many guests as the server takes; the rest of its room is for customers with a token of the "
            "shop. Log in at the shop, or try again later. The operator can raise limits.holds, limits.entries or "
            "limits.guest_share_percent."},
};

const Refused& refused_by(Outcome outcome) {
  const auto index = static_cast<size_t>(outcome) - static_cast<size_t>(Outcome::kSoldOut);
  ASSERT(refused(outcome) && index < kRefused.size() && kRefused[index].outcome == outcome);
  return kRefused[index];
}

// Seconds. Records are over as holds end, and forgotten some minutes later: asking each second would help nobody.
constexpr std::string_view kUntilThereIsRoom = "30";

bool is_full(Outcome outcome) {
  return outcome == Outcome::kLimitReached || outcome == Outcome::kSaleShareTaken ||
         outcome == Outcome::kGuestShareTaken;
}

// "Wrong state" of what? The reply carries it.
std::string_view detail_of(const Refused& refusal, const Reply& reply) {
  if (refusal.outcome != Outcome::kWrongState) return refusal.detail;
  if (reply.entry) return "Who holds or has bought a unit is not in line any more: the hold can be released instead.";
  if (reply.hold) return "No refund is due for this payment.";
  return refusal.detail;
}

std::string_view state_in(const Reply& reply) {
  if (reply.entry) return name_of(reply.entry->state);
  return reply.hold ? name_of(reply.hold->state) : name_of(reply.sale_state);
}

std::string link_to(std::string_view folder, const auth::SealedText& id) {
  return std::string(folder) + std::string(auth::view(id));
}

std::string entry_link(const EntryView& entry, const SaleCatalog& catalog, const auth::IdSealer& ids) {
  const std::string& sale = catalog.at(entry.sale).settings.id;
  return link_to("/api/v1/sales/" + sale + "/queue/", entry_id(ids, entry.sale, entry.number));
}

// Calls use(problem) with the refusal's problem, whose members live only that long.
template <class Use>
void with_problem(std::string_view instance, const Reply& reply, const SaleCatalog& catalog, const auth::IdSealer& ids,
                  Use&& use) {
  const Refused& refusal = refused_by(reply.outcome);
  const auto as_problem = [&](std::initializer_list<net::ProblemMember> members) {
    use(net::Problem{.status = refusal.status,
                     .slug = refusal.slug,
                     .title = refusal.title,
                     .detail = detail_of(refusal, reply),
                     .instance = instance,
                     .members = members});
  };
  const int64_t units = reply.units;
  switch (reply.outcome) {
    case Outcome::kSoldOut:
      return as_problem({{"units_on_hold", units}});
    case Outcome::kUnitsInUse:
      return as_problem({{"available", units}});
    case Outcome::kSaleNotOpen: {
      const std::string opens_at = format_rfc3339(catalog.at(reply.sale).settings.opens_at);
      return as_problem({{"state", name_of(reply.sale_state)}, {"opens_at", opens_at}});
    }
    case Outcome::kBeaconNotDue: {
      const std::string published_at = format_rfc3339(catalog.at(reply.sale).beacon->published_at);
      return as_problem({{"published_at", published_at}});
    }
    case Outcome::kBeaconGiven: {
      const std::string value = to_hex(catalog.status(reply.sale).beacon.bytes());
      return as_problem({{"value", value}});
    }
    case Outcome::kSalePaused:
    case Outcome::kWrongState:
      return as_problem({{"state", state_in(reply)}});
    case Outcome::kNotYourTurn: {
      if (!reply.entry) break;
      const std::string link = entry_link(*reply.entry, catalog, ids);
      return as_problem({{"state", state_in(reply)}, {"entry", link}});
    }
    case Outcome::kOnePerCustomer: {
      const std::string link = link_to("/api/v1/holds/", hold_id(ids, reply.sale, reply.hold->number));
      return as_problem({{"hold", link}});
    }
    case Outcome::kPaymentInFlight:
    case Outcome::kAlreadySold: {
      const std::string link = link_to("/api/v1/orders/", order_id(ids, reply.sale, reply.hold->number));
      return as_problem({{"order", link}});
    }
    default:
      break;
  }
  as_problem({});
}

}  // namespace

std::string_view slug_of(Outcome outcome) { return refused_by(outcome).slug; }

std::vector<RefusalType> refusal_types() {
  std::vector<RefusalType> types;
  for (const Refused& refusal : kRefused) types.push_back({refusal.status, refusal.slug});
  return types;
}

void respond_refused(net::Exchange& exchange, std::string_view instance, const Reply& reply, const SaleCatalog& catalog,
                     const auth::IdSealer& ids) {
  net::HeaderList headers{{"Cache-Control", "no-store"}};
  if (is_full(reply.outcome)) headers.add({"Retry-After", kUntilThereIsRoom});
  with_problem(instance, reply, catalog, ids,
               [&](const net::Problem& problem) { net::respond(exchange, problem, headers); });
}

net::PreparedResponse prepare_refused(std::string_view instance, const Reply& reply, const SaleCatalog& catalog,
                                      const auth::IdSealer& ids) {
  net::PreparedResponse prepared;
  with_problem(instance, reply, catalog, ids, [&](const net::Problem& problem) {
    std::string body;
    net::write_problem(body, problem);
    prepared.render({.status = problem.status,
                     .content_type = net::kProblemContentType,
                     .body = body,
                     .headers = {{"Cache-Control", "no-store"}}});
  });
  return prepared;
}

}  // namespace doorbuster::sale
