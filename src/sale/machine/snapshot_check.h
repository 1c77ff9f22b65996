// Whether the records of a snapshot fit each other. A checksum tells that bytes are the ones that were written; this
// tells that they are a state there can be, so that nothing later trips over a list without an end or a count of
// nothing.
#pragma once

#include <vector>

#include "sale/machine/state.h"

namespace doorbuster::sale {

class SnapshotCheck {
 public:
  // The heads of the lists of free slots are read from the snapshot too.
  SnapshotCheck(const State& state, uint32_t free_holds, uint32_t free_entries)
      : state_(state),
        free_holds_(free_holds),
        free_entries_(free_entries),
        tallies_(state.sale_slots()),
        lines_(state.sale_slots()) {}

  // Linear in the records. Uses no index of the state: those are built afterwards.
  [[nodiscard]] bool passes();
  // By the sales' slots, the slots of each one's entries that have a place, in the order of their arrival; of use only
  // if it passed.
  [[nodiscard]] const std::vector<std::vector<uint32_t>>& lines() const { return lines_; }
  // Those that are their customer's newest.
  [[nodiscard]] std::vector<uint32_t> newest_holds() const;
  [[nodiscard]] std::vector<uint32_t> newest_entries() const;

 private:
  struct Tally {
    uint32_t held = 0;
    uint32_t paying = 0;
    uint32_t sold = 0;
    uint32_t refunds_due = 0;
    uint32_t offered = 0;
    uint32_t waiting = 0;
    uint32_t entries = 0;  // that have a place
    uint32_t delayed = 0;
  };

  [[nodiscard]] bool fits(const Sale& sale) const;
  [[nodiscard]] bool fits(const Hold& hold, uint32_t slot) const;
  [[nodiscard]] bool fits(const Entry& entry, uint32_t slot) const;
  [[nodiscard]] bool count(const Hold& hold, uint32_t slot);
  [[nodiscard]] bool count(const Entry& entry, uint32_t slot);
  [[nodiscard]] bool adds_up(const Sale& sale) const;
  [[nodiscard]] bool sort_line_with_gaps(const Sale& sale);
  [[nodiscard]] std::vector<uint32_t> line_by_position(const Sale& sale) const;
  [[nodiscard]] bool stands_in_line(const Sale& sale) const;
  [[nodiscard]] bool waits_for_places(const Sale& sale) const;
  [[nodiscard]] bool chains_end() const;
  [[nodiscard]] bool free_slots_are_listed() const;
  [[nodiscard]] bool count(const MoneyKey& key, const KnownMoney& money);

  [[nodiscard]] const Sale& sale_of(uint32_t number) const { return state_.sale_at(number); }

  const State& state_;
  uint32_t free_holds_;
  uint32_t free_entries_;
  std::vector<Tally> tallies_;
  std::vector<std::vector<uint32_t>> lines_;
  std::vector<bool> has_newer_hold_;
  std::vector<bool> has_newer_entry_;
};

}  // namespace doorbuster::sale
