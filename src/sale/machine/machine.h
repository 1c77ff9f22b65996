// The machine that decides: all sales of one cell, as a pure function of its log.
//
// decide(command, now) answers, and records the events that make the answer true; tick(now) does what time alone brings
// about (a sale opens, an offer lapses, a hold expires, the next in line is offered a unit). Both change the state only
// through the events they record, so applying a log gives the same state (apply, then go_live). The machine never asks
// for the time, and `now` never goes back.
//
// The invariants of the contract are assertions in apply.cc and, for a whole state, in invariants.h.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/event_sink.h"
#include "base/timer_wheel.h"
#include "sale/machine/command.h"
#include "sale/machine/state.h"

namespace doorbuster::sale {

class Machine {
 public:
  // What its batches and its snapshots say of it.
  static constexpr std::string_view kKind = "sale";
  static constexpr uint32_t kSnapshotVersion = 8;

  using Command = sale::Command;
  using Reply = sale::Reply;
  // What everybody may know, once it is durable. Settings and message come along when one of them is new.
  struct Publication {
    PublicStatus status;
    std::unique_ptr<const Settings> settings;
    std::string message;
    std::optional<Beacon> beacon;         // named at its creation
    std::vector<CustomerHash> newcomers;  // who got a hold or an entry in it since
  };

  explicit Machine(const Capacity& capacity, EntryNamer namer = plain_entry_name);

  // --- Replay: load a snapshot into a fresh machine, if there is one, apply batches in order, then go_live once. ---

  [[nodiscard]] Result<void> load_part(Bytes part) { return state_.load_part(part); }
  [[nodiscard]] Result<void> finish_load() { return state_.finish_load(); }
  [[nodiscard]] Result<void> load(Bytes bytes) { return state_.load(bytes); }  // all parts at once
  [[nodiscard]] Result<void> apply(Bytes payload, Timestamp at);
  // Arms every deadline. `now` is not before the last batch.
  void go_live(Timestamp now);

  // --- Life. ---

  [[nodiscard]] Reply decide(const Command& command, Timestamp now, EventSink& events);
  // Does at most about `limit` things that are due; false if more are left, and then it has to be called again before
  // anything is decided at this `now`.
  [[nodiscard]] bool tick(Timestamp now, size_t limit, EventSink& events);
  // No tick is needed before this moment.
  [[nodiscard]] Timestamp next_deadline() const { return timers_.next_deadline_hint(); }
  // A hint that `command` will be decided soon: its place in memory is fetched meanwhile.
  void prefetch(const Command& command) const;

  // Calls take(Publication&&) for each sale that has changed since the last call.
  template <class Take>
  void take_publications(Take&& take) {
    for (const SaleNumber sale : changed_sales_) {
      take(publication_of(sale));
    }
    changed_sales_.clear();
  }

  // A snapshot of the state as it is now, in parts between which the machine goes on deciding (state.h).
  void begin_snapshot() { state_.begin_snapshot(); }
  [[nodiscard]] bool save_part(std::vector<std::byte>& out, size_t bytes = State::kPartBytes) {
    return state_.save_part(out, bytes);
  }
  void drop_snapshot() { state_.drop_snapshot(); }
  void save(std::vector<std::byte>& out) const { state_.save(out); }  // all parts at once

  [[nodiscard]] const State& state() const { return state_; }

 private:
  // One decision: what it needs beside the state.
  struct Step {
    Timestamp now;
    EventSink& events;
  };

  Reply on(const CreateSale& command, Step& step);
  Reply on(const ChangeSale& command, Step& step);
  Reply on(const ActOnSale& command, Step& step);
  Reply on(const GiveBeacon& command, Step& step);
  Reply on(const Join& command, Step& step);
  Reply on(const Leave& command, Step& step);
  Reply on(const RemoveEntry& command, Step& step);
  Reply on(const Reserve& command, Step& step);
  Reply on(const Release& command, Step& step);
  Reply on(const StartPayment& command, Step& step);
  Reply on(const SettlePayment& command, Step& step);
  Reply on(const SettleRefund& command, Step& step);
  Reply on(const LookUpHold& command, Step& step);
  Reply on(const LookUpEntry& command, Step& step);

