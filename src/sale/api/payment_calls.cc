#include "sale/api/calls.h"
#include "sale/api/deferred_calls.h"
#include "sale/api/look_up_hold.h"
#include "sale/api/payment_wait.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

void finish_start(const Decided& decided, PaymentWait& payments) {
  payments.add(decided.exchange, *decided.reply.hold);
}

void finish_show_order(const Decided& decided, const SaleCatalog& catalog, const auth::IdSealer& ids,
                       PaymentGateway& payments) {
  const HoldView& hold = *decided.reply.hold;
  if (hold.attempts == 0) {
    return respond_problem(decided.exchange, decided.kept.instance, net::Status::kNotFound, "not-found", "Not found",
                           "No payment was started for this hold.");
  }
  const bool pays = hold.state == HoldState::kPaying;
  const auto address = pays ? payments.redirect_of(hold.sale, hold.number, hold.attempts) : std::nullopt;
  std::string& body = decided.exchange.scratch();
  JsonWriter json(body);
  write_order(json, ids, catalog.at(hold.sale), hold, address.value_or(""));
  respond_json(decided, net::Status::kOk, body);
}

// A provider has done its part once we know; what it means for the hold is our own matter.
void respond_received(net::Exchange& exchange) {
  platform::respond_json(exchange, net::Status::kOk, R"({"received":true})");
}

void finish_event(const Decided& decided) { respond_received(decided.exchange); }

}  // namespace

void start_payment(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  const auto id = reader.id_of(call, 0, auth::IdKind::kHold);
  if (!id) return;
  const auto caller = reader.customer_who_changes(call, *id);
  if (!caller) return;
  const auto idempotency = idempotency_of(call);
  if (!idempotency || !platform::has_no_body(call)) return;
  calls.ask(call, SaleNumber(id->sale), StartPayment{HoldNumber::unpacked(id->number), caller->hash, *idempotency},
            deferred(call, finish_by<finish_start>));
}

void show_order(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  look_up_hold(call, auth::IdKind::kOrder, reader, calls, finish_by<finish_show_order>);
}

void take_payment_event(const Call& call, PaymentGateway& payments, DeferredCalls& calls) {
  auto notification = payments.read_event(call.request);
  if (!notification) {
    const bool genuine = notification.error().code != ErrorCode::kNotGenuine;
    return respond_problem(call.exchange, call.request.path(),
                           genuine ? net::Status::kBadRequest : net::Status::kUnauthorized, "invalid-payment-event",
                           "The event is not taken", notification.error().message);
  }
  if (notification->type == platform::PaymentEventType::kRefundFailed) {
    return respond_received(call.exchange);  // nothing is decided: the refund stays due
  }
  if (notification->type == platform::PaymentEventType::kRefundSucceeded) {
    return calls.ask(call, notification->sale,
                     SettleRefund{notification->hold, notification->attempt, std::move(notification->reference)},
                     deferred(call, finish_by<finish_event>));
  }
  const bool succeeded = notification->type == platform::PaymentEventType::kPaymentSucceeded;
  calls.ask(
      call, notification->sale,
      SettlePayment{notification->hold, notification->attempt,
                    succeeded ? PaymentResult::kSucceeded : PaymentResult::kFailed, std::move(notification->reference)},
      deferred(call, finish_by<finish_event>));
}

}  // namespace doorbuster::sale
