// Many people, few hands: what each of them does next stands in one calendar, and a handful of threads do what is due.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace doorbuster::demo {

class Calendar {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Before the first take().
  void add(TimePoint when, uint32_t person);

  // Waits for the next person whose time has come, earliest first. Nothing once everybody is done, or after stop().
  // Whoever takes a person says then that they come again, or that they are done.
  [[nodiscard]] std::optional<uint32_t> take();
  void again(TimePoint when, uint32_t person);
  void done();

  void stop();

  // Who are not done yet.
  [[nodiscard]] size_t people() const;

 private:
  using Entry = std::pair<TimePoint, uint32_t>;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> due_;
  size_t taken_ = 0;
  bool stopped_ = false;
};

}  // namespace doorbuster::demo
