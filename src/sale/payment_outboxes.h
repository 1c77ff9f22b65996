// The payments of all cells: an outbox for each, and one thread that tends them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "auth/webhook_signature.h"
#include "base/doorbell.h"
#include "sale/api/payment_gateway.h"
#include "sale/payment_outbox.h"

namespace doorbuster::sale {

class PaymentOutboxes final : public PaymentGateway {
 public:
  // The provider outlives stop(); everything else outlives the outboxes. The secrets sign what the provider says.
  PaymentOutboxes(uint32_t cells, PaymentOutboxOptions options, std::vector<auth::WebhookSecret> secrets,
                  platform::PaymentProvider& provider, const Directory& directory, const auth::IdSealer& ids,
                  const Clock& clock);
  ~PaymentOutboxes() override { stop(); }

  [[nodiscard]] PaymentOutbox& of(CellId cell) { return *outboxes_[cell.value()]; }
  void start();
  void stop();

  [[nodiscard]] std::optional<std::string> redirect_of(SaleNumber sale, HoldNumber hold,
                                                       uint8_t attempt) const override;
  [[nodiscard]] Result<PaymentNotification> read_event(const net::Request& request) override;

  // Of all cells together.
  [[nodiscard]] PaymentOutbox::Backlog backlog() const;

 private:
  void run();

  const std::vector<auth::WebhookSecret> secrets_;
  const std::function<void(const std::string&)> on_trouble_;
  const Directory& directory_;
  const auth::IdSealer& ids_;
  const Clock& wall_;
  Doorbell bell_;
  std::vector<std::unique_ptr<PaymentOutbox>> outboxes_;  // by cell
  std::thread thread_;
  std::atomic<bool> stopping_{false};
};

}  // namespace doorbuster::sale
