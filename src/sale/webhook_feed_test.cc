#include "sale/webhook_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
