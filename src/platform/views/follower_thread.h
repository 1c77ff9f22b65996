// One thread for the followers of several cells, so that threads do not grow with cells.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "platform/views/follower.h"

namespace doorbuster::platform {

class FollowerThread {
 public:
  // The name is the thread's.
  explicit FollowerThread(std::string name) : name_(std::move(name)) {}
  ~FollowerThread() { stop(); }
  FollowerThread(const FollowerThread&) = delete;
  FollowerThread& operator=(const FollowerThread&) = delete;

  // What followers that it drives are given as FollowerOptions::wake. Any thread.
  void ring() { bell_.ring(); }

  // Takes turns of all of them, which have been restored; they outlive stop().
  void start(std::vector<Follower*> followers);
  // Ends the thread and saves what they know.
  void stop();

 private:
  void run();

  const std::string name_;
  std::vector<Follower*> followers_;
  Doorbell bell_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace doorbuster::platform
