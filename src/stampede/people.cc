#include "stampede/behaviours.h"
#include "stampede/visit.h"

namespace doorbuster::stampede {
namespace {

// Closes the tab for a while, finds the page again, and with it the place in line.
Task<> come_back(Shopper& who, Entry& entry) {
  co_await who.pause(who.within(4, 15));
  (void)co_await look(who);
  const std::optional<Entry> again = co_await join(who);
  if (again) entry = *again;
}

Task<> hesitate_and_pay(Shopper& who, Hold hold) {
  co_await who.pause(who.within(1, 5));
  if (who.context().is_over()) co_return;
  if (who.visitor().pays) {
    (void)co_await pay(who, hold, who.within(1, 6));
  } else if (who.in_hundred(50)) {
    (void)co_await release(who, hold);
  }
}

// Somebody who looks on from elsewhere sees the admission, too.
Task<> get_admission(Shopper& who, const Entry& entry) {
  Call call{.method = "POST", .path = who.sale_path() + "/queue/" + entry.id + "/admission"};
  const Answer answer = co_await who.insist(std::move(call));
  if (answer.status != 201) co_return;
  who.belongings().admission = member_of(answer, "token");
  who.leak();
}

Task<> buy_in_line(Shopper& who) {
  std::optional<Entry> entry = co_await join(who);
  if (!entry) co_return;
  if (who.visitor().returns) co_await come_back(who, *entry);
  const bool has_turn = co_await wait_for_turn(who, *entry);
  if (!has_turn) co_return;
  if (who.visitor().leaks) co_await get_admission(who, *entry);
  co_await who.pause(who.within(0.5, who.context().scenario.sale.claim_seconds * 0.5));
  const Reserved reserved = co_await reserve(who);
  if (reserved.hold) co_await hesitate_and_pay(who, *reserved.hold);
}

// Tries again while others may give units back.
Task<> buy_at_once(Shopper& who) {
  while (!who.context().is_over()) {
    const Reserved reserved = co_await reserve(who);
    if (reserved.hold) co_await hesitate_and_pay(who, *reserved.hold);
    if (reserved.hold || !reserved.may_come_back) co_return;
    co_await who.pause(who.within(2, 6));
  }
}

}  // namespace

Task<> be_a_person(Shopper& who) {
  const Context& context = who.context();
  (void)co_await look(who);
  co_await who.pause(who.within(1, 6));  // reads
  const bool is_in_line = context.scenario.sale.queue != Queue::kNone;
  const Timestamp begins = is_in_line ? context.joins_from : context.opens_at;
  if (context.engine.now() < begins) co_await who.sleep_until(begins + who.within(0.2, 2));
  if (is_in_line) {
    co_await buy_in_line(who);
  } else {
    co_await buy_at_once(who);
  }
}

// Whoever is delayed by the guard has to wait for their place until the minute is over; in a draw they lose it.
Task<bool> wait_for_turn(Shopper& who, Entry& entry) {
  if (entry.delayed_until) who.delayed_until(*entry.delayed_until);
  while (entry.state == "waiting" && !who.context().is_over()) {
    // Never earlier than told, up to a tenth later, so that not all come at once.
    const double told = static_cast<double>(entry.next_poll.micros()) / 1e6;
    co_await who.pause(who.within(told, told * 1.1));
    co_await poll(who, entry);
  }
  co_return entry.state == "offered";
}

}  // namespace doorbuster::stampede
