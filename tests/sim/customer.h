// One customer, or guest: comes, stands in line, reserves, gives back or pays or forgets, and asks again when nobody
// answers. Some can not make up their minds: they come and go until the bounds of one customer stop them.
#pragma once

#include <optional>
#include <vector>

#include "sim/bank.h"
#include "sim/clients.h"
#include "sim/server_keys.h"
#include "sim/watchers.h"

namespace doorbuster::sim {

// What customers and operators know of each other's world.
struct Shop {
  Site& site;
  Clients& clients;
  Bank& bank;
  Watchers& watchers;
  std::vector<std::optional<sale::SaleNumber>> sales;  // by their place in the plan, once they are created
  std::vector<sale::HoldNumber> known_holds;           // for thieves and operators
  std::vector<sale::EntryNumber> known_entries;
  std::vector<std::pair<sale::HoldNumber, CustomerHash>> guests_holds;  // for forgers
};

class Customer {
 public:
  Customer(Shop& shop, uint32_t number, size_t sale)
      : shop_(shop),
        number_(number),
        sale_(sale),
        hash_(settings().guests && number % 3 == 1 ? ServerKeys::get().stranger(number)
                                                   : ServerKeys::get().customer(number)),
        is_fickle_(number % 6 == 3),
        patience_(is_fickle_ ? 60 : 12) {}

  void arrive();

 private:
  // Does it after a while, unless the quiet end has come.
  void soon(int64_t least_seconds, int64_t most_seconds, void (Customer::*act)());
  [[nodiscard]] const sale::Settings& settings() const { return shop_.site.plan.sales[sale_]; }
  [[nodiscard]] sale::Idempotency fresh_key() { return {number_ * 1'000 + ++keys_, 1}; }
  // What most of them attach to what they ask for now: other words each time, which say whose they are.
  [[nodiscard]] Annotations some_annotations() const;
  [[nodiscard]] bool chance(uint64_t one_in) { return shop_.site.random.chance(one_in); }

  void join();
  void joined(const Heard& reply);
  void look_at_entry();
  void watch_entry();
  void heard_of_entry(sale::EntryState state);
  void saw_entry(const sale::EntryView& entry);
  void leave();
  void reserve();
  void reserved(const Heard& reply);
  void repeat_reserve();
  void decide_about_hold();
  void come_again(int64_t most_seconds);
  void release();
  void pay();
  void go_to_bank();
  void look_at_order();
  void look_at_hold();
  void steal();
  void forge();

  Shop& shop_;
  const uint32_t number_;
  const size_t sale_;
  CustomerHash hash_;  // a guest's changes with their first answer
  const bool is_fickle_;
  uint32_t patience_;  // how often they start again
  uint32_t keys_ = 0;
  std::optional<sale::EntryNumber> entry_;
  std::optional<sale::EntryNumber> watched_;  // by a stream, instead of looks, until it is their turn
  std::optional<sale::HoldNumber> hold_;
  sale::Idempotency reserve_key_;
  Annotations reserve_annotations_;
  std::optional<sale::HoldNumber> paying_;
  std::string pay_at_;  // the bank's address, once it is known
  uint32_t bank_visits_ = 0;
};

}  // namespace doorbuster::sim
