#include "sale/payment_outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sale/testing/settable_clock.h"

namespace doorbuster::sale {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Takes every payment on, and never knows what becomes of it.
class SlowProvider final : public platform::PaymentProvider {
 public:
  void start(const platform::PaymentStart& payment, std::function<void(platform::PaymentStartReply)> done) override {
    calls.push_back("start " + payment.description);
    done({.outcome = platform::PaymentOutcome::kDone, .redirect_url = "https://pay.example"});
  }
  void refund(const platform::PaymentRefund&, std::function<void(platform::PaymentRefundReply)> done) override {
    calls.emplace_back("refund");
    done({.outcome = platform::PaymentOutcome::kUnavailable});
  }
  void query(const platform::PaymentQuery&, std::function<void(platform::PaymentStatus)> done) override {
    calls.emplace_back("query");
    done({.outcome = platform::PaymentOutcome::kUnknown});
  }
  std::vector<std::string> calls;
};

class OpenPayment : public ::testing::Test {
 protected:
  static constexpr SaleNumber kSale{0};

  OpenPayment() {
    Settings settings;
    settings.id = "ps5";
    settings.title = "PS5";
    directory_.publish({.sale = kSale}, settings);
    outbox_.on(PaymentStarted{kSale, {1, 0}, {1, 2}, 1, {}}, place_);
    outbox_.on_caught_up();
    outbox_.turn();
    EXPECT_THAT(provider_.calls, ElementsAre("start PS5"));
  }
  // Nothing of it is left in the directory, but what the log says of it comes later.
  void archive() { directory_.archive({{kSale, "ps5"}}); }
  void pass(int64_t seconds) {
    clock_.advance(Duration::seconds(seconds));
    outbox_.turn();
  }

  testing::SettableClock clock_{Timestamp::from_micros(1'700'000'000'000'000)};
  SlowProvider provider_;
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
  pass(40);
  EXPECT_THAT(provider_.calls, ElementsAre("start PS5", "query"));
  archive();
  pass(100);
  EXPECT_EQ(provider_.calls.size(), 2U) << "nobody knows its price any more";
  EXPECT_EQ(outbox_.backlog().payments_open, 1U);
  outbox_.on(SaleArchived{SaleNumber(1)}, place_);
  EXPECT_EQ(outbox_.backlog().payments_open, 1U) << "that was another sale";
  outbox_.on(SaleArchived{kSale}, place_);
  EXPECT_EQ(outbox_.backlog().payments_open, 0U);
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("its sale is archived")));
  pass(1'000);
  EXPECT_EQ(provider_.calls.size(), 2U);
}

}  // namespace
}  // namespace doorbuster::sale
