// A sale is archived in slices: nobody waits for all of it, and from the first slice on nobody finds anything of it.
#include <algorithm>
#include <map>

#include "sale/machine/archive_test_fixture.h"
#include "sale/machine/snapshot_fields.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kTwoThousand = {.sales = 3, .holds = 2'000, .entries = 2'000, .operator_keys = 4};
constexpr uint32_t kBuyers = 700;

class Archiving : public ArchivingFixture {
 protected:
  Archiving() : ArchivingFixture(kTwoThousand) {
    open_with("first");
    open_with("second");
    for (uint64_t who = 0; who < kBuyers; ++who) buy(SaleNumber(who % 3 == 0 ? 1 : 0), who);
    for (const HoldNumber hold : holds_) last_of_first_ = is_of_first(hold) ? hold : last_of_first_;
    close(SaleNumber(0));
    EXPECT_EQ(records_of(0), 2 * (kBuyers - kBuyers / 3 - 1));
    pass(Duration::seconds(30 * 24 * 3600 - 1));
    EXPECT_FALSE(machine_.state().sale_at(0).archived);
    pass(Duration::seconds(1));
  }

  void open_with(const char* id) {
    Settings settings;
    settings.id = id;
    settings.units = kBuyers;
    settings.queue = QueueKind::kFifo;
    open(std::move(settings));
  }
  void buy(SaleNumber sale, uint64_t who) {
    entries_.push_back(decide(Join{sale, customer(who), {}}).entry->number);
    holds_.push_back(decide(Reserve{sale, customer(who), {}}).hold->number);
    decide(StartPayment{holds_.back(), customer(who), {}});
    decide(SettlePayment{holds_.back(), 1, PaymentResult::kSucceeded, "paid"});
  }
  bool is_of_first(HoldNumber hold) { return machine_.state().hold_at(hold.slot).sale == 0; }
  uint32_t records_of(uint32_t number) {
    const Sale* sale = machine_.state().find_sale(SaleNumber(number));
    return sale == nullptr ? 0 : static_cast<uint32_t>(sale->used.records());
  }
  // How many slices it still takes.
  int archive_the_rest(uint32_t sale = 0) {
    int slices = 0;
    for (; records_of(sale) > 0 && slices < 100; ++slices) {
      const uint32_t before = records_of(sale);
      pass(Duration::millis(1));
      EXPECT_LE(before - records_of(sale), 256U);
    }
    return slices;
  }

  std::vector<EntryNumber> entries_;
  std::vector<HoldNumber> holds_;
  HoldNumber last_of_first_;
};

TEST_F(Archiving, takes_a_slice_at_a_time_and_leaves_other_sales_alone) {
  const uint32_t of_the_second = records_of(1);
  EXPECT_EQ(records_of(0), 2 * (kBuyers - kBuyers / 3 - 1) - 256);
  EXPECT_EQ(archive_the_rest(), 3);
  EXPECT_EQ(records_of(1), of_the_second);
  EXPECT_EQ(*machine_.state().archived_id(SaleNumber(0)), "first") << "all that stays";
  EXPECT_TRUE(has_nothing_due());
}

// The places in the tables stay, and so do their generations.
TEST_F(Archiving, leaves_eight_bytes_a_place_in_the_snapshot_and_an_id_a_sale) {
  archive_the_rest();
  const size_t with_the_second = saved(machine_).size();
  close(SaleNumber(1));
  pass(Duration::seconds(30 * 24 * 3600));
  archive_the_rest(1);
  ASSERT_TRUE(is_archived(SaleNumber(1)));
  EXPECT_GT(with_the_second, kBuyers * (kHoldBytes + kEntryBytes));
  EXPECT_LT(saved(machine_).size(), 2 * kBuyers * kFreeSlotBytes + 100);
  Machine later(kTwoThousand);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  EXPECT_EQ(later.state().next_hold(), machine_.state().next_hold());
  EXPECT_EQ(later.state().next_hold()->generation, 1U);
}

// So that two states that are the same give the same bytes.
TEST_F(Archiving, leaves_a_snapshot_that_has_free_places_written_in_one_way_only) {
  archive_the_rest();
  close(SaleNumber(1));
  pass(Duration::seconds(30 * 24 * 3600));
  archive_the_rest(1);
  std::vector<std::byte> sound = saved(machine_);
  const size_t records = 2 * (1 + kBuyers * kFreeSlotBytes);
  const size_t begin = sound.size() - records;
  ASSERT_EQ(sound[begin], std::byte{static_cast<uint8_t>(Block::kFreeHolds)});
  std::vector<std::byte> at_length(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(begin));
  at_length.push_back(std::byte{static_cast<uint8_t>(Block::kHolds)});
  Writer archive(at_length);
  for (uint32_t slot = 0; slot < kBuyers; ++slot) {
    Hold hold = machine_.state().hold_at(slot);
    snapshot_fields(archive, hold);
  }
  uint32_t older_payments = 0;
  archive(older_payments);
  EXPECT_FALSE(Machine(kTwoThousand).load_part(at_length).has_value());
}

