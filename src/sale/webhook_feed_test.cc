#include "sale/webhook_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cell/frames.h"
#include "log/memory/memory_log.h"

namespace doorbuster::sale {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr CellId kCell{0};
constexpr SaleNumber kFirst{0};
constexpr SaleNumber kSecond{1};

// Two sales, whose events become durable and are heard before the directory may know of them.
class WebhookFeedTest : public ::testing::Test {
 protected:
  WebhookFeedTest()
      : lease_(log_.open(kCell, {.kind = log::MachineKind("sale")}).value()),
        views_(log_, kCell, plain_entry_name, {}, {}),
        ids_(std::vector<std::byte>(32)),
        feed_(log_, kCell, Sequence(0), directory_, ids_, views_) {}

  static Settings settings_of(const char* id) {
    Settings settings;
    settings.id = id;
    settings.units = 5;
    return settings;
  }
  template <class... Events>
  void add(Events... events) {
    std::vector<std::byte> payload;
    cell::FrameWriter frame(payload);
    frame.begin(Timestamp::from_micros(++time_ * 1'000'000));
    (encode(events, payload), ...);
    frame.end(sizeof...(events));
    ASSERT_EQ(log_.append(lease_, {lease_.tail + 1, sizeof...(events), {}, payload}), log::Appended::kDurable);
    views_.follower().note_durable(kCell, lease_.tail);
    while (views_.follower().turn()) {
    }
  }
  void create(SaleNumber sale, const char* id) {
    add(SaleCreated{.sale = sale, .state = SaleState::kScheduled, .settings = settings_of(id), .cause = {}},
        SaleMoved{.sale = sale, .to = SaleState::kOpen});
  }
  // Sequence, type and resource of each delivery behind `after`; and how far that reaches.
  std::vector<std::string> read(uint64_t after) {
    std::vector<std::string> found;
    reached_ = feed_.read(after, [&](const auto& delivery) {
      found.push_back(std::to_string(delivery->sequence) + " " + delivery->type + " " + delivery->resource);
      return true;
    });
    return found;
  }

