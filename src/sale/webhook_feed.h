// What webhooks tell, read from the log: each event that the outside may hear of, as a delivery.
//
// The feed keeps nothing but a few stretches of the log that were read last: endpoints that stand at different places
// share them, and the same deliveries come again whenever they are asked for again.
#pragma once

#include <deque>
#include <optional>

#include "auth/sealed_id.h"
#include "log/log.h"
#include "platform/webhooks/delivery.h"
#include "sale/views/directory.h"
#include "sale/views/follower.h"

namespace doorbuster::sale {

class WebhookFeed final : public platform::DeliverySource {
 public:
  // Reads on behalf of the webhooks' thread. `follower` tells how far the log is durable.
  WebhookFeed(log::Log& log, CellId cell, const Directory& directory, const auth::IdSealer& ids,
              const Follower& follower)
      : log_(log), cell_(cell), directory_(directory), ids_(ids), follower_(follower) {}

  [[nodiscard]] std::optional<platform::Delivery> next(uint64_t after_sequence) override;

 private:
  // The deliveries among the events (after, until].
  struct Stretch {
    uint64_t after = 0;
    uint64_t until = 0;
    std::vector<platform::Delivery> deliveries;
  };

  const Stretch* stretch_behind(uint64_t sequence);
  bool read_stretch(uint64_t after);

  log::Log& log_;
  const CellId cell_;
  const Directory& directory_;
  const auth::IdSealer& ids_;
  const Follower& follower_;
  std::deque<Stretch> stretches_;  // newest first
};

}  // namespace doorbuster::sale
