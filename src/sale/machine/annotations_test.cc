// What is attached to entries and holds: inherited, given back, counted, and gone with them.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

const Annotations kAlice{"R-1", R"({"desk":"3"})", "alice"};

class AnnotationsOf : public PaymentFixture {
 protected:
  Reply join_with(uint64_t who, Annotations annotations, Idempotency idempotency = {}) {
    return decide(Join{kSale, customer(who), idempotency, {}, std::move(annotations)});
  }
  Reply reserve_with(uint64_t who, Annotations annotations, Idempotency idempotency = {}) {
    return decide(Reserve{kSale, customer(who), idempotency, std::move(annotations)});
  }
  // Of the newest event of its kind.
  template <class E>
  [[nodiscard]] Annotations told() const {
    Annotations annotations;
    for (const RecordedBatch& batch : log_) {
      EXPECT_TRUE(for_each_event(batch.payload, [&](const auto& event) {
                    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(event)>, E>)
                      annotations = *event.annotations;
                  }).has_value());
    }
    return annotations;
  }
  [[nodiscard]] uint64_t bytes() const { return machine_.state().used().attached.all; }
};

TEST_F(AnnotationsOf, an_entry_are_given_back_and_are_its_holds) {
  open(settings(QueueKind::kFifo, 1));
  const Reply joined = join_with(1, kAlice);
  EXPECT_EQ(*joined.annotations, kAlice);
  EXPECT_EQ(*look(joined.entry->number).annotations, kAlice);
  const Reply held = reserve(1);
  EXPECT_EQ(*held.annotations, kAlice);
  EXPECT_EQ(bytes(), AnnotationTable::bytes_of(kAlice)) << "what is inherited is kept once";
}

TEST_F(AnnotationsOf, a_hold_go_before_its_entrys_one_by_one) {
  open(settings(QueueKind::kFifo, 1));
  join_with(1, kAlice);
  const Reply held = reserve_with(1, {"R-2", "", "alice"});
  EXPECT_EQ(*held.annotations, (Annotations{"R-2", R"({"desk":"3"})", "alice"}));
  EXPECT_EQ(bytes(), AnnotationTable::bytes_of(kAlice) + AnnotationTable::bytes_of({"R-2", "", ""}));
  EXPECT_EQ(*look(held.hold->number).annotations, *held.annotations);
}

TEST_F(AnnotationsOf, an_entry_stay_what_they_were_when_it_is_joined_again) {
  open(settings(QueueKind::kFifo, 1));
  join_with(1, kAlice);
  const Reply again = join_with(1, {"R-2", "", ""});
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(*again.annotations, kAlice);
}

TEST_F(AnnotationsOf, a_draws_entries_are_kept_like_any) {
  Settings drawn = settings(QueueKind::kDraw, 1);
  drawn.prequeue_opens_at = at(0);
  ASSERT_EQ(create(drawn).outcome, Outcome::kDone);
  EXPECT_EQ(*join_with(1, kAlice).annotations, kAlice);
  EXPECT_EQ(told<Enrolled>(), kAlice);
  at_second(10);
  EXPECT_EQ(told<Offered>(), kAlice);
  EXPECT_EQ(*reserve(1).annotations, kAlice);
}

