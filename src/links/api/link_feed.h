// What webhooks tell of links: the announcements of the store, in words for the outside (docs/webhooks.md).
//
// Deliveries about one link come in order, and so do those about one domain that is taken down; their sequence tells
// the order of all. The store keeps the newest: whoever is further behind misses what was before them, which is
// counted.
#pragma once

#include <atomic>
#include <functional>

#include "links/api/link_base.h"
#include "links/store/link_writer.h"
#include "platform/webhooks/delivery.h"

namespace doorbuster::links {

class LinkFeed final : public platform::DeliverySource {
 public:
  // All outlive it.
  LinkFeed(const LinkStore& store, LinkWriter& writer, const LinkBase& base,
           std::function<void(const std::string&)> on_trouble)
      : store_(store), writer_(writer), base_(base), on_trouble_(std::move(on_trouble)) {}

  // Once, when the store is open.
  void begin() { tail_at_start_ = store_.newest_announcement(); }

  [[nodiscard]] const platform::SourceId& id() const override { return id_; }
  [[nodiscard]] uint64_t newest() const override { return store_.newest_announcement(); }
  [[nodiscard]] uint64_t tail_at_start() const override { return tail_at_start_; }
  [[nodiscard]] uint64_t read(uint64_t after, const Visit& visit) override;
  [[nodiscard]] uint64_t last_before(Timestamp from) override;
  void on_more(std::function<void()> more) override { writer_.on_announced(std::move(more)); }

  // Announcements that were gone when an endpoint came to them, for each endpoint. Any thread.
  [[nodiscard]] uint64_t missed() const { return missed_.load(std::memory_order_relaxed); }

 private:
  [[nodiscard]] std::vector<Announcement> some_behind(uint64_t after, size_t limit);
  [[nodiscard]] platform::Delivery delivery_of(const Announcement& announcement) const;

  const LinkStore& store_;
  LinkWriter& writer_;
  const LinkBase& base_;
  const std::function<void(const std::string&)> on_trouble_;
  const platform::SourceId id_{.service = "links", .cell = 0};
  uint64_t tail_at_start_ = 0;
  std::atomic<uint64_t> missed_{0};
  uint64_t unreadable_ = 0;  // behind which the store could not be read when that was last said
};

}  // namespace doorbuster::links
