// Forgetting the holds and entries of sales that were closed long ago, a slice at a time.
#pragma once

#include <map>

#include "sale/machine/retention.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

struct Step;

// Where each sale that is being archived has got to, and what may still be done for it at this time of the clock.
struct Archiving {
  struct Sweep {
    uint32_t holds = 0;
    uint32_t entries = 0;
  };
  std::map<SaleNumber, Sweep> sweeps;
  Timestamp swept_at;
  Slice slice;
};

// Forgets some of the sale's records, and sees to it that the rest follows.
void archive_some(SaleNumber sale, Step& step);

}  // namespace doorbuster::sale
