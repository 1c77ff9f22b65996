#include "sim/inspection.h"

#include <algorithm>
#include <set>

#include "platform/views/memory_store.h"
#include "sim/events_on_disk.h"
#include "sim/line_book.h"
#include "sim/quota_book.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

std::vector<std::byte> bytes_of(const sale::Machine& machine) {
  std::vector<std::byte> bytes;
  machine.save(bytes);
  return bytes;
}

// Units and holds, counted on the fingers.
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
  std::map<sale::SaleNumber, Stock> sales_;
  std::map<sale::HoldNumber, Held> holds_;
};

}  // namespace

void inspect_replay_of(Site& site, CellId cell, const sale::Machine& machine) {
  const auto live = bytes_of(machine);
  for (const From from : {From::kLogAlone, From::kSnapshotAndLog}) {
    const auto replayed = machine_on_disk(site.disk, cell, from);
    if (!replayed) return site.promises.breaks("the log can't be read: " + replayed.error().message);
    if (bytes_of(**replayed) != live) {
      return site.promises.breaks(from == From::kLogAlone ? "the log alone gives another state than the server has"
                                                          : "snapshot and log give another state than the server has");
    }
  }
}

void inspect_replay(Site& site, const Server& server) {
  for (const CellId cell : server.cells()) inspect_replay_of(site, cell, server.machine(cell));
}

void inspect_logs(Site& site) {
  std::set<std::string> created;
  for (uint32_t cell = 0; cell < site.cells(); ++cell) {
    PlainBook book(site.promises, site.plan, CellId(cell));
    for_each_event_on_disk(site, CellId(cell), [&](const auto& event, Timestamp at) {
      if constexpr (std::is_same_v<decltype(event), const sale::SaleCreated&>) {
        const bool is_new = created.insert(event.settings.id).second;
        if (!is_new) site.promises.breaks("sale " + event.settings.id + " was created twice");
      }
      book.begin_moment(at);
      book.hear(event);
    });
  }
}

void inspect_lines(Site& site, const Server& server) {
  for (const CellId cell : server.cells()) {
    LineBook book(site.promises);
    for_each_event_on_disk(site, cell, [&](const auto& event, Timestamp at) { book.hear(event, at); });
    book.compare(server.machine(cell).state());
    QuotaBook quotas(site.promises, site.plan.capacity);
    for_each_event_on_disk(site, cell, [&](const auto& event, Timestamp at) { quotas.hear(event, at); });
    quotas.compare(server.machine(cell).state());
  }
}

// All that the views know, as they would save it.
std::vector<std::byte> known_to(const sale::Views& views) {
  platform::MemoryStore store;
  const auto writer = store.write("views");
  ASSERT(views.save(**writer).has_value() && (*writer)->commit().has_value());
  std::vector<std::byte> known;
  for (const auto& part : store.states()["views"]) known.insert(known.end(), part.begin(), part.end());
  return known;
}

// Whatever was saved, taken up again and heard since, the views know what they would know if they had heard everything.
void inspect_views_of(Site& site, CellId cell, const sale::Views& followed) {
  log::MemoryLog log(site.disk);
  sale::Views views(log, cell, sale::sealed_entry_name(ServerKeys::get().ids()), {},
                    {.on_trouble = [](const std::string&) {}});
  views.follower().note_durable(cell, Sequence(UINT64_MAX));
  for (Sequence before(UINT64_MAX); before != views.position();) {
    before = views.position();
    views.follower().turn();
  }
  // Behind its views the server's outbox is saved.
  const std::vector<std::byte> anew = known_to(views);
  const std::vector<std::byte> kept = known_to(followed);
  if (anew.size() > kept.size() || !std::equal(anew.begin(), anew.end(), kept.begin())) {
    site.promises.breaks("the views know something else than when they are built anew");
  }
}

void inspect_views(Site& site, const Server& server) {
  for (const CellId cell : server.cells()) inspect_views_of(site, cell, server.views(cell));
}

void inspect_money(Site& site, const CellStates& states, const Bank& bank) {
  uint32_t bought = 0;
  for (const auto& [order, payment] : bank.books()) {
    const PaymentOf what = payment_of(order);
    const sale::Hold* hold = states.find(what.hold);
    const bool has_unit = hold != nullptr && hold->sold_by_attempt == what.attempt;
    bought += has_unit;
    const bool bought_by_second = payment.is_paid_twice && payment.refunds_of_second.empty();
    const int taken = int{payment.taken} + int{payment.is_paid_twice};
    const int returned = int{!payment.refunds.empty()} + int{!payment.refunds_of_second.empty()};
    if (has_unit && taken == 0) site.promises.breaks("a unit was sold for which no money was taken: " + order);
    if (has_unit && payment.paid != payment.price && !bought_by_second) {
      site.promises.breaks("a unit was sold for another amount: " + order);
    }
    if (has_unit && taken > 0 && returned >= taken) {
      site.promises.breaks("money was refunded, and the unit is sold: " + order);
    }
    if (returned + int{has_unit} < taken) {
      site.promises.breaks("money was taken for nothing and not refunded: " + order);
    }
    if (payment.refunds.size() > 1 || payment.refunds_of_second.size() > 1)
      site.promises.breaks("money was refunded twice: " + order);
  }
  uint32_t sold = 0;
  states.for_each_sale([&](sale::SaleNumber, const sale::Sale& sale) { sold += sale.sold; });
  if (bought != sold) site.promises.breaks("units were sold that the bank knows nothing of");
}

void inspect_rest(Site& site, Server& server) {
  const auto page = server.directory().page();
  server.states().for_each_sale([&](sale::SaleNumber number, const sale::Sale& sale) {
    const CellId cell = sale::cell_of(number);
    const std::string name = "at the quiet end sale " + std::to_string(number.value());
    if (sale.held + sale.paying + sale.offered > 0) site.promises.breaks(name + " still has units in between");
    if (sale.refunds_due > 0) site.promises.breaks(name + " still owes a refund");
    if (sale.available + sale.sold != sale.settings.units) site.promises.breaks(name + " has lost count of its units");
    const sale::Listing* listing = page->find(number);
    if (listing == nullptr || listing->status() != server.machine(cell).state().status_of(number)) {
      site.promises.breaks(name + " shows other numbers than it has");
    }
    const auto paid = server.views(cell).look(
        number, [&](const sale::SaleViews& views) { return views.reports.of(number).payments_succeeded; });
    if (paid != sale.sold) {
      site.promises.breaks(name + " reports other sales than it made");
    }
  });
  const auto backlog = server.outboxes().backlog();
  if (backlog.payments_open + backlog.refunds_due > 0) {
    site.promises.breaks("at the quiet end " + std::to_string(backlog.payments_open) + " payments and " +
                         std::to_string(backlog.refunds_due) + " refunds are still open");
  }
}

}  // namespace doorbuster::sim
