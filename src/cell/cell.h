// The single writer of one machine and one log.
//
// A cell takes commands from its ports, decides a whole turn of them, and lets no answer go before the log has said
// that everything the answer rests on is durable. While one batch is being made durable the next one fills (group
// commit: DeWitt et al., SIGMOD 1984, 3.2), so batches grow with the load and one sync serves all of them. What is
// published follows the same rule.
//
// A Cell has no thread and no clock: whoever drives it (CellRunner in a Host, with many threads or with none) calls
//
//   turn(now); begin_append() while it gives a batch: append that to the log, anywhere, then finish_append(outcome)
//
// A refusal makes no event; with nothing under way it is answered in the same turn and costs no disk.
//
// A snapshot is of the state after one batch. It begins when that batch is handed out, before anything is decided on
// top of it, and its parts are asked for between turns, when the batch is durable; the machine goes on deciding.
//
// After kUnknown everything stays as it is until the log has been opened again: what it ends with says whether the
// batch in flight is there. Only if the log has gone on without us is it replayed (docs/decisions/0016).
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bug_zoo.h"
#include "base/event_sink.h"
#include "cell/any_cell.h"
#include "cell/machine.h"
#include "cell/pending_batch.h"
#include "cell/port.h"

namespace doorbuster::cell {

struct CellOptions {
  size_t commands_a_turn = 1'024;  // decided at one time
  size_t timers_a_turn = 4'096;    // expired, lapsed, opened at one time
  size_t events_a_batch = 16'384;  // a fuller batch waits for the one before it, and commands wait in their rings
  uint64_t events_a_snapshot = 1'000'000;     // after so many events the machine's state is saved
  Duration doubt_max = Duration::seconds(1);  // so long answers wait for a store that does not know; then they say so
  std::string owner = {};                     // what the log's table of cells calls this process
};

template <Machine M>
class Cell final : public AnyCell {
 public:
  using PortType = Port<M>;
  using Publication = typename M::Publication;
  using MakeMachine = std::function<std::unique_ptr<M>()>;
  using Publish = std::function<void(Publication&&)>;

  // `publish` is called on the driving thread for what has become durable.
  Cell(CellId id, log::Log& log, MakeMachine make, Publish publish, const CellOptions& options = {})
      : id_(id), log_(log), make_(std::move(make)), publish_(std::move(publish)), options_(options) {}

  // Clients are attached before the first turn and outlive it.
  void attach(PortType& port) {
    port.attach(tell_asked_);
    ports_.push_back(&port);
  }
  void on_asked(std::function<void()> asked) override { tell_asked_ = std::move(asked); }
  // Called on the driving thread, before anybody else hears that the events are durable.
  void on_traced(OnTraced tell) { on_traced_ = std::move(tell); }

  [[nodiscard]] CellId id() const override { return id_; }
  [[nodiscard]] log::Log& log() override { return log_; }
  [[nodiscard]] log::Lease& lease() override { return lease_; }
  [[nodiscard]] Ownership ownership() const override { return ownership_; }
  [[nodiscard]] Sequence durable_tail() const override { return durable_; }
  [[nodiscard]] bool is_appending() const override { return appending_; }
  [[nodiscard]] bool is_quiet() const override { return !in_flight_ && pending_.empty(); }
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] bool has_machine() const { return machine_ != nullptr; }
  [[nodiscard]] const M& machine() const { return *machine_; }

  bool turn(Timestamp wall) override {
    if (ownership_ != Ownership::kOwner) {
      if (is_in_doubt() && wall >= doubt_until_) give_up_doubt();
      return refuse_everything() > 0;
    }
    if (is_full()) return false;
    now_ = bug_planted(Bug::kClockGoesBack) ? wall : std::max(now_, wall);
    FrameWriter frame(pending_.payload);
    frame.begin(now_);
    EventSink sink{pending_.payload};
    const bool nothing_due = machine_->tick(now_, options_.timers_a_turn, sink);
    const size_t decided = nothing_due ? decide(sink) : 0;
    frame.end(sink.count);
    if (pending_.events == 0) pending_.since = now_;
    pending_.events += sink.count;
    machine_->take_publications(
        [&](Publication&& publication) { pending_.publications.push_back(std::move(publication)); });
    if (bug_planted(Bug::kReplyBeforeDurable)) pending_.release_answers();
    if (bug_planted(Bug::kPublishBeforeDurable)) pending_.release_publications(publish_);
    release_if_it_rests_on_nothing();
    return decided > 0 || sink.count > 0 || !nothing_due;
  }

