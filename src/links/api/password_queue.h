// A reactor's way to the worker of passwords and back.
#pragma once

#include <functional>

#include "base/slot_pool.h"
#include "links/api/password_worker.h"
#include "net/loop.h"
#include "platform/api/late_answers.h"

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
  void take(uint32_t index, const PasswordAnswer& answer);

  PasswordWorker& worker_;
  SlotPool<Then> waiting_;
  platform::HandBack<uint32_t, PasswordAnswer> answers_;
};

}  // namespace doorbuster::links
