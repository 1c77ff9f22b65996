// The tables of a cell by the plainest bookkeeping there is: whose each record is, whether a sale or all guests have
// more than their share when somebody gets one, and whether what is forgotten came to nothing long enough ago.
#pragma once

#include <map>
#include <optional>

#include "sale/machine/state.h"
#include "sim/trace.h"

namespace doorbuster::sim {

class QuotaBook {
 public:
  QuotaBook(Promises& promises, const sale::Capacity& capacity) : promises_(promises), capacity_(capacity) {}

  void hear(const sale::SaleCreated& event, Timestamp at);
  void hear(const sale::SaleMoved& event, Timestamp at);
  void hear(const sale::Enrolled& event, Timestamp at);
  void hear(const sale::Joined& event, Timestamp at);
  void hear(const sale::JoinDelayed& event, Timestamp at);
  void hear(const sale::OfferLapsed& event, Timestamp at);
  void hear(const sale::EntryLeft& event, Timestamp at);
  void hear(const sale::EntryRemoved& event, Timestamp at);
  void hear(const sale::EntryForgotten& event, Timestamp at);
  void hear(const sale::Held& event, Timestamp at);
  void hear(const sale::HoldReleased& event, Timestamp at);
  void hear(const sale::HoldExpired& event, Timestamp at);
  void hear(const sale::HoldForgotten& event, Timestamp at);
  void hear(const sale::RecordsForgotten& event, Timestamp at);
  template <class Other>
  void hear(const Other&, Timestamp) {}

  // Whether the state has the same counts.
  void compare(const sale::State& state) const;

 private:
  struct Entry {
    sale::SaleNumber sale;
    sale::CustomerKind kind;
    std::optional<Timestamp> over_since;
    bool was_removed = false;
    std::optional<sale::HoldNumber> hold;
  };
  struct Hold {
    sale::SaleNumber sale;
    sale::CustomerKind kind;
    std::optional<sale::EntryNumber> entry;
  };
  struct Count {
    uint64_t all = 0;
    uint64_t guests = 0;
  };
  struct OfSale {
    bool is_pass = false;
    std::optional<Timestamp> closed_at;
  };

  template <class Records>
  [[nodiscard]] static Count count_of(const Records& records, std::optional<sale::SaleNumber> sale);
  template <class Records>
  void check_share(const Records& records, uint32_t capacity, sale::SaleNumber sale, sale::CustomerKind kind,
                   const char* what) const;
  void arrive(sale::EntryNumber number, sale::SaleNumber sale, sale::CustomerKind kind);
  void end(sale::EntryNumber number, Timestamp at, bool was_removed = false);
  void end(sale::HoldNumber number, Timestamp at);
  void expect(bool holds, const char* sentence) const;

  Promises& promises_;
  const sale::Capacity& capacity_;
  std::map<sale::SaleNumber, OfSale> sales_;
  std::map<sale::EntryNumber, Entry> entries_;
  std::map<sale::HoldNumber, Hold> holds_;
};

}  // namespace doorbuster::sim
