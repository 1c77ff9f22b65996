// Sales over HTTP: making, changing and showing them.
#include <set>

#include "platform/api/request_parts.h"
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::kSales;
using testing::Refuses;

class SalesApi : public testing::ApiTest {};

class ManySalesApi : public testing::ApiTest {
 protected:
  ManySalesApi() : ApiTest({.capacity = {.sales = 200, .holds = 256, .entries = 256, .operator_keys = 16}}) {}
};

TEST_F(SalesApi, makes_a_sale_and_says_where_it_is) {
  const Answer made = create(R"("units":3,"price":{"amount":49900,"currency":"USD"},"queue":"none")");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.header("location"), kPs5);
  EXPECT_EQ(made.text("state"), "open");
  EXPECT_EQ(made.text("available"), "3");
  EXPECT_EQ(made.text("price/amount"), "49900");
  EXPECT_EQ(made.text("hold_seconds"), "300");
  EXPECT_EQ(made.text("closes_at"), "null");
}

TEST_F(SalesApi, makes_an_id_from_the_title_when_none_is_given) {
  const Answer made =
      as_operator("POST", kSales, R"({"title":"Big Drop!","units":1,"opens_at":"2026-11-27T10:00:00Z"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(made.text("id"), ::testing::MatchesRegex("big-drop-[0-9a-f]{8}"));
}

TEST_F(SalesApi, takes_back_what_it_has_shown) {
  // Members that are null in an answer may be null in a request.
  const Answer made = create(
      R"("units":1,"price":null,"closes_at":null,"queue":"fifo","prequeue_opens_at":null,"outflow_per_minute":null)");
  EXPECT_EQ(made.status, 201) << made.body;
}

TEST_F(SalesApi, refuses_an_id_that_is_taken) {
  create(R"("units":1)");
  EXPECT_THAT(create(R"("units":1)"), Refuses(409, "id-taken"));
}

struct Wrong {
  const char* body;
  const char* says;
};

TEST_F(SalesApi, says_what_is_wrong_with_a_new_sale_and_where) {
  const Wrong cases[] = {
      {"", "JSON is refused at byte 0"},
      {"[]", "must be an object, but is an array"},
      {"{}", "/title: is missing"},
      {R"({"title":"","units":1,"opens_at":"2026-11-27T10:00:00Z"})", "/title: is empty"},
      {R"({"title":"a","units":"1","opens_at":"2026-11-27T10:00:00Z"})", "/units: must be a whole number"},
      {R"({"title":"a","units":0,"opens_at":"2026-11-27T10:00:00Z"})", "/units: 0 is too small"},
      {R"({"title":"a","units":10000001,"opens_at":"2026-11-27T10:00:00Z"})", "10000001 is too large"},
      {R"({"title":"a","units":1,"opens_at":"tomorrow"})", "/opens_at: 'tomorrow' is not a time"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","colour":1})", "unknown member /colour"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","item":{"size":1}})", "unknown member /item/size"},
      {R"({"title":"a","units":1,"units":2,"opens_at":"2026-11-27T10:00:00Z"})", "refused at byte"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","id":"Ps5"})", "/id: an id is 1 to 64 of a-z"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","queue":"lifo"})", "/queue: 'lifo' is not known"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","price":{"amount":1,"currency":"usd"}})",
       "/price/currency: a currency is three capital letters"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","price":{"amount":1,"currency":"UDS"}})",
       "/price/currency: ISO 4217 has no such currency"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","price":{"amount":1.5,"currency":"USD"}})",
       "/price/amount: must be a whole number"},
      {R"({"title":"a","units":1,"opens_at":"2026-11-27T10:00:00Z","closes_at":"2026-11-27T09:00:00Z"})",
       "closes_at has to be later than opens_at"},
      {R"({"title":"a","units":1,"queue":"none","opens_at":"2026-11-27T10:00:00Z",
           "prequeue_opens_at":"2026-11-27T09:00:00Z"})",
       "prequeue_opens_at needs a queue"},
  };
  for (const Wrong& wrong : cases) {
    const Answer answer = as_operator("POST", kSales, wrong.body);
    EXPECT_THAT(answer, Refuses(400, "invalid-request")) << wrong.body;
    EXPECT_THAT(answer.text("detail"), HasSubstr(wrong.says)) << wrong.body;
  }
  EXPECT_EQ(ask("GET", kSales).text("sales"), "[]");
}

