#include "stampede/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace doorbuster::stampede {
namespace {

Scenario scenario() {
  return *parse_scenario(R"(title = "two cohorts"
[[cohorts]]
name = "people"
clients = 400
accounts = 100
old_accounts_percent = 50
arrivals = "rising"
arrive_from_seconds = -20
arrive_until_seconds = 20
headers = ["firefox", "safari"]
leaks_percent = 25
[[cohorts]]
name = "bots"
kind = "many_addresses"
clients = 10
addresses = 95
accounts = 6
instruments = 2
)",
                         "x.toml");
}

TEST(Schedule, is_the_same_for_the_same_seed_and_another_for_another) {
  EXPECT_EQ(make_schedule(scenario(), 7), make_schedule(scenario(), 7));
  EXPECT_NE(make_schedule(scenario(), 7), make_schedule(scenario(), 8));
}

TEST(Schedule, does_not_change_for_some_because_others_come) {
  Scenario more = scenario();
  more.cohorts[1].clients = 11;
  const auto before = make_schedule(scenario(), 7), after = make_schedule(more, 7);
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + 400, after.begin()));
}

TEST(Schedule, brings_everybody_in_their_time_and_with_what_the_cohort_has) {
  const auto visitors = make_schedule(scenario(), 7);
  ASSERT_EQ(visitors.size(), 410U);
  size_t accounts = 0, old_accounts = 0, leaks = 0, late = 0;
  for (size_t i = 0; i < 400; ++i) {
    const Visitor& visitor = visitors[i];
    EXPECT_GE(visitor.arrives, Duration::seconds(-20));
    EXPECT_LT(visitor.arrives, Duration::seconds(20));
    EXPECT_TRUE(visitor.profile == Profile::kFirefox || visitor.profile == Profile::kSafari);
    accounts += visitor.has_account ? 1 : 0;
    old_accounts += visitor.account_age_days >= 365 ? 1 : 0;
    leaks += visitor.leaks ? 1 : 0;
    late += visitor.arrives > Duration() ? 1 : 0;
  }
  EXPECT_EQ(accounts, 100U);
  EXPECT_NEAR(static_cast<double>(old_accounts), 50, 20);
  EXPECT_NEAR(static_cast<double>(leaks), 100, 35);
  EXPECT_NEAR(static_cast<double>(late), 300, 40) << "of a rising stream three quarters come in the second half";
  std::set<uint32_t> instruments;
  for (size_t i = 400; i < 410; ++i)
    if (visitors[i].has_account) instruments.insert(visitors[i].instrument);
  EXPECT_EQ(instruments, (std::set<uint32_t>{0, 1}));
}

TEST(Schedule, knows_how_early_the_first_comes) {
  const Duration before = time_before_opening(make_schedule(scenario(), 7));
  EXPECT_GT(before, Duration::seconds(15));
  EXPECT_LE(before, Duration::seconds(20));
}

TEST(AddressBook, gives_each_cohort_networks_of_its_own) {
  const AddressBook book(scenario());
  std::set<uint32_t> networks;
  for (uint32_t client = 0; client < 400; ++client)
    networks.insert(book.address_of(0, book.number_of(0, client, 0)) >> 8);
  EXPECT_EQ(networks.size(), 400U);
  for (uint32_t client = 0; client < 10; ++client)
    for (uint32_t tries = 0; tries < 10; ++tries)
      EXPECT_FALSE(networks.contains(book.address_of(1, book.number_of(1, client, tries)) >> 8));
}

TEST(AddressBook, shares_out_addresses_so_that_no_two_clients_have_one_while_there_are_enough) {
  const AddressBook book(scenario());
  EXPECT_EQ(book.choices(1), 10U);
  std::set<uint32_t> all;
  for (uint32_t client = 0; client < 10; ++client)
    for (uint32_t tries = 0; tries < 9; ++tries)
      EXPECT_TRUE(all.insert(book.address_of(1, book.number_of(1, client, tries))).second);
  EXPECT_EQ(all.size(), 90U);
}

TEST(AddressBook, lets_many_share_few) {
  Scenario few = scenario();
  few.cohorts[0].addresses = 3;
  few.cohorts[0].networks = 1;
  const AddressBook book(few);
  std::set<uint32_t> all;
  for (uint32_t client = 0; client < 400; ++client) all.insert(book.address_of(0, book.number_of(0, client, 0)));
  EXPECT_EQ(all, (std::set<uint32_t>{0x7F010001, 0x7F010002, 0x7F010003}));
  EXPECT_EQ(book.choices(0), 3U);
}

TEST(AddressBook, knows_which_addresses_are_refused_until_when) {
  AddressBook book(scenario());
  const Timestamp now = Timestamp::from_micros(1'700'000'000'000'000);
  EXPECT_TRUE(book.is_free(1, 5, now));
  book.is_refused(1, 5, now + Duration::seconds(12));
  book.is_refused(1, 5, now + Duration::seconds(3));
  EXPECT_FALSE(book.is_free(1, 5, now + Duration::seconds(11)));
  EXPECT_TRUE(book.is_free(1, 5, now + Duration::seconds(12)));
  EXPECT_TRUE(book.is_free(0, 5, now)) << "another cohort's";
}

}  // namespace
}  // namespace doorbuster::stampede
