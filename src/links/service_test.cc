// Short links over real sockets: making, following and changing them.
#include <gmock/gmock.h>

#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(LinksServiceTest, makes_a_link_and_sends_visitors_on) {
  const std::string created = create("");
  EXPECT_THAT(created, StartsWith("HTTP/1.1 201 "));
  const std::string code = between(created, R"("short_code":")", "\"");
  EXPECT_EQ(code.size(), kCodeLength);
  EXPECT_THAT(created, HasSubstr(R"("short_url":"https://go.example/)" + code + "\""));
  EXPECT_THAT(created, HasSubstr("Location: /api/v1/urls/" + code + "\r\n"));
  const std::string sent = visit(code);
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(sent, HasSubstr("\r\nLocation: https://shop.example/drop\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nCache-Control: private, no-cache\r\n"));
  EXPECT_THAT(ask("GET /aaaaaaa", kPerson), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("GET /no.code", kPerson), StartsWith("HTTP/1.1 404 "));
  EXPECT_NE(between(create(""), R"("short_code":")", "\""), code);
}

TEST_F(LinksServiceTest, gives_an_alias_to_one_of_a_thousand_who_claim_it_at_once) {
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  std::atomic<int> created = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < kEach; ++k) {
        const std::string answer = create(R"("custom_alias":"ps5-drop")");
        created += answer.starts_with("HTTP/1.1 201 ") ? 1 : 0;
        refused += answer.starts_with("HTTP/1.1 409 ") && answer.find("alias-taken") != std::string::npos ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, kThreads * kEach - 1);
}

