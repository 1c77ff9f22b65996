// Nobody fills the tables for all others: not one sale, and not all guests together.
#include "sale/machine/archive_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr CustomerKind kOfShop = CustomerKind::kOfShop;
constexpr CustomerKind kGuest = CustomerKind::kGuest;

// A table and the sales that share it.
class Sharing {
 public:
  explicit Sharing(SharedRoom table) : table_(table) {}

  // What a sale gets of it that takes all it can get.
  uint32_t fill(size_t sale, CustomerKind kind) {
    sales_.resize(std::max(sales_.size(), sale + 1));
    uint32_t taken = 0;
    for (; room(sale, kind) == Outcome::kDone; ++taken) {
      table_.used.add(kind);
      sales_[sale].add(kind);
    }
    return taken;
  }
  [[nodiscard]] Outcome room(size_t sale, CustomerKind kind) const { return room_for(kind, table_, sales_[sale]); }
  void give_back(size_t sale, CustomerKind kind) {
    table_.used.remove(kind);
    sales_[sale].remove(kind);
  }

 private:
  SharedRoom table_;
  std::vector<Usage> sales_;
};

TEST(Quota, lets_a_sale_have_its_share_of_what_the_others_leave) {
  Sharing table({1'000, 80, 100, {}});
  EXPECT_EQ(table.fill(0, kOfShop), 800U);
  EXPECT_EQ(table.room(0, kOfShop), Outcome::kSaleShareTaken);
  EXPECT_EQ(table.fill(1, kOfShop), 160U) << "of 200";
  EXPECT_EQ(table.fill(2, kOfShop), 32U) << "of 40";
  EXPECT_EQ(table.fill(3, kOfShop), 6U);
  EXPECT_EQ(table.fill(0, kOfShop), 0U);
}

TEST(Quota, gives_back_what_a_sale_does_not_need_any_more) {
  Sharing table({1'000, 80, 100, {}});
  table.fill(0, kOfShop);
  table.fill(1, kOfShop);
  for (int i = 0; i < 500; ++i) table.give_back(0, kOfShop);
  EXPECT_EQ(table.fill(1, kOfShop), 400U) << "560 of 700";
}

TEST(Quota, keeps_room_for_customers_of_the_shop_in_each_sale_and_in_the_table) {
  Sharing table({1'000, 80, 75, {}});
  EXPECT_EQ(table.fill(0, kGuest), 600U);
  EXPECT_EQ(table.room(0, kGuest), Outcome::kGuestShareTaken);
  EXPECT_EQ(table.fill(0, kOfShop), 200U);
  EXPECT_EQ(table.fill(1, kGuest), 120U) << "four fifths of the 150 that are left to guests";
  EXPECT_EQ(table.fill(2, kGuest), 24U) << "and of the 30 that are left then";
  EXPECT_EQ(table.fill(1, kOfShop), 35U) << "a quarter of 140, which are four fifths of 176";
}

TEST(Quota, keeps_room_in_a_sale_whose_part_has_shrunk_since_guests_filled_it) {
  Sharing table({1'000, 80, 75, {}});
  EXPECT_EQ(table.fill(0, kGuest), 600U);
  EXPECT_EQ(table.fill(1, kOfShop), 320U);
  EXPECT_EQ(table.room(0, kGuest), Outcome::kGuestShareTaken) << "its part is 544 by now";
  EXPECT_EQ(table.fill(0, kOfShop), 64U) << "four fifths of the 80 that are left, which is less than 136";
  EXPECT_EQ(table.fill(2, kOfShop), 12U) << "and the next sale still gets some";
}

TEST(Quota, keeps_guests_out_of_what_customers_of_the_shop_have_left_of_a_sale) {
  Sharing table({1'000, 80, 75, {}});
  EXPECT_EQ(table.fill(0, kOfShop), 800U);
  EXPECT_EQ(table.room(0, kGuest), Outcome::kSaleShareTaken);
  EXPECT_EQ(table.fill(1, kGuest), 120U) << "three quarters of 160";
}

TEST(Quota, takes_all_that_there_is_with_shares_of_a_hundred) {
  Sharing table({1'000, 100, 100, {}});
  EXPECT_EQ(table.fill(0, kGuest), 1'000U);
  EXPECT_EQ(table.fill(1, kOfShop), 0U);
}

TEST(Quota, takes_nobody_into_a_table_that_is_fuller_than_its_limit) {
  const SharedRoom lowered{100, 80, 75, {300, 200}};
  EXPECT_EQ(room_for(kOfShop, lowered, {150, 50}), Outcome::kSaleShareTaken);
  EXPECT_EQ(room_for(kGuest, lowered, {150, 50}), Outcome::kGuestShareTaken);
}

TEST(Quota, reckons_with_the_largest_table_there_may_be) {
  const SharedRoom largest{kRecordsMax, 80, 75, {800'000'000, 600'000'000}};
  EXPECT_EQ(room_for(kOfShop, largest, {799'999'000, 0}), Outcome::kDone);
  EXPECT_EQ(room_for(kOfShop, {kRecordsMax, 80, 75, {800'000'000, 0}}, {800'000'000, 0}), Outcome::kSaleShareTaken);
}

constexpr uint32_t kPlaces = 100;

// Two sales of different shops. Whoever has an even number is a guest.
class Crowded : public ArchivingFixture {
 protected:
  explicit Crowded(const Capacity& capacity = {.sales = 3, .holds = kPlaces, .entries = kPlaces, .operator_keys = 4})
      : ArchivingFixture(capacity) {
    open_one("flooded", QueueKind::kFifo);
    open_one("other", QueueKind::kFifo);
    open_one("plain", QueueKind::kNone);
  }

  void open_one(const char* id, QueueKind queue) {
    Settings settings;
    settings.id = id;
    settings.units = 1'000;
    settings.queue = queue;
    settings.guests = true;
    open(std::move(settings));
  }
  static CustomerKind kind_of(uint64_t who) { return who % 2 == 0 ? kGuest : kOfShop; }
  Reply join(SaleNumber sale, uint64_t who) {
    return decide(Join{.sale = sale, .customer = customer(who), .idempotency = {}, .kind = kind_of(who)});
  }
  Reply reserve(SaleNumber sale, uint64_t who) {
    return decide(Reserve{.sale = sale, .customer = customer(who), .idempotency = {}, .kind = kind_of(who)});
  }
  // Guests come, each only once, until no more are taken; how many were.
  uint32_t flood(SaleNumber sale) {
    uint32_t taken = 0;
    for (Reply reply = join(sale, another_guest()); reply.outcome == Outcome::kDone; ++taken)
      reply = join(sale, another_guest());
    return taken;
  }
  // The same, but each reserves and gives back.
  uint32_t flood_with_holds() {
    uint32_t taken = 0;
    for (;; ++taken) {
      const uint64_t who = another_guest();
      const Reply held = reserve(kPlain, who);
      if (held.outcome != Outcome::kDone) return taken;
      expect_done(Release{held.hold->number, customer(who), {}});
    }
  }
  uint64_t another_guest() { return guests_ += 2; }

  // As after a restart.
  Reply ask_replayed(const Command& command) {
    Machine later(capacity_);
    for (const RecordedBatch& batch : log_) EXPECT_TRUE(later.apply(batch.payload, batch.time).has_value());
    return ask(later, command);
  }
  Reply ask_loaded(const Command& command) {
    Machine later(capacity_);
    EXPECT_TRUE(later.load(saved(machine_)).has_value());
    return ask(later, command);
  }

  static constexpr SaleNumber kFlooded{0};
  static constexpr SaleNumber kOther{1};
  static constexpr SaleNumber kPlain{2};
  uint64_t guests_ = 1'000;

 private:
  Reply ask(Machine& machine, const Command& command) {
    machine.go_live(now_);
    std::vector<std::byte> payload;
    EventSink sink{payload};
    return machine.decide(command, now_, sink);
  }
};

TEST_F(Crowded, takes_no_more_guests_of_one_sale_and_everybody_else) {
  EXPECT_EQ(flood(kFlooded), 60U);
  EXPECT_EQ(join(kFlooded, another_guest()).outcome, Outcome::kGuestShareTaken);
  EXPECT_EQ(join(kFlooded, 1).outcome, Outcome::kDone) << "a customer of the shop";
  EXPECT_EQ(join(kOther, 1).outcome, Outcome::kDone) << "and of another sale";
  EXPECT_EQ(join(kOther, another_guest()).outcome, Outcome::kDone) << "and a guest there";
}

TEST_F(Crowded, takes_no_more_customers_of_one_sale_than_its_share) {
  for (uint64_t who = 1; who < 160; who += 2) ASSERT_EQ(join(kFlooded, who).outcome, Outcome::kDone) << who;
  const size_t batches = log_.size();
  EXPECT_EQ(join(kFlooded, 161).outcome, Outcome::kSaleShareTaken);
  EXPECT_EQ(log_.size(), batches) << "a refusal is no event";
  EXPECT_EQ(join(kOther, 161).outcome, Outcome::kDone);
}

TEST_F(Crowded, says_the_same_after_its_close_and_after_a_restart) {
  flood(kFlooded);
  const auto expect_room = [&] {
    const Command of_shop = Join{.sale = kOther, .customer = customer(1), .idempotency = {}, .kind = kOfShop};
    EXPECT_EQ(ask_replayed(of_shop).outcome, Outcome::kDone);
    EXPECT_EQ(ask_loaded(of_shop).outcome, Outcome::kDone);
    const Command guest = Join{.sale = kFlooded, .customer = customer(2), .idempotency = {}, .kind = kGuest};
    EXPECT_EQ(ask_replayed(guest).outcome, ask_loaded(guest).outcome);
  };
  expect_room();
  close(kFlooded);
  expect_room();
  EXPECT_EQ(join(kOther, 1).outcome, Outcome::kDone);
}

TEST_F(Crowded, takes_no_more_holds_of_guests_who_give_them_back) {
  EXPECT_EQ(flood_with_holds(), 60U);
  EXPECT_EQ(reserve(kPlain, another_guest()).outcome, Outcome::kGuestShareTaken);
  EXPECT_EQ(reserve(kPlain, 1).outcome, Outcome::kDone);
  join(kOther, 3);
  EXPECT_EQ(reserve(kOther, 3).outcome, Outcome::kDone);
  for (uint64_t who = 5; reserve(kPlain, who).outcome == Outcome::kDone;) who += 2;
  EXPECT_EQ(reserve(kPlain, 999).outcome, Outcome::kSaleShareTaken);
  EXPECT_EQ(machine_.state().sale_at(2).used.holds, (Usage{79, 60})) << "four fifths of what the other left";
}

TEST_F(Crowded, counts_entries_and_holds_apart_and_who_takes_part_in_a_draw) {
  Settings settings;
  settings.id = "draw";
  settings.units = 5;
  settings.queue = QueueKind::kDraw;
  close(kPlain);
  pass(Duration::seconds(31 * 24 * 3600));
  settings.opens_at = now_ + Duration::seconds(60);
  const SaleNumber draw = decide(CreateSale{std::make_unique<Settings>(std::move(settings)), false, {}}).sale;
  EXPECT_EQ(flood(draw), 60U);
  EXPECT_EQ(machine_.state().find_sale(draw)->used, (Usages{{0, 0}, {60, 60}, {0, 0}}));
  flood(kFlooded);
  EXPECT_EQ(machine_.state().used().entries, (Usage{72, 72}));
  EXPECT_EQ(machine_.state().used().holds, (Usage{0, 0}));
}

TEST_F(Crowded, has_room_again_once_a_sale_is_archived) {
  flood(kFlooded);
  close(kFlooded);
  pass(Duration::seconds(31 * 24 * 3600));
  EXPECT_TRUE(is_archived(kFlooded));
  EXPECT_EQ(machine_.state().used(), Usages());
  EXPECT_EQ(flood(kOther), 60U);
}

// Tables with room enough, and memory for what a hundred customers attach.
class CrowdedWithAnnotations : public Crowded {
 protected:
  CrowdedWithAnnotations() : Crowded({.sales = 3, .operator_keys = 4, .annotation_bytes = kPlaces * kEach}) {}

  Reply join_with(SaleNumber sale, uint64_t who, const Annotations& attached) {
    return decide(Join{
        .sale = sale, .customer = customer(who), .idempotency = {}, .annotations = attached, .kind = kind_of(who)});
  }
  uint32_t flood_with_annotations(SaleNumber sale) {
    uint32_t taken = 0;
    while (join_with(sale, another_guest(), kAttached).outcome == Outcome::kDone) ++taken;
    return taken;
  }

  static inline const Annotations kAttached{"R-1", "", ""};
  static inline const uint64_t kEach = AnnotationTable::bytes_of(kAttached);
};

TEST_F(CrowdedWithAnnotations, keeps_memory_for_what_customers_of_the_shop_and_other_sales_attach) {
  EXPECT_EQ(flood_with_annotations(kFlooded), 60U);
  EXPECT_EQ(join_with(kFlooded, another_guest(), kAttached).outcome, Outcome::kNoRoomToAnnotate);
  EXPECT_EQ(join_with(kFlooded, another_guest(), {}).outcome, Outcome::kDone);
  EXPECT_EQ(join_with(kOther, 1, kAttached).outcome, Outcome::kDone);
  for (uint64_t who = 3; who < 43; who += 2) {
    const Outcome outcome = join_with(kFlooded, who, kAttached).outcome;
    EXPECT_EQ(outcome, who < 41 ? Outcome::kDone : Outcome::kNoRoomToAnnotate) << who << ": 79 of the 99 in all";
  }
  EXPECT_EQ(machine_.state().used().attached, (Usage{80 * kEach, 60 * kEach}));
}

TEST_F(CrowdedWithAnnotations, has_the_memory_again_once_what_it_was_attached_to_is_forgotten) {
  flood_with_annotations(kFlooded);
  close(kFlooded);
  pass(Duration::seconds(31 * 24 * 3600));
  EXPECT_TRUE(is_archived(kFlooded));
  EXPECT_EQ(machine_.state().used(), Usages());
  EXPECT_EQ(flood_with_annotations(kOther), 60U);
}

}  // namespace
}  // namespace doorbuster::sale
