// What the machine's tests share: a machine with a clock in seconds, a recorded log, and words for what people do.
//
// Every step checks the invariants; every test ends by replaying its log and by loading its snapshot.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "sale/machine/invariants.h"
#include "sale/machine/machine.h"

namespace doorbuster::sale {

// Of which one sale, and guests, may have all: what they may have is in quota_test.cc.
inline constexpr Capacity kSmall = {
    .sales = 4, .holds = 64, .entries = 64, .operator_keys = 16, .sale_share_percent = 100, .guest_share_percent = 100};
inline constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);
inline constexpr double kDay = 24 * 3600;

// Seconds after the start.
inline Timestamp at(double seconds) { return kStart + Duration::micros(static_cast<int64_t>(seconds * 1e6)); }

// A key of 7 belongs to the request with body 7; as_other_body() sends the key with another body.
inline Idempotency key(uint64_t number) { return {number, number * 1'000}; }
inline Idempotency with_other_body(Idempotency idempotency) { return {idempotency.key, idempotency.fingerprint + 1}; }

inline CustomerHash customer(uint64_t number) { return {number, number * 0x9E3779B97F4A7C15}; }
inline Cause by_operator(Idempotency idempotency = {}) { return {"op-1", "because", idempotency}; }

inline std::vector<std::byte> saved(const Machine& machine) {
  std::vector<std::byte> bytes;
  machine.save(bytes);
  return bytes;
}

// The same in every cell: a draw's leaves are made of it.
inline std::array<char, kEntryIdBytes> entry_name(SaleNumber sale, EntryNumber entry) {
  return plain_entry_name(SaleNumber(index_of(sale)), entry);
}

struct RecordedBatch {
  std::vector<std::byte> payload;
  Timestamp time;
};

inline std::vector<std::byte> replayed(const std::vector<RecordedBatch>& log, const Capacity& capacity,
                                       CellId cell = CellId{0}) {
  Machine machine(capacity, entry_name, cell);
  for (const RecordedBatch& batch : log) EXPECT_TRUE(machine.apply(batch.payload, batch.time).has_value());
  return saved(machine);
}

inline std::vector<std::byte> loaded_and_saved(const std::vector<std::byte>& snapshot, const Capacity& capacity,
                                               CellId cell = CellId{0}) {
  Machine machine(capacity, entry_name, cell);
  EXPECT_TRUE(machine.load(snapshot).has_value());
  return saved(machine);
}

class MachineFixture : public testing::Test {
 protected:
  MachineFixture() { machine_.go_live(kStart); }

  void TearDown() override {
    EXPECT_EQ(replayed(log_, kSmall), saved(machine_)) << "the log gives another state";
    EXPECT_EQ(loaded_and_saved(saved(machine_), kSmall), saved(machine_)) << "the snapshot gives another state";
  }

  // Everything happens at seconds(), which advances to `moment` and never goes back.
  MachineFixture& at_second(double moment) {
    ASSERT(at(moment) >= now_);
    now_ = at(moment);
    std::vector<std::byte> payload;
    EventSink sink{payload};
    while (!machine_.tick(now_, 1'000, sink)) {
    }
    record(std::move(payload));
    return *this;
  }

  // Decides without a tick before it: what is due has to be seen by the decision itself.
  Reply decide_between_ticks(const Command& command, double moment) {
    now_ = at(moment);
    return decide(command);
  }

  Reply decide(const Command& command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    const std::vector<std::byte> before = saved(machine_);
    const Reply reply = machine_.decide(command, now_, sink);
    EXPECT_TRUE(!payload.empty() || saved(machine_) == before) << "something changed without an event";
    record(std::move(payload));
    return reply;
  }

  static Settings settings(QueueKind queue, uint32_t units) {
    Settings settings;
    settings.id = "ps5";
    settings.title = "PS5";
    settings.units = units;
    settings.queue = queue;
    settings.opens_at = at(10);
    return settings;
  }

  Reply create(Settings settings, bool draft = false, Idempotency idempotency = {}) {
    return decide(CreateSale{std::make_unique<Settings>(std::move(settings)), draft, by_operator(idempotency)});
  }
  // A sale that is open, at second 10.
  void open(Settings settings) {
    ASSERT_EQ(create(std::move(settings)).outcome, Outcome::kDone);
    at_second(10);
  }
  Reply change(SettingsPatch patch, Idempotency idempotency = {}) {
    return decide(ChangeSale{kSale, std::make_unique<SettingsPatch>(std::move(patch)), by_operator(idempotency)});
  }
  Reply act(SaleAction action, Idempotency idempotency = {}) {
    return decide(ActOnSale{kSale, action, by_operator(idempotency)});
  }
  Reply reserve(uint64_t who, Idempotency idempotency = {}) {
    return decide(Reserve{kSale, customer(who), idempotency});
  }
  Reply join(uint64_t who, Idempotency idempotency = {}) { return decide(Join{kSale, customer(who), idempotency}); }
  Reply leave(EntryNumber entry, uint64_t who) { return decide(Leave{entry, customer(who)}); }
  Reply remove(EntryNumber entry, Idempotency idempotency = {}) {
    return decide(RemoveEntry{entry, by_operator(idempotency)});
  }
  Reply release(HoldNumber hold, uint64_t who) { return decide(Release{hold, customer(who), {}}); }
  Reply release_by_operator(HoldNumber hold, Idempotency idempotency = {}) {
    return decide(Release{hold, std::nullopt, by_operator(idempotency)});
  }
  Reply pay(HoldNumber hold, uint64_t who, Idempotency idempotency = {}) {
    return decide(StartPayment{hold, customer(who), idempotency});
  }
  // With what was asked for, unless another amount is named.
  Reply succeed(HoldNumber hold, uint8_t attempt, const std::string& reference = "paid",
                std::optional<Money> paid = {}) {
    const Sale* sale = machine_.state().find_sale(kSale);
    const Money price = sale == nullptr ? Money{0, Currency("XXX")} : price_of(sale->settings);
    return decide(SettlePayment{hold, attempt, PaymentResult::kSucceeded, reference, paid.value_or(price), kSale});
  }
  Reply fail_payment(HoldNumber hold, uint8_t attempt) {
    return decide(SettlePayment{hold, attempt, PaymentResult::kFailed, "declined"});
  }
  Reply refund(HoldNumber hold, uint8_t attempt, const std::string& reference = "refunded",
               std::optional<Money> amount = {}) {
    return decide(SettleRefund{hold, attempt, reference, amount, kSale});
  }
  Reply look(HoldNumber hold, std::optional<CustomerHash> who = {}) { return decide(LookUpHold{hold, who}); }
  Reply look(EntryNumber entry, std::optional<CustomerHash> who = {}) { return decide(LookUpEntry{entry, who}); }
  HoldNumber held_by(uint64_t who) {
    const Reply reply = reserve(who);
    EXPECT_EQ(reply.outcome, Outcome::kDone);
    return reply.hold->number;
  }
  [[nodiscard]] PublicStatus status() const { return machine_.state().status_of(kSale); }
  [[nodiscard]] bool is_archived() const { return machine_.state().archived_id(kSale) != nullptr; }

  static constexpr SaleNumber kSale{0};
  Machine machine_{kSmall};
  std::vector<RecordedBatch> log_;
  Timestamp now_ = kStart;

 private:
  void record(std::vector<std::byte> payload) {
    EXPECT_EQ(broken_invariants(machine_.state()), std::vector<std::string>());
    if (!payload.empty()) log_.push_back({std::move(payload), now_});
  }
};

// With a hold that is being paid for, and what became of its money.
class PaymentFixture : public MachineFixture {
 protected:
  HoldNumber paying(uint64_t who) {
    const HoldNumber hold = held_by(who);
    EXPECT_EQ(pay(hold, who).outcome, Outcome::kDone);
    return hold;
  }
  HoldState state_of(HoldNumber hold) { return look(hold).hold->state; }
  RefundState refund_of(HoldNumber hold) { return look(hold).hold->refund; }
  uint32_t refunds_due() { return machine_.state().sale_at(0).refunds_due; }
};

}  // namespace doorbuster::sale
