// The single writer of one machine and one log.
//
// A cell takes commands from its ports, decides a whole turn of them, and lets no answer go before the log has said
// that everything the answer rests on is durable. While one batch is being made durable the next one fills (group
// commit: DeWitt et al., SIGMOD 1984, 3.2), so batches grow with the load and one sync serves all of them. What is
// published follows the same rule.
//
// A Cell has no thread and no clock: whoever drives it (CellRunner with many threads, the simulator with none) calls
//
//   turn(now); begin_append() while it gives a batch: append that to the log, anywhere, then finish_append(outcome)
//
// A refusal makes no event; with nothing under way it is answered in the same turn and costs no disk.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/bug_zoo.h"
#include "base/event_sink.h"
#include "cell/port.h"
#include "cell/recovery.h"
#include "cell/whole_snapshot.h"

namespace doorbuster::cell {

struct CellOptions {
  size_t commands_a_turn = 1'024;  // decided at one time
  size_t timers_a_turn = 4'096;    // expired, lapsed, opened at one time
  size_t events_a_batch = 16'384;  // a fuller batch waits for the one before it, and commands wait in their rings
  uint64_t events_a_snapshot = 4'000'000;  // after so many events the machine's state is saved
};

enum class Ownership : uint8_t {
  kRecovering,  // not the owner of its log, or not yet: asks are answered with kUnavailable
  kOwner,
  kFenced,  // somebody else owns the log now; for good
};

template <class Machine>
class Cell {
 public:
  using PortType = Port<Machine>;
  using Publication = typename Machine::Publication;
  using MakeMachine = std::function<std::unique_ptr<Machine>()>;
  using Publish = std::function<void(Publication&&)>;
  // So many events, from the first one on, became durable because of a request of this trace.
  using OnTraced = std::function<void(Sequence first, uint32_t count, const TraceContext&)>;

  // `publish` is called on the driving thread for what has become durable.
  Cell(CellId id, log::Log& log, MakeMachine make, Publish publish, const CellOptions& options = {})
      : id_(id), log_(log), make_(std::move(make)), publish_(std::move(publish)), options_(options) {}

  // Clients are attached before the first turn and outlive it.
  void attach(PortType& port) {
    port.attach(tell_asked_);
    ports_.push_back(&port);
  }

  // Called on a client's thread that has asked something: the driver sees to it that turn() is called.
  void on_asked(std::function<void()> asked) { tell_asked_ = std::move(asked); }

  // Called on the driving thread, before anybody else hears that the events are durable.
  void on_traced(OnTraced tell) { on_traced_ = std::move(tell); }

  // Takes the log over, replays it and goes live. Also the way back after kUnknown: from what is durable.
  [[nodiscard]] Result<Recovered> recover(Timestamp wall) {
    ASSERT(!in_flight_ && pending_.empty());
    std::unique_ptr<Machine> fresh;
    Recovered recovered = TRY(replay_log(log_, id_, make_, fresh));
    machine_ = std::move(fresh);
    lease_ = recovered.lease;
    durable_ = lease_.tail;
    snapshot_at_ = recovered.snapshot_at;
    now_ = std::max({now_, wall, recovered.last_time});
    machine_->go_live(now_);
    machine_->take_publications(publish_);
    ownership_ = Ownership::kOwner;
    return recovered;
  }

  // Does what is due and decides what has been asked, at `wall`, or at the last time if the clock has gone back.
  // Returns whether there was anything to do.
  bool turn(Timestamp wall) {
    if (ownership_ != Ownership::kOwner) return refuse_everything() > 0;
    if (pending_.events >= options_.events_a_batch || snapshot_is_due()) return false;
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
    if (bug_planted(Bug::kReplyBeforeDurable)) release_answers(pending_);
    if (bug_planted(Bug::kPublishBeforeDurable)) release_publications(pending_);
    if (!in_flight_ && pending_.events == 0) release(pending_);
    return decided > 0 || sink.count > 0 || !nothing_due;
  }

  // The batch to append next, if one is ready and none is in flight. It stays valid until finish_append().
  [[nodiscard]] std::optional<log::Batch> begin_append() {
    if (in_flight_ || pending_.events == 0) return std::nullopt;
    std::swap(in_flight_batch_, pending_);
    in_flight_ = true;
    in_flight_first_ = lease_.tail + 1;
    return log::Batch{
        .first = in_flight_first_, .count = in_flight_batch_.events, .at = now_, .payload = in_flight_batch_.payload};
  }

  // When the first event of the batch in flight was decided.
  [[nodiscard]] Timestamp batch_since() const { return in_flight_batch_.since; }

  // The batch in flight is durable: for a driver that lets others hear of it before finish_append(), which tells the
  // rest.
  void note_traces() {
    for (const Traced& traced : in_flight_batch_.traced) {
      if (on_traced_) on_traced_(in_flight_first_ + traced.at, traced.count, traced.trace);
    }
    in_flight_batch_.traced.clear();
  }

  // What became of the batch in flight. After kUnknown the cell has to recover().
  void finish_append(log::Appended outcome) {
    ASSERT(std::exchange(in_flight_, false));
    const bool believed = outcome == log::Appended::kUnknown && bug_planted(Bug::kUnknownIsDurable);
    if (outcome == log::Appended::kDurable || believed) {
      durable_ = lease_.tail;
      note_traces();
      release(in_flight_batch_);
      if (pending_.events == 0) release(pending_);
      return;
    }
    const bool fenced = outcome == log::Appended::kFenced;
    ownership_ = fenced ? Ownership::kFenced : Ownership::kRecovering;
    abandon(in_flight_batch_, fenced ? ReplyStatus::kUnavailable : ReplyStatus::kUnknown);
    abandon(pending_, fenced ? ReplyStatus::kUnavailable : ReplyStatus::kUnknown);
  }

