// The shop's staff: put the sales on, and then meddle with them.
#pragma once

#include "sim/customer.h"

namespace doorbuster::sim {

class Operators {
 public:
  explicit Operators(Shop& shop) : shop_(shop) {}

  void open_shop();
  void meddle();
  // The day is over: what is paused goes on or ends, so that everything can drain.
  void wind_up(const CellStates& states);
  void close_all();

 private:
  // A request that makes a sale, and what a draw of it waits for.
  struct Creation {
    std::optional<Timestamp> public_at;
    sale::Cause cause;
  };

  [[nodiscard]] sale::Cause cause();
  void create(size_t sale);
  void create(size_t sale, const Creation& creates, const std::vector<Creation>& before);
  void create_again(size_t sale, const Creation& creates);
  [[nodiscard]] std::optional<Timestamp> next_beacon(size_t sale) const;
  void give_beacon(size_t sale, const sale::Cause& cause);
  void give_another_value(size_t sale);
  void act(sale::SaleNumber sale, sale::SaleAction action);
  void change_units(sale::SaleNumber sale);
  void remove_somebody();
  void release_something();

  Shop& shop_;
  uint64_t keys_ = 0;
};

}  // namespace doorbuster::sim