  log::SimulatedDisk disk_;
  log::MemoryLog log_{disk_};
  log::Lease lease_;
  int64_t time_ = 1'700'000'000;
  Directory directory_;
  Views views_;
  auth::IdSealer ids_;
  WebhookFeed feed_;
  uint64_t reached_ = 0;
};

TEST_F(WebhookFeedTest, tells_what_has_happened_in_its_order) {
  create(kFirst, "ps5");
  directory_.publish({.sale = kFirst}, settings_of("ps5"));
  add(SaleMoved{.sale = kFirst, .to = SaleState::kPaused});
  EXPECT_THAT(read(0), ElementsAre("1 sale.created /api/v1/sales/ps5", "2 sale.opened /api/v1/sales/ps5",
                                   "3 sale.paused /api/v1/sales/ps5"));
  EXPECT_EQ(reached_, 3U);
  EXPECT_THAT(read(2), ElementsAre("3 sale.paused /api/v1/sales/ps5"));
  EXPECT_THAT(read(3), IsEmpty());
}

// Of each kind that is about somebody.
TEST_F(WebhookFeedTest, tells_what_is_attached) {
  create(kFirst, "ps5");
  directory_.publish({.sale = kFirst}, settings_of("ps5"));
  const Annotations whose{"R-\"1\"", R"({"desk":"3"})", "alice"};
  const CustomerHash who{1, 2};
  const auto entry = [](uint32_t slot) { return EntryNumber{slot, 0}; };
  const auto hold = [](uint32_t slot) { return HoldNumber{slot, 0}; };
  for (uint32_t slot : {0U, 1U, 2U}) add(Joined{kFirst, entry(slot), slot + 1, who, {}, whose});
  add(Offered{kFirst, entry(0), {}, whose}, OfferLapsed{kFirst, entry(0), whose}, EntryLeft{kFirst, entry(1), whose},
      EntryRemoved{kFirst, entry(2), {}, whose});
  for (uint32_t slot : {0U, 1U, 2U, 3U}) add(Held{kFirst, hold(slot), {}, who, {}, {}, whose});
  for (uint32_t slot : {2U, 3U}) add(PaymentStarted{kFirst, hold(slot), who, 1, {}, PaymentName::kByOrder, whose});
  add(HoldReleased{kFirst, hold(0), {}, whose}, HoldExpired{kFirst, hold(1), whose},
      PaymentFailed{kFirst, hold(2), 1, "r", whose},
      PaymentStarted{kFirst, hold(2), who, 2, {}, PaymentName::kByOrder, whose},
      PaymentSucceeded{kFirst, hold(2), 2, "r", whose}, HoldExpired{kFirst, hold(3), whose},
      PaymentLate{kFirst, hold(3), 1, "r", PaymentName::kByOrder, whose}, RefundDone{kFirst, hold(3), 1, "r", whose},
      MoneyUnexpected{kFirst, hold(3), 1, {}, {1, Currency("EUR")}, "s", PaymentName::kByOrder, whose},
      MoneyReturned{kFirst, hold(3), 1, 1, "s", whose});
  std::set<std::string> told;
  (void)feed_.read(2, [&](const auto& delivery) {
    EXPECT_THAT(delivery->json,
                ::testing::HasSubstr(R"("client_reference":"R-\"1\"","metadata":{"desk":"3"},"customer_id":"alice")"))
        << delivery->type;
    return told.insert(delivery->type).first != told.end();
  });
  EXPECT_EQ(told.size(), 13U) << "two kinds have one name each with another";
}

TEST_F(WebhookFeedTest, tells_that_nothing_is_attached) {
  create(kFirst, "ps5");
  directory_.publish({.sale = kFirst}, settings_of("ps5"));
  add(Held{kFirst, {2, 0}, {}, {1, 2}, {}, {}});
  (void)feed_.read(2, [&](const auto& delivery) {
    EXPECT_THAT(delivery->json, ::testing::HasSubstr(R"("client_reference":null,"metadata":null,"customer_id":null)"));
    return true;
  });
}

TEST_F(WebhookFeedTest, waits_with_a_sale_that_is_not_in_the_directory_yet) {
  create(kFirst, "ps5");
  EXPECT_THAT(read(0), IsEmpty());
  EXPECT_EQ(reached_, 0U);
  directory_.publish({.sale = kFirst}, settings_of("ps5"));
  create(kSecond, "xbox");
  EXPECT_THAT(read(0), ElementsAre("1 sale.created /api/v1/sales/ps5", "2 sale.opened /api/v1/sales/ps5"));
  EXPECT_EQ(reached_, 2U);
  directory_.publish({.sale = kSecond}, settings_of("xbox"));
  EXPECT_THAT(read(2), ElementsAre("3 sale.created /api/v1/sales/xbox", "4 sale.opened /api/v1/sales/xbox"));
  EXPECT_EQ(reached_, 4U);
}

TEST_F(WebhookFeedTest, passes_over_what_is_nobodys_business) {
  create(kFirst, "ps5");
  directory_.publish({.sale = kFirst}, settings_of("ps5"));
  add(SaleArchived{.sale = kFirst});
  EXPECT_THAT(read(2), IsEmpty());
  EXPECT_EQ(reached_, 3U);
}

TEST_F(WebhookFeedTest, tells_of_an_archived_sale_what_has_happened_in_it) {
  create(kFirst, "ps5");
  directory_.archive({{.sale = kFirst, .id = "ps5"}});
  EXPECT_THAT(read(0), ElementsAre("1 sale.created /api/v1/sales/ps5", "2 sale.opened /api/v1/sales/ps5"));
  create(kSecond, "xbox");
  add(SaleArchived{.sale = kSecond});
  directory_.archive({{.sale = kSecond, .id = "xbox"}});
  EXPECT_THAT(read(2), ElementsAre("3 sale.created /api/v1/sales/xbox", "4 sale.opened /api/v1/sales/xbox"));
  EXPECT_EQ(reached_, 5U);
}

}  // namespace
}  // namespace doorbuster::sale