  // Rings every client's bell that has answers waiting.
  void wake_clients() {
    for (PortType* port : ports_) port->wake_client();
  }

  // A whole snapshot, if one is due and everything decided is durable; the driver saves it.
  [[nodiscard]] std::optional<WholeSnapshot> take_snapshot_if_due() {
    if (!snapshot_is_due() || in_flight_ || pending_.events > 0) return std::nullopt;
    return take_snapshot();
  }
  [[nodiscard]] WholeSnapshot take_snapshot() {
    ASSERT(ownership_ == Ownership::kOwner && !in_flight_ && pending_.events == 0);
    WholeSnapshot snapshot{.head = {.at = lease_.tail,
                                    .chain = lease_.chain,
                                    .time = now_,
                                    .kind = log::MachineKind(Machine::kKind),
                                    .version = Machine::kSnapshotVersion},
                           .state = {}};
    machine_->save(snapshot.state);
    snapshot_at_ = snapshot.head.at;
    return snapshot;
  }

  // When turn() has to be called even if nobody asks anything.
  [[nodiscard]] Timestamp next_deadline() const {
    return ownership_ == Ownership::kOwner ? machine_->next_deadline() : Timestamp::from_micros(INT64_MAX);
  }

  [[nodiscard]] Ownership ownership() const { return ownership_; }
  [[nodiscard]] bool is_quiet() const { return !in_flight_ && pending_.empty(); }
  [[nodiscard]] bool snapshot_is_due() const { return events_since_snapshot() >= options_.events_a_snapshot; }
  [[nodiscard]] uint64_t events_since_snapshot() const { return durable_.value() - snapshot_at_.value(); }
  [[nodiscard]] Sequence durable_tail() const { return durable_; }
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] const Machine& machine() const { return *machine_; }
  [[nodiscard]] log::Lease& lease() { return lease_; }
  [[nodiscard]] log::Log& log() { return log_; }

 private:
  struct Answered {
    PortType* port;
    typename PortType::Answer answer;
  };
  struct Traced {
    uint32_t at;  // events of the batch before it
    uint32_t count;
    TraceContext trace;
  };
  // Events that become durable together, and everything that waits for it.
  struct PendingBatch {
    std::vector<std::byte> payload;
    uint32_t events = 0;
    Timestamp since;  // when the first of them was decided
    std::vector<Answered> answers;
    std::vector<Publication> publications;
    std::vector<Traced> traced;
    [[nodiscard]] bool empty() const { return events == 0 && answers.empty() && publications.empty(); }
    void clear() {
      payload.clear();
      events = 0;
      answers.clear();
      publications.clear();
      traced.clear();
    }
  };
  struct Asked {
    PortType* port;
    typename PortType::Request request;
  };

  // Takes commands from every port in turn; a prefetch for all of them runs ahead of the first decision.
  size_t decide(EventSink& sink) {
    asked_.clear();
    const size_t share = std::max<size_t>(1, options_.commands_a_turn / std::max<size_t>(1, ports_.size()));
    for (PortType* port : ports_) {
      port->take_requests(share, [&](typename PortType::Request&& request) {
        machine_->prefetch(request.command);
        asked_.push_back({port, std::move(request)});
      });
    }
    for (const Asked& asked : asked_) {
      const uint32_t before = sink.count;
      pending_.answers.push_back(
          {asked.port,
           {asked.request.ticket, ReplyStatus::kDecided, machine_->decide(asked.request.command, now_, sink)}});
      if (asked.request.trace && sink.count > before)
        pending_.traced.push_back({pending_.events + before, sink.count - before, *asked.request.trace});
    }
    return asked_.size();
  }

  void release(PendingBatch& batch) {
    release_publications(batch);
    release_answers(batch);
    batch.clear();
  }
  void release_publications(PendingBatch& batch) {
    for (Publication& publication : batch.publications) publish_(std::move(publication));
    batch.publications.clear();
  }
  void release_answers(PendingBatch& batch) {
    for (Answered& answered : batch.answers) answered.port->answer(std::move(answered.answer));
    batch.answers.clear();
  }

  void abandon(PendingBatch& batch, ReplyStatus status) {
    for (const Answered& answered : batch.answers) answered.port->answer({answered.answer.ticket, status, {}});
    batch.clear();
  }

  size_t refuse_everything() {
    size_t refused = 0;
    for (PortType* port : ports_) {
      refused += port->take_requests(port->capacity(), [&](typename PortType::Request&& request) {
        port->answer({request.ticket, ReplyStatus::kUnavailable, {}});
      });
    }
    return refused;
  }

  const CellId id_;
  log::Log& log_;
  const MakeMachine make_;
  const Publish publish_;
  std::function<void()> tell_asked_;
  OnTraced on_traced_;
  const CellOptions options_;
  std::vector<PortType*> ports_;

  std::unique_ptr<Machine> machine_;
  Ownership ownership_ = Ownership::kRecovering;
  log::Lease lease_{};  // the appending thread's, while a batch is in flight
  Sequence durable_;
  Timestamp now_;
  Sequence snapshot_at_;
  PendingBatch pending_;          // being decided
  PendingBatch in_flight_batch_;  // being made durable
  Sequence in_flight_first_;
  bool in_flight_ = false;
  std::vector<Asked> asked_;
};

}  // namespace doorbuster::cell
