// Paying over HTTP: starting, hearing from the provider, looking at the order.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using testing::kPs5;
using testing::Refuses;

class PaymentsApi : public testing::ApiTest {
 protected:
  explicit PaymentsApi(testing::SaleServer::Options options = {}) : ApiTest(std::move(options)) { sell(); }
  void sell() { create(R"("units":1,"queue":"none","price":{"amount":100,"currency":"EUR"})"); }
  static std::string in_words(const Money& money) {
    return std::to_string(money.amount) + " " + std::string(money.currency.code());
  }
};

TEST_F(PaymentsApi, sends_the_customer_to_the_provider) {
  const Answer held = reserve("alice");
  const Answer order = pay("alice", held);
  EXPECT_EQ(order.status, 202);
  EXPECT_EQ(order.header("location"), "/api/v1/orders/" + order.text("id"));
  EXPECT_EQ(order.text("state"), "paying");
  EXPECT_EQ(order.text("hold"), held.text("id"));
  EXPECT_EQ(order.text("attempts"), "1");
  EXPECT_EQ(order.text("redirect_url"), "https://pay.example/1");
  EXPECT_EQ(pay("alice", held).body, order.body);
  EXPECT_EQ(as_customer("alice", "GET", order.header("location")).body, order.body);
  EXPECT_EQ(as_operator("GET", order.header("location")).body, order.body);
  EXPECT_THAT(as_customer("bob", "GET", order.header("location")), Refuses(404, "not-found"));
  EXPECT_EQ(as_customer("alice", "GET", hold_path(held)).text("order"), order.text("id"));
}

TEST_F(PaymentsApi, answers_without_an_address_when_the_provider_is_slow) {
  server_.gateway().send_customers_to("");
  const Answer order = pay("alice", reserve("alice"));
  EXPECT_EQ(order.status, 202);
  EXPECT_EQ(order.text("redirect_url"), "null");
  server_.gateway().send_customers_to("https://late.example/");
  EXPECT_EQ(as_customer("alice", "GET", order.header("location")).text("redirect_url"), "https://late.example/1");
}

class HurriedPaymentsApi : public PaymentsApi {
 protected:
  HurriedPaymentsApi() : PaymentsApi({.answer_deadline = Duration::millis(500)}) {}
};

TEST_F(HurriedPaymentsApi, answers_without_an_address_before_its_answer_is_late) {
  server_.gateway().send_customers_to("");
  const Answer order = pay("alice", reserve("alice"));
  EXPECT_EQ(order.status, 202);
  EXPECT_EQ(order.text("redirect_url"), "null");
}

TEST_F(PaymentsApi, sells_what_is_paid_for) {
  const Answer held = reserve("alice");
  const Answer order = pay("alice", held);
  EXPECT_EQ(provider_says(held, "succeeded").status, 200);
  EXPECT_EQ(provider_says(held, "succeeded").status, 200);
  EXPECT_EQ(as_customer("alice", "GET", order.header("location")).text("state"), "sold");
  EXPECT_EQ(as_customer("alice", "GET", hold_path(held)).text("state"), "sold");
  EXPECT_EQ(ask("GET", kPs5).text("sold"), "1");
  EXPECT_NE(ask("GET", kPs5).text("all_sold_at"), "null");
  const Answer refused = as_customer("alice", "DELETE", hold_path(held));
  EXPECT_THAT(refused, Refuses(409, "already-sold"));
  EXPECT_EQ(refused.text("order"), order.header("location"));
}

TEST_F(PaymentsApi, keeps_a_unit_while_a_payment_is_under_way_and_its_grace_lasts) {
  const Answer held = reserve("alice");
  const Answer order = pay("alice", held);
  const Answer refused = as_customer("alice", "DELETE", hold_path(held));
  EXPECT_THAT(refused, Refuses(409, "payment-in-flight"));
  EXPECT_EQ(refused.text("order"), order.header("location"));
  wait(300);
  EXPECT_EQ(as_customer("alice", "GET", hold_path(held)).text("state"), "paying");
  wait(120);
  EXPECT_THAT(as_customer("alice", "GET", hold_path(held)), Refuses(410, "hold-expired"));
}

TEST_F(PaymentsApi, lets_a_declined_payment_be_tried_again_but_not_for_ever) {
  const Answer held = reserve("alice");
  for (int attempt = 1; attempt <= 8; ++attempt) {
    EXPECT_EQ(pay("alice", held).text("attempts"), std::to_string(attempt));
    EXPECT_EQ(provider_says(held, "failed", attempt).status, 200);
  }
  EXPECT_THAT(pay("alice", held), Refuses(409, "too-many-payments"));
}

TEST_F(PaymentsApi, does_a_payment_once_however_often_it_is_asked_for) {
  const Answer held = reserve("alice");
  const testing::Fields keyed = {server_.customer("alice"), "Idempotency-Key: pay"};
  const std::string path = hold_path(held) + "/payment";
  const Answer first = ask("POST", path, keyed);
  provider_says(held, "failed");
  EXPECT_EQ(ask("POST", path, keyed).text("attempts"), "1");
  EXPECT_THAT(ask("POST", path, keyed, "{}"), Refuses(422, "idempotency-key-reused"));
  EXPECT_EQ(pay("alice", held).text("attempts"), "2");
  provider_says(held, "failed", 2);
  EXPECT_EQ(ask("POST", path, keyed).text("attempts"), "2");  // a late repetition of the first starts no third
  EXPECT_EQ(as_customer("alice", "GET", hold_path(held)).text("state"), "held");
}

