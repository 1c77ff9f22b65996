#include "links/api/password_queue.h"

namespace doorbuster::links {

PasswordQueue::PasswordQueue(net::Loop& loop, PasswordWorker& worker)
    : worker_(worker), inbox_(loop.add_inbox([this] { take_ready(); })) {}

PasswordWorker::Status PasswordQueue::submit(PasswordTask task, Timestamp now, Then then) {
  const uint32_t index = waiting_.put(std::move(then));
  const auto status =
      worker_.submit(std::move(task), now, [answers = answers_, &inbox = inbox_, index](PasswordAnswer&& answer) {
        {
          const std::lock_guard lock(answers->mutex);
          answers->ready.emplace_back(index, std::move(answer));
        }
        inbox.notify();
      });
  if (status != PasswordWorker::Status::kTaken) waiting_.remove(index);
  return status;
}

void PasswordQueue::take_ready() {
  std::vector<std::pair<uint32_t, PasswordAnswer>> ready;
  {
    const std::lock_guard lock(answers_->mutex);
    ready.swap(answers_->ready);
  }
  for (const auto& [index, answer] : ready) {
    const Then then = std::move(waiting_[index]);
    waiting_.remove(index);
    then(answer);
  }
}

}  // namespace doorbuster::links
