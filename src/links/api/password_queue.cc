#include "links/api/password_queue.h"

#include <utility>

namespace doorbuster::links {

PasswordQueue::PasswordQueue(net::Loop& loop, PasswordWorker& worker)
    : worker_(worker), answers_(loop, [this](uint32_t index, PasswordAnswer&& answer) { take(index, answer); }) {}

PasswordWorker::Status PasswordQueue::submit(PasswordTask task, Timestamp now, Then then) {
  const uint32_t index = waiting_.put(std::move(then));
  const auto status = worker_.submit(std::move(task), now, answers_.to(index));
  if (status != PasswordWorker::Status::kTaken) waiting_.remove(index);
  return status;
}

void PasswordQueue::take(uint32_t index, const PasswordAnswer& answer) {
  const Then then = std::move(waiting_[index]);
  waiting_.remove(index);
  then(answer);
}

}  // namespace doorbuster::links
