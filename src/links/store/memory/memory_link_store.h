// Links in memory: for tests, for trying out, and as what the other stores are compared with.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "links/store/link_store.h"

namespace doorbuster::links {

class MemoryLinkStore final : public LinkStore {
 public:
  [[nodiscard]] Result<std::optional<Link>> find(std::string_view code) const override;
  [[nodiscard]] Result<void> change(std::span<Change> changes) override;
  [[nodiscard]] Result<std::vector<Link>> list(const Place& before, size_t limit) const override;
  [[nodiscard]] uint64_t size() const override;

 private:
  struct Shard {
    mutable std::mutex mutex;
    std::map<std::string, Link, std::less<>> links;
  };
  [[nodiscard]] Change::Outcome change_one(const Change& change);

  std::array<Shard, kShards> shards_;
  mutable std::mutex places_mutex_;
  std::map<Place, std::string> codes_;
};

}  // namespace doorbuster::links