  [[nodiscard]] std::optional<log::Batch> begin_append() override {
    if (!owns_log() || appending_) return std::nullopt;
    const bool again = in_flight_;
    if (!again && pending_.events == 0) return std::nullopt;
    before_ = lease_;
    appending_ = in_flight_ = true;
    if (!again) {
      std::swap(in_flight_batch_, pending_);
      in_flight_at_ = now_;
      begin_snapshot_if_due();
    }
    return batch_in_flight();
  }

  [[nodiscard]] Timestamp batch_since() const override { return in_flight_batch_.since; }

  void note_traces() override { in_flight_batch_.release_traces(before_.tail + 1, on_traced_); }

  void finish_append(log::Appended outcome) override {
    ASSERT(std::exchange(appending_, false));
    const bool believed = outcome == log::Appended::kUnknown && bug_planted(Bug::kUnknownIsDurable);
    if (outcome == log::Appended::kDurable || believed) return finish_durable();
    drop_any_snapshot();
    if (outcome == log::Appended::kFenced) return lose(Ownership::kFenced, ReplyStatus::kUnavailable);
    if (ownership_ == Ownership::kDraining) return lose(Ownership::kReleased, ReplyStatus::kUnknown);
    ownership_ = Ownership::kRecovering;
    doubt_until_ = now_ + options_.doubt_max;
  }

  void wake_clients() override {
    for (PortType* port : ports_) port->wake_client();
  }

  [[nodiscard]] Timestamp next_deadline() const override {
    constexpr Timestamp kNever = Timestamp::from_micros(INT64_MAX);
    if (ownership_ == Ownership::kOwner) return is_full() ? kNever : machine_->next_deadline();
    return is_in_doubt() ? doubt_until_ : kNever;
  }

  [[nodiscard]] Resumed resume(const log::Lease& lease, Timestamp wall) override {
    ASSERT(!owns_log() && !appending_);
    now_ = std::max(now_, wall);
    const Resumed found = is_in_doubt() ? compare(lease) : Resumed::kReplay;
    if (found == Resumed::kReplay) {
      lose(Ownership::kRecovering, ReplyStatus::kUnknown);
      return found;
    }
    lease_ = lease;
    ownership_ = Ownership::kOwner;
    if (found == Resumed::kDurable) finish_durable();
    return found;  // or else begin_append() hands the batch out again
  }

  [[nodiscard]] Result<Recovered> replay(const log::Lease& lease) override {
    std::unique_ptr<M> fresh;
    const Recovered recovered = TRY(replay_log(log_, lease, make_, fresh));
    fresh->go_live(std::max(now_, recovered.last_time));
    replayed_ = {std::move(fresh), recovered};
    return recovered;
  }

  void install() override {
    ASSERT(ownership_ != Ownership::kOwner && is_quiet() && replayed_.machine != nullptr);
    machine_ = std::move(replayed_.machine);
    lease_ = replayed_.recovered.lease;
    durable_ = lease_.tail;
    begun_at_ = saved_at_ = replayed_.recovered.snapshot_at;
    now_ = std::max(now_, replayed_.recovered.last_time);
    machine_->take_publications(publish_);
    ownership_ = Ownership::kOwner;
  }

  [[nodiscard]] log::Opener opener() const override {
    return {.kind = log::MachineKind(M::kKind), .owner = options_.owner};
  }

  // All of the above, for whoever has no other thread about.
  [[nodiscard]] Result<Recovered> recover(Timestamp wall) {
    const log::Lease lease = TRY(log_.open(id_, opener()));
    const Resumed found = resume(lease, wall);
    if (found != Resumed::kReplay) return Recovered{.lease = lease, .resumed = found, .last_time = now_};
    const Recovered recovered = TRY(replay(lease));
    install();
    return recovered;
  }

