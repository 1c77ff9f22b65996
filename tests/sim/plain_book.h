// The units and holds of a log, counted on the fingers.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "sale/machine/events.h"
#include "sale/machine/retention.h"
#include "sim/cells.h"
#include "sim/plan.h"
#include "sim/question.h"
#include "sim/trace.h"

namespace doorbuster::sim {

class PlainBook {
 public:
  PlainBook(Promises& promises, const Plan& plan, CellId cell) : promises_(promises), plan_(plan), cell_(cell) {}

  void begin_moment(Timestamp at) {
    if (at < at_) promises_.breaks("time went back in the log");
    at_ = at;
  }
  void hear(const sale::SaleCreated& event) {
    if (!plan_.may_be_in(plan_.number_of(event.settings.id), cell_))
      promises_.breaks("sale " + event.settings.id + " is in another cell than its own");
    if (!created_.insert(event.settings.id).second)
      promises_.breaks("sale " + event.settings.id + " was created twice");
    const bool is_pass = event.settings.queue == sale::QueueKind::kPass;
    sales_[event.sale] = {event.settings.units, event.settings.per_customer, grace_of(event.settings),
                          is_pass ? sale::kRememberVisit : sale::kRememberResolved};
  }
  void hear(const sale::SaleChanged& event) {
    sales_[event.sale].units = event.settings.units;
    sales_[event.sale].per_customer = event.settings.per_customer;
    sales_[event.sale].grace = grace_of(event.settings);
    check_stock(event.sale);
  }
  void hear(const sale::Held& event) {
    const bool is_new = holds_.try_emplace(event.hold, Held{event.customer, event.sale, event.expires_at}).second;
    if (!is_new) promises_.breaks(name(event.hold) + " is in the log twice");
    ++sales_[event.sale].taken;
    const uint32_t has = ++sales_[event.sale].units_of[event.customer];
    if (has > sales_[event.sale].per_customer) promises_.breaks("a customer has more units than one may have");
    check_stock(event.sale);
  }
  void hear(const sale::HoldReleased& event) {
    end(event.sale, event.hold);
    const auto found = holds_.find(event.hold);
    if (found != holds_.end() && !found->second.tried)
      found->second.expires_at = std::min(found->second.expires_at, at_);
  }
  void hear(const sale::HoldExpired& event) {
    if (const auto found = holds_.find(event.hold); found != holds_.end()) {
      const Held& hold = found->second;
      const Timestamp may_end_at = hold.expires_at + (hold.is_paying ? sales_[event.sale].grace : Duration());
      if (at_ < may_end_at) promises_.breaks(name(event.hold) + " expired too early");
    }
    end(event.sale, event.hold);
  }
  void hear(const sale::PaymentSucceeded& event) {
    const auto found = holds_.find(event.hold);
    if (found == holds_.end() || found->second.over || std::exchange(found->second.sold, true)) {
      promises_.breaks(name(event.hold) + " was sold when it was over");
    }
  }
  void hear(const sale::PaymentLate& event) {
    const auto found = holds_.find(event.hold);
    if (found == holds_.end() || (!found->second.over && !found->second.sold)) {
      promises_.breaks("money for " + name(event.hold) + " is to be refunded, and it could have bought the unit");
    }
  }
  void hear(const sale::PaymentStarted& event) {
    if (const auto found = holds_.find(event.hold); found != holds_.end()) {
      found->second.tried = true;
      found->second.is_paying = true;
    }
  }
  void hear(const sale::PaymentFailed& event) {
    if (const auto found = holds_.find(event.hold); found != holds_.end()) found->second.is_paying = false;
  }
  // Nothing is forgotten that lives or was sold; early only what was never paid for, if there is enough of that or the
  // tables are too full for it.
  void hear(const sale::HoldForgotten& event) {
    const auto found = holds_.find(event.hold);
    if (found == holds_.end() || !found->second.over) {
      return promises_.breaks(name(event.hold) + " was forgotten before it was over");
    }
    const auto is_theirs = [&](const auto& other) {
      return other.second.over && !other.second.tried && other.second.sale == event.sale &&
             other.second.customer == found->second.customer;
    };
    Duration remembered = sales_[event.sale].remembers;
    if (plan_.is_tight && !found->second.tried) remembered = std::min(remembered, sale::kRememberAbandoned);
    const bool is_early = at_ < found->second.expires_at + remembered;
    const bool is_surplus = std::ranges::count_if(holds_, is_theirs) > int64_t{sale::kMaxUntriedHolds};
    if (is_early && (found->second.tried || !is_surplus)) {
      promises_.breaks(name(event.hold) + " was forgotten too early");
    }
    holds_.erase(found);
  }
  template <class Other>
  void hear(const Other&) {}

  // The ids of the sales that were created here.
  [[nodiscard]] const std::set<std::string>& created() const { return created_; }

 private:
  struct Held {
    CustomerHash customer;
    sale::SaleNumber sale;
    Timestamp expires_at;
    bool tried = false;
    bool is_paying = false;
    bool over = false;
    bool sold = false;
  };
  struct Stock {
    uint32_t units = 0;
    uint32_t per_customer = 1;
    Duration grace = {};  // of a payment under way, behind the end of its hold
    Duration remembers = {};
    uint32_t taken = 0;
    std::map<CustomerHash, uint32_t> units_of = {};
  };

  static Duration grace_of(const sale::Settings& settings) { return Duration::seconds(settings.payment_grace_seconds); }

  [[nodiscard]] std::string name(sale::HoldNumber hold) const { return text_of(outside(cell_, hold)); }

  void end(sale::SaleNumber sale, sale::HoldNumber hold) {
    const auto found = holds_.find(hold);
    if (found == holds_.end() || found->second.sold || std::exchange(found->second.over, true)) {
      return promises_.breaks(name(hold) + " ended when it was over");
    }
    --sales_[sale].taken;
    --sales_[sale].units_of[found->second.customer];
  }
  void check_stock(sale::SaleNumber sale) {
    const Stock& stock = sales_[sale];
    if (stock.taken > stock.units) {
      promises_.breaks("sale " + std::to_string(sale.value()) + " has given " + std::to_string(stock.taken) + " of " +
                       std::to_string(stock.units) + " units");
    }
  }

  Promises& promises_;
  const Plan& plan_;
  const CellId cell_;
  Timestamp at_;
  std::set<std::string> created_;
  std::map<sale::SaleNumber, Stock> sales_;
  std::map<sale::HoldNumber, Held> holds_;
};

}  // namespace doorbuster::sim
