// Short links over real sockets: with the cell, the writer and the view that a server has.
#include "links/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "log/memory/memory_log.h"
#include "net/server.h"
#include "net/testing/client.h"
#include "platform/views/memory_store.h"

namespace doorbuster::links {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kBase = "https://go.example";
constexpr std::string_view kPerson = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0\r\n";

// A text between two others; "none" if it is not there.
std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const size_t from = text.find(before);
  if (from == std::string::npos) return "none";
  const size_t begin = from + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

class TestClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return Timestamp::from_micros(micros_.load()); }
  void pass(Duration duration) { micros_ += duration.micros(); }

 private:
  std::atomic<int64_t> micros_{1'795'773'600'000'000};  // 2026-11-27T10:00:00Z
};

class LinksServiceTest : public ::testing::Test {
 protected:
  LinksServiceTest() {
    std::filesystem::create_directories(folder_);
    keys_ = auth::KeyStore::open(folder_, clock_.now()).value();
    operators_ = std::make_unique<platform::OperatorAccess>(*keys_, auth::CookieTransport::kHttp,
                                                            platform::OperatorFiles::open(folder_).value());
    std::ifstream file(folder_ / "operator.key");
    file >> key_;
    start();
  }
  ~LinksServiceTest() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    log_ = std::make_unique<log::MemoryLog>(disk_);
    service_ = Service::make({.cached = 64}, {.log = *log_,
                                              .operators = *operators_,
                                              .gate = gate_,
                                              .clock = clock_,
                                              .logger = logger_,
                                              .view_store = &views_,
                                              .store = folder_ / "links",
                                              .base_url = std::string(kBase)});
    auto server = net::Server::start({.listen = "127.0.0.1:0", .reactors = 2}, [this](net::Loop& loop) {
      platform::Routes routes;
      service_->add_routes(routes, loop, platform::Operators::kServed);
      return std::make_unique<platform::RoutedHandler>(std::move(routes), clock_);
    });
    ASSERT_TRUE(server.has_value());
    server_ = std::move(*server);
    ASSERT_TRUE(service_->start().has_value());
  }
  void stop() {
    server_->drain(Duration::millis(100));
    service_->stop();
    server_.reset();
    service_.reset();
    log_.reset();
  }

  std::string ask(const std::string& line, std::string_view fields = {}, const std::string& body = {}) {
    net::testing::Client client(server_->port());
    client.send(line + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_response(line.starts_with("HEAD"));
  }
  std::string as_operator(const std::string& line, const std::string& body = {}, std::string_view fields = {}) {
    return ask(line, "Authorization: Bearer " + key_ + "\r\n" + std::string(fields), body);
  }
  std::string create(const std::string& members, const std::string& url = "https://shop.example/drop") {
    const std::string more = members.empty() ? "" : "," + members;
    return as_operator("POST /api/v1/urls", R"({"long_url":")" + url + "\"" + more + "}");
  }
  std::string visit(const std::string& code, std::string_view fields = kPerson) { return ask("GET /" + code, fields); }
  // What is counted, once it is what it should be.
  std::string counted(const std::string& code, const std::string& until) {
    std::string answer;
    for (int i = 0; i < 5'000 && answer.find(until) == std::string::npos; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      answer = as_operator("GET /api/v1/analytics/" + code);
    }
    return answer;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("links-service-" + std::to_string(getpid()) + "-" +
                                                ::testing::UnitTest::GetInstance()->current_test_info()->name());
  TestClock clock_;
  platform::OpenGate gate_;
  const ops::Logger logger_ = ops::Logger::to_stderr({});
  log::SimulatedDisk disk_;
  platform::MemoryStore views_;
  std::unique_ptr<auth::KeyStore> keys_;
  std::unique_ptr<platform::OperatorAccess> operators_;
  std::string key_;
  std::unique_ptr<log::MemoryLog> log_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<net::Server> server_;
};

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
  EXPECT_THAT(made, HasSubstr(R"({"created":2,"refused":4,"results":[{"row":0,"status":201,"short_url":)"));
  EXPECT_THAT(made, HasSubstr(R"({"row":1,"status":400,"detail":"/long_url: )"));
  EXPECT_THAT(made, HasSubstr(R"({"row":2,"status":201,"short_url":"https://go.example/mine","short_code":"mine"})"));
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

TEST_F(LinksServiceTest, counts_who_came_and_nobody_who_only_looked) {
  create(R"("custom_alias":"mail")");
  visit("mail");
  visit("mail", std::string(kPerson) + "Referer: https://WWW.News.example/page?q=1\r\n");
  visit("mail", "User-Agent: Googlebot/2.1\r\n");
  EXPECT_THAT(visit("mail", std::string(kPerson) + "Sec-Purpose: prefetch\r\n"), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(ask("HEAD /mail", kPerson), StartsWith("HTTP/1.1 301 "));
  const std::string seen = counted("mail", R"("total_clicks":3)");
  EXPECT_THAT(seen, HasSubstr(R"("people":2,"bots":1)"));
  EXPECT_THAT(seen, HasSubstr(R"({"date":"2026-11-27","clicks":3,"people":2,"bots":1})"));
  EXPECT_THAT(seen, HasSubstr(R"("top_referrers":[{"referrer":"news.example","clicks":1,"clicks_min":1}])"));
  EXPECT_THAT(seen, HasSubstr(R"("browsers":{"program":1,"firefox":2},"systems":{"unknown":1,"linux":2})"));
  EXPECT_THAT(seen, HasSubstr(R"("devices":{"desktop":2,"tool":1})"));
  EXPECT_THAT(seen, HasSubstr(R"("unique_clicks":{"visitors":1,"error":0,"clicks_not_told_apart":0})"));
  EXPECT_THAT(seen, HasSubstr(R"("no_referrer":2)"));
  EXPECT_THAT(seen, HasSubstr(R"("geographic_distribution":{"ZZ":3})"));
  EXPECT_THAT(as_operator("GET /api/v1/analytics/mail?from=2026-11-28"), HasSubstr(R"("clicks_by_date":[])"));
  EXPECT_THAT(as_operator("GET /api/v1/analytics/mail?from=tomorrow"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(LinksServiceTest, tells_days_and_hours_by_the_clocks_that_it_is_asked_for) {
  create(R"("custom_alias":"mail")");
  visit("mail");  // at ten
  counted("mail", R"("total_clicks":1)");
  clock_.pass(Duration::seconds(13 * 3'600 + 1'800));
  visit("mail");  // at half past eleven in the evening
  counted("mail", R"("total_clicks":2)");
  const std::string berlin = as_operator("GET /api/v1/analytics/mail?tz=Europe%2FBerlin&unit=hour&from=2026-11-28");
  EXPECT_THAT(berlin, HasSubstr(R"("time_zone":"Europe/Berlin")"));
  EXPECT_THAT(berlin, HasSubstr(R"("clicks_by_date":[{"date":"2026-11-28","clicks":1,"people":1,"bots":0}])"));
  EXPECT_THAT(berlin, HasSubstr(R"("clicks_by_hour":[{"hour":"2026-11-28T00:00:00+01:00","clicks":1,)"));
  const std::string newfoundland = as_operator("GET /api/v1/analytics/mail?tz=America/St_Johns&unit=hour");
  EXPECT_THAT(newfoundland, HasSubstr(R"({"date":"2026-11-27","clicks":2)"));
  EXPECT_THAT(newfoundland, HasSubstr(R"("hour":"2026-11-27T06:00:00-03:30")"));
  EXPECT_THAT(as_operator("GET /api/v1/analytics/mail"), Not(HasSubstr("clicks_by_hour")));
  for (const std::string wrong : {"tz=Mars/Olympus", "tz=..%2Fetc", "tz=", "unit=minute"})
    EXPECT_THAT(as_operator("GET /api/v1/analytics/mail?" + wrong), StartsWith("HTTP/1.1 400 ")) << wrong;
}

TEST_F(LinksServiceTest, counts_people_once_and_not_at_all_who_ask_not_to_be_tracked) {
  create(R"("custom_alias":"mail")");
  const std::string other = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0\r\n";
  for (int i = 0; i < 3; ++i) visit("mail");
  visit("mail", other);
  visit("mail", std::string(kPerson) + "Sec-GPC: 1\r\n");
  visit("mail", other + "DNT: 1\r\n");
  visit("mail", "User-Agent: Googlebot/2.1\r\n");
  EXPECT_THAT(counted("mail", R"("total_clicks":7)"),
              HasSubstr(R"("unique_clicks":{"visitors":2,"error":0,"clicks_not_told_apart":2})"));
  clock_.pass(Duration::seconds(86'400));
  visit("mail");
  EXPECT_THAT(counted("mail", R"("total_clicks":8)"), HasSubstr(R"("visitors":3)")) << "with another day's key";
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
  const std::string text = metrics.exposition();
  EXPECT_THAT(text, HasSubstr("\ndoorbuster_links_created_total 1\n"));
  EXPECT_THAT(text, HasSubstr("\ndoorbuster_links 1\n"));
  EXPECT_THAT(text, HasSubstr("doorbuster_links_clicks_total{result=\"durable\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("doorbuster_links_clicks_total{result=\"lost\"} 0\n"));
}

}  // namespace
}  // namespace doorbuster::links
