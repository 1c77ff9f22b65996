// Passwords of links, worked through by argon2id on a thread of its own: each takes some tens of milliseconds and 19
// MiB, for which no reactor has the time. One at a time, so the memory is bounded, too.
//
// Whoever guesses is held to a rate by their network (an IPv4 address, or an IPv6 /64), whatever the guard does: ten
// wrong ones at once, then one each six seconds. A guess is charged before it is looked at and given back if it was
// right, so that no crowd of guesses at the same time is cheaper; and no network can fill the queue. New passwords,
// which operators and users give, go first.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/siphash.h"
#include "base/time.h"
#include "net/peer_address.h"
#include "ops/metrics/counter.h"

namespace doorbuster::links {

struct PasswordTask {
  std::string secret;
  std::string hash = {};  // which it is to fit; empty: it is a new password
  net::PeerAddress::Network network = {};
};

struct PasswordAnswer {
  bool fits = false;
  std::string hash = {};  // of a new password
};

class PasswordWorker {
 public:
  static constexpr size_t kWaitingMax = 64;  // guesses; together with new passwords twice as many
  static constexpr int64_t kGuessesAtOnce = 10;
  static constexpr Duration kAGuess = Duration::seconds(6);

  enum class Status : uint8_t { kTaken, kBusy, kTooOften };
  // Called on the worker's thread.
  using Done = std::function<void(PasswordAnswer&&)>;

  PasswordWorker();
  ~PasswordWorker() { stop(); }
  PasswordWorker(const PasswordWorker&) = delete;
  PasswordWorker& operator=(const PasswordWorker&) = delete;

  void start();
  // What waits is worked through before it returns.
  void stop();

  // Any thread. kTooOften: the network has guessed wrong too often lately.
  [[nodiscard]] Status submit(PasswordTask task, Timestamp now, Done done);

  // Any thread.
  [[nodiscard]] uint64_t right() const { return right_.value(); }
  [[nodiscard]] uint64_t wrong() const { return wrong_.value(); }
  [[nodiscard]] uint64_t refused() const { return refused_.value(); }

 private:
  // Networks share places by chance, rarely; nobody can look for a place of somebody else's.
  static constexpr size_t kPlaces = 16'384;

  void run();
  [[nodiscard]] Timestamp& paid_until(const net::PeerAddress::Network& network);
  [[nodiscard]] bool pay(const net::PeerAddress::Network& network, Timestamp now);
  [[nodiscard]] PasswordAnswer work(const PasswordTask& task);

  const SipHash places_;
  std::mutex mutex_;  // guards what follows, up to the thread
  std::condition_variable changed_;
  std::deque<std::pair<PasswordTask, Done>> waiting_;
  std::vector<Timestamp> paid_until_;  // a guess costs some seconds of it (GCRA)
  bool stopping_ = false;
  std::thread thread_;
  ops::Counter right_;
  ops::Counter wrong_;
  ops::Counter refused_;  // counted under the mutex
};

}  // namespace doorbuster::links
