// The line over HTTP: joining, asking, watching, leaving.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using ::testing::Not;
using testing::Refuses;

class QueueApi : public testing::ApiTest {
 protected:
  QueueApi() { create(R"("units":1,"queue":"fifo")"); }

  // The next event of a stream, as its data.
  static std::string next_event(net::testing::Client& client, std::string& seen) {
    while (seen.find("\n\n") == std::string::npos) {
      const std::string more = client.read(1);
      if (more.empty()) return "the stream has ended: " + seen;
      seen += more;
    }
    const std::string event = seen.substr(0, seen.find("\n\n"));
    seen.erase(0, event.size() + 2);
    return event;
  }
};

TEST_F(QueueApi, gives_a_place_and_says_what_it_is_worth) {
  const Answer first = join("alice");
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(first.header("location"), entry_path(first));
  EXPECT_EQ(first.text("state"), "offered");
  EXPECT_EQ(first.text("claim_until"), "2026-11-27T10:01:00.000Z");
  EXPECT_EQ(first.text("odds"), "1");
  const Answer second = join("bob");
  EXPECT_EQ(second.text("state"), "waiting");
  EXPECT_EQ(second.text("position"), "2");
  EXPECT_EQ(second.text("people_ahead"), "0");
  EXPECT_EQ(second.text("claim_until"), "null");
  EXPECT_EQ(second.text("receipt"), "null");
  EXPECT_EQ(ask("GET", kPs5).text("waiting"), "1");
}

TEST_F(QueueApi, gives_the_same_place_again) {
  const Answer first = join("bob");
  const Answer again = join("bob");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.text("id"), first.text("id"));
  EXPECT_EQ(again.text("token"), first.text("token"));
  const testing::Fields keyed = {server_.customer("carol"), "Idempotency-Key: k"};
  const std::string path = std::string(kPs5) + "/queue";
  const Answer joined = ask("POST", path, keyed);
  EXPECT_EQ(ask("POST", path, keyed).text("id"), joined.text("id"));
  EXPECT_THAT(ask("POST", path, keyed, "{}"), Refuses(422, "idempotency-key-reused"));
}

TEST_F(QueueApi, lets_whoever_has_the_token_look_and_nobody_else) {
  const Answer entry = join("alice");
  const std::string path = entry_path(entry);
  const Answer shown = ask("GET", path + "?token=" + entry.text("token"));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.text("token"), "absent");
  EXPECT_EQ(as_customer("alice", "GET", path).body, shown.body);
  EXPECT_EQ(as_operator("GET", path).body, shown.body);
  EXPECT_THAT(as_customer("bob", "GET", path), Refuses(404, "not-found"));
  EXPECT_THAT(ask("GET", path), Refuses(401, "token-needed"));
  EXPECT_THAT(ask("GET", path + "?token=" + join("bob").text("token")), Refuses(401, "token-needed"));
  // The token is for looking: it does not give the place away.
  EXPECT_THAT(ask("DELETE", path + "?token=" + entry.text("token")), Refuses(401, "token-needed"));
}

TEST_F(QueueApi, finds_an_entry_only_under_its_own_sale) {
  const Answer entry = join("alice");
  as_operator("POST", "/api/v1/sales", R"({"id":"other","title":"b","units":1,"opens_at":"2026-11-27T10:00:00Z"})");
  EXPECT_THAT(as_customer("alice", "GET", "/api/v1/sales/other/queue/" + entry.text("id")), Refuses(404, "not-found"));
  EXPECT_THAT(as_customer("alice", "GET", std::string(kPs5) + "/queue/nonsense"), Refuses(404, "not-found"));
  EXPECT_THAT(as_customer("alice", "GET", "/api/v1/sales/none/queue/" + entry.text("id")),
              Refuses(404, "sale-not-found"));
}

TEST_F(QueueApi, lets_only_those_reserve_whose_turn_it_is) {
  const Answer alice = join("alice");
  const Answer bob = join("bob");
  EXPECT_THAT(reserve("carol"), Refuses(409, "not-your-turn"));
  const Answer early = reserve("bob");
  EXPECT_THAT(early, Refuses(409, "not-your-turn"));
  EXPECT_EQ(early.text("state"), "waiting");
  EXPECT_EQ(early.text("entry"), entry_path(bob));
  const Answer held = reserve("alice");
  EXPECT_EQ(held.status, 201);
  const Answer holding = as_customer("alice", "GET", entry_path(alice));
  EXPECT_EQ(holding.text("state"), "holding");
  EXPECT_EQ(holding.text("hold"), held.text("id"));
  EXPECT_THAT(as_customer("alice", "DELETE", entry_path(alice)), Refuses(409, "wrong-state"));
  as_customer("alice", "DELETE", hold_path(held));
  EXPECT_EQ(as_customer("bob", "GET", entry_path(bob)).text("state"), "offered");
}

TEST_F(QueueApi, passes_on_what_is_not_claimed) {
  const Answer alice = join("alice");
  const Answer bob = join("bob");
  wait(60);
  EXPECT_EQ(as_customer("alice", "GET", entry_path(alice)).text("state"), "lapsed");
  EXPECT_EQ(as_customer("bob", "GET", entry_path(bob)).text("state"), "offered");
  EXPECT_EQ(as_customer("alice", "GET", entry_path(alice)).text("next_poll_seconds"), "60");
  // Who lapsed may stand at the end of the line.
  EXPECT_EQ(join("alice").text("position"), "3");
}