TEST_F(LinksServiceTest, makes_many_links_at_once) {
  create(R"("custom_alias":"taken")");
  const std::string rows = R"([{"long_url":"https://shop.example/1"},{"long_url":"no"},
    {"long_url":"https://shop.example/2","custom_alias":"mine"},
    {"long_url":"https://shop.example/3","custom_alias":"taken"},
    {"long_url":"https://shop.example/4","custom_alias":"mine"},7])";
  const std::string made = as_operator("POST /api/v1/urls/bulk", rows);
  EXPECT_THAT(made, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(made, HasSubstr(R"({"created":2,"refused":4,"found":0,"results":[{"row":0,"status":201,"short_url":)"));
  EXPECT_THAT(made, HasSubstr(R"({"row":1,"status":400,"detail":"/long_url: )"));
  EXPECT_THAT(
      made,
      HasSubstr(R"({"row":2,"status":201,"short_url":"https://go.example/mine","short_code":"mine","domain":null})"));
  EXPECT_THAT(made, HasSubstr(R"({"row":3,"status":409,"detail":"the alias is another link's"})"));
  EXPECT_THAT(made, HasSubstr(R"({"row":4,"status":409,"detail":"the alias is another link's"})"));
  EXPECT_THAT(made, HasSubstr(R"({"row":5,"status":400,"detail":)"));
  EXPECT_THAT(visit(between(made, R"("short_code":")", "\"")), HasSubstr("\r\nLocation: https://shop.example/1\r\n"));
  EXPECT_THAT(visit("mine"), HasSubstr("\r\nLocation: https://shop.example/2\r\n"));
}

TEST_F(LinksServiceTest, makes_all_rows_or_none_where_that_is_asked_for) {
  create(R"("custom_alias":"taken")");
  const std::string path = "POST /api/v1/urls/bulk?all_or_nothing=true";
  const std::string lines = "Content-Type: application/x-ndjson\r\n";
  const auto both = [&](const std::string& other) {
    return as_operator(
        path, R"({"long_url":"https://shop.example/1","custom_alias":"one"})" + std::string("\n") + other, lines);
  };
  for (const char* other :
       {R"({"long_url":"https://shop.example/2","custom_alias":"taken"})", R"({"long_url":"no"})"}) {
    const std::string refused = both(other);
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 409 "));
    EXPECT_THAT(refused, HasSubstr("rows-refused"));
    EXPECT_THAT(refused, HasSubstr(R"("created":0,"refused":2)"));
    EXPECT_THAT(refused, HasSubstr(R"({"row":0,"status":409,"detail":"another row could not be made"})"));
    EXPECT_THAT(visit("one"), StartsWith("HTTP/1.1 404 "));
  }
  EXPECT_THAT(both(R"({"long_url":"https://shop.example/2","custom_alias":"two"})"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(visit("two"), StartsWith("HTTP/1.1 301 "));
}

TEST_F(LinksServiceTest, makes_nothing_twice_for_a_request_that_comes_again) {
  const std::string rows = R"([{"long_url":"https://shop.example/1"}])";
  const std::string key = "Idempotency-Key: batch-7\r\n";
  const auto body_of = [](const std::string& answer) { return answer.substr(answer.find("\r\n\r\n")); };
  const std::string made = as_operator("POST /api/v1/urls/bulk", rows, key);
  EXPECT_EQ(body_of(as_operator("POST /api/v1/urls/bulk", rows, key)), body_of(made));
  stop();
  start();
  EXPECT_EQ(body_of(as_operator("POST /api/v1/urls/bulk", rows, key)), body_of(made)) << "also after a restart";
  EXPECT_THAT(as_operator("POST /api/v1/urls/bulk", "[{}]", key), HasSubstr("idempotency-key-reused"));
  EXPECT_NE(body_of(as_operator("POST /api/v1/urls/bulk", rows)), body_of(made)) << "without a key it is another one";
  clock_.pass(Duration::seconds(86'401));
  EXPECT_NE(body_of(as_operator("POST /api/v1/urls/bulk", rows, key)), body_of(made)) << "a key is good for a day";
}

TEST_F(LinksServiceTest, is_over_when_it_has_expired_and_not_there_before_it_is_valid) {
  create(R"("custom_alias":"soon","valid_since":"2026-11-27T11:00:00Z","expiration_date":"2026-11-27T12:00:00Z")");
  EXPECT_THAT(visit("soon"), StartsWith("HTTP/1.1 404 "));
  clock_.pass(Duration::seconds(3'600));
  EXPECT_THAT(visit("soon"), StartsWith("HTTP/1.1 301 "));
  clock_.pass(Duration::seconds(3'600));
  EXPECT_THAT(visit("soon"), StartsWith("HTTP/1.1 410 "));
}

TEST_F(LinksServiceTest, lets_exactly_as_many_people_through_as_may_come) {
  create(R"("custom_alias":"few","max_visits":50)");
  std::atomic<int> through = 0;
  std::atomic<int> over = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        visit("few", "User-Agent: curl/8\r\n");
        ask("HEAD /few", kPerson);
        const std::string answer = visit("few");
        through += answer.starts_with("HTTP/1.1 301 ") ? 1 : 0;
        over += answer.starts_with("HTTP/1.1 410 ") ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(through, 50);
  EXPECT_EQ(over, 50);
  EXPECT_THAT(visit("few", "User-Agent: curl/8\r\n"), StartsWith("HTTP/1.1 410 "));
  EXPECT_THAT(counted("few", R"("people":50)"), HasSubstr(R"("people":50)"));
}

TEST_F(LinksServiceTest, leads_where_it_says_now_as_soon_as_it_was_changed) {
  const std::string created = create(R"("custom_alias":"moving","title":"A","tags":["a"])");
  for (int i = 0; i < 20; ++i) {
    const std::string url = "https://shop.example/" + std::to_string(i);
    EXPECT_THAT(visit("moving"), StartsWith("HTTP/1.1 301 "));
    const std::string changed = as_operator("PATCH /api/v1/urls/moving", R"({"long_url":")" + url + "\"}");
    EXPECT_THAT(changed, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(changed, HasSubstr(R"("title":"A")"));
    EXPECT_THAT(visit("moving"), HasSubstr("\r\nLocation: " + url + "\r\n"));
  }
  const std::string old_tag = "If-Match: " + between(created, "ETag: ", "\r\n") + "\r\n";
  EXPECT_THAT(as_operator("PATCH /api/v1/urls/moving", "{}", old_tag), StartsWith("HTTP/1.1 412 "));
  EXPECT_THAT(as_operator("DELETE /api/v1/urls/moving", "", old_tag), StartsWith("HTTP/1.1 412 "));
  const std::string tag = "If-Match: " + between(as_operator("GET /api/v1/urls/moving"), "ETag: ", "\r\n") + "\r\n";
  EXPECT_THAT(as_operator("DELETE /api/v1/urls/moving", "", tag), StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(visit("moving"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(as_operator("GET /api/v1/urls/moving"), StartsWith("HTTP/1.1 404 "));
  create(R"("custom_alias":"moving")");
  EXPECT_THAT(visit("moving"), StartsWith("HTTP/1.1 301 ")) << "though it was not there a moment ago";
  EXPECT_THAT(counted("moving", R"("total_clicks":1)"), HasSubstr(R"("total_clicks":1,)")) << "and is another link";
}

TEST_F(LinksServiceTest, shows_where_it_leads_and_its_qr_code_and_counts_nothing) {
  create(R"("custom_alias":"mail","title":"<Sale> & more")", "https://shop.example/drop?a=1&b=2");
  const std::string page = visit("mail+");
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(page, HasSubstr("<h1>&lt;Sale&gt; &amp; more</h1>"));
  EXPECT_THAT(page, HasSubstr("leads to <strong>shop.example</strong>"));
  EXPECT_THAT(page, HasSubstr("href=\"https://shop.example/drop?a=1&amp;b=2\""));
  EXPECT_THAT(visit("mail.qr"), HasSubstr("\r\n\r\n<svg xmlns="));
  EXPECT_THAT(visit("mail.qr?format=png"), HasSubstr("\r\n\r\n\x89PNG"));
  EXPECT_THAT(visit("mail.qr?format=gif"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(visit("none+"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(visit("+"), StartsWith("HTTP/1.1 404 "));
  visit("mail");
  EXPECT_THAT(counted("mail", R"("total_clicks":1)"), HasSubstr(R"("total_clicks":1,)"));
}

TEST_F(LinksServiceTest, answers_a_browser_with_a_page) {
  const std::string browser = std::string(kPerson) + "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
  EXPECT_THAT(visit("nobody", browser), HasSubstr("<h1>No such link</h1>"));
  EXPECT_THAT(visit("nobody"), HasSubstr("problems/link-not-found"));
  create(R"("custom_alias":"once","max_visits":1)");
  EXPECT_THAT(visit("once", browser), StartsWith("HTTP/1.1 301 "));
  const std::string over = visit("once", browser);
  EXPECT_THAT(over, StartsWith("HTTP/1.1 410 "));
  EXPECT_THAT(over, HasSubstr("<h1>This link is over</h1>"));
}

TEST_F(LinksServiceTest, lists_the_newest_first_a_page_at_a_time) {
  for (int i = 0; i < 5; ++i) {
    create(R"("custom_alias":"link-)" + std::to_string(i) + "\"");
    clock_.pass(Duration::millis(1));
  }
  std::string seen;
  std::string target = "/api/v1/urls?limit=2";
  for (int page = 0; page < 3; ++page) {
    const std::string answer = as_operator("GET " + target);
    for (int i = 0; i < 5; ++i) {
      if (answer.find("\"link-" + std::to_string(i) + "\"") != std::string::npos) seen += std::to_string(i);
    }
    target = "/api/v1/urls?limit=2&cursor=" + between(answer, R"("next":")", "\"");
  }
  EXPECT_EQ(seen,
            "34"
            "12"
            "0")
      << "two, two and one";
  EXPECT_THAT(as_operator("GET /api/v1/urls?cursor=x"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(LinksServiceTest, refuses_what_is_no_address_and_no_alias_and_says_why) {
  const auto refused = [&](const std::string& url) { return between(create("", url), R"("detail":")", "\""); };
  EXPECT_THAT(refused("ftp://shop.example/"), HasSubstr("/long_url: must begin with https:// or http://"));
  EXPECT_THAT(refused("javascript:alert(1)"), HasSubstr("must begin with"));
  EXPECT_THAT(refused("https://user@shop.example/"), HasSubstr("must not name a user"));
  EXPECT_THAT(refused("https://shop.example/a b"), HasSubstr("spaces"));
  EXPECT_THAT(refused("https://0x7f.1/"), HasSubstr("IPv4"));
  EXPECT_THAT(refused("https://go.example/abc"), HasSubstr("must not lead to a short link"));
  EXPECT_THAT(create("", "https://go.example/s/ps5"), StartsWith("HTTP/1.1 201 ")) << "a page of the server's own";
  EXPECT_THAT(create(R"("custom_alias":"livez")"), HasSubstr("must be another word"));
  EXPECT_THAT(create(R"("custom_alias":"a/b")"), HasSubstr("/custom_alias: must be 3 to 64 letters"));
  EXPECT_THAT(create(R"("redirect_status":303)"), HasSubstr("must be 301, 302, 307 or 308"));
  EXPECT_THAT(create(R"("surprise":1)"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("POST /api/v1/urls", {}, "{}"), StartsWith("HTTP/1.1 401 "));
}

TEST_F(LinksServiceTest, knows_after_a_restart_what_it_has_said) {
  create(R"("custom_alias":"kept","max_visits":2)");
  const std::string code = between(create(""), R"("short_code":")", "\"");
  EXPECT_THAT(visit("kept"), StartsWith("HTTP/1.1 301 "));
  counted("kept", R"("total_clicks":1)");
  stop();
  start();
  EXPECT_THAT(visit(code), StartsWith("HTTP/1.1 301 "));
  EXPECT_NE(between(create(""), R"("short_code":")", "\""), code);
  EXPECT_THAT(visit("kept"), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(visit("kept"), StartsWith("HTTP/1.1 410 "));
  EXPECT_THAT(counted("kept", R"("total_clicks":2)"), HasSubstr(R"("total_clicks":2)"));
}

TEST_F(LinksServiceTest, tells_its_metrics) {
  create(R"("custom_alias":"mail")");
  visit("mail");
  visit("mail");
  counted("mail", R"("total_clicks":2)");
  ops::Metrics metrics;
  service_->add_metrics(metrics);
  std::string text = metrics.exposition();
  // The view may hear of a click before the reactor does that it is durable.
  for (int i = 0; i < 5'000 && text.find(R"({result="durable"} 2)") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    text = metrics.exposition();
  }
  EXPECT_THAT(text, HasSubstr("\ndoorbuster_links_created_total 1\n"));
  EXPECT_THAT(text, HasSubstr("\ndoorbuster_links 1\n"));
  EXPECT_THAT(text, HasSubstr("doorbuster_links_clicks_total{result=\"durable\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("doorbuster_links_clicks_total{result=\"lost\"} 0\n"));
}

}  // namespace
}  // namespace doorbuster::links
