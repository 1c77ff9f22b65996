// The doors over HTTP: the check of an admission for a proxy, the cookie, and the link to the waiting room.
#include <algorithm>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using testing::Fields;
using ::testing::HasSubstr;
using testing::kPs5;
using ::testing::Not;
using testing::Refuses;
using ::testing::StartsWith;

testing::SaleServer::Options with_return_list() {
  return {.admissions = {.issuer = "https://sale.example",
                         .return_to = *platform::RedirectAllowList::make({"https://shop.example/"})}};
}

constexpr std::string_view kVerify = "/admissions/verify?sale=ps5";
constexpr std::string_view kKeep = "/admissions/keep?sale=ps5";
constexpr std::string_view kRoom = "https://sale.example/q/ps5?return=https%3A%2F%2Fshop.example%2Fcheckout%3Fsku%3D1";

constexpr const char* kMode = "Sec-Fetch-Mode: navigate";
constexpr const char* kDest = "Sec-Fetch-Dest: document";

class DoorApi : public testing::ApiTest {
 protected:
  DoorApi() : ApiTest(with_return_list()) { create(R"("units":1,"queue":"fifo","guests":true,"hold_seconds":900)"); }

  std::string token_of(const Answer& joined, std::string_view sub) {
    return as_customer(sub, "POST", entry_path(joined) + "/admission").text("token");
  }
  static Fields site(const std::string& uri, Fields more = {}) {
    more.push_back("X-Original-URI: " + uri);
    more.emplace_back("X-Forwarded-Host: shop.example");
    more.emplace_back("X-Forwarded-Proto: https");
    return more;
  }
  // As a browser follows a link; fields of these names that are given win.
  Answer navigate(std::string_view link, Fields more = {}) {
    for (const char* field : {kMode, kDest}) {
      const std::string name(field, std::string_view(field).find(':'));
      if (std::none_of(more.begin(), more.end(), [&](const auto& given) { return given.starts_with(name); })) {
        more.emplace_back(field);
      }
    }
    return ask("GET", link, more);
  }
  static std::string cookie_of(const Answer& answer) {
    return "Cookie: " + answer.header("set-cookie").substr(0, answer.header("set-cookie").find(';'));
  }
  static std::string cookie(const std::string& token) { return "Cookie: a=b; doorbuster_admission=" + token; }
  Answer verify(const std::string& uri, Fields more = {}) { return ask("GET", kVerify, site(uri, std::move(more))); }
};

TEST_F(DoorApi, opens_to_an_admission_wherever_it_is_shown) {
  const Answer alice = join("alice");
  const std::string token = token_of(alice, "alice");
  for (const Answer& good :
       {verify("/checkout?doorbuster_admission=" + token), verify("/checkout", {cookie(token)}),
        verify("/checkout", {"Authorization: Bearer " + token}),
        verify("/checkout", {"Authorization: Bearer the-shops-own", cookie(token)}),
        verify("/checkout?doorbuster_admission=stale", {cookie(token)}),
        verify("/checkout", {"Cookie: doorbuster_admission=stale; doorbuster_admission=" + token})}) {
    EXPECT_EQ(good.status, 204) << good.body;
    EXPECT_EQ(good.header("x-doorbuster-entry"), alice.text("id"));
    EXPECT_EQ(good.header("x-doorbuster-sale"), "ps5");
    EXPECT_EQ(good.header("x-doorbuster-expires"), "2026-11-27T10:01:00.000Z");
    EXPECT_EQ(good.header("cache-control"), "no-store");
  }
}

TEST_F(DoorApi, tells_everybody_else_where_the_room_is) {
  const Answer none = verify("/checkout?sku=1");
  EXPECT_THAT(none, Refuses(401, "admission-needed"));
  EXPECT_EQ(none.header("location"), kRoom);
  EXPECT_EQ(none.header("x-doorbuster-room"), kRoom);
  EXPECT_EQ(none.text("room"), kRoom);
  EXPECT_EQ(verify("/checkout?sku=1&doorbuster_admission=x.y.z").header("location"), kRoom)
      << "without what is not good";
  EXPECT_EQ(ask("GET", kVerify).header("location"), "https://sale.example/q/ps5");
  EXPECT_EQ(ask("GET", kVerify, {"X-Original-URI: /", "X-Forwarded-Host: evil.example"}).header("location"),
            "https://sale.example/q/ps5");
}

