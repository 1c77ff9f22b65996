// How the tables of holds and entries, and the memory for what is attached to them, are shared out, so that no sale,
// and no crowd of guests, fills them for others (docs/decisions/0071).
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

// How much of a table, or of a memory, is used, and how much of that guests use.
struct Usage {
  uint64_t all = 0;
  uint64_t guests = 0;

  void add(CustomerKind kind, uint64_t amount = 1) {
    all += amount;
    guests += kind == CustomerKind::kGuest ? amount : 0;
  }
  void remove(CustomerKind kind, uint64_t amount = 1) {
    ASSERT(all >= amount && (kind != CustomerKind::kGuest || guests >= amount));
    all -= amount;
    guests -= kind == CustomerKind::kGuest ? amount : 0;
  }
  constexpr bool operator==(const Usage&) const = default;
};

struct Usages {
  Usage holds;
  Usage entries;
  Usage attached;  // bytes
  [[nodiscard]] uint64_t records() const { return holds.all + entries.all; }
  constexpr bool operator==(const Usages&) const = default;
};

// What is shared, and what each may have of it, in percent from 1 to 100.
struct SharedRoom {
  uint64_t capacity = 0;  // at most 2^50
  uint32_t sale_percent = 0;
  uint32_t guest_percent = 0;
  Usage used;  // by all sales
};

// Whether a sale that has `of_sale` of the room may have so much more for a customer of that kind: kDone, or why not.
[[nodiscard]] Outcome room_for(CustomerKind kind, const SharedRoom& room, const Usage& of_sale, uint64_t wanted = 1);

}  // namespace doorbuster::sale
