#include "stampede/behaviours.h"
#include "stampede/visit.h"

namespace doorbuster::stampede {
namespace {

// How often a bot that has nothing else to wait for looks at the public numbers, which is free.
constexpr Duration kWatch = Duration::millis(500);

Task<> buy(Shopper& who, Hold hold) {
  if (who.visitor().pays) (void)co_await pay(who, hold, Duration::millis(200));
}

Task<std::optional<Hold>> hold_in_line(Shopper& who) {
  std::optional<Entry> entry = co_await join(who);
  if (!entry) co_return std::nullopt;
  const bool has_turn = co_await wait_for_turn(who, *entry);
  if (!has_turn) co_return std::nullopt;
  const Reserved reserved = co_await reserve(who);
  co_return reserved.hold;
}

Task<std::optional<Hold>> hold_at_once(Shopper& who) {
  const Reserved reserved = co_await reserve(who);
  if (reserved.hold) co_return reserved.hold;
  uint64_t free = 0;
  while (free == 0 && !who.context().is_over()) {
    co_await who.pause(kWatch);
    free = co_await look(who);
  }
  co_return std::nullopt;
}

Task<std::optional<Hold>> hold_a_unit(Shopper& who) {
  return who.context().scenario.sale.queue == Queue::kNone ? hold_at_once(who) : hold_in_line(who);
}

Task<> wait_for_begin(Shopper& who) {
  const Context& context = who.context();
  const bool is_in_line = context.scenario.sale.queue != Queue::kNone;
  const Timestamp begins = is_in_line ? context.joins_from : context.opens_at;
  if (context.engine.now() < begins) co_await who.sleep_until(begins);
}

}  // namespace

Task<> be_a_bot(Shopper& who) {
  co_await wait_for_begin(who);
  while (!who.context().is_over()) {
    const std::optional<Hold> hold = co_await hold_a_unit(who);
    if (hold) co_await buy(who, *hold);
    if (hold && who.visitor().has_account) co_return;  // an account has bought what it may
    if (!hold) co_await who.pause(kWatch);
    who.begin_session();
  }
}

// A payment that is begun and never made holds the unit for the sale's grace longer.
Task<> be_a_hoarder(Shopper& who) {
  co_await wait_for_begin(who);
  while (!who.context().is_over()) {
    const std::optional<Hold> hold = co_await hold_a_unit(who);
    if (hold) {
      co_await who.sleep_until(hold->expires_at - Duration::seconds(1));
      (void)co_await begin_payment(who, *hold);
      co_await who.sleep_until(hold->expires_at + Duration::seconds(who.context().scenario.sale.payment_grace_seconds));
    } else {
      co_await who.pause(kWatch);
    }
    who.begin_session();
  }
}

}  // namespace doorbuster::stampede
