#include "sale/machine/types.h"

#include <array>

#include "base/assert.h"

namespace doorbuster::sale {
namespace {

template <class Enum, size_t kCount>
std::string_view pick(const std::array<std::string_view, kCount>& names, Enum value) {
  ASSERT(static_cast<size_t>(value) < kCount);
  return names[static_cast<size_t>(value)];
}

}  // namespace

std::string_view name_of(QueueKind kind) {
  static constexpr std::array<std::string_view, 4> kNames = {"none", "fifo", "draw", "pass"};
  return pick(kNames, kind);
}

std::string_view name_of(SaleState state) {
  static constexpr std::array<std::string_view, 6> kNames = {"draft", "scheduled", "prequeue",
                                                             "open",  "paused",    "closed"};
  return pick(kNames, state);
}

std::string_view name_of(HoldState state) {
  static constexpr std::array<std::string_view, 6> kNames = {"free", "held", "paying", "sold", "released", "expired"};
  return pick(kNames, state);
}

std::string_view name_of(EntryState state) {
  static constexpr std::array<std::string_view, 10> kNames = {"free",   "waiting", "offered", "holding", "paying",
                                                              "bought", "lapsed",  "left",    "removed", "missed"};
  return pick(kNames, state);
}

std::string_view name_of(MoneyReason reason) {
  static constexpr std::array<std::string_view, 3> kNames = {"another_amount", "second_payment", "nothing_is_left"};
  return pick(kNames, reason);
}

std::string_view name_of(RefundState state) {
  static constexpr std::array<std::string_view, 3> kNames = {"none", "due", "done"};
  return pick(kNames, state);
}

}  // namespace doorbuster::sale
