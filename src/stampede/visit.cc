#include "stampede/visit.h"

#include "base/json.h"

namespace doorbuster::stampede {
namespace {

constexpr int kOrderPollsMax = 40;

std::string text_in(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.optional(name);
  return !value.present() || value.is_null() ? std::string() : std::string(value.string());
}

void read_entry(const Answer& answer, Entry& entry) {
  JsonDocument document(answer.body);
  const JsonObject root = document.root();
  const std::string token = text_in(root, "token");
  entry.id = text_in(root, "id");
  entry.state = text_in(root, "state");
  const auto delayed_until = parse_rfc3339(text_in(root, "delayed_until"));
  entry.delayed_until = delayed_until ? std::optional(*delayed_until) : std::nullopt;
  entry.next_poll = Duration::seconds(std::max<int64_t>(1, root.optional("next_poll_seconds").integer({}, 1)));
  if (!token.empty()) entry.token = token;
}

struct Order {
  std::string id;
  std::string state;
  std::string redirect_url;
};

Order read_order(const Answer& answer) {
  JsonDocument document(answer.body);
  const JsonObject root = document.root();
  return {.id = text_in(root, "id"), .state = text_in(root, "state"), .redirect_url = text_in(root, "redirect_url")};
}

Task<std::optional<Order>> start_order(Shopper& who, const Hold& hold) {
  Call start{.method = "POST", .path = "/api/v1/holds/" + hold.id + "/payment"};
  const Answer answer = co_await who.insist(std::move(start));
  if (answer.status != 202) co_return std::nullopt;
  Order order = read_order(answer);
  const Call again{.path = "/api/v1/orders/" + order.id};
  for (int polls = 0; order.redirect_url.empty() && order.state == "paying" && polls < kOrderPollsMax; ++polls) {
    co_await who.pause(Duration::seconds(1));
    const Answer told = co_await who.insist(again);
    if (told.status == 200) order = read_order(told);
  }
  if (order.redirect_url.empty()) co_return std::nullopt;
  co_return order;
}

// The provider tells the server, which takes a moment.
Task<bool> hear_of_order(Shopper& who, const std::string& id) {
  const Call ask{.path = "/api/v1/orders/" + id};
  for (int polls = 0; polls < kOrderPollsMax; ++polls) {
    co_await who.pause(polls == 0 ? Duration::millis(300) : Duration::seconds(1));
    const Answer answer = co_await who.insist(ask);
    const std::string state = answer.status == 200 ? read_order(answer).state : "";
    if (state == "sold") co_return true;
    if (!state.empty() && state != "paying") co_return false;
  }
  co_return false;
}

Task<std::optional<std::string>> address_to_pay_at(Shopper& who, const Hold& hold) {
  const std::optional<Order> order = co_await start_order(who, hold);
  if (!order) co_return std::nullopt;
  co_return order->redirect_url;
}

Task<bool> pay_order(Shopper& who, const Hold& hold, Duration at_the_provider) {
  const std::optional<Order> order = co_await start_order(who, hold);
  if (!order) co_return false;
  co_await who.pause(at_the_provider);
  const Call press{
      .method = "POST", .path = {}, .body = "action=pay", .content_type = "application/x-www-form-urlencoded"};
  const Answer pressed = co_await who.ask_elsewhere(press, order->redirect_url);
  if (!pressed.good()) co_return false;
  who.context().tally.payment_pressed();
  const bool is_sold = co_await hear_of_order(who, order->id);
  who.context().tally.payment_heard();
  if (is_sold) who.context().tally.unit_sold(who.visitor().cohort, who.way());
  co_return is_sold;
}

}  // namespace

Task<uint64_t> look(Shopper& who) {
  const Call call{.path = who.sale_path()};
  const Answer answer = co_await who.ask(call);
  if (answer.status != 200) co_return 0;
  JsonDocument document(answer.body);
  co_return static_cast<uint64_t>(document.root().optional("available").integer({.min = 0}));
}

Task<std::optional<Entry>> join(Shopper& who) {
  Call call{.method = "POST", .path = who.sale_path() + "/queue", .takes = true};
  const Answer answer = co_await who.insist(std::move(call));
  if (answer.status != 200 && answer.status != 202) co_return std::nullopt;
  Entry entry;
  read_entry(answer, entry);
  who.tally().places += answer.status == 202 ? 1 : 0;
  who.keep_session();
  who.belongings().entry = entry.id;
  who.belongings().entry_token = entry.token;
  who.leak();
  co_return entry;
}

Task<> poll(Shopper& who, Entry& entry) {
  Call call{.path = who.sale_path() + "/queue/" + entry.id};
  const Answer answer = co_await who.insist(std::move(call));
  if (answer.status == 200) read_entry(answer, entry);
}

Task<Reserved> reserve(Shopper& who) {
  Call call{.method = "POST", .path = who.sale_path() + "/holds", .key = who.fresh_key(), .takes = true};
  who.belongings().reserve_key = call.key;
  const Answer answer = co_await who.insist(std::move(call));
  Reserved reserved;
  JsonDocument document(answer.body);
  const JsonObject root = document.root();
  if (answer.status == 201) {
    reserved.hold =
        Hold{.id = text_in(root, "id"), .expires_at = parse_rfc3339(text_in(root, "expires_at")).value_or(Timestamp())};
    ++who.tally().holds;
    who.keep_session();
    who.belongings().hold = reserved.hold->id;
    who.leak();
  } else {
    reserved.problem = problem_of(answer);
    reserved.may_come_back = root.optional("units_on_hold").integer({}, 0) > 0;
  }
  co_return reserved;
}

Task<bool> release(Shopper& who, const Hold& hold) {
  Call call{.method = "DELETE", .path = "/api/v1/holds/" + hold.id};
  const Answer answer = co_await who.insist(std::move(call));
  co_return answer.status == 200;
}

Task<std::optional<std::string>> begin_payment(Shopper& who, const Hold& hold) { return address_to_pay_at(who, hold); }

Task<bool> pay(Shopper& who, const Hold& hold, Duration at_the_provider) {
  return pay_order(who, hold, at_the_provider);
}

}  // namespace doorbuster::stampede
