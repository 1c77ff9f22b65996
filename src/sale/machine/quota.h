// How the tables of holds and entries are shared out, so that no sale, and no crowd of guests, fills them for others
// (docs/decisions/0071).
//
// A sale may have a percentage of what the other sales leave of a table: a dynamic threshold, as switches give their
// queues of one memory (Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches",
// IEEE/ACM Transactions on Networking 6(2), 1998). One that is alone may have nearly all of it, and there is always
// some left for the next, however many there are. Guests have a percentage of each table, of which their sales take in
// the same way, and of each sale's part no more than that: the rest is for customers whom a shop's token names. Of that
// they keep what there is, also where a sale's part has shrunk since guests filled it, because others have come.
//
// Pure arithmetic over counts, so it costs the same whatever is in the tables.
#pragma once

#include <cstdint>

#include "base/assert.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

// Records of a table, and how many of them are guests'.
struct RecordCount {
  uint32_t all = 0;
  uint32_t guests = 0;

  void add(CustomerKind kind) {
    ++all;
    guests += kind == CustomerKind::kGuest;
  }
  void remove(CustomerKind kind) {
    ASSERT(all > 0 && (kind != CustomerKind::kGuest || guests > 0));
    --all;
    guests -= kind == CustomerKind::kGuest;
  }
  constexpr bool operator==(const RecordCount&) const = default;
};

struct RecordCounts {
  RecordCount holds;
  RecordCount entries;
  [[nodiscard]] uint64_t total() const { return uint64_t{holds.all} + entries.all; }
  constexpr bool operator==(const RecordCounts&) const = default;
};

// A table, and what each may have of it, in percent from 1 to 100.
struct SharedTable {
  uint32_t capacity = 0;
  uint32_t sale_percent = 0;
  uint32_t guest_percent = 0;
  RecordCount used;  // by all sales
};

// Whether a sale that has `of_sale` of the table may have one more for a customer of that kind: kDone, or why not.
[[nodiscard]] Outcome room_for(CustomerKind kind, const SharedTable& table, const RecordCount& of_sale);

}  // namespace doorbuster::sale
