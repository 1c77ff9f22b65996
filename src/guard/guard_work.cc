// Proof of work: who has to do it, for what, and when.
#include <algorithm>

#include "guard/answers.h"
#include "guard/guard.h"
#include "platform/api/problems.h"

namespace doorbuster::guard {
namespace {

using platform::Action;
using platform::Asker;

// A kind of keys behind those of ChargedTo.
constexpr uint64_t kDrawKind = 66;
constexpr Duration kDrawRemembered = Duration::seconds(3'600);
// Not all at once: a tenth of the time in which strangers join a draw.
constexpr uint64_t kSpread = 10;

Timestamp whole_second(Timestamp at) { return at - Duration::micros(at.micros() % 1'000'000); }

// From when on strangers join.
Timestamp draw_begin(const platform::GateQuestion& question, const Policy& policy) {
  return whole_second(*question.drawn_at) - Duration::seconds(policy.draw_seconds);
}

// Whether a place in a draw is asked for that strangers work for.
bool is_worked_for(const platform::GateQuestion& question, const Policy& policy) {
  return policy.draw_seconds > 0 && question.action == Action::kJoin && question.drawn_at &&
         question.asker.kind != Asker::Kind::kCustomer;
}

}  // namespace

// Whoever can't work may have a place in a line all the same, but nothing at once.
bool Guard::may_be_delayed(const platform::GateQuestion& question, const Policy& policy) {
  const bool may_stay = policy.without_scripts == WithoutScripts::kDelayed;
  return may_stay && !question.can_work && question.action == Action::kJoin;
}

uint64_t Guard::draw_key(const platform::GateQuestion& question) const {
  return hasher_(kDrawKind, question.asker.id, std::hash<std::string_view>()(question.scope));
}

void Guard::remember_for_draw(const platform::Call& call, const platform::GateQuestion& question) {
  (void)table_.claim(draw_key(question), std::max(*question.drawn_at, call.now) + kDrawRemembered, call.now);
}

Guard::Worked Guard::look_at_work(const platform::Call& call, const platform::GateQuestion& question,
                                  const Requester& requester, const Policy& policy) {
  const bool is_customer = question.asker.kind == Asker::Kind::kCustomer;
  const bool is_drawn = is_worked_for(question, policy);
  const bool is_back = question.asker.kind == Asker::Kind::kSession;
  if (is_drawn && is_back && table_.is_claimed(draw_key(question), call.now))
    return {.status = WorkStatus::kDone, .cost = policy.draw_cost()};
  const bool comes_with_customers = is_drawn && scorer_.comes_with_customers(requester);
  if (comes_with_customers) remember_for_draw(call, question);
  const bool is_for_draw = is_drawn && !comes_with_customers;
  const auto solution = policy.uses_challenges() ? call.request.header("Altcha") : std::nullopt;
  if (!solution && is_for_draw) return ask_for_work_of_draw(call, question, policy);
  if (!solution) {
    if (is_customer || policy.challenge != ChallengeWhen::kAlways) return {WorkStatus::kNone};
    return ask_for_work(call, question, ChallengePool::For::kAnybody, policy);
  }
  const auto [status, cost, expires_at] = challenges_.use(*solution, call.now);
  counts_.note(status);
  if (status == SolutionStatus::kGood && is_for_draw) {
    const bool is_of_draw = cost >= policy.draw_cost() && expires_at - kChallengeLife >= draw_begin(question, policy);
    if (!is_of_draw) return ask_for_work_of_draw(call, question, policy);
    remember_for_draw(call, question);
  }
  if (status == SolutionStatus::kGood) return {.status = WorkStatus::kDone, .cost = cost};
  if (policy.mode != Mode::kEnforce) return {WorkStatus::kNone};
  respond_bad_solution(call, status);
  return {WorkStatus::kRefused};
}

Guard::Worked Guard::ask_for_work(const platform::Call& call, const platform::GateQuestion& question,
                                  ChallengePool::For whom, const Policy& policy) {
  counts_.note(kNeeded);
  if (policy.mode != Mode::kEnforce) return {WorkStatus::kNone};
  if (may_be_delayed(question, policy)) return {WorkStatus::kOwed};
  respond_challenge_needed(call, whom);
  return {WorkStatus::kRefused};
}

// Whoever can't work need not wait for the time in which others do.
Guard::Worked Guard::ask_for_work_of_draw(const platform::Call& call, const platform::GateQuestion& question,
                                          const Policy& policy) {
  const Timestamp begin = draw_begin(question, policy);
  if (call.now >= begin || may_be_delayed(question, policy) || policy.mode != Mode::kEnforce)
    return ask_for_work(call, question, ChallengePool::For::kDraw, policy);
  counts_.note(kTooEarly);
  const uint64_t spread_us = uint64_t{policy.draw_seconds} * 1'000'000 / kSpread;
  respond_not_yet(call, begin - call.now + Duration::micros(static_cast<int64_t>(random_number() % spread_us)));
  return {WorkStatus::kRefused};
}

void Guard::add_routes(platform::Routes& routes) {
  routes.add(net::Method::kGet, kChallengePath, [this](const platform::Call& call) { give_challenge(call); });
}

void Guard::give_challenge(const platform::Call& call) {
  const Compiled& now = *current_.load(std::memory_order_acquire);
  if (now.policy.mode != Mode::kOff) {
    Bill bill;
    const AddressKeys keys = keys_of(net::sender_of(call.request, proxies_));
    add_to(bill, ChargedTo::kChallenges, keys.address_high, keys.address_low, now.prices, Action::kPoll);
    if (!pays(bill, call, Action::kPoll, now.policy, false)) return;
  }
  const auto whom = call.request.query_parameter("for").value_or("");
  const auto challenge = pool_.take(whom == kForSuspects ? ChallengePool::For::kSuspect
                                    : whom == kForDraw   ? ChallengePool::For::kDraw
                                                         : ChallengePool::For::kAnybody);
  counts_.note(challenge ? kGiven : kNoneLeft);
  if (!challenge) {
    return platform::respond_busy(call.exchange, call.request.path(), "no-challenge",
                                  "No challenge is ready at the moment, or this server asks for none.");
  }
  call.exchange.respond(net::Response{
      .content_type = "application/json", .body = *challenge, .headers = {{"Cache-Control", "no-store"}}});
}

}  // namespace doorbuster::guard