TEST_F(SalesApi, changes_what_may_change_and_keeps_the_rest) {
  create(R"("units":2,"price":{"amount":100,"currency":"EUR"})", "2026-11-27T11:00:00Z");
  const Answer changed =
      as_operator("PATCH", kPs5, R"({"units":5,"title":"PS5 Pro","price":{"amount":9,"currency":"EUR"}})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.text("units"), "5");
  EXPECT_EQ(changed.text("available"), "5");
  EXPECT_EQ(changed.text("title"), "PS5 Pro");
  EXPECT_EQ(changed.text("price/amount"), "9");
  EXPECT_EQ(changed.text("hold_seconds"), "300");
  EXPECT_EQ(ask("GET", kPs5).text("title"), "PS5 Pro");
}

TEST_F(SalesApi, keeps_what_customers_rely_on_once_a_sale_has_opened) {
  create(R"("units":2,"per_customer":2,"price":{"amount":100,"currency":"EUR"})");
  for (const char* body :
       {R"({"price":{"amount":200,"currency":"EUR"}})", R"({"opens_at":"2026-11-27T09:00:00Z"})",
        R"({"prequeue_opens_at":"2026-11-27T09:00:00Z"})", R"({"payment_grace_seconds":1})", R"({"per_customer":1})"}) {
    const Answer answer = as_operator("PATCH", kPs5, body);
    EXPECT_THAT(answer, Refuses(409, "wrong-state")) << body;
    EXPECT_EQ(answer.text("state"), "open");
  }
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"per_customer":3})").status, 200);
}

TEST_F(SalesApi, withdraws_units_only_while_they_are_free) {
  create(R"("units":2,"queue":"none")");
  reserve("alice");
  const Answer refused = as_operator("PATCH", kPs5, R"({"units":0})");
  EXPECT_THAT(refused, Refuses(400, "invalid-request"));
  reserve("bob");
  const Answer in_use = as_operator("PATCH", kPs5, R"({"units":1})");
  EXPECT_THAT(in_use, Refuses(409, "units-in-use"));
  EXPECT_EQ(in_use.text("available"), "0");
}

TEST_F(SalesApi, adds_units_to_what_a_colleague_has_made_of_them) {
  create(R"("units":100,"queue":"none")");
  as_operator("PATCH", kPs5, R"({"units":300})");
  const Answer more = as_operator("PATCH", kPs5, R"({"more_units":50})");
  EXPECT_EQ(more.text("units"), "350");
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"more_units":-10})").text("units"), "340");
  EXPECT_THAT(as_operator("PATCH", kPs5, R"({"more_units":-340})"), Refuses(422, "invalid-settings"));
  EXPECT_EQ(ask("GET", kPs5).text("units"), "340");
}