  void begin_release() override {
    if (bug_planted(Bug::kReleaseBeforeDurable)) return lose(Ownership::kReleased, ReplyStatus::kUnavailable);
    if (ownership_ == Ownership::kOwner) ownership_ = Ownership::kDraining;
    if (ownership_ == Ownership::kRecovering) lose(Ownership::kReleased, ReplyStatus::kUnknown);
  }
  void finish_release() override {
    ASSERT(ownership_ == Ownership::kDraining && is_quiet());
    lose(Ownership::kReleased, ReplyStatus::kUnknown);
  }
  void give_up_doubt() override {
    in_flight_batch_.abandon_answers(ReplyStatus::kUnknown);
    pending_.abandon_answers(ReplyStatus::kUnknown);
    doubt_until_ = Timestamp::from_micros(INT64_MAX);
  }

  void begin_snapshot() override {
    ASSERT(owns_log() && is_quiet());
    drop_any_snapshot();
    freeze(lease_.tail);
    snapshot_->head.chain = lease_.chain;
    snapshot_->is_durable = true;
  }
  [[nodiscard]] std::optional<SnapshotToWrite> snapshot_to_write() const override {
    if (!snapshot_ || !snapshot_->is_durable) return std::nullopt;
    const log::SnapshotHead& head = snapshot_->head;
    const log::Lease lease{.cell = id_, .epoch = lease_.epoch, .tail = head.at, .chain = head.chain};
    return SnapshotToWrite{.number = snapshots_, .lease = lease, .head = head};
  }
  [[nodiscard]] SnapshotPart save_part(uint64_t number, std::vector<std::byte>& part) override {
    if (!snapshot_ || number != snapshots_) return SnapshotPart::kGone;
    ASSERT(snapshot_->is_durable && snapshot_->is_frozen);
    snapshot_->is_frozen = machine_->save_part(part);
    return snapshot_->is_frozen ? SnapshotPart::kAdded : SnapshotPart::kLast;
  }
  void finish_snapshot(uint64_t number, SnapshotEnd end) override {
    if (!snapshot_ || number != snapshots_) return;
    if (end == SnapshotEnd::kSaved) saved_at_ = snapshot_->head.at;
    drop_any_snapshot();
  }
  [[nodiscard]] uint64_t events_since_snapshot() const override { return durable_.value() - saved_at_.value(); }

 private:
  struct Asked {
    PortType* port;
    typename PortType::Request request;
  };
  struct Snapshot {
    log::SnapshotHead head;
    bool is_durable = false;  // the batch that it is the state after; only then is its chain known
    bool is_frozen = true;    // the machine has parts of it
  };
  struct Replayed {
    std::unique_ptr<M> machine;
    Recovered recovered;
  };

  [[nodiscard]] bool owns_log() const { return ownership_ == Ownership::kOwner || ownership_ == Ownership::kDraining; }

  [[nodiscard]] bool is_full() const { return pending_.events >= options_.events_a_batch; }
  // Nobody knows whether the batch in flight is durable.
  [[nodiscard]] bool is_in_doubt() const { return in_flight_ && ownership_ == Ownership::kRecovering; }

  // Takes commands from every port in turn. A prefetch runs so far ahead of the decisions that memory has answered, and
  // not so far that what it brought is gone again.
  size_t decide(EventSink& sink) {
    asked_.clear();
    const size_t share = std::max<size_t>(1, options_.commands_a_turn / std::max<size_t>(1, ports_.size()));
    for (PortType* port : ports_) {
      port->take_requests(share,
                          [&](typename PortType::Request&& request) { asked_.push_back({port, std::move(request)}); });
    }
    static constexpr size_t kPrefetched = 16;
    for (size_t i = 0; i < std::min(kPrefetched, asked_.size()); ++i) machine_->prefetch(asked_[i].request.command);
    for (size_t i = 0; i < asked_.size(); ++i) {
      if (i + kPrefetched < asked_.size()) machine_->prefetch(asked_[i + kPrefetched].request.command);
      const Asked& asked = asked_[i];
      const uint32_t before = sink.count;
      pending_.answers.push_back(
          {asked.port,
           {asked.request.ticket, ReplyStatus::kDecided, machine_->decide(asked.request.command, now_, sink)}});
      if (asked.request.trace && sink.count > before)
        pending_.traces.push_back({pending_.events + before, sink.count - before, *asked.request.trace});
    }
    return asked_.size();
  }

