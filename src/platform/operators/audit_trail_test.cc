#include "platform/operators/audit_trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"

namespace doorbuster::platform {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();

class AuditTrailTest : public ::testing::Test {
 protected:
  AuditTrailTest() : folder_(fs::path(::testing::TempDir()) / ("audit_trail-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~AuditTrailTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::unique_ptr<AuditTrail> open() const {
    auto trail = AuditTrail::open(folder_);
    EXPECT_TRUE(trail.has_value()) << trail.error().message;
    return *std::move(trail);
  }
  [[nodiscard]] fs::path file() const { return folder_ / "audit-trail.jsonl"; }
  [[nodiscard]] std::string content() const { return read_file(file(), size_t{1} << 24).value(); }
  static ServerAuditLine line(std::string detail, Timestamp at = kNow) {
    return {.at = at, .actor = "0123456789ab", .action = "key made", .detail = std::move(detail), .address = "::1"};
  }

  const fs::path folder_;
};

TEST_F(AuditTrailTest, goes_on_after_a_restart_with_the_newest_first) {
  ASSERT_TRUE(open()->add(line("one")).has_value());
  const auto trail = open();
  ASSERT_TRUE(trail->add(line("two \"quoted\"\nand a line")).has_value());
  const AuditTrail::Page page = open()->page(0, 10);
  EXPECT_EQ(page.total, 2U);
  ASSERT_EQ(page.lines.size(), 2U);
  EXPECT_EQ(page.lines[0].number, 2U);
  EXPECT_EQ(page.lines[0].detail, "two \"quoted\"\nand a line");
  EXPECT_EQ(page.lines[1].detail, "one");
  EXPECT_EQ(page.lines[1].address, "::1");
  EXPECT_EQ(open()->page(1, 1).lines.front().detail, "one");
  EXPECT_TRUE(open()->page(2, 1).lines.empty());
}

TEST_F(AuditTrailTest, a_line_that_a_crash_cut_short_is_none) {
  ASSERT_TRUE(open()->add(line("one")).has_value());
  const std::string whole = content();
  ASSERT_TRUE(replace_file(file(), whole + R"({"number":2,"at":"2026-)", 0600).has_value());
  const auto trail = open();
  ASSERT_TRUE(trail->add(line("two")).has_value());
  EXPECT_EQ(open()->page(0, 10).total, 2U);
}

TEST_F(AuditTrailTest, damage_is_refused_with_what_to_do) {
  for (const char* detail : {"one", "two", "three"}) ASSERT_TRUE(open()->add(line(detail)).has_value());
  const std::string good = content();
  std::string missing = good;
  missing.erase(missing.find('\n') + 1, missing.find('\n', missing.find('\n') + 1) - missing.find('\n'));
  std::string broken = good;
  broken[2] = '!';
  for (const std::string& bad : {missing, broken}) {
    ASSERT_TRUE(replace_file(file(), bad, 0600).has_value());
    const auto refused = AuditTrail::open(folder_);
    ASSERT_FALSE(refused.has_value());
    EXPECT_THAT(refused.error().message, HasSubstr("audit-trail.jsonl is damaged behind line"));
    EXPECT_THAT(refused.error().message, HasSubstr("move it away"));
  }
}

TEST_F(AuditTrailTest, failed_log_ins_cannot_fill_it) {
  const auto trail = open();
  for (int i = 0; i < 10'000; ++i) trail->add_failed_log_in(line("wrong", kNow + Duration::millis(i)));
  EXPECT_EQ(trail->page(0, 1).total, 20U);
  trail->add_failed_log_in(line("wrong", kNow + Duration::seconds(71)));
  EXPECT_EQ(trail->page(0, 1).total, 21U);
  EXPECT_EQ(trail->page(0, 1).lines.front().detail, "wrong, and 9980 more before it that are not listed");
  for (int i = 0; i < 600; ++i) trail->add_failed_log_in(line("wrong", kNow + Duration::seconds(71 + i)));
  EXPECT_LT(trail->page(0, 1).total, 35U);
}

TEST_F(AuditTrailTest, a_full_file_is_set_aside_and_the_numbers_go_on) {
  ASSERT_TRUE(open()->add(line(std::string(300, 'x'))).has_value());
  const std::string first = content();
  std::string full;
  for (int number = 1; full.size() + first.size() + 8 < (size_t{8} << 20); ++number)
    full += R"({"number":)" + std::to_string(number) + first.substr(first.find(','));
  const auto lines = static_cast<uint64_t>(std::ranges::count(full, '\n'));
  ASSERT_TRUE(replace_file(file(), full, 0600).has_value());
  {
    const auto trail = open();
    EXPECT_EQ(trail->page(0, 1).total, AuditTrail::kShown);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(trail->add(line(std::string(300, 'y'))).has_value());
    EXPECT_EQ(trail->page(0, 1).lines.front().number, lines + 2);
  }
  EXPECT_LT(content().size(), 3 * first.size());
  fs::remove(file());  // as if a crash had come between
  const auto trail = open();
  ASSERT_TRUE(trail->add(line("next")).has_value());
  EXPECT_GT(trail->page(0, 1).lines.front().number, lines);
}

TEST_F(AuditTrailTest, without_a_folder_it_is_in_memory) {
  AuditTrail trail;
  EXPECT_TRUE(trail.add(line("one")).has_value());
  EXPECT_EQ(trail.page(0, 9).total, 1U);
}

}  // namespace
}  // namespace doorbuster::platform
