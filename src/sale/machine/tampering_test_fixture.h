// States with one thing wrong, for tests that see it noticed.
#pragma once

#include <functional>
#include <vector>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {

// A state that may be written to, past everything that keeps it sound.
struct Tampering {
  explicit Tampering(const std::vector<std::byte>& snapshot) { EXPECT_TRUE(state.load(snapshot).has_value()); }

  Sale& sale(uint32_t number) { return state.sales_.mutate(SaleNumber(number)); }
  Hold& hold(uint32_t slot) { return state.holds_.mutate(slot); }
  Entry& entry(uint32_t slot) { return state.entries_.mutate(slot); }
  Hold& hold_of(uint32_t sale, uint64_t who) { return hold(state.newest_hold_of(SaleNumber(sale), customer(who))); }
  uint32_t entry_slot_of(uint64_t who) { return state.entry_of(SaleNumber(1), customer(who)); }
  Entry& visitor(uint64_t who) { return entry(state.entry_of(SaleNumber(3), customer(who))); }
  Entry& entry_of(uint64_t who) { return entry(entry_slot_of(who)); }
  static uint32_t& remainder(Outflow& outflow) { return outflow.remainder_; }
  static auto& given_back(Outflow& outflow) { return outflow.given_back_; }
  uint32_t& free_holds() { return state.free_holds_; }
  uint32_t& free_entries() { return state.free_entries_; }
  auto& older_payments() { return state.older_payments_; }
  auto& known_money() { return state.known_money_; }
  AnnotationTable& hold_annotations() { return state.hold_annotations_; }
  uint64_t& bought_with(uint32_t slot) { return state.bought_with_[slot]; }
  std::vector<std::byte> bytes() {
    std::vector<std::byte> all;
    state.save(all);
    return all;
  }

  State state{kSmall};
};

struct Wrong {
  const char* what;
  std::function<void(Tampering&)> how;
};

class TamperingFixture : public MachineFixture {
 protected:
  void expect_refused(const std::vector<Wrong>& cases) {
    for (const Wrong& wrong : cases) {
      Tampering tampering(saved(machine_));
      wrong.how(tampering);
      State state(kSmall);
      EXPECT_FALSE(state.load(tampering.bytes()).has_value()) << wrong.what;
    }
  }

  void expect_noticed(const std::vector<Wrong>& cases) {
    for (const Wrong& wrong : cases) {
      Tampering tampering(saved(machine_));
      wrong.how(tampering);
      EXPECT_NE(broken_invariants(tampering.state), std::vector<std::string>()) << wrong.what;
    }
  }
};

}  // namespace doorbuster::sale
