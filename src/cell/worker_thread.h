// A thread that does rounds of its work while there is any, and sleeps until it is rung or until it is time.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "base/doorbell.h"
#include "base/this_thread.h"

namespace doorbuster::cell {

class WorkerThread {
 public:
  WorkerThread() = default;
  ~WorkerThread() { stop(); }
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  // `round` says whether there may be more to do; `patience`, asked before each sleep, how long that may last.
  void start(const char* name, Urgency urgency, std::function<bool()> round,
             std::function<std::chrono::microseconds()> patience) {
    stopping_.store(false, std::memory_order_relaxed);
    thread_ = std::thread(
        [this, name = std::string(name), urgency, round = std::move(round), patience = std::move(patience)] {
          begin_thread(name, urgency);
          while (!stopping_.load(std::memory_order_acquire)) {
            if (!round()) bell_.wait(patience());
          }
        });
  }

  // Any thread.
  void ring() { bell_.ring(); }

  // After the round under way.
  void stop() {
    if (!thread_.joinable()) return;
    stopping_.store(true, std::memory_order_release);
    bell_.ring();
    thread_.join();
  }

 private:
  std::thread thread_;
  Doorbell bell_;
  std::atomic<bool> stopping_{false};
};

}  // namespace doorbuster::cell
