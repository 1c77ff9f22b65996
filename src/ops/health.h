// What the server says about itself: is it alive, is it ready for traffic, and what becomes of an acknowledged order
// when the machine loses power.
//
// The replies follow the health check format (draft-inadarei-api-health-check-06): `status` is pass, warn or fail, and
// every check that did not pass says why and what to do. The HTTP handlers are wired by the application.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::ops {

inline constexpr std::string_view kHealthContentType = "application/health+json";

// What an acknowledged reply is worth, in the words of the store that keeps it. It is attested to whoever asks, so that
// nobody sells on a store that forgets.
struct Durability {
  std::string store;      // "rocksdb", "memory"
  std::string guarantee;  // a sentence: "fsync before acknowledgement", "nothing survives a crash"
  bool survives_process_crash = false;
  bool survives_power_loss = false;
};

struct HealthReply {
  int status = 200;  // HTTP: 200 or 503
  std::string body;
};

class Health {
 public:
  explicit Health(Durability durability) : durability_(std::move(durability)) {}

  // A check answers at once, from any thread; its error's message says what is wrong and what to do about it.
  using Check = std::function<Result<void>()>;
  // The process cannot mend this by waiting: whoever supervises it should start it anew.
  void must_live(std::string name, Check check);
  // No traffic should come while this fails.
  void must_be_ready(std::string name, Check check);
  // Told with readiness, and traffic may come while it fails: operators have to look at it.
  void should_be(std::string name, Check check);

  // From now on not ready, until the process ends: what is under way is finished, nothing new should come.
  void drain() { draining_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] HealthReply livez() const;
  [[nodiscard]] HealthReply readyz() const;
  // Whether they would pass now, without a warning. Once all checks are there such a reply is always the same text, so
  // who is asked often may keep it.
  [[nodiscard]] bool is_live() const { return all_pass(live_); }
  [[nodiscard]] bool is_ready() const {
    return !draining_.load(std::memory_order_relaxed) && all_pass(ready_) && all_pass(warnings_);
  }

 private:
  struct Named {
    std::string name;
    Check check;
  };
  [[nodiscard]] bool all_pass(const std::vector<Named>& checks) const;
  [[nodiscard]] HealthReply reply(const std::vector<Named>& checks, bool tells_readiness) const;

  const Durability durability_;
  std::atomic<bool> draining_{false};
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Named> live_;
  std::vector<Named> ready_;
  std::vector<Named> warnings_;
};

}  // namespace doorbuster::ops
