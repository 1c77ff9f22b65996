// The sale once more, as plainly as it can be said: lists, linear scans, no timers, no events, no indices. The model
// test holds the machine to it.
//
// It does not foretell the numbers of holds and entries, which are the machine's own business, but adopts them from the
// machine's replies, and sees to it that none is given twice. It wants a tick before every decision, and whole
// milliseconds.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "sale/machine/machine.h"

namespace doorbuster::sale {

class Reference {
 public:
  Reference(const Capacity& capacity, Timestamp now) : capacity_(capacity), next_tick_(now.micros() / 1'000) {}

  // What the machine should answer. `numbers` is what it did answer: only new numbers are taken from it.
  Reply decide(const Command& command, Timestamp now, const Reply& numbers);
  void tick(Timestamp now);
  // The machine was started anew from its log.
  void restart(Timestamp now) {
    next_tick_ = now.micros() / 1'000;
    sweep_at_.reset();
    sweep_if_crowded(now);
  }

  [[nodiscard]] PublicStatus status_of(uint32_t sale) const;
  [[nodiscard]] const std::string& message_of(uint32_t sale) const { return sales_[sale].message; }
  [[nodiscard]] uint32_t sale_count() const { return static_cast<uint32_t>(sales_.size()); }
  [[nodiscard]] bool is_archived(SaleNumber sale) const {
    return sale.value() < sales_.size() && sales_[sale.value()].archived;
  }
  [[nodiscard]] bool has_terms(SaleNumber number, std::optional<TermsTag> terms) const {
    const Offering& sale = sales_[number.value()];
    return !terms || terms_tag(sale.settings, sale.message) == *terms;
  }
  [[nodiscard]] const std::string& id_of(uint32_t sale) const { return sales_[sale].settings.id; }
  // The deadlines to come, for time steps that just reach or just miss one.
  [[nodiscard]] std::vector<Timestamp> deadlines() const;

 private:
  struct Offering {  // a sale
    Settings settings;
    SaleState state;
    bool archived = false;
    bool published = false;
    Timestamp closed_at;
    Timestamp claims_until;
    std::optional<Timestamp> all_held_at;
    std::optional<Timestamp> all_sold_at;
    uint32_t last_position = 0;
    uint32_t now_serving = 0;
    uint32_t offers = 0;
    uint32_t claims = 0;
    Timestamp pace_from;  // the k-th offer since then comes k / outflow minutes later
    int64_t paced_offers = 0;
    std::vector<Timestamp> given_back{};  // until when the place in the outflow of each is good that nobody claimed
    Digest secret{};                      // and the rest of a draw
    std::optional<Beacon> beacon{};
    std::string value{};
    bool is_closed = false;
    bool is_drawn = false;
    std::vector<Digest> leaves{};
    std::vector<uint32_t> places{};  // by leaf
    std::string message{};
  };
  struct Reservation {  // a hold
    HoldNumber number;
    uint32_t sale;
    CustomerHash customer;
    Idempotency idempotency;
    Timestamp expires_at;
    int entry = -1;
    HoldState state = HoldState::kHeld;
    bool forgotten = false;
    std::vector<Idempotency> payments;
    uint8_t attempts = 0;
    uint8_t sold_by = 0;
    std::set<uint8_t> succeeded;
    std::set<uint8_t> failed;
    std::set<uint8_t> refunded;
    std::map<std::pair<uint8_t, std::string>, MoneyState> unexpected;  // by attempt and reference
    std::map<std::pair<uint8_t, std::string>, Money> paid;
    std::pair<uint8_t, std::string> bought_with;
    Annotations annotations{};  // what its entry has not
    CustomerKind kind{};
  };
  struct Visitor {  // an entry
    EntryNumber number;
    uint32_t sale;
    CustomerHash customer;
    Idempotency idempotency;
    uint32_t arrival;  // 0: delayed, or was until it was over
    EntryState state = EntryState::kWaiting;
    Timestamp claim_until;  // or, while it is delayed, the end of its minute
    int hold = -1;
    bool forgotten = false;
    Annotations annotations{};
    CustomerKind kind{};
  };
  struct Due {
    int64_t tick;
    char kind;  // 'h'old, 'e'ntry, 's'ale
    size_t index;
  };

  Reply on(const CreateSale& command);
  Reply on(const ChangeSale& command);
  Reply change_settings(const ChangeSale& command);
  Reply on(const ActOnSale& command);
  Reply on(const GiveBeacon& command);
  Reply on(const Join& command);
  Reply on(const Leave& command);
  Reply on(const RemoveEntry& command);
  Reply on(const Reserve& command);
  Reply on(const Release& command);
  Reply on(const StartPayment& command);
  Reply on(const SettlePayment& command);
  Reply take_money(const SettlePayment& command, int index);
  void fail_attempt(Reservation& hold, uint8_t attempt);
  Reply on(const SettleRefund& command);
  Reply on(const LookUpHold& command);
  Reply on(const LookUpEntry& command);

  Reply say(Outcome outcome, SaleNumber sale) const;
  Reply say_hold(Outcome outcome, int index) const;
  Reply say_entry(Outcome outcome, int index) const;
  std::optional<Reply> repeated(const Idempotency& asked) const;
  void remember(const Cause& cause, SaleNumber sale);
  Reply hold_for(const Reserve& command, int entry);
  [[nodiscard]] Annotations annotations_of_entry(int entry) const {
    return entry < 0 ? Annotations{} : entries_[static_cast<size_t>(entry)].annotations;
  }
  // Of a table, or of a memory: what the sale in question has, and what the others.
  struct Taken {
    uint64_t own = 0;
    uint64_t own_guests = 0;
    uint64_t others = 0;
    uint64_t others_guests = 0;
    template <class Record>
    void add_all(const std::vector<Record>& records, SaleNumber sale,
                 const std::function<uint64_t(const Record&)>& amount);
  };
  [[nodiscard]] Outcome room_beside(const Taken& taken, uint64_t capacity, CustomerKind kind, uint64_t wanted) const;
  [[nodiscard]] bool has_room_for(const Annotations& annotations, SaleNumber sale, CustomerKind kind) const;
  template <class Record>
  static uint64_t count_kept(const std::vector<Record>& records) {
    return static_cast<uint64_t>(std::ranges::count(records, false, &Record::forgotten));
  }
  // Of a table, whether one more of such a customer's may be kept.
  template <class Record>
  [[nodiscard]] Outcome room_in(const std::vector<Record>& records, uint64_t capacity, SaleNumber sale,
                                CustomerKind kind) const;
  [[nodiscard]] bool is_crowded() const {
    return count_kept(holds_) > capacity_.holds / 2 || count_kept(entries_) > capacity_.entries / 2;
  }
  void sweep_if_crowded(Timestamp now) {
    if (!sweep_at_ && is_crowded()) sweep_at_ = now + Duration::seconds(10);
  }
  void sweep();
  [[nodiscard]] bool is_forgettable(const Visitor& entry) const;

  int find(HoldNumber number) const;
  int find_forgotten(HoldNumber number) const;
  int find(EntryNumber number) const;
  int newest_hold(SaleNumber sale, const CustomerHash& customer) const;
  int newest_entry(SaleNumber sale, const CustomerHash& customer) const;
  uint32_t count(uint32_t sale, HoldState state) const;
  uint32_t count(uint32_t sale, EntryState state) const;
  uint32_t available(uint32_t sale) const;
  uint32_t units_of(SaleNumber sale, const CustomerHash& customer) const;
  EntryState state_of(const Visitor& entry) const;
  uint32_t position_of(const Visitor& entry) const;
  static Digest root_of(std::span<const Digest> leaves);
  static std::string error_in(const Settings& settings, const std::optional<Beacon>& beacon);
  [[nodiscard]] bool has_passed(const std::optional<Beacon>& beacon) const;
  static void draw(Offering& sale);
  std::set<uint8_t> due_refunds(const Reservation& hold) const;
  Timestamp end_of_claim(const Visitor& entry) const;
  Timestamp next_offer_at(const Offering& sale) const;

  void end_hold(Reservation& hold, HoldState to);
  void forget(Reservation& hold);
  [[nodiscard]] bool is_pass(uint32_t sale) const { return sales_[sale].settings.queue == QueueKind::kPass; }
  [[nodiscard]] bool stands_in_between(const Visitor& entry) const;
  void forget_surplus();
  static bool is_over(const Reservation& hold);
  void note_moments(uint32_t sale);
  void move(uint32_t sale, SaleState to);
  void move_by_time(uint32_t sale);
  void place(uint32_t sale);
  [[nodiscard]] bool is_delayed(const Visitor& entry) const {
    return entry.arrival == 0 && state_of(entry) == EntryState::kWaiting;
  }
  [[nodiscard]] Timestamp placement_due(const Visitor& entry) const;
  void offer(uint32_t sale);
  void move_lines() {
    for (uint32_t sale = 0; sale < sales_.size(); ++sale) place(sale);
    for (uint32_t sale = 0; sale < sales_.size(); ++sale) offer(sale);
  }
  void withdraw(Visitor& entry, EntryState to);
  void end_offer(Visitor& entry, EntryState to);
  // An end that an operator has moved into the past is noticed by the next tick, or by whoever asks for their offer.
  void end_sale_of_offer(int entry);
  void archive(uint32_t sale);
  void happen(const Due& due);
  std::optional<Timestamp> deadline(const Reservation& hold) const;
  std::optional<Timestamp> deadline(const Visitor& entry) const;
  std::optional<Timestamp> deadline(uint32_t sale) const;
  std::vector<Due> agenda() const;

  Capacity capacity_;
  int64_t next_tick_;
  Timestamp now_;
  std::optional<Timestamp> sweep_at_;  // while a table is more than half full
  Reply numbers_;
  std::vector<Offering> sales_;
  std::vector<Reservation> holds_;
  std::vector<Visitor> entries_;
  struct Request {
    Idempotency idempotency;
    SaleNumber sale;
  };
  std::deque<Request> requests_;
};

template <class Record>
void Reference::Taken::add_all(const std::vector<Record>& records, SaleNumber sale,
                               const std::function<uint64_t(const Record&)>& amount) {
  for (const Record& record : records) {
    if (record.forgotten) continue;
    const bool is_own = record.sale == sale.value();
    (is_own ? own : others) += amount(record);
    if (record.kind == CustomerKind::kGuest) (is_own ? own_guests : others_guests) += amount(record);
  }
}

template <class Record>
Outcome Reference::room_in(const std::vector<Record>& records, uint64_t capacity, SaleNumber sale,
                           CustomerKind kind) const {
  Taken taken;
  taken.add_all<Record>(records, sale, [](const Record&) { return 1; });
  if (taken.own + taken.others == capacity) return Outcome::kLimitReached;
  return room_beside(taken, capacity, kind, 1);
}

}  // namespace doorbuster::sale
