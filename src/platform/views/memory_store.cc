#include "platform/views/memory_store.h"

#include <utility>

#include "base/bug_zoo.h"

namespace doorbuster::platform {

class MemoryStore::Writer final : public StateWriter {
 public:
  Writer(MemoryStore& store, std::string_view name) : store_(store), name_(name) {}
  Result<void> add(Bytes part) override {
    ASSERT(!part.empty() && part.size() <= kStatePartBytesMax);
    parts_.emplace_back(part.begin(), part.end());
    return {};
  }
  Result<void> commit() override {
    const std::lock_guard lock(store_.mutex_);
    store_.states_[name_] = std::move(parts_);
    return {};
  }

 private:
  MemoryStore& store_;
  const std::string name_;
  Parts parts_;
};

class MemoryStore::Reader final : public StateReader {
 public:
  explicit Reader(Parts parts) : parts_(std::move(parts)) {}
  Result<bool> next(std::vector<std::byte>& part) override {
    if (given_ == parts_.size()) return false;
    part = parts_[given_++];
    return true;
  }

 private:
  const Parts parts_;
  size_t given_ = 0;
};

Result<std::unique_ptr<StateWriter>> MemoryStore::write(std::string_view name) {
  if (refuses_) return fail(ErrorCode::kIo, "there is no space left");
  if (bug_planted(Bug::kViewsReplacedInSteps)) states_.erase(std::string(name));
  return std::make_unique<Writer>(*this, name);
}

Result<std::unique_ptr<StateReader>> MemoryStore::read(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(name);
  if (found == states_.end()) return nullptr;
  return std::make_unique<Reader>(found->second);
}

std::string MemoryStore::set_aside(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(name);
  if (found == states_.end()) return {};
  states_[std::string(name) + ".set-aside"] = std::move(found->second);
  states_.erase(found);
  return std::string(name) + ".set-aside";
}

}  // namespace doorbuster::platform
