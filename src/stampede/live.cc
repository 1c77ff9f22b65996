#include "base/assert.h"
#include "stampede/behaviours.h"
#include "stampede/visit.h"

namespace doorbuster::stampede {
namespace {

Task<> be(Shopper& who) {
  switch (who.cohort().kind) {
    case Kind::kPeople:
      return be_a_person(who);
    case Kind::kScript:
    case Kind::kHeadless:
    case Kind::kManySessions:
    case Kind::kManyAddresses:
      return be_a_bot(who);
    case Kind::kThief:
      return be_a_thief(who);
    case Kind::kHoarder:
      return be_a_hoarder(who);
  }
  ASSERT(false);
}

// After the end: people press "reload" every few seconds, bots ask for a unit twice a second.
Task<> ask_on(Shopper& who) {
  while (!who.context().is_quiet()) {
    co_await who.pause(is_bot(who.cohort()) ? Duration::millis(500) : who.within(1, 4));
    if (is_bot(who.cohort())) {
      Call call{.method = "POST", .path = who.sale_path() + "/holds", .takes = true};
      (void)co_await who.ask(call);
    } else {
      (void)co_await look(who);
    }
  }
}

}  // namespace

Task<> live(Shopper& who) {
  const Context& context = who.context();
  co_await who.sleep_until(context.opens_at + who.visitor().arrives);
  ++who.tally().arrivals;
  co_await be(who);
  if (context.scenario.storm_seconds > 0) co_await ask_on(who);
}

}  // namespace doorbuster::stampede
