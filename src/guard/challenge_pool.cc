#include "guard/challenge_pool.h"

#include <sys/resource.h>

#include "base/this_thread.h"

namespace doorbuster::guard {
namespace {

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

// Signed when it is given, and without the lock.
std::optional<std::string> ChallengePool::take(For whom) {
  const auto minted = take_minted(whom);
  return minted ? std::optional(challenges_.give(*minted, clock_.now(), options_.life)) : std::nullopt;
}

std::optional<MintedChallenge> ChallengePool::take_minted(For whom) {
  const std::lock_guard lock(mutex_);
  is_wanted_.notify_one();
  if (whom == For::kSuspect) return take_from(made(WorkKind::kSuspects));
  if (whom == For::kDraw) return take_from(made(WorkKind::kDraw));
  const bool is_busy = has_been_full_ && made(WorkKind::kUsual).size() * 2 < size_of(WorkKind::kUsual);
  Queue& first = made(is_busy ? WorkKind::kBusy : WorkKind::kUsual);
  return take_from(first.empty() ? made(is_busy ? WorkKind::kUsual : WorkKind::kBusy) : first);
}

std::optional<MintedChallenge> ChallengePool::take_from(Queue& queue) {
  if (queue.empty()) return std::nullopt;
  const MintedChallenge minted = queue.front();
  queue.pop_front();
  return minted;
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
  const bool is_for_all = kind == WorkKind::kUsual || kind == WorkKind::kDraw;
  return is_for_all ? options_.size : options_.size / kUsualOfOthers;
}

std::optional<WorkKind> ChallengePool::most_wanted() const {
  std::optional<WorkKind> wanted;
  double emptiest = 1;
  for (size_t i = 0; i < kWorkKinds; ++i) {
    const auto kind = static_cast<WorkKind>(i);
    if (!(*works_)[i]) continue;
    const double filled = static_cast<double>(made_[i].size()) / static_cast<double>(size_of(kind));
    if (filled >= emptiest) continue;
    emptiest = filled;
    wanted = kind;
  }
  return wanted;
}

void ChallengePool::fill(const std::stop_token& stop) {
  begin_thread("challenges", Urgency::kCanWait);
  work_while_nobody_else_does();
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto wanted = [&] { return works_ ? most_wanted() : std::nullopt; };
    const std::optional<WorkKind> kind = wanted();
    if (!kind) {
      is_wanted_.wait(lock, stop, [&] { return wanted().has_value(); });
      continue;
    }
    const Works works = *works_;
    lock.unlock();
    const MintedChallenge minted = challenges_.mint(*works[static_cast<size_t>(*kind)]);
    lock.lock();
    if (works == works_) made(*kind).push_back(minted);
    if (made(WorkKind::kUsual).size() == size_of(WorkKind::kUsual)) has_been_full_ = true;
  }
}

}  // namespace doorbuster::guard
