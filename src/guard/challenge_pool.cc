#include "guard/challenge_pool.h"

#include <sys/resource.h>

#include <chrono>

#include "base/this_thread.h"

namespace doorbuster::guard {
namespace {

// How often it looks whether what it holds has become old.
constexpr std::chrono::seconds kLooksEvery(1);

constexpr size_t kUsualOfOthers = 4;  // usual ones for each of another kind

// The least share of a busy core that there is, 1.5 %: as one of those who can wait it would get a tenth, and take that
// from a drop for as long as the pool is being filled. SCHED_IDLE of sched(7) gets less, but then whoever ends the
// pool, or waits for its lock, waits for seconds where the cores are never idle.
constexpr int kNicest = 19;

void work_while_nobody_else_does() { (void)setpriority(PRIO_PROCESS, 0, kNicest); }

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

std::optional<std::string> ChallengePool::take(For whom) {
  const std::lock_guard lock(mutex_);
  drop_old(clock_.now());
  is_wanted_.notify_one();
  if (whom == For::kSuspect) return take_from(made(WorkKind::kSuspects));
  const bool is_busy = has_been_full_ && made(WorkKind::kUsual).size() * 2 < size_of(WorkKind::kUsual);
  Queue& first = made(is_busy ? WorkKind::kBusy : WorkKind::kUsual);
  return take_from(first.empty() ? made(is_busy ? WorkKind::kUsual : WorkKind::kBusy) : first);
}

std::optional<std::string> ChallengePool::take_from(Queue& queue) {
  if (queue.empty()) return std::nullopt;
  std::string challenge = std::move(queue.front().challenge);
  queue.pop_front();
  return challenge;
}

void ChallengePool::set_works(const std::optional<Works>& works) {
  const std::lock_guard lock(mutex_);
  if (works == works_) return;
  for (Queue& queue : made_) queue.clear();
  works_ = works;
  has_been_full_ = false;
  is_wanted_.notify_one();
}

size_t ChallengePool::size() const {
  const std::lock_guard lock(mutex_);
  size_t all = 0;
  for (const Queue& queue : made_) all += queue.size();
  return all;
}

size_t ChallengePool::size_of(WorkKind kind) const {
  return kind == WorkKind::kUsual ? options_.size : options_.size / kUsualOfOthers;
}

std::optional<WorkKind> ChallengePool::most_wanted() const {
  std::optional<WorkKind> wanted;
  double emptiest = 1;
  for (size_t i = 0; i < kWorkKinds; ++i) {
    const auto kind = static_cast<WorkKind>(i);
    const double filled = static_cast<double>(made_[i].size()) / static_cast<double>(size_of(kind));
    if (filled >= emptiest) continue;
    emptiest = filled;
    wanted = kind;
  }
  return wanted;
}

void ChallengePool::drop_old(Timestamp now) {
  for (Queue& queue : made_) {
    while (!queue.empty() && (now - queue.front().at) * 2 > options_.life) queue.pop_front();
  }
}

void ChallengePool::fill(const std::stop_token& stop) {
  begin_thread("challenges", Urgency::kCanWait);
  work_while_nobody_else_does();
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const Timestamp now = clock_.now();
    drop_old(now);
    const auto wanted = [&] { return works_ ? most_wanted() : std::nullopt; };
    const std::optional<WorkKind> kind = wanted();
    if (!kind) {
      is_wanted_.wait_for(lock, stop, kLooksEvery, [&] { return wanted().has_value(); });
      continue;
    }
    const Works works = *works_;
    lock.unlock();
    Made challenge{.challenge = challenges_.make(works[static_cast<size_t>(*kind)], now, options_.life), .at = now};
    lock.lock();
    if (works == works_) made(*kind).push_back(std::move(challenge));
    if (made(WorkKind::kUsual).size() == size_of(WorkKind::kUsual)) has_been_full_ = true;
  }
}

}  // namespace doorbuster::guard