TEST_F(QueueApi, lets_people_leave_and_operators_remove) {
  join("alice");
  const Answer bob = join("bob");
  const Answer carol = join("carol");
  EXPECT_EQ(as_customer("bob", "DELETE", entry_path(bob)).text("state"), "left");
  EXPECT_EQ(as_customer("bob", "DELETE", entry_path(bob)).text("state"), "left");
  EXPECT_EQ(as_operator("DELETE", entry_path(carol), R"({"reason":"a bot"})").text("state"), "removed");
  EXPECT_THAT(join("carol"), Refuses(403, "removed"));
  EXPECT_THAT(reserve("carol"), Refuses(403, "removed"));
  EXPECT_EQ(join("bob").status, 202);
}

TEST_F(QueueApi, answers_an_operators_repeated_request_as_before) {
  const Answer entry = join("alice");
  const testing::Fields keyed = {server_.operator_key(), "Idempotency-Key: k"};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask("DELETE", entry_path(entry), keyed).text("state"), "removed");
  EXPECT_THAT(ask("DELETE", entry_path(join("bob")), keyed), Refuses(422, "idempotency-key-reused"));
}

TEST_F(QueueApi, has_no_line_where_the_sale_has_none) {
  as_operator("POST", "/api/v1/sales",
              R"({"id":"rush","title":"b","units":1,"queue":"none","opens_at":"2026-11-27T10:00:00Z"})");
  EXPECT_THAT(as_customer("alice", "POST", "/api/v1/sales/rush/queue"), Refuses(409, "no-queue"));
}

TEST_F(QueueApi, takes_nobody_who_has_come_and_gone_sixteen_times) {
  for (int i = 0; i < 16; ++i) {
    const Answer entry = join("alice");
    ASSERT_EQ(entry.status, 202);
    EXPECT_EQ(as_customer("alice", "DELETE", entry_path(entry)).text("state"), "left");
  }
  EXPECT_THAT(join("alice"), Refuses(409, "too-many-entries"));
  EXPECT_EQ(join("bob").status, 202);
}

TEST_F(QueueApi, takes_people_before_the_opening_only_where_there_is_a_prequeue) {
  as_operator("POST", "/api/v1/sales",
              R"({"id":"late","title":"b","units":1,"queue":"fifo","opens_at":"2026-11-27T11:00:00Z"})");
  EXPECT_THAT(as_customer("alice", "POST", "/api/v1/sales/late/queue"), Refuses(409, "sale-not-open"));
  as_operator("POST", "/api/v1/sales",
              R"({"id":"pre","title":"b","units":1,"queue":"fifo","opens_at":"2026-11-27T11:00:00Z",
                                         "prequeue_opens_at":"2026-11-27T10:00:00Z"})");
  const Answer waiting = as_customer("alice", "POST", "/api/v1/sales/pre/queue");
  EXPECT_EQ(waiting.text("state"), "waiting");
  EXPECT_EQ(waiting.text("estimated_wait/p50_seconds"), "3600");
}

TEST_F(QueueApi, tells_a_watcher_what_becomes_of_the_entry) {
  const Answer alice = join("alice");
  const Answer bob = join("bob");
  net::testing::Client watcher = server_.connect();
  watcher.send("GET " + entry_path(bob) + "/events?token=" + bob.text("token") +
               " HTTP/1.0\r\nHost: x\r\n\r\n");  // HTTP/1.0: the stream comes without chunks
  std::string seen;
  while (seen.find("\r\n\r\n") == std::string::npos) seen += watcher.read(1);
  EXPECT_THAT(seen, HasSubstr("Content-Type: text/event-stream"));
  seen.clear();
  const std::string first = next_event(watcher, seen);
  EXPECT_THAT(first, ::testing::StartsWith("event: entry\ndata: {"));
  EXPECT_THAT(first, HasSubstr(R"("state":"waiting")"));
  EXPECT_THAT(first, Not(HasSubstr("\"token\"")));
  as_customer("alice", "DELETE", entry_path(alice));
  EXPECT_THAT(next_event(watcher, seen), HasSubstr(R"("state":"offered")"));
  const Answer held = reserve("bob");
  EXPECT_THAT(next_event(watcher, seen), HasSubstr(R"("state":"holding")"));
  as_customer("bob", "DELETE", hold_path(held));
  EXPECT_THAT(next_event(watcher, seen), HasSubstr(R"("state":"left")"));
  EXPECT_TRUE(watcher.closed_by_peer());
  const Answer again = as_customer("bob", "GET", entry_path(bob) + "/events");
  EXPECT_EQ(again.status, 204) << "or an EventSource would come again and again";
  EXPECT_EQ(again.body, "");
}

TEST_F(QueueApi, asks_proxies_to_pass_on_what_a_watcher_is_told) {
  const Answer head = as_customer("alice", "HEAD", entry_path(join("alice")) + "/events");
  EXPECT_EQ(head.header("x-accel-buffering"), "no");
  EXPECT_EQ(head.header("cache-control"), "no-store, no-transform");
}

TEST_F(QueueApi, ends_what_is_watched_when_the_server_stops) {
  const Answer alice = join("alice");
  net::testing::Client watcher = server_.connect();
  watcher.send("GET " + entry_path(alice) + "/events?token=" + alice.text("token") + " HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string seen;
  while (seen.find("\r\n\r\n") == std::string::npos) seen += watcher.read(1);
  server_.drain(Duration::seconds(60));
  EXPECT_THAT(watcher.read_to_end(), ::testing::EndsWith("\r\n0\r\n\r\n")) << "broken off instead of ended";
}

TEST_F(QueueApi, lets_nobody_watch_what_they_may_not_see) {
  const std::string path = entry_path(join("alice")) + "/events";
  EXPECT_THAT(ask("GET", path), Refuses(401, "token-needed"));
  EXPECT_THAT(as_customer("bob", "GET", path), Refuses(404, "not-found"));
  EXPECT_EQ(as_customer("alice", "HEAD", path).header("content-type"), "text/event-stream");
}

}  // namespace
}  // namespace doorbuster::sale
