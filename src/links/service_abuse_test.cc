// Take-downs over real sockets.
#include "base/crypto.h"
#include "base/encoding.h"
#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

constexpr std::string_view kTakeDowns = "/api/v1/abuse/take-downs";
constexpr std::string_view kWantsPage = "Accept: text/html,*/*;q=0.8\r\n";

class LinksAbuseTest : public LinksServiceTest {
 protected:
  std::string take_down(const std::string& members) {
    return as_operator("POST " + std::string(kTakeDowns), R"({"reason":"phishing",)" + members + "}");
  }
  static bool is(const std::string& answer, int status) {
    return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
  }
  // By a list of threats with this text, in a server that has just started.
  void start_with_threats(const std::string& text) {
    stop();
    write_threats(text);
    settings_.threat_lists = {threats_};
    start();
  }
  void write_threats(const std::string& text) {
    std::ofstream(threats_ + ".new") << text;
    std::filesystem::rename(threats_ + ".new", threats_);
  }
  // What is answered, once it holds this text.
  std::string flagged(const std::string& until) {
    std::string answer;
    for (int i = 0; i < 1'000 && answer.find(until) == std::string::npos; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      answer = as_operator("GET /api/v1/abuse/flagged");
    }
    return answer;
  }

  // Over connections of all reactors, as the system deals them out.
  bool all_hear(const std::string& code, int status) {
    for (int i = 0; i < 20; ++i) {
      if (!is(visit(code), status)) return false;
    }
    return true;
  }

  const std::string threats_ = folder_ / "threats.txt";
};

TEST_F(LinksAbuseTest, takes_a_link_down_for_everybody_at_once_and_restores_it) {
  create(R"("custom_alias":"mail")");
  create(R"("custom_alias":"other")");
  EXPECT_TRUE(all_hear("mail", 301));
  const std::string made = take_down(R"("short_code":"mail","notice":"By order of the court of Example.")");
  EXPECT_TRUE(is(made, 201)) << made;
  EXPECT_EQ(between(made, "\"short_code\":\"", "\""), "mail");
  EXPECT_EQ(between(made, "\"obeyed_by\":\"", "\""), "2026-11-27T10:00:00.000Z") << "browsers ask each time";
  EXPECT_TRUE(all_hear("mail", 451));
  for (const char* path : {"mail+", "mail.qr"}) EXPECT_TRUE(is(visit(path), 451)) << path;
  EXPECT_TRUE(all_hear("other", 301));
  const std::string answer = visit("mail");
  EXPECT_NE(answer.find("\r\nLink: <https://go.example>; rel=\"blocked-by\"\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\nCache-Control: no-store\r\n"), std::string::npos);
  EXPECT_NE(answer.find("court of Example"), std::string::npos);
  EXPECT_EQ(answer.find("shop.example"), std::string::npos) << "where it led is not told";
  EXPECT_EQ(answer.find("phishing"), std::string::npos) << "nor what operators say to each other";
  const std::string id = between(made, "\"id\":", ",");
  EXPECT_TRUE(is(as_operator("DELETE " + std::string(kTakeDowns) + "/" + id), 204));
  EXPECT_TRUE(all_hear("mail", 301));
  EXPECT_TRUE(is(as_operator("DELETE " + std::string(kTakeDowns) + "/" + id), 404));
}

TEST_F(LinksAbuseTest, counts_no_click_of_a_link_that_was_taken_down) {
  create(R"("custom_alias":"mail","max_visits":5)");
  visit("mail");
  take_down(R"("short_code":"mail")");
  EXPECT_TRUE(all_hear("mail", 451));
  take_down(R"("domain":"nobody.example")");
  EXPECT_TRUE(is(as_operator("DELETE " + std::string(kTakeDowns) + "/1"), 204));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(is(visit("mail"), 301)) << "no visit was used up";
  EXPECT_TRUE(is(visit("mail"), 410));
  EXPECT_EQ(between(counted("mail", "\"total_clicks\":5"), "\"total_clicks\":", ","), "5");
}

