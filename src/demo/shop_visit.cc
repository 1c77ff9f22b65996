#include "demo/shop_visit.h"

#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::demo {
namespace {

const std::string kApi = "/api/v1/";

std::string text(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.optional(name);
  return !value.present() || value.is_null() ? std::string() : std::string(value.string());
}

// Reads an answer; members that the demo does not need are left alone.
template <class T, class Read>
Result<T> read(const DemoAnswer& answer, Read&& fill) {
  JsonDocument document(answer.body, {.max_bytes = answer.body.size() + 1});
  T seen;
  fill(document.root(), seen);
  TRY(document.finish(JsonUnknown::kAllowed));
  return seen;
}

void fill_sale(const JsonObject& object, SaleSeen& sale) {
  const auto count = [&](std::string_view name) { return object.required(name).integer({.min = 0}); };
  sale.title = text(object, "title");
  sale.state = text(object, "state");
  sale.queue = text(object, "queue");
  sale.units = count("units");
  sale.available = count("available");
  sale.offered = count("offered");
  sale.held = count("held");
  sale.paying = count("paying");
  sale.sold = count("sold");
  sale.waiting = count("waiting");
  sale.claim_seconds = count("claim_seconds");
  sale.opens_at = parse_rfc3339(object.required("opens_at").string()).value_or(Timestamp());
}

void fill_entry(const JsonObject& object, EntrySeen& entry) {
  entry.id = object.required("id").string();
  entry.state = object.required("state").string();
  const JsonValue ahead = object.required("people_ahead");
  entry.people_ahead = ahead.is_null() ? 0 : ahead.integer();  // null before a draw
  entry.next_poll_seconds = object.required("next_poll_seconds").integer();
}

void fill_hold(const JsonObject& object, HoldSeen& hold) {
  hold.id = object.required("id").string();
  hold.state = object.required("state").string();
  hold.expires_at = object.required("expires_at").string();
}

void fill_order(const JsonObject& object, OrderSeen& order) {
  order.id = object.required("id").string();
  order.state = object.required("state").string();
  order.redirect_url = text(object, "redirect_url");
}

std::string body_naming(const std::string& link) {
  std::string body;
  if (link.empty()) return body;
  JsonWriter json(body);
  json.begin_object().key("metadata").begin_object().member("channel", link).end_object().end_object();
  return body;
}

}  // namespace

ShopVisit::ShopVisit(DemoHttp& http, std::string sale, std::string token, Narrator narrator)
    : http_(http),
      sale_path_(kApi + "sales/" + std::move(sale)),
      token_(std::move(token)),
      narrator_(std::move(narrator)) {}

Result<DemoAnswer> ShopVisit::ask(const DemoCall& call) {
  DemoAnswer answer = TRY(http_.call(call));
  if (narrator_) narrator_(call, answer);
  if (!answer.good()) return fail(ErrorCode::kConflict, words_of_problem(answer));
  return answer;
}

Result<SaleSeen> ShopVisit::look() {
  return read<SaleSeen>(TRY(ask({.method = "GET", .path = sale_path_})), fill_sale);
}

Result<void> ShopVisit::come_by(const std::string& link) {
  TRY(ask({.method = "GET", .path = "/" + link, .browser = true}));
  return {};
}

Result<EntrySeen> ShopVisit::join(const std::string& link) {
  const DemoCall call{.method = "POST", .path = sale_path_ + "/queue", .bearer = token_, .body = body_naming(link)};
  return read<EntrySeen>(TRY(ask(call)), fill_entry);
}

Result<EntrySeen> ShopVisit::entry(const std::string& id) {
  const DemoCall call{.method = "GET", .path = sale_path_ + "/queue/" + id, .bearer = token_};
  return read<EntrySeen>(TRY(ask(call)), fill_entry);
}

Result<void> ShopVisit::leave(const std::string& entry) {
  TRY(ask({.method = "DELETE", .path = sale_path_ + "/queue/" + entry, .bearer = token_}));
  return {};
}

Result<HoldSeen> ShopVisit::reserve(const std::string& link) {
  const DemoCall call{.method = "POST", .path = sale_path_ + "/holds", .bearer = token_, .body = body_naming(link)};
  return read<HoldSeen>(TRY(ask(call)), fill_hold);
}

Result<void> ShopVisit::release(const std::string& hold) {
  TRY(ask({.method = "DELETE", .path = kApi + "holds/" + hold, .bearer = token_}));
  return {};
}

Result<OrderSeen> ShopVisit::start_payment(const std::string& hold) {
  const DemoCall call{.method = "POST", .path = kApi + "holds/" + hold + "/payment", .bearer = token_};
  return read<OrderSeen>(TRY(ask(call)), fill_order);
}

Result<OrderSeen> ShopVisit::order(const std::string& id) {
  return read<OrderSeen>(TRY(ask({.method = "GET", .path = kApi + "orders/" + id, .bearer = token_})), fill_order);
}

Result<void> ShopVisit::press(const OrderSeen& order, const std::string& button) {
  if (order.redirect_url.empty()) {
    return fail(ErrorCode::kUnavailable,
                "the payment provider does not answer: is the sandbox running? `doorbuster run` starts it, or "
                "`doorbuster sandbox` by itself");
  }
  TRY(ask({.method = "POST", .path = order.redirect_url, .body = "action=" + button, .form = true}));
  return {};
}

}  // namespace doorbuster::demo
