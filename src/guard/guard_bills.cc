// Whom a request is charged to, and how much; and what was reserved until it is paid for.
#include "base/assert.h"
#include "guard/address_keys.h"
#include "guard/answers.h"
#include "guard/guard.h"

namespace doorbuster::guard {
namespace {

using platform::Action;
using platform::Asker;

// Customers of the shop at an address for whom its strangers may ask as much again as one address may.
constexpr uint32_t kCustomersForOneRateMore = 5;
// Kinds of keys behind those of ChargedTo: a customer's unpaid ones, and what was paid for.
constexpr uint64_t kCustomersUnpaid = 64;
constexpr uint64_t kPaidKind = 65;
constexpr Duration kPaidRemembered = Duration::seconds(3'600);

// Which one is as good as the wait for that rate, if one is.
std::optional<ChallengePool::For> challenge_for(ChargedTo whom) {
  switch (whom) {
    case ChargedTo::kAddress:
    case ChargedTo::kPrefix:
      return ChallengePool::For::kAnybody;
    case ChargedTo::kUnpaid:
    case ChargedTo::kUnpaidPrefix:
      return ChallengePool::For::kSuspect;
    case ChargedTo::kSession:
    case ChargedTo::kCustomer:
    case ChargedTo::kChallenges:
    case ChargedTo::kMisses:
    case ChargedTo::kPrefixMisses:
      return std::nullopt;
  }
  ASSERT(false);
}

}  // namespace

// Work as suspects do it, in place of what should be paid first. It is owed all the same.
bool Guard::may_owe_more(const Worked& worked, const Policy& policy) { return worked.cost >= policy.suspects_cost(); }

Guard::Bill Guard::unpaid_bill_of(const Requester& requester, const Compiled& now,
                                  const platform::GateQuestion& question) const {
  Bill bill;
  const platform::Taker taker = taker_of(requester, question);
  // A carrier's addresses are those of thousands of people, who do not pay for each other.
  const bool are_named = !now.policy.networks[static_cast<size_t>(NetworkClass::kMobile)].empty();
  if (!taker.is_customer && are_named && now.origins.of(requester.address).network == NetworkClass::kMobile)
    return bill;
  add_unpaid(bill, taker, requester.customers_at_address, now.prices);
  return bill;
}

platform::Taker Guard::taker_of(const Requester& requester, const platform::GateQuestion& question) {
  return {.id = requester.asker.id,
          .units_each = question.units_each,
          .sender = requester.address,
          .is_customer = requester.asker.kind == Asker::Kind::kCustomer};
}

// Whoever may reserve nothing at the moment needs no place in a line for it: they would let others wait in vain. Work
// does not help here, or a hoarder's cores would put it back into the line at once.
bool Guard::may_reserve_next(const platform::Call& call, const platform::GateQuestion& question,
                             const Requester& requester, const Compiled& now) {
  if (question.action != Action::kJoin) return true;
  const Bill bill = unpaid_bill_of(requester, now, question);
  const RateDecision decision = table_.judge(std::span(bill.charges).first(bill.size), call.now);
  return decision.passes() || passes_all_the_same(decision, bill, call, question.action, now.policy, false);
}

Guard::Bill Guard::bill_of(const Requester& requester, const Compiled& now, const platform::GateQuestion& question,
                           const Worked& worked) const {
  Bill bill;
  const Asker& asker = requester.asker;
  const Action action = question.action;
  const bool is_stranger = asker.kind != Asker::Kind::kCustomer;
  if (action == Action::kReserve && !may_owe_more(worked, now.policy)) bill = unpaid_bill_of(requester, now, question);
  if (!is_stranger) {
    add_to(bill, ChargedTo::kCustomer, asker.id, 0, now.prices, action);
    return bill;
  }
  if (worked.status != WorkStatus::kDone && is_charged_to_address(asker, action)) {
    const AddressKeys keys = keys_of(requester.address);
    const uint32_t times = 1 + requester.customers_at_address / kCustomersForOneRateMore;
    add_to(bill, ChargedTo::kAddress, keys.address_high, keys.address_low, now.prices, action, times);
    add_to(bill, ChargedTo::kPrefix, keys.prefix_high, keys.prefix_low, now.prices, action, times);
  }
  if (asker.kind == Asker::Kind::kSession) add_to(bill, ChargedTo::kSession, asker.id, 0, now.prices, action);
  return bill;
}

// A customer's lie beside those of an address, under keys of their own.
void Guard::add_unpaid(Bill& bill, const platform::Taker& taker, uint32_t customers_at_address,
                       const Prices& prices) const {
  if (taker.units_each == 0) return;
  const auto add = [&](ChargedTo whom, uint64_t kind, uint64_t high, uint64_t low, uint32_t times) {
    const Price price = prices[static_cast<size_t>(whom)][static_cast<size_t>(Action::kReserve)].times(times);
    bill.whom[bill.size] = whom;
    bill.charges[bill.size++] = {.key = hasher_(kind, high, low), .price = price};
  };
  if (taker.is_customer) return add(ChargedTo::kUnpaid, kCustomersUnpaid, taker.id, 0, taker.units_each);
  const AddressKeys keys = keys_of(taker.sender);
  const uint32_t times = taker.units_each * (1 + customers_at_address / kCustomersForOneRateMore);
  add(ChargedTo::kUnpaid, static_cast<uint64_t>(ChargedTo::kUnpaid), keys.address_high, keys.address_low, times);
  add(ChargedTo::kUnpaidPrefix, static_cast<uint64_t>(ChargedTo::kUnpaidPrefix), keys.prefix_high, keys.prefix_low,
      times);
}

void Guard::give_unpaid_back(const platform::Taker& taker, Timestamp now) {
  Bill bill;
  add_unpaid(bill, taker, taker.is_customer ? 0 : scorer_.customers_at(taker.sender, now),
             current_.load(std::memory_order_acquire)->prices);
  for (const Charge& charge : std::span(bill.charges).first(bill.size)) table_.give_back(charge, now);
}

void Guard::note_not_taken(const platform::Taker& taker, Timestamp now) { give_unpaid_back(taker, now); }

// Whoever has paid may be told so again and again, and gets theirs back once.
void Guard::note_paid(const platform::Taker& taker, uint64_t number, Timestamp now) {
  if (table_.claim(hasher_(kPaidKind, number, taker.id), now + kPaidRemembered, now)) give_unpaid_back(taker, now);
}

void Guard::add_to(Bill& bill, ChargedTo whom, uint64_t high, uint64_t low, const Prices& prices, Action action,
                   uint32_t times) const {
  const Price price = prices[static_cast<size_t>(whom)][static_cast<size_t>(action)].times(times);
  if (price.is_free()) return;
  bill.whom[bill.size] = whom;
  bill.charges[bill.size++] = {.key = hasher_(static_cast<uint64_t>(whom), high, low), .price = price};
}

bool Guard::pays(const Bill& bill, const platform::Call& call, Action action, const Policy& policy, bool may_solve) {
  const RateDecision decision = table_.charge(std::span(bill.charges).first(bill.size), call.now);
  if (decision.passes()) counts_.pass(action);
  return decision.passes() || passes_all_the_same(decision, bill, call, action, policy, may_solve);
}

bool Guard::passes_all_the_same(const RateDecision& decision, const Bill& bill, const platform::Call& call,
                                Action action, const Policy& policy, bool may_solve) {
  const ChargedTo refused = bill.whom[decision.refused];
  counts_.refuse(action, refused);
  if (policy.mode == Mode::kShadow) return true;
  const auto challenge = may_solve ? challenge_for(refused) : std::nullopt;
  respond_rate(call, refused, decision.retry_after, challenge);
  return false;
}

}  // namespace doorbuster::guard