TEST_F(Archiving, hides_from_the_first_slice_on_what_is_not_forgotten_yet) {
  ASSERT_NE(machine_.state().hold_at(last_of_first_.slot).state, HoldState::kFree);
  EXPECT_EQ(decide(LookUpHold{last_of_first_, std::nullopt}).outcome, Outcome::kNotFound);
  EXPECT_EQ(decide(SettlePayment{last_of_first_, 1, PaymentResult::kFailed, ""}).outcome, Outcome::kNotFound);
  const uint64_t who = kBuyers - 2;
  ASSERT_EQ(machine_.state().hold_at(last_of_first_.slot).customer, customer(who));
  EXPECT_EQ(decide(LookUpEntry{entries_[who], std::nullopt}).outcome, Outcome::kNotFound);
  EXPECT_EQ(decide(Reserve{SaleNumber(0), customer(who), {}}).outcome, Outcome::kSaleClosed);
  EXPECT_EQ(decide(Join{SaleNumber(0), customer(who), {}}).outcome, Outcome::kSaleClosed);
}

TEST_F(Archiving, goes_on_after_a_restart_from_a_snapshot) {
  Machine later(kTwoThousand);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  later.go_live(now_);
  for (int i = 0; i < 10; ++i) pass_with(later, Duration::millis(1));
  EXPECT_EQ(later.state().find_sale(SaleNumber(0)), nullptr);
  EXPECT_EQ(saved(later), saved(machine_));
}

// One hold behind ten thousand others: two looks at 8,192 slots find it, the first of which is no event.
class ArchivingOne : public ArchivingFixture {
 protected:
  static constexpr uint32_t kOthers = 10'000;
  ArchivingOne() : ArchivingFixture({.sales = 2, .holds = 3 * kOthers, .entries = 1, .operator_keys = 4}) {}
  void buy(uint32_t sale, uint64_t who) {
    const HoldNumber hold = expect_done(Reserve{SaleNumber(sale), customer(who), {}}).hold->number;
    expect_done(StartPayment{hold, customer(who), {}});
    expect_done(SettlePayment{hold, 1, PaymentResult::kSucceeded, "paid"});
  }
};

TEST_F(ArchivingOne, looks_at_so_many_slots_at_a_time_and_records_only_what_it_finds) {
  for (const char* id : {"other", "one"}) {
    Settings settings;
    settings.id = id;
    settings.units = kOthers;
    settings.queue = QueueKind::kNone;
    open(std::move(settings));
  }
  for (uint64_t who = 0; who < kOthers; ++who) buy(0, who);
  buy(1, 1);
  close(SaleNumber(1));
  EXPECT_EQ(pass(Duration::seconds(30 * 24 * 3600)), 0U);
  EXPECT_FALSE(machine_.state().sale_at(1).archived);
  pass(Duration::millis(1));
  EXPECT_EQ(machine_.state().find_sale(SaleNumber(1)), nullptr);
  EXPECT_EQ(machine_.state().sale_at(0).used.records(), kOthers);
  EXPECT_TRUE(has_nothing_due());
}

// Few sales at once, a new one every twelve days, for years.
class ShopOfYears : public MachineFixture {
 protected:
  static constexpr uint32_t kAtOnce = kSmall.sales;
  static constexpr int kTurns = 150;

