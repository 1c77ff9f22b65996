#include "auth/operator_session.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

constexpr std::array<std::byte, 32> kMaster{};
const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00.5Z").value();
constexpr std::string_view kKey = "0123456789ab";

class OperatorSessionsTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string header(const OperatorSession& session) const {
    return "a=b; doorbuster-operator=" + sessions_.value(session) + "; c=d";
  }
  [[nodiscard]] SessionRefusal refusal(const std::string& cookies, Timestamp now = kNow) const {
    return sessions_.read(cookies, now).error();
  }

  OperatorSessions sessions_{kMaster, CookieTransport::kHttp};
};

TEST_F(OperatorSessionsTest, names_the_key_until_eight_hours_have_gone) {
  const OperatorSession session = OperatorSessions::begin(kKey, kNow);
  const auto read = sessions_.read(header(session), kNow);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->key_id, kKey);
  EXPECT_EQ(format_rfc3339(read->expires_at), "2026-11-27T18:00:00.000Z");
  EXPECT_TRUE(sessions_.read(header(session), session.expires_at - Duration::micros(1)).has_value());
  EXPECT_EQ(refusal(header(session), session.expires_at), SessionRefusal::kOver);
}

TEST_F(OperatorSessionsTest, is_over_when_somebody_logs_out_and_no_other_with_it) {
  const OperatorSession mine = OperatorSessions::begin(kKey, kNow);
  const OperatorSession other = OperatorSessions::begin(kKey, kNow);
  EXPECT_TRUE(sessions_.end(mine).has_value());
  EXPECT_EQ(refusal(header(mine)), SessionRefusal::kOver);
  EXPECT_TRUE(sessions_.read(header(other), kNow).has_value());
}

TEST_F(OperatorSessionsTest, nobody_gets_a_session_back_by_ending_many_others) {
  const OperatorSession first = OperatorSessions::begin(kKey, kNow + Duration::seconds(1));
  const OperatorSession later = OperatorSessions::begin(kKey, kNow + Duration::seconds(3));
  EXPECT_TRUE(sessions_.end(first).has_value());
  for (int i = 0; i < 4'100; ++i) (void)sessions_.end(OperatorSessions::begin(kKey, kNow + Duration::seconds(2)));
  EXPECT_EQ(refusal(header(first)), SessionRefusal::kOver);
  EXPECT_TRUE(sessions_.read(header(later), kNow).has_value());
}

TEST_F(OperatorSessionsTest, a_wrong_clock_gives_no_session_back) {
  const OperatorSession mine = OperatorSessions::begin(kKey, kNow);
  EXPECT_TRUE(sessions_.end(mine).has_value());
  const Timestamp wrong = kNow + Duration::seconds(86'400);
  EXPECT_TRUE(sessions_.end(OperatorSessions::begin(kKey, wrong)).has_value());
  EXPECT_EQ(refusal(header(mine)), SessionRefusal::kOver);
}

TEST_F(OperatorSessionsTest, the_header_follows_the_transport) {
  const OperatorSession session = OperatorSessions::begin(kKey, kNow);
  EXPECT_EQ(sessions_.set_cookie(session),
            "doorbuster-operator=" + sessions_.value(session) + "; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict");
  EXPECT_EQ(sessions_.clear_cookie(), "doorbuster-operator=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
  const OperatorSessions https(kMaster, CookieTransport::kHttps);
  EXPECT_EQ(https.set_cookie(session), "__Host-doorbuster-operator=" + https.value(session) +
                                           "; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(https.read(header(session), kNow).error(), SessionRefusal::kNone);
}

TEST_F(OperatorSessionsTest, changed_and_foreign_values_are_none_of_ours) {
  const OperatorSession session = OperatorSessions::begin(kKey, kNow);
  const std::string value = sessions_.value(session);
  for (size_t i = 0; i < value.size(); ++i) {
    std::string changed = value;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refusal("doorbuster-operator=" + changed), SessionRefusal::kNone) << i;
  }
  constexpr std::array<std::byte, 32> kOtherMaster{std::byte{1}};
  const OperatorSessions others(kOtherMaster, CookieTransport::kHttp);
  EXPECT_EQ(refusal("doorbuster-operator=" + others.value(session)), SessionRefusal::kNone);
  for (const char* cookies : {"", "doorbuster-operator=", "doorbuster-operators=x", "x"})
    EXPECT_EQ(refusal(cookies), SessionRefusal::kNone) << cookies;
}

TEST_F(OperatorSessionsTest, has_a_token_that_fits_no_other) {
  const OperatorSession mine = OperatorSessions::begin(kKey, kNow);
  const OperatorSession other = OperatorSessions::begin(kKey, kNow);
  EXPECT_EQ(sessions_.token(mine).size(), 22U);
  EXPECT_TRUE(sessions_.token_fits(mine, sessions_.token(mine)));
  EXPECT_FALSE(sessions_.token_fits(mine, sessions_.token(other)));
  EXPECT_FALSE(sessions_.token_fits(mine, ""));
}

TEST_F(OperatorSessionsTest, the_bytes_are_the_documented_ones) {
  const OperatorSession session = {.key_id = std::string(kKey), .expires_at = kNow, .nonce = {std::byte{1}}};
  EXPECT_EQ(sessions_.value(session), "MDEyMzQ1Njc4OWFioFQJawAAAAABAAAAAAAAAAAAAAAAAAAA4gWcQy-33J5oh0VP0iv7dg");
  EXPECT_EQ(sessions_.token(session), "953JCkwqvFvSLcPIiEVGGA");
}

}  // namespace
}  // namespace doorbuster::auth