  // Writes the event down, applies it, and sees to the deadlines that it moved.
  template <class E>
  void record(E&& event, Step& step);
  // What has to be known of what an event touches before it changes it.
  struct Before {
    bool all_held = true;
    bool all_sold = true;
    std::vector<uint32_t> passed;  // who had left while others before them waited
  };
  [[nodiscard]] Before look_before(const Touched& touched) const;
  void follow_up(const Touched& touched, const Before& before, Step& step);
  void rearm_hold(uint32_t slot);
  void rearm_entry(uint32_t slot);
  [[nodiscard]] std::optional<Timestamp> entry_deadline(uint32_t slot) const;
  void rearm_sale(SaleNumber sale);
  void rearm_line(SaleNumber sale, Timestamp now);
  // What of a sale has changed since it was last published.
  enum class Change : uint8_t { kNone, kStatus, kSettings };
  void mark_changed(SaleNumber sale, Change change);
  [[nodiscard]] Publication publication_of(SaleNumber sale);

  void on_hold_due(uint32_t slot, Step& step);
  void on_entry_due(uint32_t slot, Timestamp due, Step& step);
  void on_sale_due(SaleNumber sale, Timestamp due, Step& step);
  void archive_some(SaleNumber sale, Step& step);
  void open(SaleNumber sale, Step& step);
  void offer_to_next(SaleNumber sale, Step& step);
  void offer_where_changed(Step& step);
  void expire_if_due(HoldNumber number, Step& step);
  void forget(HoldNumber number, Step& step);
  void forget_surplus(Step& step);
  void forget_surplus_of(SaleNumber sale, CustomerHash customer, Step& step);
  void lapse_if_due(uint32_t slot, Step& step);
  void resolve_due_holds_of(SaleNumber sale, const CustomerHash& customer, Step& step);

  [[nodiscard]] std::optional<Reply> repeated_request(const Cause& cause) const;
  [[nodiscard]] std::optional<Reply> repeated_reserve(const Reserve& command) const;
  [[nodiscard]] std::optional<Reply> repeated_join(const Join& command) const;
  [[nodiscard]] std::optional<Reply> refuse_change(const ChangeSale& command, const Sale& sale) const;
  [[nodiscard]] std::optional<Reply> refuse_by_state(const Sale& sale, SaleNumber number) const;
  [[nodiscard]] std::optional<Reply> refuse_over_limit(const Reserve& command, const Sale& sale) const;
  [[nodiscard]] uint32_t units_of(SaleNumber sale, const CustomerHash& customer) const;
  [[nodiscard]] uint32_t surplus_from(uint32_t newest) const;
  [[nodiscard]] uint32_t vain_payments_of(const Hold& hold) const;
  [[nodiscard]] uint32_t vain_entries_of(const Sale& sale, uint32_t newest) const;
  [[nodiscard]] bool is_owned(const Hold* hold, const std::optional<CustomerHash>& customer) const;
  Reply hold_for(const Reserve& command, std::optional<EntryNumber> entry, Step& step);
  [[nodiscard]] std::optional<SaleState> target_of(SaleAction action, const Sale& sale) const;

  [[nodiscard]] Reply answer(Outcome outcome, SaleNumber sale) const;
  [[nodiscard]] Reply answer_hold(Outcome outcome, uint32_t slot) const;
  [[nodiscard]] Reply answer_entry(Outcome outcome, uint32_t slot) const;

  // Timers: holds first, then entries, then sales.
  [[nodiscard]] TimerWheel::Timer hold_timer(uint32_t slot) const { return slot; }
  [[nodiscard]] TimerWheel::Timer entry_timer(uint32_t slot) const { return state_.capacity().holds + slot; }
  [[nodiscard]] TimerWheel::Timer sale_timer(SaleNumber sale) const {
    return state_.capacity().holds + state_.capacity().entries + sale.value();
  }

  State state_;
  TimerWheel timers_;
  std::vector<Change> changes_;
  std::vector<std::vector<CustomerHash>> newcomers_;  // by sale
  std::vector<SaleNumber> changed_sales_;
  std::vector<SaleNumber> offer_sales_;  // whose line may move in this step
  std::vector<HoldNumber> ended_;        // without being bought, in this step
  // Where each sale that is being archived has got to, and what may still be done for it at this time.
  struct Sweep {
    uint32_t holds = 0;
    uint32_t entries = 0;
  };
  std::map<SaleNumber, Sweep> sweeps_;
  Timestamp swept_at_;
  uint32_t looks_left_ = 0;
  uint32_t records_left_ = 0;
};

// When the hold, the entry or the sale next has to be looked at, if ever; a sale's line apart.
[[nodiscard]] std::optional<Timestamp> deadline_of(const Hold& hold, const Sale& sale);
[[nodiscard]] std::optional<Timestamp> deadline_of(const Entry& entry, const Sale& sale);
[[nodiscard]] std::optional<Timestamp> deadline_of(const Sale& sale);

}  // namespace doorbuster::sale
