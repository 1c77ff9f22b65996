#include "platform/views/follower_thread.h"

#include <utility>

#include "base/this_thread.h"

namespace doorbuster::platform {

void FollowerThread::start(std::vector<Follower*> followers) {
  followers_ = std::move(followers);
  thread_ = std::thread([this] { run(); });
}

void FollowerThread::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  for (Follower* follower : followers_) follower->stop_soon();
  bell_.ring();
  thread_.join();
  for (Follower* follower : followers_) follower->save();
}

void FollowerThread::run() {
  begin_thread(name_);
  while (!stopping_.load(std::memory_order_acquire)) {
    bool heard = false;
    for (Follower* follower : followers_) heard = follower->turn(SavePace::kWithRests) || heard;
    if (heard) {
      std::this_thread::sleep_for(Follower::kBetweenReads);
    } else {
      bell_.wait(Follower::kRetry);
    }
  }
}

}  // namespace doorbuster::platform
