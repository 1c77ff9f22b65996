#include "sim/requests.h"

#include <array>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "platform/outbound/payment_event.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

struct Context {
  const Plan& plan;
  const PublicIds& ids;
  Timestamp at;

  [[nodiscard]] std::string path_of(sale::SaleNumber sale) const {
    return "/api/v1/sales/" + plan.sales[sale.value()].id;
  }
};

std::string field(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + std::string(value) + "\r\n";
}

std::string key_field(const sale::Idempotency& idempotency) {
  return idempotency.key == 0 ? std::string() : field("Idempotency-Key", key_text(idempotency));
}

// Every other one has a browser, which uses our page; the others' programs say nothing of themselves.
constexpr std::string_view kBrowserFields =
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0\r\nAccept: */*\r\n"
    "Accept-Language: en\r\nAccept-Encoding: identity\r\n"
    "Doorbuster-Page: first=1830,moves=41,keys=3,touches=0,focus=1\r\n";

std::string as_customer(const CustomerHash& customer, const sale::Idempotency& idempotency = {}) {
  ServerKeys& keys = ServerKeys::get();
  const bool has_browser = keys.number_of(customer) % 2 == 0;
  return keys.customer_fields(customer) + std::string(has_browser ? kBrowserFields : "") + key_field(idempotency);
}

std::string as_staff(const sale::Cause& cause, const Context& context) {
  const StaffSession* session = context.ids.session();
  const std::string who = session == nullptr ? ServerKeys::get().operator_field() + "\r\n" : session->fields;
  return who + key_field(cause.idempotency);
}

std::string reason_of(const sale::Cause& cause) { return R"({"reason":")" + cause.reason + R"("})"; }

// The members of an object, of those that there are.
void write_attached(JsonWriter& json, const Annotations& annotations) {
  if (!annotations.client_reference.empty()) json.member("client_reference", annotations.client_reference);
  if (!annotations.metadata.empty()) json.key("metadata").raw(annotations.metadata);
}

Request made(const sale::Reserve& command, const Context& context) {
  std::string body;
  if (!command.annotations->empty()) {
    JsonWriter json(body);
    json.begin_object();
    write_attached(json, *command.annotations);
    json.end_object();
  }
  return {"POST", context.path_of(command.sale) + "/holds", as_customer(command.customer, command.idempotency), body};
}
Request made(const sale::LookUpHold& command, const Context& context) {
  return {"GET", context.ids.path_of(command.hold), as_customer(*command.customer), {}};
}
Request made(const sale::Release& command, const Context& context) {
  const std::string path = context.ids.path_of(command.hold);
  if (command.customer) return {"DELETE", path, as_customer(*command.customer), {}};
  return {"DELETE", path, as_staff(command.cause, context), reason_of(command.cause)};
}
Request made(const sale::Join& command, const Context& context) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("nonce", to_base64url(as_bytes(command.nonce)));
  write_attached(json, *command.annotations);
  json.end_object();
  return {"POST", context.path_of(command.sale) + "/queue", as_customer(command.customer, command.idempotency), body};
}
Request made(const sale::LookUpEntry& command, const Context& context) {
  return {"GET", context.ids.path_of(command.entry), as_customer(*command.customer), {}};
}
Request made(const sale::Leave& command, const Context& context) {
  return {"DELETE", context.ids.path_of(command.entry), as_customer(command.customer), {}};
}
Request made(const sale::RemoveEntry& command, const Context& context) {
  return {"DELETE", context.ids.path_of(command.entry), as_staff(command.cause, context), reason_of(command.cause)};
}
Request made(const sale::StartPayment& command, const Context& context) {
  return {
      "POST", context.ids.path_of(command.hold) + "/payment", as_customer(command.customer, command.idempotency), {}};
}

// The bank's events are about its own name of the payment, which begins with the order's.
Request event(platform::PaymentEventType type, const std::string& payment, const Money& amount,
              const Context& context) {
  const std::string id = "event-" + std::to_string(static_cast<int>(type)) + "-" + payment;
  const std::string order = payment.substr(0, payment.find('/'));
  const std::string body = platform::write_payment_event({.id = id,
                                                          .type = type,
                                                          .order = order,
                                                          .payment = payment,
                                                          .amount = amount,
                                                          .occurred_at = context.at,
                                                          .reason = "because"});
  return {"POST", "/api/v1/payments/events",
          field("webhook-id", id) + field("webhook-timestamp", std::to_string(context.at.micros() / 1'000'000)) +
              field("webhook-signature", ServerKeys::get().payment_secret().sign(id, context.at, body)),
          body};
}
Request made(const sale::SettlePayment& command, const Context& context) {
  const bool succeeded = command.result == sale::PaymentResult::kSucceeded;
  return event(succeeded ? platform::PaymentEventType::kPaymentSucceeded : platform::PaymentEventType::kPaymentFailed,
               command.reference, command.paid, context);
}
Request made(const sale::SettleRefund& command, const Context& context) {
  return event(platform::PaymentEventType::kRefundSucceeded, command.reference, command.amount.value(), context);
}

void write_settings(JsonWriter& json, const sale::Settings& settings) {
  json.member("id", settings.id).member("title", settings.title).member("units", settings.units);
  json.member("guests", settings.guests);
  if (settings.price) {
    json.key("price").begin_object().member("amount", settings.price->amount);
    json.member("currency", settings.price->currency.code()).end_object();
  }
  json.member("per_customer", settings.per_customer).member("queue", sale::name_of(settings.queue));
  json.member("opens_at", settings.opens_at).member("prequeue_opens_at", settings.prequeue_opens_at);
  json.member("closes_at", settings.closes_at).member("claim_seconds", settings.claim_seconds);
  json.member("hold_seconds", settings.hold_seconds);
  json.member("payment_grace_seconds", settings.payment_grace_seconds);
  json.member("outflow_per_minute", settings.outflow_per_minute);
}

Request made(const sale::CreateSale& command, const Context& context) {
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  write_settings(json, *command.settings);
  if (command.beacon) {
    json.key("beacon").begin_object().member("source", command.beacon->source);
    json.member("round", command.beacon->round).member("published_at", command.beacon->published_at).end_object();
  }
  json.member("reason", command.cause.reason).end_object();
  return {"POST", "/api/v1/sales", as_staff(command.cause, context), body};
}
Request made(const sale::ChangeSale& command, const Context& context) {
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  if (command.patch->units) json.member("units", *command.patch->units);
  if (command.patch->more_units) json.member("more_units", *command.patch->more_units);
  json.member("reason", command.cause.reason).end_object();
  return {"PATCH", context.path_of(command.sale), as_staff(command.cause, context), body};
}
Request made(const sale::ActOnSale& command, const Context& context) {
  static constexpr std::array<std::string_view, 4> kPaths = {"", "/pause", "/resume", "/close"};
  ASSERT(command.action != sale::SaleAction::kPublish);
  return {"POST", context.path_of(command.sale) + std::string(kPaths[static_cast<size_t>(command.action)]),
          as_staff(command.cause, context), reason_of(command.cause)};
}
Request made(const sale::GiveBeacon& command, const Context& context) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .member("value", to_hex(as_bytes(command.value)))
      .member("reason", command.cause.reason)
      .end_object();
  return {"POST", context.path_of(command.sale) + "/beacon", as_staff(command.cause, context), body};
}

}  // namespace

std::string Request::text() const {
  std::string text = std::string(method) + ' ' + path + " HTTP/1.1\r\nHost: shop.example\r\n" + fields;
  if (!body.empty()) text += field("Content-Length", std::to_string(body.size()));
  return text + "\r\n" + body;
}

Request request_of(const sale::Command& command, const Plan& plan, const PublicIds& ids, Timestamp at) {
  const Context context{plan, ids, at};
  return std::visit([&](const auto& what) { return made(what, context); }, command);
}

// No piece of such a stream has an id, so none is asked to go on from; but whoever asks may have heard other streams.
Request request_to_watch(const sale::LookUpEntry& command, const PublicIds& ids, bool again) {
  std::string fields = as_customer(*command.customer) + field("Accept", "text/event-stream");
  if (again) fields += field("Last-Event-ID", "7");
  return {"GET", ids.path_of(command.entry) + "/events", std::move(fields), {}};
}

Request request_for_order(const sale::LookUpHold& command, const PublicIds& ids) {
  return {"GET", ids.path_of_order(command.hold), as_customer(*command.customer), {}};
}

}  // namespace doorbuster::sim