TEST_F(SalesApi, changes_only_what_was_read_where_that_is_asked_for) {
  create(R"("units":100,"queue":"none")");
  const std::string read = ask("GET", kPs5).header("etag");
  const auto change_if = [&](const std::string& tags, std::string_view method, std::string_view path,
                             std::string_view body) {
    return ask(method, path, {server_.operator_key(), "If-Match: " + tags}, body);
  };
  reserve("alice");
  EXPECT_NE(ask("GET", kPs5).header("etag"), read) << "the content is another";
  const Answer first = change_if(read, "PATCH", kPs5, R"({"units":300})");
  EXPECT_EQ(first.status, 200) << "a unit less to sell is no other sale: " << first.body;
  const Answer stale = change_if(read, "PATCH", kPs5, R"({"units":150})");
  EXPECT_THAT(stale, Refuses(412, "changed-meanwhile"));
  EXPECT_EQ(ask("GET", kPs5).text("units"), "300");
  const std::string now = first.header("etag");
  EXPECT_EQ(now, ask("GET", kPs5).header("etag")) << "whoever has changed something need not read it again";
  const std::string pause = std::string(kPs5) + "/pause";
  EXPECT_THAT(change_if(read, "POST", pause, {}), Refuses(412, "changed-meanwhile"));
  for (const std::string& tags : {std::string("\"x\""), std::string("x"), "\"zzzzzzzzzzzzzzzz-" + read.substr(18)}) {
    EXPECT_THAT(change_if(tags, "PATCH", kPs5, R"({"units":1})"), Refuses(412, "changed-meanwhile")) << tags;
  }
  for (const std::string& tags : {now, "W/" + now, read + ", " + now, std::string("*")}) {
    EXPECT_EQ(change_if(tags, "PATCH", kPs5, R"({"units":300})").status, 200) << tags;
  }
  EXPECT_EQ(change_if(now, "POST", pause, {}).text("state"), "paused");
}

TEST_F(SalesApi, says_what_is_wrong_with_a_change) {
  create(R"("units":2)");
  const Wrong cases[] = {
      {"{}", "there is nothing to change"},
      {R"({"reason":"why not"})", "there is nothing to change"},
      {R"({"queue":"none"})", "/queue: a sale keeps its kind of queue"},
      {R"({"id":"ps6"})", "/id: a sale keeps its id"},
      {R"({"draft":true})", "/draft: a sale can be published"},
      {R"({"draft":false,"units":3})", "/draft: publish in a call of its own"},
      {R"({"units":null})", "/units: must be a whole number, but is null"},
      {R"({"closes_at":"2026-11-27T09:00:00Z"})", "closes_at has to be later"},
      {R"({"colour":"red"})", "unknown member /colour"},
  };
  for (const Wrong& wrong : cases) {
    const Answer answer = as_operator("PATCH", kPs5, wrong.body);
    EXPECT_THAT(answer, Refuses(400, "invalid-request")) << wrong.body;
    EXPECT_THAT(answer.text("detail"), HasSubstr(wrong.says)) << wrong.body;
  }
}

TEST_F(SalesApi, pauses_resumes_and_closes) {
  create(R"("units":1,"queue":"none")");
  const std::string path(kPs5);
  EXPECT_THAT(as_operator("POST", path + "/resume"), Refuses(409, "wrong-state"));
  EXPECT_EQ(as_operator("POST", path + "/pause", R"({"reason":"bots"})").text("state"), "paused");
  const Answer paused = reserve("alice");
  EXPECT_THAT(paused, Refuses(409, "sale-paused"));
  EXPECT_EQ(paused.text("state"), "paused");
  EXPECT_EQ(as_operator("POST", path + "/resume").text("state"), "open");
  EXPECT_EQ(as_operator("POST", path + "/close").text("state"), "closed");
  EXPECT_THAT(reserve("alice"), Refuses(409, "sale-closed"));
  EXPECT_THAT(as_operator("POST", path + "/pause"), Refuses(409, "wrong-state"));
  EXPECT_THAT(as_operator("PATCH", path, R"({"units":3})"), Refuses(409, "wrong-state"));
  EXPECT_THAT(as_operator("POST", path + "/close", R"({"why":"x"})"), Refuses(400, "invalid-request"));
}

TEST_F(SalesApi, shows_a_draft_to_operators_only) {
  EXPECT_EQ(create(R"("units":1,"draft":true,"queue":"none","guests":true)").text("state"), "draft");
  const std::string path(kPs5);
  EXPECT_THAT(ask("GET", path), Refuses(404, "sale-not-found"));
  EXPECT_THAT(as_customer("alice", "GET", path), Refuses(404, "sale-not-found"));
  EXPECT_THAT(ask("GET", path, {"Authorization: Bearer dbk_0123456789ab_x"}), Refuses(404, "sale-not-found"));
  EXPECT_THAT(reserve("alice"), Refuses(404, "sale-not-found"));
  EXPECT_THAT(join("alice"), Refuses(404, "sale-not-found"));
  EXPECT_EQ(ask("GET", kSales).text("sales"), "[]");
  EXPECT_EQ(as_operator("GET", kSales).text("sales/0/id"), "ps5");
  EXPECT_EQ(as_operator("GET", kSales).header("cache-control"), "no-store");
  EXPECT_EQ(as_operator("GET", path).header("cache-control"), "no-store");
  EXPECT_EQ(as_operator("PATCH", path, R"({"draft":false})").text("state"), "open");
  EXPECT_EQ(ask("GET", path).text("state"), "open");
  EXPECT_EQ(ask("GET", kSales).text("sales/0/id"), "ps5");
}