TEST_F(AnnotationsOf, a_hold_are_in_each_of_its_events) {
  open(settings(QueueKind::kNone, 3));
  const HoldNumber sold = reserve_with(1, kAlice).hold->number;
  EXPECT_EQ(told<Held>(), kAlice);
  pay(sold, 1);
  EXPECT_EQ(told<PaymentStarted>(), kAlice);
  fail_payment(sold, 1);
  EXPECT_EQ(told<PaymentFailed>(), kAlice);
  pay(sold, 1);
  succeed(sold, 2);
  EXPECT_EQ(told<PaymentSucceeded>(), kAlice);
  succeed(sold, 2, "twice");
  EXPECT_EQ(told<MoneyUnexpected>(), kAlice);
  refund(sold, 2, "twice");
  EXPECT_EQ(told<MoneyReturned>(), kAlice);
  release(reserve_with(2, {"R-2", "", ""}).hold->number, 2);
  EXPECT_EQ(told<HoldReleased>(), (Annotations{"R-2", "", ""}));
  const HoldNumber late = reserve_with(3, {"R-3", "", ""}).hold->number;
  pay(late, 3);
  at_second(1'000);
  EXPECT_EQ(told<HoldExpired>(), (Annotations{"R-3", "", ""}));
  succeed(late, 1);
  EXPECT_EQ(told<PaymentLate>(), (Annotations{"R-3", "", ""}));
  refund(late, 1, "paid");
  EXPECT_EQ(told<RefundDone>(), (Annotations{"R-3", "", ""}));
}

TEST_F(AnnotationsOf, an_entry_are_in_each_of_its_events) {
  open(settings(QueueKind::kFifo, 1));
  join_with(1, {"R-1", "", ""});
  join_with(2, {"R-2", "", ""});
  EXPECT_EQ(told<Joined>(), (Annotations{"R-2", "", ""}));
  at_second(100);
  EXPECT_EQ(told<OfferLapsed>(), (Annotations{"R-1", "", ""}));
  EXPECT_EQ(told<Offered>(), (Annotations{"R-2", "", ""}));
  leave(look(machine_.state().number_of_entry(1)).entry->number, 2);
  EXPECT_EQ(told<EntryLeft>(), (Annotations{"R-2", "", ""}));
  const Reply third = join_with(3, {"R-3", "", ""});
  remove(third.entry->number);
  EXPECT_EQ(told<EntryRemoved>(), (Annotations{"R-3", "", ""}));
}

TEST_F(AnnotationsOf, a_hold_that_is_forgotten_are_gone_and_not_its_successors) {
  open(settings(QueueKind::kNone, 1));
  const HoldNumber first = reserve_with(1, kAlice).hold->number;
  release(first, 1);
  EXPECT_EQ(bytes(), AnnotationTable::bytes_of(kAlice));
  at_second(2 * kDay);
  EXPECT_EQ(bytes(), 0U);
  const Reply next = reserve(2);
  EXPECT_EQ(next.hold->number.slot, first.slot);
  EXPECT_TRUE(next.annotations->empty());
  EXPECT_EQ(look(first).outcome, Outcome::kNotFound);
  EXPECT_TRUE(look(first).annotations->empty());
}

TEST_F(AnnotationsOf, a_visitor_are_gone_with_the_visit) {
  open(settings(QueueKind::kPass, 1));
  join_with(1, kAlice);
  reserve_with(1, {"R-2", "", ""});
  EXPECT_GT(bytes(), 0U);
  at_second(1'000);
  EXPECT_EQ(bytes(), 0U);
}

TEST_F(AnnotationsOf, what_is_archived_are_gone) {
  Settings closing = settings(QueueKind::kFifo, 1);
  closing.closes_at = at(1'000);
  open(closing);
  join_with(1, kAlice);
  pay(reserve_with(1, {"R-2", "", ""}).hold->number, 1);
  succeed({0, 0}, 1);
  at_second(1'000);
  at_second(32 * kDay);
  ASSERT_TRUE(is_archived());
  EXPECT_EQ(bytes(), 0U);
}

// A snapshot's bytes say of each: its slot, and then three texts, each behind its length. All are four bytes.
class AnnotationsInSnapshots : public AnnotationsOf {
 protected:
  AnnotationsInSnapshots() {
    open(settings(QueueKind::kFifo, 1));
    join_with(1, {"first", "", ""});
    join_with(2, {"second", "", ""});
    join(3);
    bytes_ = saved(machine_);
  }
  // Where what has that reference begins.
  size_t place_of(std::string_view reference) {
    const size_t text = as_text(Bytes(bytes_)).find(reference);
    EXPECT_NE(text, std::string_view::npos);
    return text - 8;
  }
  std::byte& slot_of(std::string_view reference) { return bytes_[place_of(reference)]; }
  void make_reference(std::string_view now, size_t length) {
    const size_t place = place_of(now);
    const auto text = bytes_.begin() + static_cast<std::ptrdiff_t>(place + 8);
    bytes_[place + 4] = static_cast<std::byte>(length);
    const auto after = bytes_.erase(text, text + static_cast<std::ptrdiff_t>(now.size()));
    bytes_.insert(after, length, std::byte{'r'});
  }
  bool is_taken() { return State(kSmall).load(bytes_).has_value(); }

  std::vector<std::byte> bytes_;
};

TEST_F(AnnotationsInSnapshots, are_taken_in_their_order_and_of_slots_that_are_used) {
  EXPECT_TRUE(is_taken());
  slot_of("second") = std::byte{2};
  EXPECT_TRUE(is_taken()) << "what the third might have attached";
  slot_of("second") = std::byte{0};
  EXPECT_FALSE(is_taken()) << "two of one entry";
  slot_of("second") = std::byte{3};
  EXPECT_FALSE(is_taken()) << "of an entry that never was";
}

TEST_F(AnnotationsInSnapshots, are_refused_where_the_entry_is_forgotten) {
  act(SaleAction::kClose);
  at_second(32 * kDay);
  Settings next = settings(QueueKind::kPass, 1);
  next.id = "next";
  create(std::move(next));
  for (uint64_t who = 1; who <= 2; ++who) {
    decide(Join{.sale = SaleNumber(1), .customer = customer(who), .idempotency = {}, .annotations = kAlice});
  }
  bytes_ = saved(machine_);
  ASSERT_EQ(machine_.state().entry_slots(), 3U);
  EXPECT_TRUE(is_taken());
  for (uint8_t slot = 0; slot < 3; ++slot) {
    if (machine_.state().entry_at(slot).state == EntryState::kFree) slot_of(kAlice.client_reference) = std::byte{slot};
  }
  EXPECT_FALSE(is_taken());
}

TEST_F(AnnotationsInSnapshots, are_refused_where_there_are_none_or_too_much_of_it) {
  make_reference("second", 0);
  EXPECT_FALSE(is_taken());
  bytes_ = saved(machine_);
  make_reference("second", kClientReferenceBytesMax);
  EXPECT_TRUE(is_taken());
  bytes_ = saved(machine_);
  make_reference("second", kClientReferenceBytesMax + 1);
  EXPECT_FALSE(is_taken());
}

// A machine that has room for what 1 brings, and not for more.
class AnnotationsWithinBounds : public ::testing::Test {
 protected:
  AnnotationsWithinBounds() {
    machine_.go_live(kStart);
    Settings settings;
    settings.id = "ps5";
    settings.units = 8;
    settings.queue = QueueKind::kNone;
    settings.opens_at = kStart;
    decide(CreateSale{std::make_unique<Settings>(settings), false, by_operator()});
    EventSink sink{payload_};
    (void)machine_.tick(kStart, 10, sink);
  }
  Reply decide(const Command& command) {
    EventSink sink{payload_};
    return machine_.decide(command, kStart, sink);
  }
  Reply reserve(uint64_t who, Annotations annotations) {
    return decide(Reserve{SaleNumber{0}, customer(who), {}, std::move(annotations)});
  }

  Machine machine_{{.sales = 2,
                    .holds = 10,
                    .entries = 10,
                    .operator_keys = 10,
                    .annotation_bytes = AnnotationTable::bytes_of(kAlice),
                    .sale_share_percent = 100}};
  std::vector<std::byte> payload_;
};

TEST_F(AnnotationsWithinBounds, are_refused_where_there_is_no_room_and_nothing_else_is) {
  EXPECT_EQ(reserve(1, kAlice).outcome, Outcome::kDone);
  EXPECT_EQ(reserve(2, {"R", "", ""}).outcome, Outcome::kNoRoomToAnnotate);
  EXPECT_EQ(reserve(2, {}).outcome, Outcome::kDone);
  EXPECT_TRUE(machine_.state().check_limits().has_value());
}

TEST_F(AnnotationsWithinBounds, of_who_joins_are_refused_where_there_is_no_room) {
  EXPECT_EQ(reserve(1, kAlice).outcome, Outcome::kDone);
  Settings line;
  line.id = "line";
  line.units = 5;
  line.queue = QueueKind::kFifo;
  line.opens_at = kStart;
  const SaleNumber sale = decide(CreateSale{std::make_unique<Settings>(line), false, {}}).sale;
  EXPECT_EQ(decide(Join{sale, customer(2), {}, {}, Annotations{"R", "", ""}}).outcome, Outcome::kNoRoomToAnnotate);
  EXPECT_EQ(decide(Join{sale, customer(2), {}, {}, {}}).outcome, Outcome::kDone);
}

TEST_F(AnnotationsWithinBounds, of_before_the_bound_was_lowered_keep_it_from_starting) {
  EXPECT_EQ(reserve(1, kAlice).outcome, Outcome::kDone);
  Machine lowered({.sales = 1, .holds = 10, .entries = 10, .operator_keys = 10, .annotation_bytes = 10});
  ASSERT_TRUE(lowered.load(saved(machine_)).has_value());
  const auto checked = lowered.check_limits();
  ASSERT_FALSE(checked.has_value());
  EXPECT_NE(checked.error().message.find(
                "set limits.annotation_bytes = " + std::to_string(AnnotationTable::bytes_of(kAlice)) + " or more"),
            std::string::npos)
      << checked.error().message;
}

TEST(AnnotationTables, cost_nothing_where_nobody_has_any) {
  AnnotationTable table;
  EXPECT_TRUE(table.at(5'000'000).empty());
  table.set(5'000, {});
  EXPECT_EQ(table.bytes_at(5'000), 0U);
  table.set(5'000, kAlice);
  EXPECT_EQ(table.bytes_at(5'000), AnnotationTable::bytes_of(kAlice));
  EXPECT_EQ(table.at(5'000), kAlice);
  EXPECT_TRUE(table.at(4'999).empty());
  table.erase(4'999);
  EXPECT_EQ(table.count(5'000 / kSegmentRecords), 1U);
  table.erase(5'000);
  EXPECT_EQ(table.bytes_at(5'000), 0U);
  EXPECT_EQ(table.count(5'000 / kSegmentRecords), 0U);
}

TEST(AnnotationTables, keep_what_is_longest) {
  AnnotationTable table;
  const Annotations longest{std::string(kClientReferenceBytesMax, 'r'), std::string(kMetadataBytesMax, 'm'),
                            std::string(kCustomerIdBytesMax, 'c')};
  table.set(3, longest);
  EXPECT_EQ(table.at(3), longest);
}

}  // namespace
}  // namespace doorbuster::sale
