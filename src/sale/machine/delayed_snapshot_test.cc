// What a snapshot says of those who are delayed has to fit together, or the snapshot is refused.
#include "sale/machine/tampering_test_fixture.h"

namespace doorbuster::sale {
namespace {

// 1 has an offer, 2 to 4 are delayed, of whom 3 has left, and 5 has left before anybody else was delayed.
class DelayedSnapshot : public TamperingFixture {
 protected:
  DelayedSnapshot() {
    open(settings(QueueKind::kFifo, 1));
    join(1);
    const EntryNumber fifth = join_delayed(5);
    leave(fifth, 5);
    join_delayed(2);
    const EntryNumber third = join_delayed(3);
    join_delayed(4);
    leave(third, 3);
  }
  EntryNumber join_delayed(uint64_t who) {
    return decide(Join{.sale = kSale, .customer = customer(who), .assessment = {.is_delayed = true}}).entry->number;
  }
  static uint32_t slot_of(Tampering& t, uint64_t who) { return t.state.entry_of(kSale, customer(who)); }
  static Entry& entry_of(Tampering& t, uint64_t who) { return t.entry(slot_of(t, who)); }
};

TEST_F(DelayedSnapshot, is_refused_where_who_is_delayed_is_not_what_that_can_be) {
  expect_refused({
      {"delayed, with a place", [](Tampering& t) { entry_of(t, 4).arrival = 1; }},
      {"placed, without one", [](Tampering& t) { entry_of(t, 1).arrival = 0; }},
      {"delayed, with an offer", [](Tampering& t) { entry_of(t, 4).state = EntryState::kOffered; }},
      {"delayed, and lapsed", [](Tampering& t) { entry_of(t, 3).state = EntryState::kLapsed; }},
      {"never placed, and waiting", [](Tampering& t) { entry_of(t, 5).state = EntryState::kWaiting; }},
      {"never placed, and naming another", [](Tampering& t) { entry_of(t, 5).next_in_queue = slot_of(t, 4); }},
      {"never placed, with a hold", [](Tampering& t) { entry_of(t, 5).hold = 0; }},
  });
}

TEST_F(DelayedSnapshot, is_refused_where_not_all_who_are_delayed_are_listed_once) {
  expect_refused({
      {"it begins too late", [](Tampering& t) { t.sale(0).delayed_head = slot_of(t, 4); }},
      {"it begins with one who has left", [](Tampering& t) { t.sale(0).delayed_head = slot_of(t, 3); }},
      {"it begins beyond the table", [](Tampering& t) { t.sale(0).delayed_head = 60; }},
      {"it does not begin", [](Tampering& t) { t.sale(0).delayed_head = kNoSlot; }},
      {"it ends too early", [](Tampering& t) { entry_of(t, 2).next_in_queue = kNoSlot; }},
      {"its end is another", [](Tampering& t) { t.sale(0).delayed_tail = slot_of(t, 2); }},
      {"it leaves somebody out", [](Tampering& t) { entry_of(t, 2).next_in_queue = slot_of(t, 4); }},
      {"it goes round", [](Tampering& t) { entry_of(t, 4).next_in_queue = slot_of(t, 2); }},
      {"it goes on in the line", [](Tampering& t) { entry_of(t, 4).next_in_queue = slot_of(t, 1); }},
      {"it outlives its sale",
       [](Tampering& t) {
         Sale& sale = t.sale(0);
         sale.state = SaleState::kClosed;
         sale.available += std::exchange(sale.offered, 0);
         sale.waiting = 0;
         sale.queue_head = sale.queue_tail = kNoSlot;
       }},
  });
}

TEST_F(DelayedSnapshot, is_refused_where_a_customers_entries_are_not_a_list) {
  leave(machine_.state().number_of_entry(machine_.state().entry_of(kSale, customer(4))), 4);
  join_delayed(4);
  expect_refused({
      {"an older one beyond the table", [](Tampering& t) { entry_of(t, 4).older_of_customer = 60; }},
      {"another's older one", [](Tampering& t) { entry_of(t, 4).older_of_customer = slot_of(t, 2); }},
      {"two newest ones", [](Tampering& t) { entry_of(t, 4).older_of_customer = kNoSlot; }},
      {"itself", [](Tampering& t) { entry_of(t, 4).older_of_customer = slot_of(t, 4); }},
  });
}

TEST_F(DelayedSnapshot, of_what_there_can_not_be_is_noticed_by_the_inspection) {
  expect_noticed({
      {"somebody nobody will place", [](Tampering& t) { entry_of(t, 2).next_in_queue = kNoSlot; }},
      {"one who has left is next", [](Tampering& t) { t.sale(0).delayed_head = slot_of(t, 3); }},
      {"an offer without a place", [](Tampering& t) { entry_of(t, 4).state = EntryState::kOffered; }},
      {"not the end of a minute", [](Tampering& t) { entry_of(t, 4).until = at(41); }},
  });
}

}  // namespace
}  // namespace doorbuster::sale