// 1,900 of them outgrew what one answer can be, and anybody could ask.
TEST_F(ManySalesApi, lists_sales_by_pages_that_stay_small_whatever_stands_in_them) {
  constexpr int kMany = 150;
  std::string description;  // of 4,096 quotation marks, each of which is two bytes in JSON
  for (int i = 0; i < 4'096; ++i) description += "\\\"";
  for (int i = 0; i < kMany; ++i) {
    const std::string id = "sale-" + std::to_string(i);
    const std::string body = R"({"id":")" + id + R"(","title":")" + id +
                             R"(","units":1,"opens_at":"2026-11-27T10:00:00Z","item":{"description":")" + description +
                             "\"}}";
    ASSERT_EQ(as_operator("POST", kSales, body).status, 201);
  }
  const std::string all = std::to_string(kMany);
  EXPECT_EQ(ask("GET", kSales).text("total"), all);
  EXPECT_NE(ask("GET", kSales).text("sales/99"), "absent");
  EXPECT_EQ(ask("GET", kSales).text("sales/100"), "absent");
  EXPECT_EQ(ask("GET", std::string(kSales) + "?offset=149").text("sales/1"), "absent");
  EXPECT_EQ(ask("GET", std::string(kSales) + "?offset=150").text("sales"), "[]");
  std::vector<std::string> seen;
  size_t pages = 0;
  while (seen.size() < kMany) {
    const Answer page = ask("GET", std::string(kSales) + "?limit=1000&offset=" + std::to_string(seen.size()));
    ASSERT_LT(page.body.size(), platform::kPageBytes + 20'000);
    EXPECT_EQ(page.text("total"), all);
    const size_t before = seen.size();
    for (size_t i = 0; page.text("sales/" + std::to_string(i)) != "absent"; ++i)
      seen.push_back(page.text("sales/" + std::to_string(i) + "/id"));
    ASSERT_GT(seen.size(), before);
    ++pages;
  }
  EXPECT_GT(pages, 1U) << "the sales were too small to fill a page";
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), size_t{kMany}) << "one is on two pages, so another on none";
  for (const char* wrong : {"?offset=-1", "?limit=1001", "?limit=x", "?offset=99999999999"})
    EXPECT_THAT(ask("GET", std::string(kSales) + wrong), Refuses(400, "invalid-request")) << wrong;
}

TEST_F(SalesApi, changes_its_tag_when_another_page_grows) {
  create(R"("units":2,"queue":"none")");
  const std::string path = std::string(kSales) + "?limit=1";
  const std::string tag = ask("GET", path).header("etag");
  as_operator("POST", kSales, R"({"id":"b","title":"b","units":1,"opens_at":"2026-11-27T10:00:00Z"})");
  EXPECT_EQ(ask("GET", path, {"If-None-Match: " + tag}).text("total"), "2");
}

TEST_F(SalesApi, goes_on_hiding_a_draft_that_was_closed) {
  create(R"("units":1,"draft":true,"queue":"none","guests":true)");
  const std::string path(kPs5);
  EXPECT_EQ(as_operator("POST", path + "/close").text("state"), "closed");
  EXPECT_THAT(ask("GET", path), Refuses(404, "sale-not-found"));
  EXPECT_THAT(reserve("alice"), Refuses(404, "sale-not-found"));
  EXPECT_THAT(join("alice"), Refuses(404, "sale-not-found"));
  EXPECT_EQ(ask("GET", kSales).text("sales"), "[]");
  EXPECT_EQ(as_operator("GET", kSales).text("sales/0/state"), "closed");
  EXPECT_EQ(as_operator("GET", path).header("cache-control"), "no-store");
}