TEST_F(PaymentsApi, owes_a_refund_for_money_that_came_too_late) {
  const Answer held = reserve("alice");
  const Answer order = pay("alice", held);
  wait(420);
  EXPECT_EQ(reserve("bob").status, 201);
  EXPECT_EQ(provider_says(held, "succeeded", 1, "late-1").status, 200);
  const std::string path = order.header("location");
  EXPECT_EQ(as_customer("alice", "GET", path).text("state"), "expired");
  EXPECT_EQ(as_customer("alice", "GET", path).text("refund"), "due");
  EXPECT_EQ(ask("GET", kPs5).text("sold"), "0");
  EXPECT_EQ(provider_says(held, "refund_failed").status, 200);
  EXPECT_EQ(as_customer("alice", "GET", path).text("refund"), "due");
  EXPECT_EQ(provider_says(held, "refunded").status, 200);
  EXPECT_EQ(provider_says(held, "refunded").status, 200);
  EXPECT_EQ(as_customer("alice", "GET", path).text("refund"), "done");
}

TEST_F(PaymentsApi, sells_nothing_for_another_amount_or_currency_and_gives_it_back) {
  const Answer held = reserve("alice");
  for (const Money wrong : {Money{1, Currency("EUR")}, Money{100, Currency("IDR")}}) {
    const Answer order = pay("alice", held);
    const int attempt = std::stoi(order.text("attempts"));
    const std::string reference = "pay_" + std::to_string(attempt);
    EXPECT_EQ(provider_says(held, "succeeded", attempt, reference, wrong).status, 200);
    EXPECT_EQ(as_customer("alice", "GET", order.header("location")).text("state"), "held");
    EXPECT_EQ(as_customer("alice", "GET", order.header("location")).text("refund"), "due");
    EXPECT_EQ(ask("GET", kPs5).text("sold"), "0");
    catch_up();
    EXPECT_THAT(as_operator("GET", std::string(kPs5) + "/audit").body,
                ::testing::AllOf(::testing::HasSubstr(R"("action":"money unexpected")"),
                                 ::testing::HasSubstr(in_words(wrong) + " came where 100 EUR was asked")));
    EXPECT_THAT(provider_says(held, "refunded", attempt, reference, Money{100, Currency("EUR")}),
                Refuses(409, "wrong-state"));
    EXPECT_EQ(provider_says(held, "refunded", attempt, reference, wrong).status, 200);
    EXPECT_EQ(as_customer("alice", "GET", order.header("location")).text("refund"), "done");
  }
}

TEST_F(PaymentsApi, gives_back_a_second_payment_for_what_is_sold) {
  const Answer held = reserve("alice");
  const std::string path = pay("alice", held).header("location");
  for (const char* again : {"pay_1", "pay_1"}) EXPECT_EQ(provider_says(held, "succeeded", 1, again).status, 200);
  EXPECT_EQ(as_customer("alice", "GET", path).text("refund"), "none");
  for (const char* again : {"pay_2", "pay_2"}) EXPECT_EQ(provider_says(held, "succeeded", 1, again).status, 200);
  EXPECT_EQ(as_customer("alice", "GET", path).text("state"), "sold");
  EXPECT_EQ(as_customer("alice", "GET", path).text("refund"), "due");
  catch_up();
  EXPECT_THAT(as_operator("GET", std::string(kPs5) + "/orders").body, ::testing::HasSubstr(R"("refund":"due")"));
  EXPECT_EQ(provider_says(held, "refunded", 1, "pay_2").status, 200);
  EXPECT_EQ(as_customer("alice", "GET", path).text("refund"), "done");
}

TEST_F(PaymentsApi, takes_no_news_that_is_not_genuine_or_not_possible) {
  const Answer held = reserve("alice");
  const std::string path = "/api/v1/payments/events";
  EXPECT_THAT(ask("POST", path, {}, R"({"hold":0,"attempt":1,"result":"succeeded"})"),
              Refuses(401, "invalid-payment-event"));
  EXPECT_THAT(ask("POST", path, {"Signature: genuine"}, "{}"), Refuses(400, "invalid-payment-event"));
  EXPECT_THAT(provider_says(held, "succeeded", 1), Refuses(404, "not-found"));
  pay("alice", held);
  EXPECT_THAT(provider_says(held, "refunded", 1), Refuses(409, "wrong-state"));
  EXPECT_THAT(provider_says(held, "succeeded", 2), Refuses(404, "not-found"));
  EXPECT_THAT(provider_says(held, "succeeded", 0), Refuses(404, "not-found"));
}

TEST_F(PaymentsApi, has_no_order_before_a_payment_was_started) {
  const Answer held = reserve("alice");
  const auto id = server_.service().context().ids.open(held.text("id"), auth::IdKind::kHold);
  const auto order = server_.service().context().ids.seal({auth::IdKind::kOrder, id->sale, id->number});
  EXPECT_THAT(as_customer("alice", "GET", "/api/v1/orders/" + std::string(auth::view(order))),
              Refuses(404, "not-found"));
  EXPECT_THAT(as_customer("alice", "GET", "/api/v1/orders/" + held.text("id")), Refuses(404, "not-found"));
}

}  // namespace
}  // namespace doorbuster::sale
