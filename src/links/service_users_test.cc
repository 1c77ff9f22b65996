// Users of short links over real sockets: their keys, their limits, what is theirs and what becomes of it.
#include <gmock/gmock.h>

#include "links/service_fixture.h"
#include "links/store/rocksdb/rocksdb_link_store.h"

namespace doorbuster::links {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LinkUsersTest : public LinksServiceTest {
 protected:
  struct Made {
    std::string id;
    std::string key;
  };
  Made make_user(const std::string& members = R"("name":"shop")") {
    const std::string made = as_operator("POST /api/v1/users", "{" + members + "}");
    EXPECT_THAT(made, StartsWith("HTTP/1.1 201 ")) << made;
    const std::string id = between(made, R"("id":")", "\"");
    return {.id = id, .key = make_key(id)};
  }
  std::string make_key(const std::string& user) {
    const std::string made = as_operator("POST /api/v1/users/" + user + "/keys", R"({"name":"office"})");
    EXPECT_THAT(made, StartsWith("HTTP/1.1 201 ")) << made;
    return between(made, R"("key":")", "\"");
  }
  std::string as(const Made& user, const std::string& line, const std::string& body = {},
                 std::string_view fields = {}) {
    return ask(line, "Authorization: Bearer " + user.key + "\r\n" + std::string(fields), body);
  }
  std::string create_as(const Made& user, const std::string& members = "") {
    return as(user, "POST /api/v1/urls", R"({"long_url":"https://shop.example/drop")" + members + "}");
  }
};