  // Answers only when the requests are out of their ring: whoever has an answer may ask again, and relies on the room.
  size_t refuse_everything() {
    asked_.clear();
    for (PortType* port : ports_) {
      port->take_requests(port->capacity(),
                          [&](typename PortType::Request&& request) { asked_.push_back({port, std::move(request)}); });
    }
    for (const Asked& asked : asked_) asked.port->answer({asked.request.ticket, ReplyStatus::kUnavailable, {}});
    return asked_.size();
  }

  [[nodiscard]] log::Batch batch_in_flight() const {
    return {.first = before_.tail + 1,
            .count = in_flight_batch_.events,
            .at = in_flight_at_,
            .payload = in_flight_batch_.payload};
  }

  void finish_durable() {
    in_flight_ = false;
    durable_ = lease_.tail;
    if (snapshot_ && !snapshot_->is_durable) {
      if (!std::exchange(snapshot_->is_frozen, true)) machine_->begin_snapshot();  // a planted bug
      snapshot_->head.chain = lease_.chain;
      snapshot_->is_durable = true;
    }
    note_traces();
    in_flight_batch_.release(publish_);
    release_if_it_rests_on_nothing();
  }
  void release_if_it_rests_on_nothing() {
    if (!in_flight_ && pending_.events == 0) pending_.release(publish_);
  }

  // Whether the opened log ends with the batch in flight, just before it, or with something else.
  [[nodiscard]] Resumed compare(const log::Lease& opened) const {
    const log::Batch batch = batch_in_flight();
    const auto ends = [&](Sequence tail, const Digest& chain) {
      return opened.tail == tail && (opened.chain == chain || bug_planted(Bug::kResumeByTailAlone));
    };
    if (ends(before_.tail, before_.chain)) return Resumed::kAppendAgain;
    return ends(log::last_of(batch), log::chain_after(before_, batch)) ? Resumed::kDurable : Resumed::kReplay;
  }

  // The machine has decided what nobody will ever see: it goes, and whoever waits hears of that.
  void lose(Ownership ownership, ReplyStatus status) {
    drop_any_snapshot();
    in_flight_batch_.abandon(status);
    pending_.abandon(status);
    in_flight_ = false;
    machine_.reset();
    ownership_ = ownership;
  }

  void begin_snapshot_if_due() {
    const Sequence at = log::last_of(batch_in_flight());
    if (!snapshot_ && at.value() - begun_at_.value() >= options_.events_a_snapshot) freeze(at);
  }
  void freeze(Sequence at) {
    const bool late = bug_planted(Bug::kSnapshotOfLaterState);
    if (!late) machine_->begin_snapshot();
    ++snapshots_;
    begun_at_ = at;
    snapshot_ = {.head = {.at = at,
                          .chain = {},
                          .time = now_,
                          .kind = log::MachineKind(M::kKind),
                          .version = M::kSnapshotVersion},
                 .is_frozen = !late};
  }
  void drop_any_snapshot() {
    if (snapshot_ && snapshot_->is_frozen) machine_->drop_snapshot();
    snapshot_.reset();
  }

  const CellId id_;
  log::Log& log_;
  const MakeMachine make_;
  const Publish publish_;
  std::function<void()> tell_asked_;
  OnTraced on_traced_;
  const CellOptions options_;
  std::vector<PortType*> ports_;

  // At the cell.
  std::unique_ptr<M> machine_;  // while it owns its log, or may turn out to
  Ownership ownership_ = Ownership::kRecovering;
  Sequence durable_;
  Timestamp now_;
  PendingBatch<M> pending_;          // being decided
  PendingBatch<M> in_flight_batch_;  // being made durable
  Timestamp in_flight_at_;
  log::Lease before_{};     // under which the batch in flight was handed out
  bool in_flight_ = false;  // there is one
  bool appending_ = false;  // it is handed out
  Timestamp doubt_until_;
  std::optional<Snapshot> snapshot_;
  uint64_t snapshots_ = 0;  // begun so far
  Sequence begun_at_;       // the newest snapshot
  Sequence saved_at_;
  std::vector<Asked> asked_;

  log::Lease lease_{};  // the appending thread's, while a batch is in flight
  Replayed replayed_;   // the claiming thread's, until install()
};

}  // namespace doorbuster::cell
