// What the tests of archiving share: a machine of a capacity of their own, whose steps are recorded. It is looked at
// when a test ends, and not after each step: there are thousands.
#pragma once

#include <utility>
#include <vector>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {

class ArchivingFixture : public testing::Test {
 protected:
  explicit ArchivingFixture(const Capacity& capacity) : capacity_(capacity), machine_(capacity) {
    machine_.go_live(now_);
  }
  void TearDown() override {
    EXPECT_EQ(replayed(log_, capacity_), saved(machine_));
    EXPECT_EQ(loaded_and_saved(saved(machine_), capacity_), saved(machine_));
    EXPECT_EQ(broken_invariants(machine_.state()), std::vector<std::string>());
  }

  // A sale that is open at once.
  void open(Settings settings) {
    settings.opens_at = now_;
    expect_done(CreateSale{std::make_unique<Settings>(std::move(settings)), false, {}});
  }
  void close(SaleNumber sale) { expect_done(ActOnSale{sale, SaleAction::kClose, by_operator()}); }
  Reply decide(const Command& command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    Reply reply = machine_.decide(command, now_, sink);
    keep(std::move(payload));
    return reply;
  }
  Reply expect_done(const Command& command) {
    Reply reply = decide(command);
    EXPECT_EQ(reply.outcome, Outcome::kDone);
    return reply;
  }
  // How many events it brought.
  size_t pass(Duration time) {
    now_ = now_ + time;
    std::vector<std::byte> payload;
    EventSink sink{payload};
    EXPECT_TRUE(machine_.tick(now_, 10'000, sink));
    keep(std::move(payload));
    return sink.count;
  }
  // Lets the machine and another that has its state live through the same time.
  void pass_with(Machine& other, Duration time) {
    now_ = now_ + time;
    std::vector<std::byte> payload;
    EventSink sink{payload};
    EXPECT_TRUE(other.tick(now_, 10'000, sink));
    if (!payload.empty()) {
      ASSERT_TRUE(machine_.apply(payload, now_).has_value());
    }
    keep(std::move(payload));
  }
  [[nodiscard]] bool is_archived(SaleNumber sale) const { return machine_.state().archived_id(sale) != nullptr; }
  [[nodiscard]] bool has_nothing_due() const { return machine_.next_deadline() == Timestamp::from_micros(INT64_MAX); }

  const Capacity capacity_;
  Machine machine_;
  Timestamp now_ = kStart;
  std::vector<RecordedBatch> log_;

 private:
  void keep(std::vector<std::byte> payload) {
    if (!payload.empty()) log_.push_back({std::move(payload), now_});
  }
};

}  // namespace doorbuster::sale