TEST_F(LinkUsersTest, makes_users_with_the_limits_of_their_plans) {
  EXPECT_THAT(ask("POST /api/v1/users", "", R"({"name":"x"})"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(as_operator("POST /api/v1/users", "{}"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(as_operator("POST /api/v1/users", R"({"name":"x","plan_type":"gold"})"),
              HasSubstr("write 'free', 'pro' or 'business'"));
  const std::string free = as_operator("POST /api/v1/users", R"({"name":"x"})");
  EXPECT_THAT(free, HasSubstr(R"("plan_type":"free","monthly_limit":1000,"state":"active")"));
  EXPECT_THAT(as_operator("POST /api/v1/users", R"({"name":"x","plan_type":"pro"})"),
              HasSubstr(R"("plan_type":"pro","monthly_limit":50000)"));
  EXPECT_THAT(as_operator("POST /api/v1/users", R"({"name":"x","plan_type":"pro","monthly_limit":7})"),
              HasSubstr(R"("monthly_limit":7)"));
  const std::string path = "/api/v1/users/" + between(free, R"("id":")", "\"");
  EXPECT_THAT(free, HasSubstr("Location: " + path + "\r\n"));
  const std::string changed = as_operator("PATCH " + path, R"({"plan_type":"business","name":"y"})");
  EXPECT_THAT(changed, HasSubstr(R"("name":"y","plan_type":"business","monthly_limit":1000000)"));
  const std::string stale = "If-Match: " + between(free, "ETag: ", "\r\n") + "\r\n";
  EXPECT_THAT(as_operator("PATCH " + path, R"({"name":"z"})", stale), StartsWith("HTTP/1.1 412 "));
  EXPECT_THAT(as_operator("PATCH " + path, R"({"state":"leaving"})"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(as_operator("GET /api/v1/users/000000000001"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(LinkUsersTest, shows_users_a_page_at_a_time) {
  for (int i = 0; i < 5; ++i) make_user();
  std::string cursor;
  size_t shown = 0;
  for (int page = 0; page < 3; ++page) {
    const std::string answer = as_operator("GET /api/v1/users?limit=2" + cursor);
    for (size_t at = 0; (at = answer.find("\"plan_type\"", at + 1)) != std::string::npos;) ++shown;
    cursor = "&cursor=" + between(answer, R"("next":")", "\"");
  }
  EXPECT_EQ(shown, 5U);
  EXPECT_EQ(cursor, "&cursor=none");
  EXPECT_THAT(as_operator("GET /api/v1/users?cursor=x"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(LinkUsersTest, a_user_sees_what_is_theirs_and_nothing_else) {
  const Made one = make_user();
  const Made other = make_user();
  EXPECT_THAT(create_as(one, R"(,"custom_alias":"mine")"), HasSubstr(R"("owner":")" + one.id + "\""));
  create(R"("custom_alias":"house")");
  for (const char* code : {"mine", "house"}) {
    const std::string path = std::string("/api/v1/urls/") + code;
    EXPECT_THAT(as(other, "GET " + path), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(as(other, "PATCH " + path, R"({"title":"x"})"), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(as(other, "DELETE " + path), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(as(other, std::string("GET /api/v1/analytics/") + code), StartsWith("HTTP/1.1 404 "));
  }
  EXPECT_THAT(as(other, "GET /api/v1/urls"), HasSubstr(R"("links":[])"));
  EXPECT_THAT(as(other, "GET /api/v1/urls/export"), Not(HasSubstr("long_url")));
  EXPECT_THAT(as(other, "GET /api/v1/users/" + one.id), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(as(other, "GET /api/v1/users"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(as(other, "PATCH /api/v1/users/me", R"({"plan_type":"business"})"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(as(one, "GET /api/v1/urls"), HasSubstr(R"("short_code":"mine")"));
  EXPECT_THAT(as(one, "GET /api/v1/urls"), Not(HasSubstr("house")));
  EXPECT_THAT(as(one, "PATCH /api/v1/urls/mine", R"({"title":"x"})"), HasSubstr(R"("title":"x")"));
  EXPECT_THAT(as(one, "GET /api/v1/analytics/mine"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(as(one, "GET /api/v1/users/me"), HasSubstr(R"("id":")" + one.id));
  EXPECT_THAT(as_operator("GET /api/v1/urls/mine"), StartsWith("HTTP/1.1 200 ")) << "operators see all";
  EXPECT_THAT(visit("mine"), StartsWith("HTTP/1.1 301 "));
}

TEST_F(LinkUsersTest, nobody_makes_more_links_than_they_may) {
  constexpr int kLimit = 50;
  const Made user = make_user(R"("name":"shop","monthly_limit":)" + std::to_string(kLimit));
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        const std::string answer = create_as(user);
        made += answer.starts_with("HTTP/1.1 201 ") ? 1 : 0;
        refused += answer.starts_with("HTTP/1.1 429 ") ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, kLimit);
  EXPECT_EQ(refused, 100 - kLimit);
  const std::string over = create_as(user);
  EXPECT_THAT(over, HasSubstr("monthly-limit"));
  EXPECT_THAT(over, HasSubstr("\r\nRateLimit-Policy: \"links\";q=50;w=2592000\r\n")) << "November has 30 days";
  EXPECT_THAT(over, HasSubstr("\r\nRateLimit: \"links\";r=0;t=309601\r\n"));
  EXPECT_THAT(over, HasSubstr("\r\nRetry-After: 309601\r\n"));
  EXPECT_THAT(as(user, "GET /api/v1/users/me/usage"),
              HasSubstr(R"("monthly_limit":50,"used":50,"left":0,"next_month":"2026-12-01T00:00:00.000Z")"));
  clock_.pass(Duration::seconds(309'601));
  EXPECT_THAT(create_as(user), HasSubstr("\r\nRateLimit: \"links\";r=49;"));
  EXPECT_THAT(as(user, "GET /api/v1/users/me/usage"),
              HasSubstr(R"("months":[{"month":"2026-11","links":50},{"month":"2026-12","links":1}])"));
}

TEST_F(LinkUsersTest, counts_the_rows_of_many_links_at_once) {
  const Made user = make_user(R"("name":"shop","monthly_limit":2)");
  const std::string rows = R"([{"long_url":"https://a.example/"},{"long_url":"no"},{"long_url":"https://b.example/"},
    {"long_url":"https://c.example/"}])";
  EXPECT_THAT(as(user, "POST /api/v1/urls/bulk?all_or_nothing=true", rows), StartsWith("HTTP/1.1 409 "));
  const std::string made = as(user, "POST /api/v1/urls/bulk", rows);
  EXPECT_THAT(made, HasSubstr(R"("created":2,"refused":2)"));
  EXPECT_THAT(made, HasSubstr(R"({"row":3,"status":429,"detail":"as many links were made this month as may be"})"));
  EXPECT_THAT(as(user, "GET /api/v1/users/me/usage"), HasSubstr(R"("used":2)"));
  EXPECT_THAT(as(user, "GET /api/v1/urls"), HasSubstr("https://b.example/"));
}

TEST_F(LinkUsersTest, finds_links_by_tag_domain_and_words) {
  const Made user = make_user();
  create_as(user, R"(,"custom_alias":"alpha","tags":["mail","spring sale"],"title":"News of May")");
  create(R"("custom_alias":"beta","tags":["mail"])", "https://www.shop.example:8443/x");
  create(R"("custom_alias":"gamma")", "https://notshop.example/drop?PS5");
  for (int i = 0; i < 250; ++i) create("", "https://other.example/" + std::to_string(i));
  const auto found = [&](const std::string& query) {
    std::string codes;
    const std::string answer = as_operator("GET /api/v1/urls?" + query);
    constexpr std::string_view kBefore = R"("short_code":")";
    for (size_t at = answer.find(kBefore); at != std::string::npos; at = answer.find(kBefore, at + 1))
      codes += between(answer.substr(at), kBefore, "\"") + " ";
    return codes + (answer.find(R"("next":null)") == std::string::npos ? "..." : "");
  };
  EXPECT_EQ(found("tag=mail"), "beta alpha ");
  EXPECT_EQ(found("tag=spring+sale"), "alpha ");
  EXPECT_EQ(found("tag=spring%20sale"), "alpha ");
  EXPECT_EQ(found("domain=SHOP.example"), "beta alpha ");
  EXPECT_EQ(found("domain=www.shop.example"), "beta ");
  EXPECT_EQ(found("q=drop%3Fps5"), "gamma ");  // no code can have a question mark
  EXPECT_EQ(found("q=of+may"), "alpha ");
  EXPECT_EQ(found("tag=mail&limit=1"), "beta ...");
  EXPECT_EQ(found("tag=mail&q=news"), "alpha ");
  EXPECT_THAT(as(user, "GET /api/v1/urls?domain=other.example"), HasSubstr(R"("links":[],"next":null)"));
  EXPECT_THAT(as_operator("GET /api/v1/urls?tag=%zz"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(LinkUsersTest, keys_can_be_taken_away) {
  const Made user = make_user();
  const std::string more = as(user, "POST /api/v1/users/me/keys", R"({"name":"laptop"})");
  EXPECT_THAT(more, StartsWith("HTTP/1.1 201 "));
  const Made laptop{.id = user.id, .key = between(more, R"("key":")", "\"")};
  const std::string id = between(more, R"("id":")", "\"");
  const std::string keys = as(laptop, "GET /api/v1/users/me/keys");
  EXPECT_THAT(keys, HasSubstr(R"("name":"office")"));
  EXPECT_THAT(keys, HasSubstr(R"({"id":")" + id + R"(","name":"laptop")"));
  EXPECT_THAT(keys, Not(HasSubstr("dbu_")));
  const Made stranger = make_user();
  EXPECT_THAT(as(stranger, "DELETE /api/v1/users/me/keys/" + id), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(as(user, "DELETE /api/v1/users/me/keys/" + id), StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(as(laptop, "GET /api/v1/users/me"), StartsWith("HTTP/1.1 401 "));
  Made wrong = user;
  wrong.key.back() = wrong.key.back() == 'A' ? 'Q' : 'A';
  EXPECT_THAT(as(wrong, "GET /api/v1/users/me"), StartsWith("HTTP/1.1 401 "));
  wrong.key = "dbu_short";
  EXPECT_THAT(as(wrong, "GET /api/v1/users/me"), StartsWith("HTTP/1.1 401 "));
  for (size_t i = 1; i < kUserKeysMax; ++i) make_key(user.id);
  const uint64_t noted = operators_->trail->page(0, 1).total;
  EXPECT_THAT(as(user, "POST /api/v1/users/me/keys", R"({"name":"one more"})"), HasSubstr("too-many-keys"));
  EXPECT_EQ(operators_->trail->page(0, 1).total, noted) << "what was not made is not in the trail";
}

TEST_F(LinkUsersTest, who_is_suspended_may_ask_for_nothing_and_their_links_stay) {
  const Made user = make_user();
  create_as(user, R"(,"custom_alias":"mine")");
  EXPECT_THAT(as_operator("PATCH /api/v1/users/" + user.id, R"({"state":"suspended"})"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(create_as(user), HasSubstr("user-not-active"));
  EXPECT_THAT(as(user, "GET /api/v1/urls"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(visit("mine"), StartsWith("HTTP/1.1 301 "));
  as_operator("PATCH /api/v1/users/" + user.id, R"({"state":"active"})");
  EXPECT_THAT(create_as(user), StartsWith("HTTP/1.1 201 "));
}

TEST_F(LinkUsersTest, erases_all_of_a_user) {
  const Made user = make_user();
  for (int i = 0; i < 200; ++i) create_as(user);
  create_as(user, R"(,"custom_alias":"mine")");
  create(R"("custom_alias":"house")");
  EXPECT_THAT(as(user, "DELETE /api/v1/users/me"), HasSubstr(R"("state":"leaving")"));
  EXPECT_THAT(as(user, "GET /api/v1/users/me"), StartsWith("HTTP/1.1 403 "));
  const auto is_gone = [&] { return as_operator("GET /api/v1/users/" + user.id).starts_with("HTTP/1.1 404 "); };
  for (int i = 0; i < 5'000 && !is_gone(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(is_gone());
  EXPECT_THAT(visit("mine"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(visit("house"), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(as(user, "GET /api/v1/users/me"), StartsWith("HTTP/1.1 401 "));
}

TEST_F(LinkUsersTest, who_was_leaving_when_the_server_ended_is_erased_after_the_next_start) {
  const Made user = make_user();
  create_as(user, R"(,"custom_alias":"mine")");
  stop();
  {
    // As a server leaves it that ends between the answer and the erasing.
    RocksdbLinkStore store({.folder = folder_ / "links"});
    ASSERT_TRUE(store.open().has_value());
    User leaving = **store.find_user(user_number(user.id).value());
    leaving.state = UserState::kLeaving;
    ++leaving.version;
    UserChange change{.kind = UserChange::Kind::kReplace, .user = leaving};
    ASSERT_TRUE(store.change_user(change).has_value());
  }
  start();
  const auto is_gone = [&] { return as_operator("GET /api/v1/users/" + user.id).starts_with("HTTP/1.1 404 "); };
  for (int i = 0; i < 5'000 && !is_gone(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(is_gone());
  EXPECT_THAT(visit("mine"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(LinkUsersTest, what_was_done_to_users_stands_in_the_audit_trail) {
  const Made user = make_user();
  as(user, "POST /api/v1/users/me/keys", R"({"name":"laptop"})");
  as_operator("PATCH /api/v1/users/" + user.id, R"({"state":"suspended"})");
  std::vector<std::string> actions;
  for (const auto& line : operators_->trail->page(0, 10).lines) actions.push_back(line.action + " by " + line.actor);
  const std::string key_id(key_.substr(4, 12));
  EXPECT_EQ(actions, (std::vector<std::string>{"user changed by " + key_id, "user key made by user " + user.id,
                                               "user key made by " + key_id, "user made by " + key_id}));
}

}  // namespace
}  // namespace doorbuster::links
