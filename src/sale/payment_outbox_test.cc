#include "sale/payment_outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/testing/settable_clock.h"
#include "platform/views/memory_store.h"

namespace doorbuster::sale {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Says what the test tells it to say.
class ToldProvider final : public platform::PaymentProvider {
 public:
  void start(const platform::PaymentStart& payment, std::function<void(platform::PaymentStartReply)> done) override {
    calls.push_back("start " + payment.description);
    last = payment;
    done({.outcome = to_start, .redirect_url = "https://pay.example"});
  }
  void refund(const platform::PaymentRefund& refund, std::function<void(platform::PaymentRefundReply)> done) override {
    calls.push_back("refund " + std::to_string(refund.amount.amount) + " " +
                    std::string(refund.amount.currency.code()) + " of " + refund.payment);
    keys.insert(refund.idempotency_key);
    refunded.push_back(refund.order);
    done({.outcome = platform::PaymentOutcome::kUnavailable});
  }
  void query(const platform::PaymentQuery&, std::function<void(platform::PaymentStatus)> done) override {
    calls.emplace_back("query");
    done(to_query);
  }
  platform::PaymentOutcome to_start = platform::PaymentOutcome::kDone;
  platform::PaymentStatus to_query{.outcome = platform::PaymentOutcome::kUnknown};
  std::vector<std::string> calls;
  std::set<std::string> keys;
  platform::PaymentStart last;
  std::vector<std::string> refunded;  // orders
};

class OpenPayment : public ::testing::Test {
 protected:
  static constexpr SaleNumber kSale{0};
  static constexpr HoldNumber kHold{1, 0};

  OpenPayment() {
    Settings settings;
    settings.id = "ps5";
    settings.title = "PS5";
    directory_.publish({.sale = kSale}, settings);
    outbox_.port().attach(asked_);
  }
  // While the server runs.
  void begin() {
    outbox_.on_caught_up();
    outbox_.on(started(), place_);
    outbox_.turn();
    EXPECT_THAT(provider_.calls, ElementsAre("start PS5"));
  }
  static PaymentStarted started() { return {kSale, kHold, {1, 2}, 1, {}}; }
  // What the cell is asked next; nothing if it is not.
  std::optional<cell::Port<Machine>::Request> asked_of_cell() {
    std::optional<cell::Port<Machine>::Request> asked;
    outbox_.turn();
    outbox_.turn();  // what comes up in one turn is sent with the next
    outbox_.port().take_requests(1, [&](cell::Port<Machine>::Request&& request) { asked = std::move(request); });
    return asked;
  }
  void answer(const cell::Port<Machine>::Request& asked, Reply reply) {
    outbox_.port().answer({asked.ticket, cell::ReplyStatus::kDecided, std::move(reply)});
    outbox_.turn();
  }
  // Nothing of it is left in the directory, but what the log says of it comes later.
  void archive() { directory_.archive({{kSale, "ps5"}}); }
  void pass(int64_t seconds) {
    clock_.advance(Duration::seconds(seconds));
    outbox_.turn();
  }

