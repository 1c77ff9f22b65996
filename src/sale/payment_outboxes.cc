#include "sale/payment_outboxes.h"

#include <algorithm>
#include <utility>

#include "base/this_thread.h"
#include "platform/outbound/payment_event.h"
#include "sale/api/payment_name.h"

namespace doorbuster::sale {
namespace {

constexpr auto kTick = std::chrono::milliseconds(100);

}  // namespace

PaymentOutboxes::PaymentOutboxes(uint32_t cells, PaymentOutboxOptions options, std::vector<auth::WebhookSecret> secrets,
                                 platform::PaymentProvider& provider, const Directory& directory,
                                 const auth::IdSealer& ids, const Clock& clock)
    : secrets_(std::move(secrets)),
      on_trouble_(options.on_trouble),
      directory_(directory),
      ids_(ids),
      wall_(options.wall == nullptr ? clock : *options.wall) {
  options.commands_under_way = std::max<size_t>(64, options.commands_under_way / cells);
  options.wake = [this] { bell_.ring(); };
  for (uint32_t cell = 0; cell < cells; ++cell)
    outboxes_.push_back(std::make_unique<PaymentOutbox>(options, provider, directory, ids, clock));
}

void PaymentOutboxes::start() {
  thread_ = std::thread([this] { run(); });
}

void PaymentOutboxes::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  bell_.ring();
  thread_.join();
}

void PaymentOutboxes::run() {
  begin_thread("payments");
  while (!stopping_.load(std::memory_order_acquire)) {
    for (const auto& outbox : outboxes_) outbox->turn();
    bell_.wait(kTick);
  }
}

std::optional<std::string> PaymentOutboxes::redirect_of(SaleNumber sale, HoldNumber hold, uint8_t attempt) const {
  return outboxes_[cell_of(sale).value()]->redirect_of(hold, attempt);
}

Result<PaymentNotification> PaymentOutboxes::read_event(const net::Request& request) {
  const auth::SignedMessage message{.id = request.header("webhook-id").value_or(""),
                                    .timestamp = request.header("webhook-timestamp").value_or(""),
                                    .signatures = request.header("webhook-signature").value_or(""),
                                    .body = request.body()};
  const auto event = platform::read_payment_event(message, secrets_, wall_.now());
  if (!event)
    return fail(event.error().unauthorised ? ErrorCode::kNotGenuine : ErrorCode::kInvalid, event.error().message);
  const auto name = payment_named(event->order, ids_);
  if (!name || !directory_.knows(name->sale))
    return fail(ErrorCode::kNotFound, "/data/order: '" + event->order + "' is not a payment of this server");
  if (event->type == platform::PaymentEventType::kRefundFailed) {
    on_trouble_("the provider could not refund payment " + event->order + ": " + event->reason + "; it is asked again");
  }
  return PaymentNotification{.sale = name->sale,
                             .hold = name->hold,
                             .attempt = name->attempt,
                             .type = event->type,
                             .reference = PaymentOutbox::shortened(event->payment),
                             .amount = event->amount,
                             .named = name->named};
}

PaymentOutbox::Backlog PaymentOutboxes::backlog() const {
  PaymentOutbox::Backlog all;
  for (const auto& outbox : outboxes_) {
    const PaymentOutbox::Backlog one = outbox->backlog();
    all.payments_open += one.payments_open;
    all.refunds_due += one.refunds_due;
    all.unexpected += one.unexpected;
  }
  return all;
}

}  // namespace doorbuster::sale
