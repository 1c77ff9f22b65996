// What the sale tells, as events of visitors: who holds a unit has it in their cart, who has paid has bought it, whose
// money went back has cancelled; and a sale that is over or sold out can't be had. Read from the sale's deliveries
// (docs/webhooks.md), and told to the cell as anybody's events are: each once, by the id of its delivery.
//
// The item is the one of which the shop says that this sale sells it; without such, the sale, by its id. The user is
// the customer, by the hash under which the sale knows them. Nothing is listened to before the shop has put an item
// into the catalogue: whoever uses no recommendations pays for none.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "platform/api/waiting_line.h"
#include "platform/webhooks/delivery_follower.h"
#include "recs/api/names.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {

class SaleEvents final : public platform::DeliveryAudience {
 public:
  struct Ports {
    std::function<std::string(const std::string& sale)> item_of;  // its name
    std::function<void(const std::string&)> on_trouble;
  };
  // All outlive it.
  SaleEvents(const Names& names, const std::atomic<bool>& has_catalogue, Ports ports)
      : names_(names), has_catalogue_(has_catalogue), ports_(std::move(ports)) {}

  // To be attached to the cell.
  [[nodiscard]] platform::WaitingLine<RecsMachine>::Port& port() { return line_.port(); }

  [[nodiscard]] bool listens() const override { return has_catalogue_.load(std::memory_order_acquire); }
  void hear(const platform::Delivery& delivery) override;
  void end_turn() override;
  [[nodiscard]] std::string state_format() const override { return "recs-sales-1"; }
  // kUnavailable: what was heard is not in the log yet, so that it has to be heard again.
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override;
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override;

 private:
  // So many holds are known by who has them; a refund of an older one cancels nothing.
  static constexpr size_t kHoldsMax = 500'000;

  void add_row(const platform::Delivery& delivery, const std::string& sale, EventKind kind, const NameHash& user);
  void set_stock(const std::string& sale, bool in_stock);
  void remember(const std::string& hold, const NameHash& user);
  [[nodiscard]] Result<void> tell();

  const Names& names_;
  const std::atomic<bool>& has_catalogue_;
  const Ports ports_;
  platform::WaitingLine<RecsMachine> line_;
  std::map<std::string, NameHash, std::less<>> holders_;  // by hold
  std::deque<std::string> holds_;                         // the oldest first
  std::deque<RecsMachine::Command> to_tell_;
};

}  // namespace doorbuster::recs
