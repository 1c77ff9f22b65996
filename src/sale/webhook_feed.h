// What webhooks tell, read from a cell's log: each event that the outside may hear of, as a delivery.
//
// Deliveries about one hold come in order, and so do those about one entry of the queue and those about a sale as a
// whole; their sequence tells the order of all. The feed keeps nothing but a few ranges of the log that were read last:
// endpoints that stand at different places share them, and the same deliveries come again whenever they are asked for
// again.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "auth/sealed_id.h"
#include "log/log.h"
#include "platform/webhooks/delivery.h"
#include "sale/views/directory.h"
#include "sale/views/views.h"

namespace doorbuster::sale {

class WebhookFeed final : public platform::DeliverySource {
 public:
  // `tail` was durable at the start; `views` tell how far the log can be read by now.
  WebhookFeed(log::Log& log, CellId cell, Sequence tail, const Directory& directory, const auth::IdSealer& ids,
              const Views& views);

  [[nodiscard]] const platform::SourceId& id() const override { return id_; }
  [[nodiscard]] uint64_t newest() const override;
  [[nodiscard]] uint64_t tail_at_start() const override { return tail_at_start_; }
  [[nodiscard]] uint64_t read(uint64_t after, const Visit& visit) override;
  [[nodiscard]] uint64_t last_before(Timestamp from) override;
  void on_more(std::function<void()> more) override { views_.follower().on_heard(cell_, std::move(more)); }

 private:
  using Deliveries = std::vector<std::shared_ptr<const platform::Delivery>>;
  // The deliveries among the events (after, until].
  struct Range {
    uint64_t after = 0;
    uint64_t until = 0;
    Deliveries deliveries = {};
  };

  const Range* range_behind(uint64_t sequence);
  bool read_range(uint64_t after);
  template <class E>
  void add_delivery(const std::string& sale, const E& event, uint64_t sequence, Timestamp at,
                    Deliveries& deliveries) const;
  [[nodiscard]] std::string id_of(SaleNumber sale, const Directory::Page& page) const;

  log::Log& log_;
  const CellId cell_;
  const platform::SourceId id_;
  const uint64_t tail_at_start_;
  const Directory& directory_;
  const auth::IdSealer& ids_;
  const Views& views_;
  std::deque<Range> ranges_;  // newest first
};

}  // namespace doorbuster::sale
