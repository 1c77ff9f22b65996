// What people do is drawn from shares that are made up, to show every way that a place and a hold can end; they are
// measured nowhere.
#include "demo/person.h"

#include <algorithm>

namespace doorbuster::demo {
namespace {

constexpr uint64_t kImpatient = 10;  // in a hundred: leave the queue at some time
constexpr uint64_t kNeverThere = 8;  // when it is their turn
constexpr uint64_t kLate = 7;        // come when half of the time to take the offer is over
constexpr uint64_t kChangeTheirMind = 6;
constexpr uint64_t kForgetToPay = 7;
constexpr uint64_t kLeaveWhilePaying = 4;
constexpr uint64_t kDeclinedFirst = 8;

bool is_refusal(const Error& error, std::string_view slug) { return error.message.starts_with(slug); }

// What the server refuses because somebody else was quicker, or the sale is over.
bool is_too_late(const Error& error) {
  for (const std::string_view slug : {"sold-out", "sale-closed", "hold-expired", "not-your-turn"})
    if (is_refusal(error, slug)) return true;
  return false;
}

}  // namespace

std::optional<Duration> Person::step(CrowdContext& context) {
  ShopVisit visit(context.http, context.sale, token_);
  const Next next = go_on(context, visit);
  if (next) return *next;
  // Came before the queue was open, or while the sale was paused.
  const bool may_try_again = is_refusal(next.error(), "sale-not-open") || is_refusal(next.error(), "sale-paused");
  if (may_try_again && !context.is_over) return within(context, 2, 4);
  (void)end(context, is_too_late(next.error()) ? End::kTooLate : End::kTrouble);
  return std::nullopt;
}

Person::Next Person::go_on(CrowdContext& context, ShopVisit& visit) {
  switch (stage_) {
    case Stage::kComes:
      return come(context, visit);
    case Stage::kWaits:
      return wait(context, visit);
    case Stage::kTakes:
      return take(context, visit);
    case Stage::kDecides:
      return decide(context, visit);
    case Stage::kPays:
      return pay(context, visit);
    case Stage::kIsDeclined:
      return try_again(context, visit);
  }
  return end(context, End::kTrouble);
}

Person::Next Person::end(CrowdContext& context, End how) {
  ++context.ends[static_cast<size_t>(how)];
  return std::optional<Duration>();
}

Duration Person::within(const CrowdContext& context, double least, double most) {
  const double share = static_cast<double>(random_.below(1'000'000)) / 1e6;
  return Duration::micros(static_cast<int64_t>((least + share * (most - least)) * 1e6 / context.pace));
}

Person::Next Person::come(CrowdContext& context, ShopVisit& visit) {
  if (context.is_over) return end(context, End::kTooLate);
  if (!link_.empty() && !std::exchange(has_come_, true)) TRY(visit.come_by(link_));
  if (context.seen.queue == "none") return take(context, visit);
  const EntrySeen entry = TRY(visit.join(link_));
  ++context.came;
  entry_ = entry.id;
  stage_ = Stage::kWaits;
  if (in_hundred(kImpatient)) patience_ = within(context, 20, 240);
  return hear(context, entry);
}

Person::Next Person::wait(CrowdContext& context, ShopVisit& visit) {
  if (patience_ && waited_ >= *patience_) {
    TRY(visit.leave(entry_));
    return end(context, End::kLeftTheQueue);
  }
  return hear(context, TRY(visit.entry(entry_)));
}

// Asks again as the server wants: never earlier, up to a tenth later, so that not all come at once.
Person::Next Person::hear(CrowdContext& context, const EntrySeen& entry) {
  if (entry.state == "offered") return be_called(context);
  if (entry.state == "lapsed") return end(context, End::kMissedTheirTurn);
  if (entry.state != "waiting" || context.is_over) return end(context, End::kTooLate);
  const int64_t asked = Duration::seconds(std::max<int64_t>(1, entry.next_poll_seconds)).micros();
  auto pause = Duration::micros(asked + static_cast<int64_t>(random_.below(static_cast<uint64_t>(asked) / 10)));
  if (patience_) pause = std::clamp(*patience_ - waited_, Duration::millis(10), pause);
  waited_ = waited_ + pause;
  return pause;
}

Person::Next Person::be_called(CrowdContext& context) {
  if (in_hundred(kNeverThere)) return end(context, End::kMissedTheirTurn);
  stage_ = Stage::kTakes;
  const auto claim = static_cast<double>(context.seen.claim_seconds);
  if (in_hundred(kLate)) return within(context, claim * 0.5, claim * 1.1);  // some of them too late
  return within(context, std::min(1.0, claim * 0.1), std::min(8.0, claim * 0.5));
}

Person::Next Person::take(CrowdContext& context, ShopVisit& visit) {
  if (entry_.empty()) ++context.came;
  const auto hold = visit.reserve(link_);
  if (!hold && !entry_.empty() && is_too_late(hold.error())) return end(context, End::kMissedTheirTurn);
  hold_ = TRY(Result<HoldSeen>(hold)).id;
  stage_ = Stage::kDecides;
  return within(context, 1, 12);
}

Person::Next Person::decide(CrowdContext& context, ShopVisit& visit) {
  const uint64_t drawn = random_.below(100);
  if (drawn < kForgetToPay) return end(context, End::kForgotToPay);
  if (drawn < kForgetToPay + kChangeTheirMind) {
    TRY(visit.release(hold_));
    return end(context, End::kGaveBack);
  }
  order_ = TRY(visit.start_payment(hold_));
  if (drawn < kForgetToPay + kChangeTheirMind + kLeaveWhilePaying) return end(context, End::kLeftWhilePaying);
  stage_ = Stage::kPays;
  return within(context, 2, 15);
}

Person::Next Person::pay(CrowdContext& context, ShopVisit& visit) {
  const bool is_declined = !was_declined_ && in_hundred(kDeclinedFirst);
  TRY(visit.press(order_, is_declined ? "decline" : "pay"));
  if (!is_declined) return end(context, End::kPaid);
  was_declined_ = true;
  ++context.declined;
  stage_ = Stage::kIsDeclined;
  return within(context, 1, 5);
}

Person::Next Person::try_again(CrowdContext& context, ShopVisit& visit) {
  if (TRY(visit.order(order_.id)).state == "paying") return within(context, 1, 2);  // the provider's word is under way
  order_ = TRY(visit.start_payment(hold_));
  stage_ = Stage::kPays;
  return within(context, 2, 8);
}

}  // namespace doorbuster::demo
