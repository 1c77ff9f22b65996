// Keeps views in step with the logs of one or more cells: reads what has become durable, in order, and tells it to an
// audience, which knows how a service's events are written and what to make of them.
//
// What the audience knows can be saved, together with how far it has heard: after so many events, and at the end. A
// start then hears only what came since. What was saved is believed only if it is whole, in the audience's present
// format, and of these very logs: it names the last batch that was heard, and that batch must still lie there. Else it
// is set aside by itself, said in one line, and everything is heard again from the first event.
//
// It has a thread of its own, or is driven by turn(). Until it has heard what was durable at its start, caught_up() is
// false and questions should be answered with "try again".
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "log/log.h"
#include "platform/views/state_store.h"
#include "platform/views/trace_index.h"

namespace doorbuster::platform {

struct EventPlace {
  CellId cell;
  Sequence sequence;
  Timestamp at;
  const TraceIndex& traces;
  // Of the request that caused it, where there was one and it is still known.
  [[nodiscard]] std::optional<TraceContext> trace() const { return traces.of(sequence); }
};

// Who hears. All calls come from the follower's thread, or from whoever calls turn().
class EventAudience {
 public:
  virtual ~EventAudience() = default;

  // Events that happened at one time, the first of them at this place. How many there were, those of unknown kinds,
  // which are passed over, among them. An error means that they are not events.
  [[nodiscard]] virtual Result<uint64_t> hear(Bytes events, const EventPlace& first) = 0;
  // Once: what was durable at the start has been heard.
  virtual void on_caught_up() {}

  // Behind each batch, and once all that was durable at the start has been heard: for what takes too long to do while
  // readers wait. Nothing is told meanwhile, but readers look; Follower::look() keeps them away from a change.
  virtual void tidy() {}

  // The format of what save() writes, as a short text: another one is not loaded.
  [[nodiscard]] virtual std::string state_format() const = 0;
  // Readers may look meanwhile, so it changes nothing.
  [[nodiscard]] virtual Result<void> save(StateWriter& out) const = 0;
  // Whether hear() may be called from within save(), where it hands a part over: what is saved is then what was heard
  // when it began.
  [[nodiscard]] virtual bool hears_while_saving() const { return false; }
  // Into an audience that has heard nothing. After an error clear() is called.
  [[nodiscard]] virtual Result<void> load(StateReader& in) = 0;
  // Forgets all that it has heard.
  virtual void clear() = 0;
};

struct FollowerOptions {
  StateStore* store = nullptr;  // null: nothing is saved, and every start hears all history
  std::string name = "views";   // of the state in the store, and of the thread
  uint64_t events_a_save = 1'000'000;
  std::function<void(const std::string&)> on_trouble;  // a log that can't be read, a state that can't be kept
  std::function<void()> wake = {};                     // whom to tell of news, if a FollowerThread drives it
  // How long its thread rests after it has heard something.
  std::chrono::milliseconds between_reads = std::chrono::milliseconds(10);
};

// How a state is saved while others work.
enum class SavePace : uint8_t {
  kAtOnce,
  // After each part whoever hears while they save hears what is new; else the thread rests twice as long as the part
  // took it.
  kWithRests,
};

class Follower {
 public:
  // The log, the audience and the store outlive the follower.
  Follower(log::Log& log, const std::vector<CellId>& cells, EventAudience& audience, FollowerOptions options);
  ~Follower() { stop(); }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // Takes up what was saved and follows on a thread. `tails` were durable at the start, in the order of the cells:
  // caught_up() means to have heard them.
  void start(const std::vector<Sequence>& tails);
  // Ends the thread and saves.
  void stop();

  // For whoever drives a follower without a thread: restore() once, as start() does, and then turns, each of which
  // hears what is durable and new, and saves when it is time. True if there was anything, and it could be read.
  void restore(const std::vector<Sequence>& tails);
  bool turn(SavePace pace = SavePace::kAtOnce);
  // What stop() does at the end. Between turns.
  void save(SavePace pace = SavePace::kAtOnce);
  // Any thread: the turn that is under way ends with the next batch.
  void stop_soon() { stopping_.store(true, std::memory_order_release); }
  // How whoever drives it waits: batches come thousands of times a second, and to open the store for each would cost as
  // much as to write it; and when there was nothing, what could not be read is tried again.
  static constexpr auto kBetweenReads = std::chrono::milliseconds(10);
  static constexpr auto kRetry = std::chrono::seconds(1);

  // Any thread: the cell's log is durable up to here.
  void note_durable(CellId cell, Sequence tail);
  // What was durable when it was started. Any thread, from then on.
  [[nodiscard]] Sequence tail_at_start(CellId cell) const { return of(cell).start_tail; }

  // Any thread: `heard` is called, on the follower's thread, after each turn in which events of the cell were heard,
  // until another takes its place; an empty one ends it. It is short, and not under way any more when this returns.
  void on_heard(CellId cell, std::function<void()> heard) const;

  // Whoever notes that events are durable notes first which requests caused them.
  [[nodiscard]] TraceIndex& traces(CellId cell) { return of(cell).traces; }
  [[nodiscard]] const TraceIndex& traces(CellId cell) const { return of(cell).traces; }

  [[nodiscard]] bool caught_up() const { return caught_up_.load(std::memory_order_acquire); }
  [[nodiscard]] Sequence position(CellId cell) const {
    return Sequence(of(cell).position.load(std::memory_order_acquire));
  }

  // Runs `ask` while no event is being told: how other threads look at what the audience knows. Keep it short.
  template <class Ask>
  auto look(Ask&& ask) const {
    const std::lock_guard lock(mutex_);
    return ask();
  }

 private:
  struct Followed {
    explicit Followed(CellId cell) : id(cell) {}
    const CellId id;
    TraceIndex traces;
    Sequence start_tail{std::numeric_limits<uint64_t>::max()};  // without start(): whatever is durable
    std::atomic<uint64_t> tail{0};
    std::atomic<uint64_t> position{0};
    std::mutex listener_mutex;
    std::function<void()> listener;
  };

  [[nodiscard]] Followed& of(CellId cell) const;
  // Hears what is new, of which there was some if it is true.
  bool hear_new(bool& is_behind);
  void run();
  bool follow(Followed& cell);
  static void tell_listener(Followed& cell);
  void note_caught_up();
  [[nodiscard]] Result<void> apply(Followed& cell, const log::Batch& batch);

  [[nodiscard]] Result<Digest> fingerprint_at(const Followed& cell, Sequence position) const;
  [[nodiscard]] Result<void> try_save(SavePace pace);
  [[nodiscard]] Result<void> load(StateReader& in, const std::vector<Sequence>& tails);
  [[nodiscard]] Result<void> check_head(Bytes head, const std::vector<Sequence>& tails,
                                        std::vector<Sequence>& positions) const;

  log::Log& log_;
  EventAudience& audience_;
  const FollowerOptions options_;
  const std::vector<std::unique_ptr<Followed>> cells_;
  std::thread thread_;
  Doorbell bell_;
  mutable std::mutex mutex_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> caught_up_{false};
  uint64_t heard_since_save_ = 0;
};

}  // namespace doorbuster::platform