TEST_F(LinksAbuseTest, takes_a_domain_down_with_all_links_there_and_those_that_come_later) {
  create(R"("custom_alias":"one")", "https://bad.example/a");
  create(R"("custom_alias":"two")", "https://www.Bad.example:8443/b");
  create(R"("custom_alias":"good")", "https://notbad.example/");
  create(R"("custom_alias":"moved")", "https://good.example/");
  for (const char* code : {"one", "two", "good"}) EXPECT_TRUE(is(visit(code), 301));
  EXPECT_TRUE(is(take_down(R"("domain":"BAD.example.","notice":"https://law.example/order")"), 201));
  EXPECT_TRUE(all_hear("one", 451));
  EXPECT_TRUE(all_hear("two", 451));
  EXPECT_TRUE(all_hear("good", 301));
  const std::string page = visit("one", kWantsPage);
  EXPECT_NE(page.find("href=\"https://law.example/order\""), std::string::npos) << page;
  const std::string refused = create(R"("custom_alias":"three")", "https://x.bad.example/");
  EXPECT_TRUE(is(refused, 403)) << refused;
  EXPECT_NE(refused.find("leads to bad.example, which was taken down"), std::string::npos) << refused;
  EXPECT_TRUE(is(as_operator("PATCH /api/v1/urls/moved", R"({"long_url":"https://bad.example/"})"), 403));
  EXPECT_TRUE(is(as_operator("PATCH /api/v1/urls/one", R"({"title":"Still there"})"), 200));
  EXPECT_TRUE(is(visit("one"), 451)) << "whoever changes it does not undo it";
  const std::string bulk = as_operator("POST /api/v1/urls/bulk",
                                       R"([{"long_url":"https://bad.example/"},{"long_url":"https://good.example/"}])");
  EXPECT_NE(bulk.find("\"created\":1,\"refused\":1"), std::string::npos) << bulk;
}

TEST_F(LinksAbuseTest, looks_at_all_addresses_that_a_link_may_lead_to) {
  const std::string variants =
      R"("variants":[{"name":"a","long_url":"https://good.example/"},{"name":"b","long_url":"https://bad.example/"}])";
  const std::string rules = R"("rules":[{"when":{"country":["XX"]},"long_url":"https://www.bad.example/x"}])";
  EXPECT_TRUE(is(create(R"("custom_alias":"shared",)" + variants), 201));
  EXPECT_TRUE(is(create(R"("custom_alias":"ruled",)" + rules), 201));
  EXPECT_TRUE(is(create(R"("custom_alias":"plain")"), 201));
  for (const char* code : {"shared", "ruled"}) EXPECT_TRUE(all_hear(code, 301)) << code;
  EXPECT_TRUE(is(take_down(R"("domain":"bad.example")"), 201));
  for (const char* code : {"shared", "ruled"}) EXPECT_TRUE(all_hear(code, 451)) << code;
  EXPECT_TRUE(is(create(rules), 403));
  EXPECT_TRUE(is(as_operator("PATCH /api/v1/urls/plain", "{" + variants + "}"), 403));
}

TEST_F(LinksAbuseTest, keeps_them_over_a_restart_and_over_the_end_of_the_link) {
  create(R"("custom_alias":"mail")");
  EXPECT_TRUE(is(take_down(R"("short_code":"mail")"), 201));
  stop();
  start();
  EXPECT_TRUE(all_hear("mail", 451));
  EXPECT_TRUE(is(as_operator("DELETE /api/v1/urls/mail"), 204));
  EXPECT_TRUE(is(create(R"("custom_alias":"mail")"), 403)) << "its code can't be had again";
}

TEST_F(LinksAbuseTest, is_for_operators_and_says_what_is_wrong) {
  EXPECT_TRUE(is(ask("POST " + std::string(kTakeDowns), {}, R"({"domain":"bad.example","reason":"x"})"), 401));
  EXPECT_TRUE(is(ask("GET " + std::string(kTakeDowns)), 401));
  EXPECT_TRUE(is(take_down(R"("short_code":"nobody")"), 404));
  for (const char* wrong :
       {R"("notice":"x")", R"("short_code":"a","domain":"b.example")", R"("domain":"")", R"("domain":"bad.example/x")",
        R"("domain":"https://bad.example")", R"("domain":"user@bad.example")", R"("domain":"bad.example:80")",
        R"("domain":"co.uk")", R"("domain":"com")", R"("domain":"127.1")"})
    EXPECT_TRUE(is(take_down(wrong), 400)) << wrong;
  EXPECT_TRUE(is(take_down(R"("domain":"192.0.2.1")"), 201));
  EXPECT_TRUE(is(take_down(R"("domain":"192.0.2.1")"), 409));
  EXPECT_EQ(between(take_down(R"("domain":"bücher.example")"), "\"domain\":\"", "\""), "xn--bcher-kva.example");
  EXPECT_TRUE(is(take_down(R"("domain":"someone.github.io")"), 201));
  const std::string list = as_operator("GET " + std::string(kTakeDowns) + "?limit=1");
  EXPECT_NE(list.find("\"total\":3"), std::string::npos) << list;
  EXPECT_EQ(between(list, "\"domain\":\"", "\""), "someone.github.io") << "the newest first";
  const auto trail = operators_->trail->page(0, 10);
  ASSERT_EQ(trail.lines.size(), 3U) << "what was refused is not in the trail";
  EXPECT_EQ(trail.lines[0].action, "taken down");
  EXPECT_EQ(trail.lines[0].detail, "domain someone.github.io: phishing");
}

TEST_F(LinksAbuseTest, sends_nobody_where_a_list_of_threats_says_and_makes_no_link_there) {
  create(R"("custom_alias":"old")", "https://evil.example/login");
  create(R"("custom_alias":"good")", "https://good.example/");
  EXPECT_TRUE(all_hear("old", 301));
  start_with_threats("evil.example\n");
  EXPECT_TRUE(all_hear("old", 403)) << "stored before";
  EXPECT_TRUE(is(visit("old+"), 403));
  EXPECT_TRUE(is(visit("old", kWantsPage), 403));
  EXPECT_TRUE(all_hear("good", 301));
  const std::string refused = create("", "https://www.evil.example/other");
  EXPECT_TRUE(is(refused, 403)) << refused;
  EXPECT_NE(refused.find("a list of dangerous ones"), std::string::npos) << refused;
  const std::string answer = flagged("\"short_code\":\"old\"");
  EXPECT_EQ(between(answer, "\"threat\":\"", "\""), "listed") << answer;
  EXPECT_EQ(between(answer, "\"total\":", ","), "1") << answer;
}

TEST_F(LinksAbuseTest, looks_at_all_links_again_when_a_list_changes) {
  create(R"("custom_alias":"one")", "https://one.example/a/b");
  create(R"("custom_alias":"two")", "https://two.example/");
  start_with_threats("one.example\n");
  EXPECT_TRUE(all_hear("one", 403));
  EXPECT_NE(flagged("\"one\"").find("\"one\""), std::string::npos);
  clock_.pass(Duration::seconds(1));
  write_threats("two.example/\n" + to_hex(sha256(as_bytes("one.example/a/"))).substr(0, 8) + "\n");
  const std::string answer = flagged("\"two\"");
  EXPECT_EQ(between(answer, "\"long_url\":\"https://two.example/\",\"threat\":\"", "\""), "listed") << answer;
  EXPECT_TRUE(all_hear("two", 403));
  EXPECT_TRUE(all_hear("one", 301)) << "the first bytes of a hash are no proof";
  EXPECT_NE(flagged("\"suspect\"").find("\"short_code\":\"one\""), std::string::npos);
  EXPECT_TRUE(is(create(R"("custom_alias":"new")", "https://one.example/a/"), 201));
  EXPECT_NE(flagged("\"new\"").find("\"new\""), std::string::npos) << "links that come are looked at, too";
}

TEST_F(LinksAbuseTest, tells_where_most_are_sent_and_what_is_asked_for_in_vain) {
  create(R"("custom_alias":"mail")", "https://www.shop.example/");
  create(R"("custom_alias":"news")", "https://news.example/");
  for (int i = 0; i < 5; ++i) visit("mail");
  visit("news");
  ask("HEAD /mail", kPerson);
  for (int i = 0; i < 3; ++i) visit("male");
  visit("nobody+");
  const std::string top = as_operator("GET /api/v1/abuse/top-domains");
  EXPECT_NE(top.find(R"("clicks":[{"day":"2026-11-27","clicks":6,"top":[{"domain":"shop.example","at_least":5,)"
                     R"("at_most":5},{"domain":"news.example","at_least":1,"at_most":1}]}])"),
            std::string::npos)
      << top;
  EXPECT_NE(top.find(R"("links":[{"day":"2026-11-27","links":2,)"), std::string::npos) << top;
  const std::string orphans = as_operator("GET /api/v1/abuse/orphan-visits");
  EXPECT_NE(orphans.find(R"("visits":4,"top":[{"short_code":"male","at_least":3,"at_most":3})"), std::string::npos)
      << orphans;
  EXPECT_TRUE(is(ask("GET /api/v1/abuse/top-domains"), 401));
  EXPECT_TRUE(is(ask("GET /api/v1/abuse/orphan-visits"), 401));
}

TEST_F(LinksAbuseTest, tells_crawlers_what_they_may_ask_for) {
  EXPECT_NE(ask("GET /robots.txt").find("User-agent: *\nAllow: /$\n"), std::string::npos);
  stop();
  std::ofstream(folder_ / "robots.txt") << "User-agent: *\nAllow: /\n";
  settings_.robots = folder_ / "robots.txt";
  start();
  EXPECT_TRUE(ask("GET /robots.txt").ends_with("\r\n\r\nUser-agent: *\nAllow: /\n"));
}

TEST_F(LinksAbuseTest, says_beside_a_link_where_to_report_it) {
  create(R"("custom_alias":"mail")");
  EXPECT_EQ(visit("mail+").find("Report abuse"), std::string::npos);
  stop();
  settings_.report_abuse = "mailto:abuse@go.example";
  start();
  EXPECT_NE(visit("mail+").find("href=\"mailto:abuse@go.example?subject=https:%2F%2Fgo.example%2Fmail\">Report abuse"),
            std::string::npos);
}

TEST_F(LinksAbuseTest, does_not_start_by_files_that_are_not_there) {
  stop();
  settings_.threat_lists = {folder_ / "nowhere.txt"};
  log_ = std::make_unique<log::MemoryLog>(disk_);
  const auto make = [&] {
    return Service::make(settings_, {.log = *log_,
                                     .operators = *operators_,
                                     .gate = gate_,
                                     .clock = clock_,
                                     .logger = logger_,
                                     .base_url = std::string(kBase)});
  };
  EXPECT_NE(make()->start().error().message.find("links.threat_lists: '"), std::string::npos);
  settings_ = {.robots = folder_ / "nowhere.txt"};
  EXPECT_NE(make()->start().error().message.find("links.robots: '"), std::string::npos);
  settings_ = {.cached = 64};
  start();
}

}  // namespace
}  // namespace doorbuster::links
