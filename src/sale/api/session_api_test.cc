// An operator in a browser: logs in with the key, and then acts by a cookie and a token.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using testing::Fields;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::kSales;
using testing::Refuses;

constexpr std::string_view kSession = "/api/v1/session";
constexpr const char* kHere = "Origin: https://shop.example";  // the tests' Host is shop.example
constexpr const char* kElsewhere = "Origin: https://evil.example";
constexpr const char* kPause = "/api/v1/sales/ps5/pause";

class SessionApi : public testing::ApiTest {
 protected:
  SessionApi() { create(R"("units":2,"queue":"fifo","guests":true)"); }

  [[nodiscard]] std::string key() const {
    return server_.operator_key().substr(std::string_view("Authorization: Bearer ").size());
  }
  Answer log_in(const std::string& key, const Fields& fields = {kHere}) {
    return ask("POST", kSession, fields, R"({"key":")" + key + R"("})");
  }
  static std::string cookie_of(const Answer& answer) {
    const std::string set = answer.header("set-cookie");
    return "Cookie: " + set.substr(0, set.find(';'));
  }

  struct Browser {
    std::string cookie;
    std::string token;
    [[nodiscard]] Fields fields() const { return {cookie, token, kHere}; }
  };
  Browser browser() { return browser_with(key()); }
  Browser browser_with(const std::string& key) {
    const Answer session = log_in(key);
    return {cookie_of(session), "X-CSRF-Token: " + session.text("csrf_token")};
  }
};

TEST_F(SessionApi, begins_with_the_key_and_says_who_it_is) {
  const Answer session = log_in(key());
  EXPECT_EQ(session.status, 201);
  EXPECT_EQ(session.text("operator/name"), "first start");
  EXPECT_THAT(key(), HasSubstr(session.text("operator/key")));
  EXPECT_EQ(session.text("expires_at"), "2026-11-27T18:00:00.000Z");
  EXPECT_EQ(session.header("cache-control"), "no-store");
  EXPECT_THAT(session.header("set-cookie"), HasSubstr("; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict"));
  const Answer again = ask("GET", kSession, {cookie_of(session)});
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, session.body);
  EXPECT_EQ(ask("GET", kSession).body, R"({"operator":null,"expires_at":null,"csrf_token":null})");
}

TEST_F(SessionApi, acts_with_cookie_and_token_and_the_audit_trail_says_who) {
  const Browser operator_page = browser();
  EXPECT_EQ(ask("POST", kPause, operator_page.fields(), R"({"reason":"tea"})").text("state"), "paused");
  EXPECT_EQ(ask("PATCH", kPs5, operator_page.fields(), R"({"units":3})").text("units"), "3");
  catch_up();
  const Answer audit = ask("GET", std::string(kPs5) + "/audit", {operator_page.cookie});
  EXPECT_EQ(audit.text("lines/2/action"), "paused");
  EXPECT_THAT(key(), HasSubstr(audit.text("lines/2/actor")));
}

TEST_F(SessionApi, changes_nothing_without_the_token) {
  const Browser mine = browser();
  const Browser other = browser();
  for (const Fields& fields : {Fields{mine.cookie}, Fields{mine.cookie, kHere}, Fields{mine.cookie, other.token},
                               Fields{mine.cookie, "X-CSRF-Token:"}}) {
    EXPECT_THAT(ask("POST", kPause, fields), Refuses(403, "csrf-token-needed"));
    EXPECT_THAT(ask("PATCH", kPs5, fields, R"({"units":3})"), Refuses(403, "csrf-token-needed"));
    EXPECT_THAT(ask("DELETE", kSession, fields), Refuses(403, "csrf-token-needed"));
  }
  EXPECT_EQ(ask("GET", kPs5).text("state"), "open");
  EXPECT_EQ(ask("GET", kPs5).text("units"), "2");
  EXPECT_EQ(ask("POST", kPause, mine.fields()).status, 200);
}

TEST_F(SessionApi, is_of_no_use_to_other_sites) {
  const Browser mine = browser();
  for (const char* origin : {kElsewhere, "Origin: null", "Origin: https://shop.example.evil.example",
                             "Origin: https://shop.example:8443", "Origin:"}) {
    EXPECT_THAT(ask("POST", kPause, {mine.cookie, mine.token, origin}), Refuses(403, "other-origin")) << origin;
    EXPECT_THAT(log_in(key(), {origin}), Refuses(403, "other-origin")) << origin;
  }
  EXPECT_EQ(ask("GET", kPs5).text("state"), "open");
  EXPECT_EQ(log_in(key(), {}).status, 201);  // no browser
}

TEST_F(SessionApi, never_changes_anything_by_get_or_head) {
  const Browser mine = browser();
  catch_up();
  const uint64_t before = server_.service().probe().durable_tail.load();
  const std::string sale(kPs5);
  for (const std::string& path : {sale, sale + "/pause", sale + "/close", sale + "/audit", sale + "/queue",
                                  std::string(kSales), std::string("/api/v1/keys"), std::string(kSession)}) {
    for (const char* method : {"GET", "HEAD"}) ask(method, path, mine.fields());
  }
  EXPECT_EQ(server_.service().probe().durable_tail.load(), before);
  EXPECT_EQ(ask("GET", kSession, {mine.cookie}).text("operator/name"), "first start");
}

