// How much of a cell's tables is used: written by whoever drives the cell, read by whoever asks for metrics.
#pragma once

#include <mutex>

#include "sale/machine/quota.h"

namespace doorbuster::sale {

class UsageBoard {
 public:
  void publish(const Usages& used) {
    const std::lock_guard lock(mutex_);
    used_ = used;
  }
  [[nodiscard]] Usages read() const {
    const std::lock_guard lock(mutex_);
    return used_;
  }

 private:
  mutable std::mutex mutex_;
  Usages used_;
};

}  // namespace doorbuster::sale
