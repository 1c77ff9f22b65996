#include "links/store/link_writer.h"

#include <chrono>
#include <future>
#include <memory>

#include "base/this_thread.h"

namespace doorbuster::links {

void LinkWriter::start() {
  ASSERT(!thread_.joinable());
  has_ended_ = false;
  thread_ = std::thread([this] { run(); });
}

void LinkWriter::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  bell_.ring();
  thread_.join();
}

void LinkWriter::run() {
  begin_thread("links", Urgency::kWaitedFor);
  for (;;) {
    const bool is_last = stopping_.load(std::memory_order_acquire);
    while (round() > 0 || do_task()) tell_listener();
    if (is_last) return end();
    bell_.wait(std::chrono::hours(1));
  }
}

// What all lines have asked for by now, by one sync; how many changes that were.
size_t LinkWriter::round() {
  batch_.clear();
  tickets_.clear();
  std::vector<size_t> ends;
  for (Line* line : lines_) {
    line->requests_.drain(kChangesAtOnce - batch_.size(), [this](Answer&& request) {
      batch_.push_back(std::move(request.change));
      tickets_.push_back(request.ticket);
    });
    ends.push_back(batch_.size());
  }
  if (batch_.empty()) return 0;
  if (!has_failed() && has_done(change_batch())) note_outcomes(batch_);
  for (size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++]) answer(*lines_[i], begin, ends[i], !has_failed());
  return batch_.size();
}

Result<void> LinkWriter::change_batch() {
  TRY(store_.change(batch_));
  Timestamp newest;
  for (const Change& change : batch_) {
    if (change.once.key == 0) continue;
    newest = std::max(newest, change.once.at);
    ++notes_;
  }
  for (; notes_ >= kNotesAForgetting; notes_ -= kNotesAForgetting) TRY(store_.forget_notes(newest - kRemembered));
  return {};
}

bool LinkWriter::has_done(const Result<void>& changed) {
  if (changed) return true;
  failed_.store(true, std::memory_order_release);
  on_trouble_("short links can't be changed any more until the server is started again: " + changed.error().message);
  return false;
}

void LinkWriter::post(Task task) {
  {
    const std::lock_guard lock(tasks_mutex_);
    if (!has_ended_) {
      tasks_.push_back(std::move(task));
      bell_.ring();
      return;
    }
  }
  task.done(false);
}

Result<void> LinkWriter::change_together(Together& together, Timestamp forget_before) {
  return wait_for([&](LinkStore& store) -> Result<void> {
    TRY(store.forget_notes(forget_before));
    TRY(store.change_together(together));
    note_outcomes(together.changes);
    return {};
  });
}

Result<void> LinkWriter::announce(std::vector<Announcement> announcements, uint64_t heard) {
  return wait_for([&](LinkStore& store) { return store.announce(std::move(announcements), heard); });
}

Result<void> LinkWriter::wait_for(std::function<Result<void>(LinkStore&)> run) {
  std::promise<bool> is_known;
  post({.run = std::move(run), .done = [&](bool known) { is_known.set_value(known); }});
  if (is_known.get_future().get()) return {};
  return fail(ErrorCode::kUnavailable, has_failed() ? "the store of links has failed" : "the server is about to end");
}

void LinkWriter::announce_expired() {
  constexpr size_t kAtOnce = 256;
  if (looks_for_expired_.exchange(true)) return;
  const auto is_cut = std::make_shared<bool>(false);
  post({.run = [is_cut](LinkStore& store) -> Result<void> {
          *is_cut = TRY(store.announce_expired(kAtOnce)) == kAtOnce;
          return {};
        },
        .done =
            [this, is_cut](bool is_known) {
              looks_for_expired_ = false;
              if (is_known && *is_cut) announce_expired();
            }});
}

void LinkWriter::on_announced(std::function<void()> told) {
  const std::lock_guard lock(listener_mutex_);
  listener_ = std::move(told);
}

void LinkWriter::tell_listener() {
  const uint64_t newest = store_.newest_announcement();
  if (newest == std::exchange(announced_, newest)) return;
  const std::lock_guard lock(listener_mutex_);
  if (listener_) listener_();
}

void LinkWriter::change_user(UserChange change, UserDone done) {
  const auto shared = std::make_shared<UserChange>(std::move(change));
  post({.run = [shared](LinkStore& store) { return store.change_user(*shared); },
        .done = [shared, done = std::move(done)](bool is_known) { done(*shared, is_known); }});
}

// One at a time, so that single changes come in between. Whether there was one.
bool LinkWriter::do_task() {
  std::unique_lock lock(tasks_mutex_);
  if (tasks_.empty()) return false;
  const Task task = std::move(tasks_.front());
  tasks_.pop_front();
  lock.unlock();
  task.done(!has_failed() && has_done(task.run(store_)));
  return true;
}

void LinkWriter::end() {
  std::deque<Task> late;
  {
    const std::lock_guard lock(tasks_mutex_);
    has_ended_ = true;
    late.swap(tasks_);
  }
  for (const Task& task : late) task.done(false);
}

// Before anybody is told: who asks after the answer must see it.
void LinkWriter::note_outcomes(std::span<const Change> changes) {
  bool has_changed = false;
  bool has_come = false;
  for (const Change& change : changes) {
    if (change.outcome != Change::Outcome::kDone) continue;
    (change.kind == Change::Kind::kClaim ? has_come : has_changed) = true;
  }
  if (has_changed) changes_.fetch_add(1, std::memory_order_acq_rel);
  if (has_come) arrivals_.fetch_add(1, std::memory_order_acq_rel);
}

void LinkWriter::answer(Line& line, size_t begin, size_t end, bool is_known) {
  for (size_t i = begin; i < end; ++i)
    ASSERT(line.answers_.try_push({.ticket = tickets_[i], .change = std::move(batch_[i]), .is_known = is_known}));
  if (begin < end) line.wake_();
}

}  // namespace doorbuster::links