// A proxy reads so much of an answer's head, and takes one that it cannot read for a server that is down.
TEST_F(DoorApi, answers_within_what_a_proxy_reads_whatever_is_asked_for) {
  for (const char* piece : {"a", "%C3%A4", "/x", "?", "&b=c"}) {
    for (const size_t wanted : {100, 900, 1'900, 2'040, 6'000}) {
      std::string uri = "/checkout?pad=";
      while (uri.size() < wanted) uri += piece;
      const Answer answer = verify(uri);
      EXPECT_EQ(answer.status, 401) << wanted << " of " << piece;
      size_t head_bytes = 0;
      for (const auto& [name, value] : answer.headers) head_bytes += name.size() + value.size() + 4;
      EXPECT_LT(head_bytes, 3'900U) << wanted << " of " << piece;
      EXPECT_THAT(answer.header("x-doorbuster-room"), ::testing::StartsWith("https://sale.example/q/ps5"));
    }
  }
  const std::string back = "https%3A%2F%2Fshop.example%2Fcheckout";
  EXPECT_EQ(verify("/checkout?pad=" + std::string(1'900, 'a')).header("x-doorbuster-room"),
            "https://sale.example/q/ps5?return=" + back + "%3Fpad%3D" + std::string(1'900, 'a'));
  std::string escaped = "/checkout?pad=";
  while (escaped.size() < 1'990) escaped += "%C3%A4";
  EXPECT_EQ(verify(escaped).header("x-doorbuster-room"), "https://sale.example/q/ps5?return=" + back);
}

TEST_F(DoorApi, stays_shut_to_what_is_not_good) {
  const Answer alice = join("alice");
  const std::string token = token_of(alice, "alice");
  std::string forged = token;
  forged[forged.size() - 4] = forged[forged.size() - 4] == 'A' ? 'B' : 'A';
  EXPECT_EQ(verify("/", {cookie(forged)}).text("detail"), "This admission's signature does not fit.");
  EXPECT_EQ(verify("/", {server_.customer("alice")}).status, 401);
  as_operator("POST", "/api/v1/sales",
              R"({"id":"other","title":"b","units":1,"queue":"fifo","opens_at":"2026-11-27T10:00:00Z"})");
  EXPECT_EQ(ask("GET", "/admissions/verify?sale=other", {cookie(token)}).text("detail"),
            "This admission is for another sale.");
  EXPECT_EQ(ask("GET", "/admissions/verify?sale=other,ps5", {cookie(token)}).status, 204);
  wait(60);
  EXPECT_EQ(verify("/", {cookie(token)}).text("detail"), "This admission is over.");
}

TEST_F(DoorApi, knows_of_turns_that_have_ended_before_their_admissions) {
  const Answer alice = join("alice");
  const std::string offered = token_of(alice, "alice");
  const Answer held = reserve("alice");
  const std::string holding = token_of(alice, "alice");
  EXPECT_EQ(verify("/", {cookie(offered)}).status, 204);
  EXPECT_EQ(verify("/", {cookie(holding)}).status, 204);
  as_customer("alice", "DELETE", hold_path(held));
  EXPECT_THAT(verify("/", {cookie(offered)}), Refuses(401, "admission-needed"));
  EXPECT_THAT(verify("/", {cookie(holding)}), Refuses(401, "admission-needed"));
  const Answer bob = join("bob");
  const std::string bobs = token_of(bob, "bob");
  EXPECT_EQ(verify("/", {cookie(bobs)}).status, 204);
  as_operator("DELETE", entry_path(bob));
  EXPECT_THAT(verify("/", {cookie(bobs)}), Refuses(401, "admission-needed"));
}

TEST_F(DoorApi, stays_open_to_those_who_have_bought) {
  const Answer alice = join("alice");
  const Answer held = reserve("alice");
  const std::string token = token_of(alice, "alice");
  as_customer("alice", "POST", hold_path(held) + "/payment");
  EXPECT_EQ(verify("/", {cookie(token)}).status, 204);
  provider_says(held, "succeeded");
  EXPECT_EQ(as_customer("alice", "GET", entry_path(alice)).text("state"), "bought");
  EXPECT_EQ(verify("/thanks", {cookie(token)}).status, 204);
}

TEST_F(DoorApi, is_loud_about_a_place_that_belongs_to_no_sale) {
  for (const char* wrong : {"", "?sale=", "?sale=nothing", "?sale=ps5,nothing", "?sales=ps5"}) {
    EXPECT_THAT(ask("GET", std::string("/admissions/verify") + wrong), Refuses(400, "invalid-request")) << wrong;
    EXPECT_THAT(ask("GET", std::string("/admissions/keep") + wrong), Refuses(400, "invalid-request")) << wrong;
  }
}

TEST_F(DoorApi, says_when_nobody_can_decide) {
  const std::string token = token_of(join("alice"), "alice");
  server_.fence();
  EXPECT_EQ(reserve("alice").status, 503);
  EXPECT_THAT(verify("/", {cookie(token)}), Refuses(503, "unavailable"));
}

TEST_F(DoorApi, puts_an_admission_from_the_address_into_a_cookie) {
  const std::string token = token_of(join("alice"), "alice");
  const Answer kept = ask("GET", kKeep, site("/checkout?sku=1&doorbuster_admission=" + token + "&x=2"));
  EXPECT_EQ(kept.status, 302);
  EXPECT_EQ(kept.header("location"), "https://shop.example/checkout?sku=1&x=2");
  EXPECT_EQ(kept.header("set-cookie"),
            "doorbuster_admission=" + token + "; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax");
  EXPECT_EQ(kept.header("cache-control"), "no-store");
  const Answer bad = ask("GET", kKeep, site("/checkout?sku=1&doorbuster_admission=x.y.z"));
  EXPECT_EQ(bad.status, 302);
  EXPECT_EQ(bad.header("location"), kRoom);
  EXPECT_EQ(bad.header("set-cookie"), "absent");
}

TEST_F(DoorApi, never_sends_to_another_site_by_its_path) {
  const std::string admission = "?doorbuster_admission=" + token_of(join("alice"), "alice");
  const auto location = [&](const std::string& path) {
    return ask("GET", kKeep, {"X-Original-URI: " + path + admission, "X-Forwarded-Host: elsewhere.example"})
        .header("location");
  };
  EXPECT_EQ(location("/a/b"), "/a/b");
  EXPECT_EQ(location("//evil.example/"), "/evil.example/");
  EXPECT_EQ(location("///evil.example"), "/evil.example");
  EXPECT_EQ(location("/\\evil.example"), "/");
  EXPECT_EQ(location("/a/..//evil.example"), "/");
}

TEST_F(DoorApi, lets_a_guest_through_at_once_while_there_is_a_place) {
  const std::string link = "/q/ps5?return=https%3A%2F%2Fshop.example%2Fcheckout%3Fsku%3D1";
  const Answer asked = navigate(link);
  EXPECT_EQ(asked.status, 302);
  EXPECT_EQ(asked.header("location"), link + "&cookie=sent");
  EXPECT_THAT(asked.header("set-cookie"), StartsWith("doorbuster-guest="));
  EXPECT_EQ(ask("GET", kPs5).text("held"), "0") << "until they have come back with it";
  const std::string guest = cookie_of(asked);
  const Answer in = navigate(asked.header("location"), {guest});
  EXPECT_EQ(in.status, 302);
  EXPECT_THAT(in.header("location"), StartsWith("https://shop.example/checkout?sku=1&doorbuster_admission="));
  EXPECT_EQ(in.header("cache-control"), "no-store");
  const std::string uri = in.header("location").substr(std::string("https://shop.example").size());
  EXPECT_EQ(verify(uri).status, 204);
  EXPECT_THAT(navigate("/q/ps5?return=https://shop.example/again", {guest}).header("location"),
              StartsWith("https://shop.example/again?doorbuster_admission="))
      << "who is in stays in";
  EXPECT_EQ(ask("GET", kPs5).text("held"), "1");
}

TEST_F(DoorApi, tells_who_keeps_no_cookies_that_they_are_needed) {
  const std::string link = "/q/ps5?return=https%3A%2F%2Fshop.example%2F";
  const Answer page = navigate(link + "&cookie=sent");
  EXPECT_EQ(page.status, 403);
  EXPECT_THAT(page.body, HasSubstr("This needs cookies"));
  EXPECT_THAT(page.body, HasSubstr("href=\"" + link + "\""));
  EXPECT_EQ(ask("GET", kPs5).text("available"), "1");
  EXPECT_THAT(navigate(link + "&cookie=sent", {cookie_of(page)}).header("location"),
              StartsWith("https://shop.example/"))
      << "the page itself can be loaded again, once they are allowed";
}

TEST_F(DoorApi, notices_that_the_site_never_sees_its_cookie) {
  const std::string link = "/q/ps5?return=https%3A%2F%2Fshop.example%2F";
  const std::string guest = cookie_of(navigate(link));
  EXPECT_EQ(navigate(link, {guest}).header("set-cookie"), "absent");
  std::string rounds = "doorbuster-rounds=0";
  for (int round = 1; round <= 3; ++round) {
    const Answer again = navigate(link, {guest + "; " + rounds});
    EXPECT_THAT(again.header("location"), StartsWith("https://shop.example/?doorbuster_admission="));
    EXPECT_THAT(again.header("set-cookie"), StartsWith("doorbuster-rounds=" + std::to_string(round) + "; Path=/q/"));
    rounds = cookie_of(again).substr(std::string("Cookie: ").size());
  }
  const Answer page = navigate(link, {guest + "; " + rounds});
  EXPECT_EQ(page.status, 403);
  EXPECT_THAT(page.body, HasSubstr("You are in, but the site does not see it"));
  EXPECT_THAT(page.header("set-cookie"), HasSubstr("Max-Age=0"));
  for (const char* odd : {"4x", "-1", "", "99"}) {
    EXPECT_EQ(navigate(link, {guest + "; doorbuster-rounds=" + odd}).status, 302) << odd;
  }
}

TEST_F(DoorApi, sends_those_who_have_to_wait_to_the_room) {
  join("alice");
  const Answer room = navigate("/q/ps5?return=https://shop.example/");
  EXPECT_EQ(room.status, 302);
  EXPECT_EQ(room.header("location"), "/s/ps5/queue?return=https%3A%2F%2Fshop.example%2F");
  EXPECT_EQ(room.header("set-cookie"), "absent");
  EXPECT_EQ(ask("GET", kPs5).text("waiting"), "0") << "whoever has to wait joins on the page";
  EXPECT_EQ(navigate("/q/ps5").header("location"), "/s/ps5/queue");
}

TEST_F(DoorApi, lets_nobody_in_for_a_picture_a_program_or_ahead_of_time) {
  const std::string link = "/q/ps5?return=https://shop.example/";
  const std::string guest = cookie_of(navigate(link));
  for (const char* field :
       {"Sec-Purpose: prefetch", "Purpose: prefetch", "Sec-Fetch-Dest: image", "Sec-Fetch-Mode: cors"}) {
    EXPECT_THAT(navigate(link, {guest, field}).header("location"), StartsWith("/s/ps5/queue")) << field;
  }
  EXPECT_THAT(ask("GET", link, {guest}).header("location"), StartsWith("/s/ps5/queue")) << "by https browsers say so";
  EXPECT_THAT(ask("HEAD", link, {guest, kMode, kDest}).header("location"), StartsWith("/s/ps5/queue"));
  EXPECT_EQ(ask("GET", kPs5).text("available"), "1");
  EXPECT_THAT(navigate(link, {guest}).header("location"), StartsWith("https://shop.example/"));
}

TEST_F(DoorApi, is_open_to_everybody_while_a_safety_net_is_not_up) {
  as_operator("POST", "/api/v1/sales",
              R"({"id":"net","title":"b","units":1,"queue":"pass","guests":true,"opens_at":"2026-11-27T10:01:00Z"})");
  const auto passes = [&] { return ask("GET", "/admissions/verify?sale=net", site("/")).status; };
  EXPECT_EQ(passes(), 204) << "it does not stand yet";
  wait(60);
  EXPECT_EQ(passes(), 401);
  as_operator("POST", "/api/v1/sales/net/pause");
  EXPECT_EQ(passes(), 401);
  as_operator("POST", "/api/v1/sales/net/close");
  EXPECT_EQ(passes(), 204) << "it was taken away";
  as_operator("POST", std::string(kPs5) + "/close");
  EXPECT_EQ(verify("/").status, 401) << "what was sold here is not given away after";
}

TEST_F(DoorApi, goes_back_to_listed_addresses_only) {
  for (const char* bad : {"https://evil.example/", "//evil.example", "javascript:alert(1)", "", "%zz",
                          "https://shop.example%40evil.example/"}) {
    const Answer refused = ask("GET", std::string("/q/ps5?return=") + bad);
    EXPECT_EQ(refused.status, 400) << bad;
    EXPECT_THAT(refused.body, HasSubstr("This link can&#39;t be followed"));
    EXPECT_EQ(refused.header("location"), "absent");
    EXPECT_THAT(refused.body, Not(HasSubstr("evil")));
  }
  EXPECT_EQ(ask("GET", "/q/nothing?return=https://shop.example/").status, 404);
}

}  // namespace
}  // namespace doorbuster::sale
