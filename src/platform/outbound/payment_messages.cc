#include "platform/outbound/payment_messages.h"

#include <algorithm>

#include "base/annotations_json.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "platform/outbound/money_json.h"

namespace doorbuster::platform {
namespace {

constexpr size_t kAddressBytesMax = 2'048;
constexpr StringRule kId{.min_bytes = 1, .max_bytes = 128};

std::string read_address(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.required(name);
  const std::string_view url = value.string({.max_bytes = kAddressBytesMax});
  if (value.present() && !is_web_address(url)) value.refuse("must be an address that begins with http:// or https://");
  return std::string(url);
}

void require_type(const JsonObject& root, std::string_view type) {
  const JsonValue value = root.required("type");
  if (value.present() && value.string() != type) value.refuse("must be '" + std::string(type) + "' here");
}

// A provider that knows of none is not bothered with them.
void write_given(JsonWriter& json, const Annotations& annotations) {
  if (!annotations.client_reference.empty()) json.member("client_reference", annotations.client_reference);
  if (!annotations.metadata.empty()) json.key("metadata").raw(annotations.metadata);
  if (!annotations.customer_id.empty()) json.member("customer_id", annotations.customer_id);
}

}  // namespace

bool is_web_address(std::string_view url) {
  const auto visible = [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\'; };
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  return web && url.size() <= kAddressBytesMax && std::all_of(url.begin(), url.end(), visible);
}

std::string write_payment_start(const PaymentStart& payment, std::string_view callback_url) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("type", kPaymentStartType).member("order", payment.order).key("amount");
  write_money(json, payment.price);
  json.member("description", payment.description).member("return_url", payment.return_url);
  json.member("callback_url", callback_url);
  write_given(json, payment.annotations);
  json.end_object();
  return body;
}

Result<PaymentStartMessage> read_payment_start(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  require_type(root, kPaymentStartType);
  PaymentStartMessage message;
  message.payment.order = std::string(root.required("order").string(kId));
  message.payment.price = read_money(root.required("amount").object());
  message.payment.description = std::string(root.required("description").string({.max_bytes = 500}));
  message.payment.return_url = read_address(root, "return_url");
  message.callback_url = read_address(root, "callback_url");
  message.payment.annotations = read_annotations(root);
  message.payment.annotations.customer_id =
      std::string(root.optional("customer_id").string({.max_bytes = kCustomerIdBytesMax}));
  TRY(document.finish());
  return message;
}

std::string write_payment_refund(const PaymentRefund& refund) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("type", kPaymentRefundType).member("order", refund.order).key("amount");
  write_money(json, refund.amount);
  json.member("reason", refund.reason);
  if (!refund.payment.empty()) json.member("payment", refund.payment);
  json.end_object();
  return body;
}

Result<PaymentRefund> read_payment_refund(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  require_type(root, kPaymentRefundType);
  PaymentRefund refund;
  refund.order = std::string(root.required("order").string(kId));
  refund.amount = read_money(root.required("amount").object());
  refund.reason = std::string(root.optional("reason").string({.max_bytes = 500}));
  refund.payment = std::string(root.optional("payment").string({.max_bytes = 128}));
  TRY(document.finish());
  return refund;
}

std::string signed_get(std::string_view path) { return "GET " + std::string(path); }

std::string write_payment_answer(const PaymentAnswer& answer) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("id", answer.payment);
  json.member("state", kPaymentStateNames[static_cast<size_t>(answer.state)]);
  json.member("redirect_url", answer.redirect_url);
  if (answer.amount) {
    json.key("amount");
    write_money(json, *answer.amount);
  }
  json.end_object();
  return body;
}

Result<PaymentAnswer> read_payment_answer(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  PaymentAnswer answer;
  answer.payment = std::string(root.required("id").string(kId));
  answer.state = root.required("state").one_of<PaymentState>(kPaymentStateNames);
  answer.redirect_url = read_address(root, "redirect_url");
  if (const JsonValue amount = root.optional("amount"); amount.present()) answer.amount = read_money(amount.object());
  TRY(document.finish(JsonUnknown::kAllowed));
  return answer;
}

}  // namespace doorbuster::platform
