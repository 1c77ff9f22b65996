#include "links/api/password_worker.h"

#include <algorithm>

#include "auth/api_key.h"
#include "base/crypto.h"
#include "base/this_thread.h"

namespace doorbuster::links {

PasswordWorker::PasswordWorker() : places_(random_number(), random_number()), paid_until_(kPlaces) {}

void PasswordWorker::start() {
  thread_ = std::thread([this] { run(); });
}

void PasswordWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Timestamp& PasswordWorker::paid_until(const net::PeerAddress::Network& network) {
  return paid_until_[places_(std::as_bytes(std::span(network))) % kPlaces];
}

PasswordWorker::Status PasswordWorker::submit(PasswordTask task, Timestamp now, Done done) {
  {
    const std::lock_guard lock(mutex_);
    const bool is_new = task.hash.empty();
    if (stopping_ || waiting_.size() >= (is_new ? 2 * kWaitingMax : kWaitingMax)) return Status::kBusy;
    if (is_new) {
      waiting_.emplace_front(std::move(task), std::move(done));
    } else if (pay(task.network, now)) {
      waiting_.emplace_back(std::move(task), std::move(done));
    } else {
      refused_.add();
      return Status::kTooOften;
    }
  }
  changed_.notify_one();
  return Status::kTaken;
}

bool PasswordWorker::pay(const net::PeerAddress::Network& network, Timestamp now) {
  Timestamp& paid = paid_until(network);
  const Timestamp after = std::max(paid, now) + kAGuess;
  if (after > now + kAGuess * kGuessesAtOnce) return false;
  paid = after;
  return true;
}

void PasswordWorker::run() {
  begin_thread("links-passwords");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto [task, done] = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    PasswordAnswer answer = work(task);
    if (answer.fits) {
      lock.lock();
      Timestamp& paid = paid_until(task.network);
      paid = paid - kAGuess;
      lock.unlock();
    }
    done(std::move(answer));
    lock.lock();
  }
}

PasswordAnswer PasswordWorker::work(const PasswordTask& task) {
  if (task.hash.empty()) return {.hash = auth::hash_secret(task.secret)};
  const bool fits = auth::secret_fits(task.hash, task.secret);
  (fits ? right_ : wrong_).add();
  return {.fits = fits};
}

}  // namespace doorbuster::links
