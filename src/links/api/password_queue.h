// A reactor's way to the worker of passwords and back.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/slot_pool.h"
#include "links/api/password_worker.h"
#include "net/loop.h"

namespace doorbuster::links {

class PasswordQueue {
 public:
  // Called on the reactor's thread.
  using Then = std::function<void(const PasswordAnswer&)>;

  // Both outlive it.
  PasswordQueue(net::Loop& loop, PasswordWorker& worker);

  // As PasswordWorker::submit(); `then` is called if it was taken.
  [[nodiscard]] PasswordWorker::Status submit(PasswordTask task, Timestamp now, Then then);

 private:
  // Where the worker's thread leaves answers; it may outlive the reactor's part for a moment.
  struct Answers {
    std::mutex mutex;
    std::vector<std::pair<uint32_t, PasswordAnswer>> ready;
  };

  void take_ready();

  PasswordWorker& worker_;
  net::Inbox& inbox_;
  SlotPool<Then> waiting_;
  const std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();
};

}  // namespace doorbuster::links
