// Challenges that are made before anybody asks for them, by a thread that works only while nobody else needs the core:
// so a stampede can empty the pool, and can't make the server work. When it has emptied half of it, whoever asks next
// is given more work: it follows what the machine can bear.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/time.h"
#include "guard/challenge.h"

namespace doorbuster::guard {

// Who is to work, and so how much.
enum class WorkKind : uint8_t {
  kUsual,
  kBusy,      // anybody, while the pool empties
  kSuspects,  // whose score asks for it, and who has taken much and not paid
  kDraw,      // who wants a place that is drawn
};
inline constexpr size_t kWorkKinds = 4;
// None: nobody is asked for work of that kind.
using Works = std::array<std::optional<Work>, kWorkKinds>;

class ChallengePool {
 public:
  struct Options {
    size_t size = 1'024;  // of the usual ones, and as many for a draw; of the others a quarter of that each
    Duration life = Duration::seconds(300);  // of a challenge, from when it is given
  };

  // Makes none before it is told of which work. Both outlive it.
  ChallengePool(const Challenges& challenges, const Clock& clock, const Options& options);
  ~ChallengePool();

  enum class For : uint8_t { kAnybody, kSuspect, kDraw };
  // None while there is none for them. Any thread.
  [[nodiscard]] std::optional<std::string> take(For whom);
  // From now on they are of these works; none: none are made.
  void set_works(const std::optional<Works>& works);
  [[nodiscard]] size_t size() const;  // of all kinds

 private:
  using Queue = std::deque<MintedChallenge>;
  void fill(const std::stop_token& stop);
  [[nodiscard]] Queue& made(WorkKind kind) { return made_[static_cast<size_t>(kind)]; }
  [[nodiscard]] size_t size_of(WorkKind kind) const;
  // The emptiest that has room; none if all are full, or of works that nobody is asked for.
  [[nodiscard]] std::optional<WorkKind> most_wanted() const;
  [[nodiscard]] std::optional<MintedChallenge> take_from(Queue& queue);
  [[nodiscard]] std::optional<MintedChallenge> take_minted(For whom);

  const Challenges& challenges_;
  const Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any is_wanted_;
  std::array<Queue, kWorkKinds> made_;
  std::optional<Works> works_;
  bool has_been_full_ = false;  // of usual ones: before that it has not emptied, but is not filled yet
  std::jthread thread_;
};

}  // namespace doorbuster::guard
