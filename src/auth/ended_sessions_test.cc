#include "auth/ended_sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

#include "base/encoding.h"
#include "base/file.h"

namespace doorbuster::auth {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Timestamp kUntil = parse_rfc3339("2026-11-27T18:00:00Z").value();

class EndedSessionsTest : public ::testing::Test {
 protected:
  EndedSessionsTest() : folder_(fs::path(::testing::TempDir()) / ("ended_sessions-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~EndedSessionsTest() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path file() const { return folder_ / "ended-sessions.json"; }
  static EndedSessions::Nonce nonce(uint32_t number) {
    EndedSessions::Nonce nonce{};
    std::memcpy(nonce.data(), &number, sizeof number);
    return nonce;
  }

  const fs::path folder_;
};

TEST_F(EndedSessionsTest, knows_after_a_restart_who_has_logged_out) {
  const auto before = EndedSessions::open(file()).value();
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_TRUE(before->add(nonce(1), kUntil).has_value());
  const auto after = EndedSessions::open(file()).value();
  EXPECT_TRUE(after->contains(nonce(1), kUntil));
  EXPECT_FALSE(after->contains(nonce(2), kUntil));
}

TEST_F(EndedSessionsTest, those_that_made_room_are_over_after_a_restart_too) {
  std::string full =
      R"({"format":"doorbuster-ended-sessions","version":1,"all_until":"1970-01-01T00:00:00.000Z","sessions":[)";
  for (uint32_t i = 0; i < 4'096; ++i) {
    full += std::string(i == 0 ? "" : ",") + R"({"nonce":")" + to_hex(nonce(i)) + R"(","until":")" +
            format_rfc3339(kUntil + Duration::seconds(i)) + "\"}";
  }
  ASSERT_TRUE(replace_file(file(), full + "]}", 0600).has_value());
  ASSERT_TRUE(EndedSessions::open(file()).value()->add(nonce(4'096), kUntil + Duration::seconds(4'096)).has_value());
  const auto after = EndedSessions::open(file()).value();
  EXPECT_TRUE(after->contains(nonce(0), kUntil));
  EXPECT_FALSE(after->contains(nonce(9'999), kUntil + Duration::seconds(1)));
}

TEST_F(EndedSessionsTest, a_file_that_is_damaged_is_refused_with_what_follows) {
  ASSERT_TRUE(EndedSessions::open(file()).value()->add(nonce(1), kUntil).has_value());
  const std::string good = read_file(file(), 100'000).value();
  ASSERT_TRUE(replace_file(file(), good.substr(0, good.size() / 2), 0600).has_value());
  const auto refused = EndedSessions::open(file());
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("ended-sessions.json is damaged"));
  EXPECT_THAT(refused.error().message, HasSubstr("move it away"));
}

TEST_F(EndedSessionsTest, what_cannot_be_kept_counts_until_the_restart_and_is_told) {
  const auto sessions = EndedSessions::open(folder_ / "missing" / "ended-sessions.json").value();
  EXPECT_FALSE(sessions->add(nonce(1), kUntil).has_value());
  EXPECT_TRUE(sessions->contains(nonce(1), kUntil));
}

}  // namespace
}  // namespace doorbuster::auth
