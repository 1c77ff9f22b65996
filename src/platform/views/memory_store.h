// States of views in memory, for tests and the simulator: it outlives the server that writes to it, as a disk does.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "platform/views/state_store.h"

namespace doorbuster::platform {

class MemoryStore final : public StateStore {
 public:
  using Parts = std::vector<std::vector<std::byte>>;

  [[nodiscard]] Result<std::unique_ptr<StateWriter>> write(std::string_view name) override;
  [[nodiscard]] Result<std::unique_ptr<StateReader>> read(std::string_view name) override;
  std::string set_aside(std::string_view name) override;

  // What lies there, to look at and to damage.
  [[nodiscard]] std::map<std::string, Parts, std::less<>>& states() { return states_; }
  // Any thread: all of it is lost.
  void lose_all() {
    const std::lock_guard lock(mutex_);
    states_.clear();
  }
  // From now on nothing can be written, as on a full disk; or it can again.
  void refuse_writes(bool refuse) { refuses_ = refuse; }

 private:
  class Writer;
  class Reader;

  std::mutex mutex_;
  std::map<std::string, Parts, std::less<>> states_;
  bool refuses_ = false;
};

}  // namespace doorbuster::platform
