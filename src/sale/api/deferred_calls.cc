#include "sale/api/deferred_calls.h"

#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "sale/api/catalog.h"
#include "sale/api/refusal_counts.h"
#include "sale/api/refusals.h"

namespace doorbuster::sale {

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

DeferredCalls::DeferredCalls(SaleClient& cells, SaleCatalog& catalog, const auth::IdSealer& ids,
                             const auth::GuestCookies& cookies, RefusalTally& refusals, const SaleParts& parts)
    : cells_(cells),
      catalog_(catalog),
      ids_(ids),
      cookies_(cookies),
      refusals_(refusals),
      parts_(parts),
      owner_(cells.add_owner([this](SaleAnswer& answer) {
        catalog_.refresh();
        take(answer);
      })) {}

void DeferredCalls::take(const SaleAnswer& answer) {
  net::Exchange* exchange = cells_.resumed(answer);
  if (exchange == nullptr) return;  // the client has gone; what was decided stands
  const auto kept = exchange->context<Deferred>();
  // A new guest needs the cookie whatever is answered: without it they could not find what they may have by now.
  const std::string cookie = kept.sets_cookie ? cookies_.set_cookie(kept.guest) : std::string();
  const bool is_decided = answer.status == cell::ReplyStatus::kDecided;
  const bool is_taken = is_decided && answer.reply.outcome == Outcome::kDone;
  if (kept.is_reserve && !is_taken) note_not_taken(kept.taker);
  if (!is_decided) return platform::respond_undecided(*exchange, kept.instance, answer.status, cookie);
  const Reply& reply = answer.reply;
  if (!refused(reply.outcome)) return kept.finish(parts_, {*exchange, kept, reply, cookie});
  // What is not there is of no sale.
  const Listing* listing = reply.outcome == Outcome::kNotFound ? nullptr : catalog_.page().find(reply.sale);
  if (listing != nullptr) refusals_.count(*listing, reply.outcome);
  respond_refused(*exchange, kept.instance, reply, catalog_, ids_);
}

// Or it was taken before, by the same request.
void DeferredCalls::note_not_taken(const platform::Taker& taker) {
  parts_.get<platform::Gate>().note_not_taken(taker, parts_.get<const Clock>().now());
}

void respond_json(const Decided& decided, net::Status status, std::string_view body, std::string_view location) {
  platform::respond_json(decided.exchange, status, body, location, decided.set_cookie);
}

void respond_forgotten(const Decided& decided) {
  platform::respond_problem(decided.exchange, decided.kept.instance, net::Status::kNotFound, "not-found", "Not found",
                            "This was done before, and what it was done to is forgotten by now.");
}

}  // namespace doorbuster::sale
