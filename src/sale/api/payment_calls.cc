#include "base/prng.h"
#include "sale/api/calls.h"
#include "sale/api/deferred_calls.h"
#include "sale/api/look_up_hold.h"
#include "sale/api/payment_wait.h"
#include "sale/api/render.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {
namespace {

void finish_start(const Decided& decided, PaymentWait& payments) { payments.add(decided.exchange, decided.reply); }

void finish_show_order(const Decided& decided, const SaleCatalog& catalog, const auth::IdSealer& ids,
                       PaymentGateway& payments, platform::Gate& gate, const Clock& clock) {
  const HoldView& hold = *decided.reply.hold;
  if (hold.state == HoldState::kSold && decided.kept.taker.units_each > 0)
    gate.note_paid(decided.kept.taker, mixed64(hold.sale.value()) ^ hold.number.packed(), clock.now());
  if (hold.attempts == 0) {
    return respond_problem(decided.exchange, decided.kept.instance, net::Status::kNotFound, "not-found", "Not found",
                           "No payment was started for this hold.");
  }
  const bool pays = hold.state == HoldState::kPaying;
  const auto address = pays ? payments.redirect_of(hold.sale, hold.number, hold.attempts) : std::nullopt;
  std::string& body = decided.exchange.scratch();
  JsonWriter json(body);
  write_order(json, ids, catalog.at(hold.sale), hold, *decided.reply.annotations, address.value_or(""));
  respond_json(decided, net::Status::kOk, body);
}

// A provider has done its part once we know; what it means for the hold is our own matter.
void respond_received(net::Exchange& exchange) {
  platform::respond_json(exchange, net::Status::kOk, R"({"received":true})");
}

void finish_event(const Decided& decided) { respond_received(decided.exchange); }

// Of a sale that is archived the machine knows no hold any more: whether money is known already is in the archive. If
// it is, or nobody can look at this moment, that is answered at once.
bool is_new_to_archive(const Call& call, const PaymentNotification& told, const AllViews& views) {
  if (!can_show(call, views, told.sale)) return false;
  const bool is_known = views.look(told.sale, [&](const SaleViews& known) {
    const Order* order = known.orders.find(told.sale, told.hold);
    return order != nullptr && order->reference == told.reference;
  });
  if (is_known) respond_received(call.exchange);
  return !is_known;
}

void settle_refund(const Call& call, PaymentNotification& told, DeferredCalls& calls) {
  calls.ask(call, told.sale, SettleRefund{told.hold, told.attempt, std::move(told.reference), told.amount, told.sale},
            deferred(call, finish_by<finish_event>));
}

void settle_payment(const Call& call, PaymentNotification& told, const SaleCatalog& catalog, const AllViews& views,
                    DeferredCalls& calls) {
  const bool succeeded = told.type == platform::PaymentEventType::kPaymentSucceeded;
  const auto& page = catalog.page();
  const bool is_archived = page.find(told.sale) == nullptr && page.knows(told.sale);
  if (is_archived && !succeeded) return respond_received(call.exchange);  // there is nothing left that could fail
  if (is_archived && !is_new_to_archive(call, told, views)) return;
  calls.ask(call, told.sale,
            SettlePayment{.hold = told.hold,
                          .attempt = told.attempt,
                          .result = succeeded ? PaymentResult::kSucceeded : PaymentResult::kFailed,
                          .reference = std::move(told.reference),
                          .paid = told.amount,
                          .sale = told.sale,
                          .is_unknown_to_archive = is_archived,
                          .named = told.named},
            deferred(call, finish_by<finish_event>));
}

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

void take_payment_event(const Call& call, PaymentGateway& payments, const SaleCatalog& catalog, const AllViews& views,
                        DeferredCalls& calls) {
  auto notification = payments.read_event(call.request);
  if (!notification) {
    const bool genuine = notification.error().code != ErrorCode::kNotGenuine;
    return respond_problem(call.exchange, call.request.path(),
                           genuine ? net::Status::kBadRequest : net::Status::kUnauthorized, "invalid-payment-event",
                           "The event is not taken", notification.error().message);
  }
  switch (notification->type) {
    case platform::PaymentEventType::kRefundFailed:
      return respond_received(call.exchange);  // nothing is decided: the refund stays due
    case platform::PaymentEventType::kRefundSucceeded:
      return settle_refund(call, *notification, calls);
    case platform::PaymentEventType::kPaymentSucceeded:
    case platform::PaymentEventType::kPaymentFailed:
      return settle_payment(call, *notification, catalog, views, calls);
  }
}

}  // namespace doorbuster::sale
