#include "guard/challenge_pool.h"

#include <sched.h>

#include <chrono>

#include "base/this_thread.h"

namespace doorbuster::guard {
namespace {

// How often it looks whether what it holds has become old.
constexpr std::chrono::seconds kLooksEvery(1);

// SCHED_IDLE of sched(7). As one of those who can wait it would get a tenth of a busy core, and take that from a drop
// for as long as the pool is being filled.
void work_only_when_idle() {
  const sched_param none{};
  (void)sched_setscheduler(0, SCHED_IDLE, &none);  // where the process may not, it is as before
}

}  // namespace

ChallengePool::ChallengePool(const Challenges& challenges, const Clock& clock, const Options& options)
    : challenges_(challenges),
      clock_(clock),
      options_(options),
      thread_([this](const std::stop_token& stop) { fill(stop); }) {}

ChallengePool::~ChallengePool() {
  thread_.request_stop();
  thread_.join();
}

std::optional<std::string> ChallengePool::take() {
  const std::lock_guard lock(mutex_);
  drop_old(clock_.now());
  is_wanted_.notify_one();
  if (made_.empty()) return std::nullopt;
  std::string challenge = std::move(made_.front().challenge);
  made_.pop_front();
  return challenge;
}

void ChallengePool::set_work(const std::optional<Work>& work) {
  const std::lock_guard lock(mutex_);
  if (work == work_) return;
  made_.clear();
  work_ = work;
  is_wanted_.notify_one();
}

size_t ChallengePool::size() const {
  const std::lock_guard lock(mutex_);
  return made_.size();
}

void ChallengePool::drop_old(Timestamp now) {
  while (!made_.empty() && (now - made_.front().at) * 2 > options_.life) made_.pop_front();
}

void ChallengePool::fill(const std::stop_token& stop) {
  begin_thread("challenges", Urgency::kCanWait);
  work_only_when_idle();
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const Timestamp now = clock_.now();
    drop_old(now);
    const auto has_work = [&] { return work_ && made_.size() < options_.size; };
    if (!has_work()) {
      is_wanted_.wait_for(lock, stop, kLooksEvery, has_work);
      continue;
    }
    const Work work = *work_;
    lock.unlock();
    Made made{.challenge = challenges_.make(work, now, options_.life), .at = now};
    lock.lock();
    if (work == work_) made_.push_back(std::move(made));
  }
}

}  // namespace doorbuster::guard
