#include "sale/api/calls.h"
#include "sale/api/payment_wait.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
namespace {

void finish_start(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  desk.payment_wait().add(exchange, kept, *reply.hold);
}

void finish_show_order(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  const HoldView& hold = *reply.hold;
  if (hold.attempts == 0) {
    return respond_problem(exchange, kept.instance, net::Status::kNotFound, "not-found", "Not found",
                           "No payment was started for this hold.");
  }
  const bool pays = hold.state == HoldState::kPaying;
  const auto address = pays ? desk.shared().payments.redirect_of(hold.number, hold.attempts) : std::nullopt;
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  write_order(json, desk.shared().ids, *desk.directory().find(hold.sale), hold, address.value_or(""));
  respond_json(desk, exchange, kept, net::Status::kOk, body);
}

// A provider has done its part once we know; what it means for the hold is our own matter.
void finish_event(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply&) {
  respond_json(desk, exchange, kept, net::Status::kOk, R"({"received":true})");
}

}  // namespace

void start_payment(Desk& desk, const Call& call) {
  const auto id = id_of(desk, call, 0, auth::IdKind::kHold);
  if (!id) return;
  const auto caller = customer_who_changes(desk, call, *id);
  if (!caller) return;
  const auto idempotency = idempotency_of(call);
  if (!idempotency || !has_no_body(call)) return;
  desk.ask(call, StartPayment{HoldNumber::unpacked(id->number), caller->hash, *idempotency},
           deferred(call, finish_start));
}

void show_order(Desk& desk, const Call& call) { look_up_hold(desk, call, auth::IdKind::kOrder, finish_show_order); }

void take_payment_event(Desk& desk, const Call& call) {
  auto news = desk.shared().payments.read_event(call.request);
  if (!news) {
    const bool genuine = news.error().code != ErrorCode::kFenced;
    return respond_problem(call.exchange, call.request.path(),
                           genuine ? net::Status::kBadRequest : net::Status::kUnauthorized, "invalid-payment-event",
                           "The event is not taken", news.error().message);
  }
  if (news->kind == PaymentNotification::Kind::kRefundFailed) {
    return finish_event(desk, call.exchange, {}, {});  // nothing is decided: the refund stays due
  }
  if (news->kind == PaymentNotification::Kind::kRefunded) {
    return desk.ask(call, SettleRefund{news->hold, news->attempt, std::move(news->reference)},
                    deferred(call, finish_event));
  }
  const bool succeeded = news->kind == PaymentNotification::Kind::kSucceeded;
  desk.ask(call,
           SettlePayment{news->hold, news->attempt, succeeded ? PaymentResult::kSucceeded : PaymentResult::kFailed,
                         std::move(news->reference)},
           deferred(call, finish_event));
}

}  // namespace doorbuster::sale