TEST_F(SessionApi, ends_when_somebody_logs_out) {
  const Browser mine = browser();
  const Browser other = browser();
  const Answer out = ask("DELETE", kSession, mine.fields());
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(out.header("set-cookie"), "doorbuster-operator=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
  EXPECT_THAT(ask("POST", kPause, mine.fields()), Refuses(401, "session-over"));
  EXPECT_THAT(ask("GET", std::string(kPs5) + "/audit", {mine.cookie}), Refuses(401, "session-over"));
  EXPECT_EQ(ask("GET", kSession, {mine.cookie}).text("operator"), "null");
  EXPECT_EQ(ask("POST", kPause, other.fields()).status, 200);
}

TEST_F(SessionApi, ends_when_its_time_is_up) {
  const Browser mine = browser();
  wait(8 * 3'600 - 1);
  EXPECT_EQ(ask("POST", kPause, mine.fields()).status, 200);
  wait(1);
  EXPECT_THAT(ask("POST", "/api/v1/sales/ps5/resume", mine.fields()), Refuses(401, "session-over"));
}

TEST_F(SessionApi, ends_when_its_key_is_revoked) {
  const Answer made = as_operator("POST", "/api/v1/keys", R"({"kind":"operator","name":"temp"})");
  const Browser temp = browser_with(made.text("key"));
  EXPECT_EQ(ask("GET", kSession, {temp.cookie}).text("operator/name"), "temp");
  EXPECT_EQ(as_operator("DELETE", "/api/v1/keys/" + made.text("id")).status, 204);
  EXPECT_THAT(ask("POST", kPause, temp.fields()), Refuses(401, "session-over"));
  EXPECT_EQ(ask("GET", kSession, {temp.cookie}).text("operator"), "null");
}

TEST_F(SessionApi, is_good_after_a_restart) {
  const Browser mine = browser();
  server_.crash_and_restart();
  EXPECT_EQ(ask("POST", kPause, mine.fields()).status, 200);
}

TEST_F(SessionApi, stays_over_after_a_restart) {
  const Browser mine = browser();
  EXPECT_EQ(ask("DELETE", kSession, mine.fields()).status, 204);
  server_.crash_and_restart();
  EXPECT_THAT(ask("POST", kPause, mine.fields()), Refuses(401, "session-over"));
  EXPECT_EQ(ask("GET", kSession, {mine.cookie}).text("operator"), "null");
}

TEST_F(SessionApi, is_not_had_by_a_wrong_key) {
  std::string wrong = key();
  wrong.back() = wrong.back() == 'A' ? 'Q' : 'A';
  for (const std::string& any : {wrong, std::string("nonsense"), std::string()})
    EXPECT_THAT(log_in(any), Refuses(401, "unknown-operator-key")) << any;
  EXPECT_THAT(ask("POST", kSession, {kHere}, R"({"kei":"x"})"), Refuses(400, "invalid-request"));
  EXPECT_THAT(ask("POST", kSession, {kHere}), Refuses(400, "invalid-request"));
}

TEST_F(SessionApi, is_had_by_the_right_key_whatever_wrong_ones_come) {
  const std::string right = key();
  std::string wrong = right;
  wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
  server_.crash_and_restart();  // of an earlier key's secret the server knows only the dear hash
  for (int i = 0; i < 50; ++i) EXPECT_THAT(log_in(wrong), Refuses(401, "unknown-operator-key"));
  EXPECT_EQ(log_in(right).status, 201);
}

TEST_F(SessionApi, does_not_make_an_operator_of_who_buys_in_the_same_browser) {
  const Browser mine = browser();
  const Answer joined = ask("POST", std::string(kPs5) + "/queue", {mine.cookie, kHere});
  EXPECT_EQ(joined.status, 202);
  const std::string both = mine.cookie + "; " + cookie_of(joined).substr(std::string_view("Cookie: ").size());
  EXPECT_EQ(ask("DELETE", entry_path(joined), {both, kHere}).text("state"), "left");
  const Answer other = join("bob");
  EXPECT_THAT(ask("DELETE", entry_path(other), {both, kHere}), Refuses(404, "not-found"));
  EXPECT_EQ(ask("DELETE", entry_path(other), {both, kHere, mine.token}).text("state"), "removed");
}

TEST_F(SessionApi, sees_drafts_with_its_token) {
  as_operator("POST", kSales, R"({"id":"draft","title":"D","units":1,"opens_at":"2026-11-28T10:00:00Z","draft":true})");
  const Browser mine = browser();
  EXPECT_EQ(ask("GET", "/api/v1/sales/draft", {mine.cookie, mine.token}).text("state"), "draft");
  EXPECT_THAT(ask("GET", kSales, {mine.cookie, mine.token}).body, HasSubstr(R"("id":"draft")"));
  EXPECT_THAT(ask("GET", "/api/v1/sales/draft"), Refuses(404, "sale-not-found"));
}

TEST_F(SessionApi, is_in_the_audit_trail_from_the_log_in_to_the_log_out) {
  const Browser mine = browser();
  log_in("nonsense");
  EXPECT_EQ(ask("DELETE", kSession, mine.fields()).status, 204);
  const Answer trail = as_operator("GET", "/api/v1/audit");
  EXPECT_EQ(trail.text("lines/0/action"), "logged out");
  EXPECT_EQ(trail.text("lines/1/action"), "log-in failed");
  EXPECT_EQ(trail.text("lines/1/detail"), "no key of this server");
  EXPECT_EQ(trail.text("lines/2/action"), "logged in");
  EXPECT_THAT(key(), HasSubstr(trail.text("lines/2/actor")));
  EXPECT_EQ(trail.text("lines/2/address"), "127.0.0.1");
}

class PublicListener : public testing::ApiTest {
 protected:
  PublicListener() : ApiTest(testing::SaleServer::Options{.operators = platform::Operators::kRefused}) {}
};

TEST_F(PublicListener, gives_no_sessions) {
  for (const char* method : {"GET", "POST", "DELETE"})
    EXPECT_THAT(ask(method, kSession, {kHere}, R"({"key":"x"})"), Refuses(403, "operators-elsewhere")) << method;
}

}  // namespace
}  // namespace doorbuster::sale
