#include "links/abuse/abuse_reports.h"

#include <gtest/gtest.h>

#include "links/store/memory/memory_link_store.h"

namespace doorbuster::links {
namespace {

class AbuseReportsTest : public ::testing::Test {
 protected:
  bool note(const std::string& code, uint32_t sender, std::string words = "") {
    net::PeerAddress::Network network{};
    std::memcpy(network.data(), &sender, sizeof sender);
    now_ = now_ + Duration::seconds(1);
    return reports_.note(store_, code, {.at = now_, .reason = 2, .words = std::move(words)}, network).value();
  }

  MemoryLinkStore store_;
  AbuseReports reports_;
  Timestamp now_ = Timestamp::from_micros(1'800'000'000'000'000);
};

TEST_F(AbuseReportsTest, count_a_network_once_for_a_link) {
  EXPECT_TRUE(note("mail", 1));
  EXPECT_FALSE(note("mail", 1));
  EXPECT_TRUE(note("mail", 2));
  EXPECT_TRUE(note("other", 1));
  const auto page = reports_.page(0, 10);
  ASSERT_EQ(page.total, 2U);
  EXPECT_EQ(page.links[0].first, "mail");
  EXPECT_EQ(page.links[0].second.count, 2U);
  EXPECT_EQ(page.links[0].second.by_reason[2], 2U);
}

TEST_F(AbuseReportsTest, keep_the_newest_words) {
  for (uint32_t i = 0; i < 20; ++i) note("mail", i, i % 2 == 0 ? std::to_string(i) : "");
  const ReportedLink reported = reports_.page(0, 1).links.at(0).second;
  EXPECT_EQ(reported.count, 20U);
  ASSERT_EQ(reported.newest.size(), kReportWordsMax);
  EXPECT_EQ(reported.newest.front().words, "18");
  EXPECT_EQ(reported.newest.back().words, "10");
}

TEST_F(AbuseReportsTest, are_there_after_a_start) {
  note("mail", 1, "It asks for my bank's password");
  note("gone", 1);
  EXPECT_TRUE(reports_.dismiss(store_, "gone").value());
  EXPECT_FALSE(reports_.dismiss(store_, "gone").value());
  AbuseReports again;
  ASSERT_TRUE(again.load(store_).has_value());
  EXPECT_EQ(again.size(), 1U);
  EXPECT_EQ(again.page(0, 1).links.at(0), reports_.page(0, 1).links.at(0));
}

TEST_F(AbuseReportsTest, make_room_by_what_was_reported_the_least) {
  note("twice", 1);
  note("twice", 2);
  for (size_t i = 0; i < kReportedLinksMax + 10; ++i) note("l" + std::to_string(i), 1);
  EXPECT_EQ(reports_.size(), kReportedLinksMax);
  EXPECT_TRUE(reports_.has("twice"));
  EXPECT_FALSE(reports_.has("l0"));
  EXPECT_TRUE(reports_.has("l" + std::to_string(kReportedLinksMax + 9)));
  EXPECT_EQ(store_.reports().value().size(), kReportedLinksMax);
}

TEST_F(AbuseReportsTest, of_a_later_version_are_not_misread) {
  std::vector<std::byte> stored = encode_reported({});
  stored.at(0) = std::byte{2};
  EXPECT_FALSE(decode_reported("mail", stored).has_value());
  EXPECT_FALSE(decode_reported("mail", std::span(stored).first(5)).has_value());
}

}  // namespace
}  // namespace doorbuster::links