  SettableClock clock_{Timestamp::from_micros(1'700'000'000'000'000)};
  ToldProvider provider_;
  std::function<void()> asked_ = [] {};
  Directory directory_;
  auth::IdSealer ids_{std::vector<std::byte>(32)};
  platform::TraceIndex traces_;
  EventPlace place_{CellId{0}, Sequence(1), Timestamp(), traces_};
  std::vector<std::string> troubles_;
  PaymentOutbox outbox_{{.return_url = "https://shop.example/",
                         .on_trouble = [this](const std::string& text) { troubles_.push_back(text); }},
                        provider_,
                        directory_,
                        ids_,
                        clock_};
};

TEST_F(OpenPayment, is_asked_after_until_its_sale_is_archived) {
  begin();
  pass(40);
  EXPECT_THAT(provider_.calls, ElementsAre("start PS5", "query"));
  archive();
  pass(100);
  EXPECT_EQ(provider_.calls.size(), 3U) << "whoever is asked after need not be known";
  EXPECT_EQ(outbox_.backlog().payments_open, 1U);
  outbox_.on(SaleArchived{SaleNumber(1)}, place_);
  EXPECT_EQ(outbox_.backlog().payments_open, 1U) << "that was another sale";
  outbox_.on(SaleArchived{kSale}, place_);
  EXPECT_EQ(outbox_.backlog().payments_open, 0U);
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("its sale is archived")));
  pass(1'000);
  EXPECT_EQ(provider_.calls.size(), 3U);
}

TEST_F(OpenPayment, is_not_begun_any_more_once_its_hold_is_over) {
  provider_.to_start = platform::PaymentOutcome::kUnavailable;
  begin();
  pass(5);
  EXPECT_THAT(provider_.calls, ElementsAre("start PS5", "start PS5"));
  outbox_.on(HoldExpired{kSale, kHold}, place_);
  pass(60);
  EXPECT_EQ(provider_.calls.back(), "query") << "it may have been begun";
  EXPECT_FALSE(asked_of_cell().has_value()) << "nobody knows yet";
  provider_.to_query.outcome = platform::PaymentOutcome::kRefused;
  for (int minute = 0; minute < 10; ++minute) {
    pass(60);
    EXPECT_FALSE(asked_of_cell().has_value()) << "a request may still be on its way, minute " << minute;
  }
  pass(60);
  const auto told = asked_of_cell();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(std::get<SettlePayment>(told->command).result, PaymentResult::kFailed);
  EXPECT_EQ(std::ranges::count(provider_.calls, "start PS5"), 2);
}

// Another server has asked for it, and it arrives after this one has asked whether it is there.
TEST_F(OpenPayment, that_is_begun_late_is_not_taken_for_one_that_never_was) {
  provider_.to_start = platform::PaymentOutcome::kUnavailable;
  begin();
  outbox_.on(HoldExpired{kSale, kHold}, place_);
  provider_.to_query.outcome = platform::PaymentOutcome::kRefused;
  pass(60);
  EXPECT_FALSE(asked_of_cell().has_value());
  clock_.advance(Duration() - Duration::seconds(3'600));  // a clock that is set back does not make it wait an hour more
  pass(60);
  provider_.to_query = {.outcome = platform::PaymentOutcome::kDone,
                        .state = platform::PaymentState::kSucceeded,
                        .payment = "pay_1",
                        .paid = Money{100, Currency("EUR")}};
  pass(60);
  const auto told = asked_of_cell();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(std::get<SettlePayment>(told->command).result, PaymentResult::kSucceeded);
}

TEST_F(OpenPayment, of_before_a_start_is_begun_only_if_its_hold_still_waits_for_it) {
  outbox_.on(started(), place_);
  outbox_.on_caught_up();
  const auto asked = asked_of_cell();
  ASSERT_TRUE(asked.has_value());
  EXPECT_EQ(std::get<LookUpHold>(asked->command).hold, kHold);
  EXPECT_TRUE(provider_.calls.empty());
  Reply reply;
  reply.hold = HoldView{.number = kHold, .sale = kSale, .state = HoldState::kPaying, .attempts = 1};
  answer(*asked, reply);
  EXPECT_THAT(provider_.calls, ElementsAre("start PS5"));
}

TEST_F(OpenPayment, of_before_a_start_is_only_asked_after_if_its_hold_is_over_by_now) {
  outbox_.on(started(), place_);
  outbox_.on_caught_up();
  const auto asked = asked_of_cell();
  ASSERT_TRUE(asked.has_value());
  answer(*asked, {.outcome = Outcome::kNotFound});
  EXPECT_THAT(provider_.calls, ElementsAre("query"));
  pass(100);
  EXPECT_THAT(provider_.calls, ElementsAre("query", "query"));
}

TEST_F(OpenPayment, sells_nothing_if_it_is_not_said_how_much_was_paid) {
  begin();
  provider_.to_query = {
      .outcome = platform::PaymentOutcome::kDone, .state = platform::PaymentState::kSucceeded, .payment = "pay_1"};
  pass(40);
  EXPECT_FALSE(asked_of_cell().has_value());
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("not how much was paid")));
  provider_.to_query.paid = Money{100, Currency("EUR")};
  pass(100);
  const auto told = asked_of_cell();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(std::get<SettlePayment>(told->command).paid, (Money{100, Currency("EUR")}));
  EXPECT_EQ(std::get<SettlePayment>(told->command).sale, kSale);
}

class NameOfPayment : public OpenPayment {
 protected:
  [[nodiscard]] std::string id(auth::IdKind kind) const {
    return std::string(auth::view(ids_.seal({kind, kSale.value(), kHold.packed()})));
  }
  PaymentStarted second() {
    PaymentStarted second = started();
    second.attempt = 2;
    second.named = PaymentName::kByOrder;
    second.annotations = Annotations{"R-4711", R"({"desk":"3"})", "alice"};
    return second;
  }
};

TEST_F(NameOfPayment, is_the_orders_and_what_is_attached_comes_along) {
  outbox_.on_caught_up();
  outbox_.on(second(), place_);
  outbox_.turn();
  EXPECT_EQ(provider_.last.order, id(auth::IdKind::kOrder) + "-2");
  EXPECT_EQ(provider_.last.idempotency_key, provider_.last.order);
  EXPECT_EQ(provider_.last.annotations, second().annotations);
}

TEST_F(NameOfPayment, that_was_begun_under_an_id_of_its_own_stays_that) {
  begin();
  EXPECT_EQ(provider_.last.order, id(auth::IdKind::kPayment) + "-1");
  outbox_.on(PaymentLate{kSale, kHold, 1, "pay_1"}, place_);
  outbox_.on(PaymentLate{kSale, kHold, 2, "pay_2", PaymentName::kByOrder}, place_);
  outbox_.turn();
  EXPECT_THAT(provider_.refunded, ElementsAre(id(auth::IdKind::kPayment) + "-1", id(auth::IdKind::kOrder) + "-2"));
}

TEST_F(NameOfPayment, and_what_is_attached_are_saved) {
  outbox_.on(second(), place_);
  platform::MemoryStore store;
  auto writer = store.write("outbox").value();
  StateSaver saver(*writer);
  outbox_.save(saver);
  ASSERT_TRUE(saver.finish().has_value() && writer->commit().has_value());
  outbox_.clear();
  const auto reader = store.read("outbox").value();
  StateLoader loader(*reader);
  outbox_.load(loader);
  ASSERT_TRUE(loader.finish().has_value());
  outbox_.on_caught_up();
  const auto asked = asked_of_cell();
  ASSERT_TRUE(asked.has_value());
  Reply reply;
  reply.hold = HoldView{.number = kHold, .sale = kSale, .state = HoldState::kPaying, .attempts = 2};
  answer(*asked, reply);
  EXPECT_EQ(provider_.last.order, id(auth::IdKind::kOrder) + "-2");
  EXPECT_EQ(provider_.last.annotations, second().annotations);
}

class UnexpectedPayment : public OpenPayment {
 protected:
  static MoneyUnexpected another_amount() {
    return {kSale, kHold, 1, MoneyReason::kAnotherAmount, Money{1, Currency("USD")}, "pay_1"};
  }
};

TEST_F(UnexpectedPayment, is_sent_back_as_what_it_is_until_it_is_back) {
  begin();
  outbox_.on(another_amount(), place_);
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("1 minor units of USD")));
  EXPECT_EQ(outbox_.backlog().payments_open, 0U);
  EXPECT_EQ(outbox_.backlog().refunds_due, 1U);
  EXPECT_EQ(outbox_.backlog().unexpected, 1U);
  pass(1);
  pass(100);
  EXPECT_THAT(provider_.calls, ElementsAre("start PS5", "refund 1 USD of pay_1", "refund 1 USD of pay_1"));
  EXPECT_EQ(provider_.keys.size(), 1U) << "it is the same refund";
  outbox_.on(MoneyReturned{kSale, kHold, 1, payment_identity("pay_1"), "pay_1"}, place_);
  EXPECT_EQ(outbox_.backlog().refunds_due, 0U);
}

TEST_F(UnexpectedPayment, is_sent_back_beside_the_refund_of_a_late_one) {
  outbox_.on_caught_up();
  outbox_.on(PaymentLate{kSale, kHold, 1, "pay_1"}, place_);
  outbox_.on(MoneyUnexpected{kSale, kHold, 1, MoneyReason::kSecondPayment, Money{0, Currency("XXX")}, "pay_2"}, place_);
  outbox_.turn();
  EXPECT_THAT(provider_.calls, ElementsAre("refund 0 XXX of pay_1", "refund 0 XXX of pay_2"));
  EXPECT_EQ(provider_.keys.size(), 2U);
  EXPECT_EQ(outbox_.backlog().refunds_due, 2U);
}

TEST_F(UnexpectedPayment, of_a_sale_that_is_archived_is_sent_back) {
  archive();
  outbox_.on(SaleArchived{kSale}, place_);
  outbox_.on(another_amount(), place_);
  outbox_.on_caught_up();
  outbox_.turn();
  EXPECT_THAT(provider_.calls, ElementsAre("refund 1 USD of pay_1"));
  EXPECT_TRUE(troubles_.empty()) << "it was told before the start";
}

}  // namespace
}  // namespace doorbuster::sale