  std::string id_of(int turn) { return "sale-" + std::to_string(turn); }
  Reply open_in(int turn) {
    Settings wanted = settings(turn % 2 == 0 ? QueueKind::kNone : QueueKind::kFifo, 2);
    wanted.id = id_of(turn);
    wanted.opens_at = now_;
    wanted.closes_at = now_ + Duration::seconds(3'600);
    return create(wanted, false, key(static_cast<uint64_t>(turn + 1)));
  }
  SaleNumber sell_in(int turn) {
    at_second(turn * 12 * kDay);
    const Reply created = open_in(turn);
    EXPECT_EQ(created.outcome, Outcome::kDone) << "in turn " << turn;
    decide(Join{created.sale, customer(1), {}});
    const Reply held = decide(Reserve{created.sale, customer(1), {}});
    pay(held.hold->number, 1);
    succeed(held.hold->number, 1);
    at_second(turn * 12 * kDay + 3'600);
    return created.sale;
  }
  // What a sale tells of itself once it is published.
  void take_published() {
    machine_.take_publications([&](Machine::Publication&& publication) {
      for (const ArchivedId& sale : publication.archived) published_.erase(sale.sale);
      if (publication.archived.empty()) published_[publication.status.sale] = publication.status;
    });
  }
  std::map<SaleNumber, PublicStatus> published_;
};

TEST_F(ShopOfYears, never_has_too_many_sales_as_long_as_few_are_on_sale) {
  for (int turn = 0; turn < kTurns; ++turn) {
    EXPECT_EQ(sell_in(turn), SaleNumber(static_cast<uint32_t>(turn))) << "no number is given twice";
    take_published();
    EXPECT_EQ(published_.size(), machine_.state().kept_sales());
    for (const auto& [sale, status] : published_) EXPECT_EQ(status, machine_.state().status_of(sale));
    EXPECT_LE(machine_.state().kept_sales(), kAtOnce);
  }
  EXPECT_LT(saved(machine_).size(), 100 * kTurns) << "of most of them there is an id only";
  EXPECT_EQ(create([&] {
              Settings taken = settings(QueueKind::kNone, 1);
              taken.id = id_of(3);
              return taken;
            }())
                .outcome,
            Outcome::kIdTaken);
}

TEST_F(ShopOfYears, is_refused_one_more_only_while_so_many_are_kept) {
  for (uint32_t i = 0; i < kAtOnce; ++i) EXPECT_EQ(open_in(static_cast<int>(i)).outcome, Outcome::kDone);
  EXPECT_EQ(open_in(100).outcome, Outcome::kLimitReached);
  at_second(3'600);
  at_second(29 * kDay);
  EXPECT_EQ(open_in(100).outcome, Outcome::kLimitReached) << "they are closed, and not archived yet";
  at_second(31 * kDay);
  EXPECT_EQ(open_in(100).outcome, Outcome::kDone);
  EXPECT_EQ(machine_.state().kept_sales(), 1U);
}

TEST_F(ShopOfYears, goes_on_after_a_restart_as_if_nothing_had_been) {
  for (int turn = 0; turn < 20; ++turn) sell_in(turn);
  Machine later(kSmall);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  later.go_live(now_);
  std::vector<ArchivedId> archived;
  size_t kept = 0;
  later.take_publications([&](Machine::Publication&& publication) {
    kept += publication.archived.empty();
    archived.insert(archived.end(), publication.archived.begin(), publication.archived.end());
  });
  EXPECT_EQ(kept, machine_.state().kept_sales());
  EXPECT_EQ(archived.size(), 20 - kept);
  EXPECT_EQ(archived[7].id, id_of(7));
  now_ = now_ + Duration::seconds(40 * 24 * 3600);
  std::vector<std::byte> payload;
  EventSink sink{payload};
  EXPECT_TRUE(later.tick(now_, 1'000, sink));
  EXPECT_EQ(later.state().kept_sales(), 0U);
  ASSERT_TRUE(machine_.apply(payload, now_).has_value());
  log_.push_back({payload, now_});
  EXPECT_EQ(saved(later), saved(machine_));
}

// All that is written of an archived sale is its id.
TEST_F(ShopOfYears, is_not_opened_again_with_half_an_archived_sale_or_with_one_twice) {
  for (int turn = 0; turn < 2; ++turn) sell_in(turn);
  at_second(60 * kDay);
  const std::vector<std::byte> sound = saved(machine_);
  const std::string id = id_of(1);
  const auto found = std::ranges::search(sound, as_bytes(id));
  ASSERT_FALSE(found.empty());
  const auto end = static_cast<size_t>(found.end() - sound.begin());
  EXPECT_TRUE(Machine(kSmall).load_part(Bytes(sound).first(end)).has_value());
  const size_t begin = end - id.size() - sizeof(uint32_t) - 1;  // behind its size, and before that the kind of block
  EXPECT_TRUE(Machine(kSmall).load_part(Bytes(sound).first(begin)).has_value());
  for (size_t cut = begin + 1; cut < end; ++cut)
    EXPECT_FALSE(Machine(kSmall).load_part(Bytes(sound).first(cut)).has_value()) << end - cut << " bytes are missing";
  std::vector<std::byte> twice = sound;
  std::ranges::copy(as_bytes(id_of(0)), twice.begin() + (found.begin() - sound.begin()));
  EXPECT_FALSE(Machine(kSmall).load_part(Bytes(twice).first(end)).has_value());
}

// As servers did that kept the settings of archived sales.
TEST_F(ShopOfYears, is_told_something_of_an_archived_sale_by_an_older_log) {
  sell_in(0);
  at_second(40 * kDay);
  std::vector<std::byte> payload;
  SaleAnnounced said{kSale, "We are closed.", by_operator(key(77))};
  encode(said, payload);
  ASSERT_TRUE(machine_.apply(payload, now_).has_value());
  log_.push_back({payload, now_});
  EXPECT_NE(machine_.state().operator_request(77), nullptr);
}

}  // namespace
}  // namespace doorbuster::sale