TEST_F(SalesApi, lets_status_be_cached_and_asked_for_again_by_its_tag) {
  create(R"("units":2,"queue":"none")");
  for (const std::string_view path : {kPs5, kSales}) {
    const Answer first = ask("GET", path);
    EXPECT_EQ(first.header("cache-control"), "public, max-age=1");
    const std::string tag = first.header("etag");
    const Answer same = ask("GET", path, {"If-None-Match: W/\"other\", W/" + tag});
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(same.header("etag"), tag);
    as_operator("PATCH", kPs5, path == kPs5 ? R"({"title":"a"})" : R"({"title":"b"})");
    const Answer changed = ask("GET", path, {"If-None-Match: " + tag});
    EXPECT_EQ(changed.status, 200);
    EXPECT_NE(changed.header("etag"), tag);
  }
}

TEST_F(SalesApi, has_the_same_tag_after_a_restart) {
  create(R"("units":2,"queue":"none")");
  reserve("alice");
  const Answer before = ask("GET", kPs5);
  server_.crash_and_restart();
  const Answer after = ask("GET", kPs5);
  EXPECT_EQ(after.body, before.body);
  EXPECT_EQ(after.header("etag"), before.header("etag"));
}

TEST_F(SalesApi, opens_by_the_clock_and_says_until_when_to_wait) {
  create(R"("units":1,"queue":"none")", "2026-11-27T10:01:00Z");
  const Answer early = reserve("alice");
  EXPECT_THAT(early, Refuses(409, "sale-not-open"));
  EXPECT_EQ(early.text("opens_at"), "2026-11-27T10:01:00.000Z");
  EXPECT_EQ(early.text("state"), "scheduled");
  wait(60);
  EXPECT_EQ(reserve("alice").status, 201);
}

TEST_F(SalesApi, answers_other_methods_and_unknown_paths) {
  create(R"("units":1)");
  const Answer head = ask("HEAD", kPs5);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), std::to_string(ask("GET", kPs5).body.size()));
  const Answer put = ask("PUT", kPs5);
  EXPECT_THAT(put, Refuses(405, "method-not-allowed"));
  EXPECT_EQ(put.header("allow"), "GET, HEAD, PATCH, OPTIONS");
  EXPECT_EQ(ask("OPTIONS", kPs5).status, 204);
  EXPECT_THAT(ask("GET", "/api/v1/nothing"), Refuses(404, "not-found"));
  EXPECT_THAT(ask("GET", "/api/v1/sales/ps6"), Refuses(404, "sale-not-found"));
}

TEST_F(SalesApi, does_an_operators_request_once_however_often_it_comes) {
  const testing::Fields keyed = {server_.operator_key(), "Idempotency-Key: k1"};
  const std::string body = R"({"title":"Drop","units":2,"opens_at":"2026-11-27T10:00:00Z"})";
  const Answer first = ask("POST", kSales, keyed, body);
  const Answer again = ask("POST", kSales, keyed, body);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.text("id"), first.text("id"));
  EXPECT_THAT(ask("POST", kSales, keyed, R"({"title":"Drop","units":3,"opens_at":"2026-11-27T10:00:00Z"})"),
              Refuses(422, "idempotency-key-reused"));
  const std::string path = "/api/v1/sales/" + first.text("id");
  EXPECT_THAT(ask("POST", path + "/pause", keyed), Refuses(422, "idempotency-key-reused"));
  EXPECT_THAT(ask("POST", kSales, {server_.operator_key(), "Idempotency-Key: "}, body),
              Refuses(400, "invalid-request"));
  EXPECT_THAT(ask("POST", kSales, {server_.operator_key(), "Idempotency-Key: " + std::string(256, 'k')}, body),
              Refuses(400, "invalid-request"));
}

}  // namespace
}  // namespace doorbuster::sale
