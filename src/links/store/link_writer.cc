#include "links/store/link_writer.h"

#include <chrono>

#include "base/this_thread.h"

namespace doorbuster::links {

void LinkWriter::start() {
  ASSERT(!thread_.joinable());
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
    while (round() > 0) {
    }
    if (is_last) return;
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
  if (!has_failed()) {
    if (const auto changed = store_.change(batch_); !changed) {
      failed_.store(true, std::memory_order_release);
      on_trouble_("short links can't be changed any more until the server is started again: " +
                  changed.error().message);
    }
  }
  if (!has_failed()) note_outcomes();
  for (size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++]) answer(*lines_[i], begin, ends[i], !has_failed());
  return batch_.size();
}

// Before anybody is told: who asks after the answer must see it.
void LinkWriter::note_outcomes() {
  bool has_changed = false;
  bool has_come = false;
  for (const Change& change : batch_) {
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
