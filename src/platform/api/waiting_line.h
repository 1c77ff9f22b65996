// A line to the cell for threads that may wait for its answers: one of them asks at a time.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "cell/port.h"

namespace doorbuster::platform {

template <class Machine>
class WaitingLine {
 public:
  using Port = cell::Port<Machine>;

  WaitingLine() : port_(kCapacity, [this] { note_answer(); }) {}

  // To be attached to the cell, which ends after all who ask.
  [[nodiscard]] Port& port() { return port_; }

  // The reply once it is durable. kUnavailable: nothing was done, or nobody can say.
  [[nodiscard]] Result<typename Machine::Reply> ask(typename Machine::Command&& command) {
    const std::lock_guard asking(asking_);
    ASSERT(port_.submit({}, std::move(command)));
    port_.flush();
    std::unique_lock lock(mutex_);
    answered_.wait(lock, [this] { return std::exchange(has_answer_, false); });
    lock.unlock();
    std::optional<typename Port::Answer> answer;
    port_.drain([&](typename Port::Answer&& one) { answer = std::move(one); });
    ASSERT(answer.has_value());
    if (answer->status == cell::ReplyStatus::kDecided) return answer->reply;
    return fail(ErrorCode::kUnavailable,
                "the log of " + std::string(Machine::kKind) + " can't be written at the moment");
  }

 private:
  static constexpr size_t kCapacity = 2;

  void note_answer() {
    const std::lock_guard lock(mutex_);
    has_answer_ = true;
    answered_.notify_one();
  }

  std::mutex asking_;
  Port port_;
  std::mutex mutex_;
  std::condition_variable answered_;
  bool has_answer_ = false;
};

}  // namespace doorbuster::platform
