// What webhooks tell of counters: each addition.
#pragma once

#include <functional>
#include <utility>

#include "counter/machine/counter_machine.h"
#include "log/log.h"
#include "platform/views/follower.h"
#include "platform/webhooks/delivery.h"

namespace doorbuster::counter {

class WebhookFeed final : public platform::DeliverySource {
 public:
  WebhookFeed(log::Log& log, CellId cell, const platform::Follower& follower)
      : log_(log), cell_(cell), follower_(follower), id_{"counter", cell.value()} {}

  [[nodiscard]] const platform::SourceId& id() const override { return id_; }
  [[nodiscard]] uint64_t newest() const override { return follower_.position(cell_).value(); }
  [[nodiscard]] uint64_t tail_at_start() const override { return follower_.tail_at_start(cell_).value(); }
  [[nodiscard]] uint64_t read(uint64_t after, const Visit& visit) override;
  [[nodiscard]] uint64_t last_before(Timestamp from) override;
  void on_more(std::function<void()> more) override { follower_.on_heard(cell_, std::move(more)); }

 private:
  log::Log& log_;
  const CellId cell_;
  const platform::Follower& follower_;
  const platform::SourceId id_;
};

}  // namespace doorbuster::counter
