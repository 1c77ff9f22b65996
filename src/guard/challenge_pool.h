// Challenges that are made before anybody asks for them, by a thread that works only while nobody else needs the core:
// so a stampede can empty the pool, and can't make the server work.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/time.h"
#include "guard/challenge.h"

namespace doorbuster::guard {

class ChallengePool {
 public:
  struct Options {
    size_t size = 1'024;
    Duration life = Duration::seconds(300);  // of a challenge, at least half of which is left when it is given
  };

  // Makes none before it is told of which work. Both outlive it.
  ChallengePool(const Challenges& challenges, const Clock& clock, const Options& options);
  ~ChallengePool();

  // None while the pool is empty. Any thread.
  [[nodiscard]] std::optional<std::string> take();
  // From now on they are of this work; none: none are made.
  void set_work(const std::optional<Work>& work);
  [[nodiscard]] size_t size() const;

 private:
  struct Made {
    std::string challenge;
    Timestamp at;
  };
  void fill(const std::stop_token& stop);
  void drop_old(Timestamp now);

  const Challenges& challenges_;
  const Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any is_wanted_;
  std::deque<Made> made_;
  std::optional<Work> work_;
  std::jthread thread_;
};

}  // namespace doorbuster::guard
