// The one thread that changes links. What reactors ask for while it waits for the disk is made durable together by the
// next sync (group commit), so creating a thousand links at once costs little more than creating one.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "base/ring.h"
#include "links/store/link_store.h"

namespace doorbuster::links {

class LinkWriter {
 public:
  struct Answer {
    uint64_t ticket = 0;
    Change change;
    bool is_known = false;  // what became of it; else the store failed, and it may be there or not
  };

  // One reactor's way to it; all calls on that reactor's thread but for those of the writer.
  class Line {
   public:
    // At most `capacity` changes are under way at once. `wake` is called on the writer's thread when answers are there.
    Line(LinkWriter& writer, size_t capacity, std::function<void()> wake)
        : writer_(writer), requests_(capacity), answers_(capacity), wake_(std::move(wake)) {
      writer.lines_.push_back(this);
    }

    // False if as many as there may be are under way.
    [[nodiscard]] bool submit(uint64_t ticket, Change change) {
      if (under_way_ == requests_.capacity()) return false;
      ASSERT(requests_.try_push({.ticket = ticket, .change = std::move(change)}));
      ++under_way_;
      is_to_flush_ = true;
      return true;
    }
    // At the end of a turn: has what was submitted in it done.
    void flush() {
      if (std::exchange(is_to_flush_, false)) writer_.bell_.ring();
    }
    template <class Take>
    void drain(Take&& take) {
      under_way_ -= answers_.drain(answers_.capacity(), std::forward<Take>(take));
    }

   private:
    friend class LinkWriter;
    LinkWriter& writer_;
    Ring<Answer> requests_;  // not answered yet
    Ring<Answer> answers_;
    const std::function<void()> wake_;
    size_t under_way_ = 0;
    bool is_to_flush_ = false;
  };

  // The store outlives it. Lines are made before start() and outlive stop().
  LinkWriter(LinkStore& store, std::function<void(const std::string&)> on_trouble)
      : store_(store), on_trouble_(std::move(on_trouble)) {}
  ~LinkWriter() { stop(); }
  LinkWriter(const LinkWriter&) = delete;
  LinkWriter& operator=(const LinkWriter&) = delete;

  void start();
  // Does what was asked, and ends.
  void stop();

  // --- Any thread. ---

  // Has them done, and waits until they are; notes from before that moment are forgotten. kUnavailable: the store has
  // failed, or the writer has ended, and they may be done or not.
  [[nodiscard]] Result<void> change_together(Together& together, Timestamp forget_before);
  // Has it told what the log has decided, and waits; `heard` as LinkStore::announce() has it. kUnavailable likewise.
  [[nodiscard]] Result<void> announce(std::vector<Announcement> announcements, uint64_t heard);
  // Has links that are over announced, some at a time, as long as there are some. Nobody waits.
  void announce_expired();
  // `told` is called on the writer's thread after there is something new to tell, until another takes its place; an
  // empty one ends it, and is not under way any more when this returns.
  void on_announced(std::function<void()> told);
  // Has something else done with the store, and says the same of it.
  void have_done(std::function<Result<void>(LinkStore&)> work, std::function<void(bool is_known)> done) {
    post({.run = std::move(work), .done = std::move(done)});
  }
  // Has a user changed, and calls `done` on the writer's thread, or at once if the writer has ended. Where it is not
  // known what became of it, the store has failed or the writer ended.
  using UserDone = std::function<void(const UserChange& change, bool is_known)>;
  void change_user(UserChange change, UserDone done);

  // The store has failed: nothing is changed any more until the server is started again.
  [[nodiscard]] bool has_failed() const { return failed_.load(std::memory_order_acquire); }
  // Whoever remembers links reads them again: where one leads is judged otherwise than before.
  void have_read_again() { changes_.fetch_add(1, std::memory_order_acq_rel); }
  // Grows whenever a link has changed or gone, and whenever one has come: what was read before may be old.
  [[nodiscard]] uint64_t changes() const { return changes_.load(std::memory_order_acquire); }
  [[nodiscard]] uint64_t arrivals() const { return arrivals_.load(std::memory_order_acquire); }

 private:
  static constexpr size_t kChangesAtOnce = 4'096;
  // After so many requests that are remembered twice as many are forgotten whose time has passed.
  static constexpr size_t kNotesAForgetting = 32;

  // Something to be done between rounds. Its end is told outside of the store: whether it is known what became of it.
  struct Task {
    std::function<Result<void>(LinkStore&)> run;
    std::function<void(bool is_known)> done;
  };

  void run();
  size_t round();
  void post(Task task);
  bool do_task();
  void end();
  [[nodiscard]] bool has_done(const Result<void>& changed);
  void answer(Line& line, size_t begin, size_t end, bool is_known);
  void note_outcomes(std::span<const Change> changes);
  void tell_listener();
  [[nodiscard]] Result<void> change_batch();
  [[nodiscard]] Result<void> wait_for(std::function<Result<void>(LinkStore&)> run);

  LinkStore& store_;
  const std::function<void(const std::string&)> on_trouble_;
  std::vector<Line*> lines_;
  Doorbell bell_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
  std::atomic<uint64_t> changes_{0};
  std::atomic<uint64_t> arrivals_{0};
  std::mutex tasks_mutex_;
  std::deque<Task> tasks_;
  bool has_ended_ = true;
  std::atomic<bool> looks_for_expired_{false};
  std::mutex listener_mutex_;
  std::function<void()> listener_;
  // The thread's.
  uint64_t announced_ = 0;  // the newest of which the listener knows
  size_t notes_ = 0;        // since some were forgotten
  std::vector<Change> batch_;
  std::vector<uint64_t> tickets_;
};

}  // namespace doorbuster::links
