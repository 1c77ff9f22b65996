#include "auth/guest_cookie.h"

#include <gtest/gtest.h>

#include "auth/customer_id.h"
#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

constexpr std::array<std::byte, 32> kMaster{};
constexpr GuestId kGuest{std::byte{1}, std::byte{2}};

TEST(GuestCookies, a_guest_is_known_again) {
  const GuestCookies cookies(kMaster, CookieTransport::kHttp);
  const GuestId id = GuestCookies::fresh_id();
  EXPECT_EQ(cookies.read("a=b; doorbuster-guest=" + cookies.value(id) + ";c=d"), id);
  EXPECT_EQ(cookies.read("doorbuster-guest=" + cookies.value(id)), id);
}

TEST(GuestCookies, the_header_follows_the_transport) {
  const GuestCookies http(kMaster, CookieTransport::kHttp);
  EXPECT_EQ(http.set_cookie(kGuest),
            "doorbuster-guest=" + http.value(kGuest) + "; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax");
  const GuestCookies https(kMaster, CookieTransport::kHttps);
  EXPECT_EQ(https.set_cookie(kGuest), "__Host-doorbuster-guest=" + https.value(kGuest) +
                                          "; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(https.read("doorbuster-guest=" + https.value(kGuest)), std::nullopt);
}

TEST(GuestCookies, the_value_is_the_documented_one) {
  EXPECT_EQ(GuestCookies(kMaster, CookieTransport::kHttp).value(kGuest), "AQIAAAAAAAAAAAAAAAAAAO_dbMMrqzC09JWBRmQ5OgM");
}

TEST(GuestCookies, changed_and_foreign_values_are_refused) {
  const GuestCookies cookies(kMaster, CookieTransport::kHttp);
  const std::string value = cookies.value(kGuest);
  for (size_t i = 0; i < value.size(); ++i) {
    std::string changed = value;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(cookies.verify(changed), std::nullopt) << i;
    EXPECT_EQ(cookies.verify(value.substr(0, i)), std::nullopt) << i;
  }
  const std::array<std::byte, 32> other{std::byte{1}};
  EXPECT_EQ(GuestCookies(other, CookieTransport::kHttp).verify(value), std::nullopt);
}

TEST(GuestCookies, odd_headers_hold_no_guest_and_do_no_harm) {
  const GuestCookies cookies(kMaster, CookieTransport::kHttp);
  for (const char* header :
       {"", ";", ";;;", "=", "doorbuster-guest", "doorbuster-guest=", "doorbuster-guest=;", "xdoorbuster-guest=abc"}) {
    EXPECT_EQ(cookies.read(header), std::nullopt) << header;
  }
  EXPECT_EQ(cookies.read("doorbuster-guest=planted; doorbuster-guest=" + cookies.value(kGuest)), kGuest);
}

TEST(CustomerHasher, tells_customers_apart_and_keeps_them) {
  const CustomerHasher hasher(kMaster);
  EXPECT_EQ(hasher.of_subject("alice"), CustomerHasher(kMaster).of_subject("alice"));
  EXPECT_NE(hasher.of_subject("alice"), hasher.of_subject("bob"));
  EXPECT_NE(hasher.of_subject(as_text(kGuest)), hasher.of_guest(kGuest));
  const std::array<std::byte, 32> other{std::byte{1}};
  EXPECT_NE(hasher.of_subject("alice"), CustomerHasher(other).of_subject("alice"));
}

TEST(CustomerHasher, the_hash_is_the_documented_one) {
  const CustomerHash alice = CustomerHasher(kMaster).of_subject("alice");
  EXPECT_EQ(alice.high, 0x7FC83ACD9D0E5C4CU);
  EXPECT_EQ(alice.low, 0x8A72287209899D6CU);
}

}  // namespace
}  // namespace doorbuster::auth
