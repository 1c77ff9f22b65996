// A draw that waits for a public beacon, over HTTP: from the sale's creation to the record with the beacon's value.
#include <sstream>

#include "base/encoding.h"
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

constexpr const char* kBeacon =
    R"("units":1,"beacon":{"source":"drand-quicknet","round":14212345,"published_at":"2026-11-27T10:06:00Z"})";
constexpr const char* kValue = R"({"value":"00ff10","reason":"round 14212345"})";

class BeaconApi : public testing::ApiTest {
 protected:
  // Takes entries at once, opens in five minutes, and is drawn a minute later.
  void create_waiting() { create(kBeacon, "2026-11-27T10:05:00Z"); }
  Answer give(const std::string& body) { return as_operator("POST", std::string(kPs5) + "/beacon", body); }
  Answer make(const std::string& members) {
    return as_operator("POST", testing::kSales, R"({"title":"P","units":1,)" + members + "}");
  }
  Answer show(std::string_view sub, const Answer& joined) { return as_customer(sub, "GET", entry_path(joined)); }
  Answer transcript() {
    net::testing::Client client = server_.connect();
    client.send("GET " + std::string(kPs5) + "/transcript HTTP/1.0\r\nHost: shop.example\r\n\r\n");
    return Answer::parse(client.read_to_end());
  }
};

TEST_F(BeaconApi, is_told_with_the_sale_and_without_a_value) {
  create_waiting();
  const Answer sale = ask("GET", kPs5);
  EXPECT_EQ(sale.text("draw/beacon/source"), "drand-quicknet");
  EXPECT_EQ(sale.number("draw/beacon/round"), 14'212'345);
  EXPECT_EQ(sale.text("draw/beacon/published_at"), "2026-11-27T10:06:00.000Z");
  EXPECT_EQ(sale.text("draw/beacon/value"), "null");
  EXPECT_EQ(sale.text("draw/root"), "null");
}

TEST_F(BeaconApi, is_not_what_a_sale_has_that_names_none) {
  create(R"("units":1)");
  EXPECT_EQ(ask("GET", kPs5).text("draw/beacon"), "null");
  EXPECT_THAT(give(kValue), Refuses(409, "no-beacon"));
}

TEST_F(BeaconApi, closes_the_list_at_the_opening_and_draws_with_the_value) {
  create_waiting();
  std::map<std::string, Answer> joined;
  for (int i = 0; i < 20; ++i) joined["c" + std::to_string(i)] = join("c" + std::to_string(i));
  EXPECT_THAT(give(kValue), Refuses(409, "beacon-not-due"));
  wait(300);
  catch_up();
  const Answer open = ask("GET", kPs5);
  EXPECT_EQ(open.text("state"), "open");
  EXPECT_EQ(open.text("draw/drawn"), "false");
  EXPECT_EQ(open.text("draw/root").size(), 64U);
  EXPECT_EQ(open.text("draw/secret"), "null");
  EXPECT_EQ(open.text("offered"), "0");
  const Answer late = join("late");
  EXPECT_EQ(late.text("position"), "null");
  EXPECT_EQ(late.text("receipt"), "null");
  const Answer proof = as_customer("c3", "GET", entry_path(joined["c3"]) + "/receipt");
  EXPECT_EQ(proof.text("root"), open.text("draw/root"));
  EXPECT_EQ(proof.number("entries"), 20);
  EXPECT_THAT(as_customer("c3", "POST", std::string(kPs5) + "/holds"), Refuses(409, "not-your-turn"));
  EXPECT_THAT(transcript(), Refuses(409, "not-drawn"));
  EXPECT_THAT(transcript().text("detail"), HasSubstr("round 14212345 of drand-quicknet"));
  const Answer early = give(kValue);
  EXPECT_THAT(early, Refuses(409, "beacon-not-due"));
  EXPECT_EQ(early.text("published_at"), "2026-11-27T10:06:00.000Z");

  wait(60);
  const Answer drawn = give(kValue);
  EXPECT_EQ(drawn.status, 200);
  EXPECT_EQ(drawn.text("draw/drawn"), "true");
  EXPECT_EQ(drawn.text("draw/beacon/value"), "00ff10");
  EXPECT_EQ(drawn.text("offered"), "1");
  EXPECT_EQ(give(R"({"value":"00ff10"})").status, 200) << "the same value again";
  const Answer other = give(R"({"value":"00ff11"})");
  EXPECT_THAT(other, Refuses(409, "beacon-given"));
  EXPECT_EQ(other.text("value"), "00ff10");
  catch_up();
  EXPECT_EQ(show("late", late).text("position"), "21");

  TranscriptVerifier verifier;
  std::istringstream lines(transcript().body);
  for (std::string line; std::getline(lines, line);) ASSERT_TRUE(verifier.line(line).has_value()) << line;
  const auto summary = verifier.finish();
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(to_hex(summary->head.beacon), "00ff10");
  EXPECT_EQ(summary->head.beacon_source, "drand-quicknet");
  EXPECT_EQ(summary->head.beacon_round, 14'212'345U);
  for (const auto& [sub, entry] : joined)
    EXPECT_EQ(show(sub, entry).text("position"), std::to_string(verifier.position_of(entry.text("id")).value()));
}

TEST_F(BeaconApi, tells_the_same_after_the_power_was_gone_while_it_waited) {
  create_waiting();
  for (int i = 0; i < 5; ++i) join("c" + std::to_string(i));
  wait(300);
  const std::string root = ask("GET", kPs5).text("draw/root");
  server_.crash_and_restart();
  wait(60);
  EXPECT_EQ(ask("GET", kPs5).text("draw/root"), root);
  EXPECT_EQ(give(kValue).text("draw/root"), root);
  server_.crash_and_restart();
  catch_up();
  EXPECT_EQ(ask("GET", kPs5).text("draw/beacon/value"), "00ff10");
  EXPECT_THAT(transcript().body, HasSubstr("beacon 00ff10 drand-quicknet 14212345\n"));
}

TEST_F(BeaconApi, leaves_its_traces_in_the_audit_trail) {
  create_waiting();
  wait(300);
  wait(60);
  give(kValue);
  catch_up();
  const Answer audit = as_operator("GET", std::string(kPs5) + "/audit");
  EXPECT_THAT(audit.body, HasSubstr("drawn with round 14212345 of drand-quicknet, public at 2026-11-27T10:06:00"));
  EXPECT_THAT(audit.body, HasSubstr(R"("action":"draw closed","detail":"0 entries with the root )"));
  EXPECT_THAT(audit.body, HasSubstr(R"("action":"beacon given","detail":"00ff10","reason":"round 14212345")"));
}

TEST_F(BeaconApi, closes_the_sale_where_the_server_was_away_until_the_value_was_known) {
  create_waiting();
  join("alice");
  wait(360);
  EXPECT_EQ(ask("GET", kPs5).text("state"), "closed");
  EXPECT_THAT(give(kValue), Refuses(409, "wrong-state"));
  catch_up();
  EXPECT_THAT(as_operator("GET", std::string(kPs5) + "/audit").body,
              HasSubstr("the beacon's round was public before the sale could open"));
  EXPECT_THAT(transcript().text("detail"), HasSubstr("closed before anything was drawn"));
}

TEST_F(BeaconApi, is_refused_with_what_to_write_instead) {
  const std::string opens = R"("opens_at":"2026-11-27T10:05:00Z","beacon":)";
  const auto refused = [&](const std::string& members) {
    const Answer answer = make(members);
    EXPECT_THAT(answer, Refuses(400, "invalid-request")) << members;
    return answer.text("detail");
  };
  const std::string rest = R"("published_at":"2026-11-27T10:06:00Z"})";
  EXPECT_THAT(refused(opens + R"({"source":"D","round":1,)" + rest), HasSubstr("/beacon/source: a beacon's source is"));
  EXPECT_THAT(refused(opens + R"({"source":"d","round":0,)" + rest), HasSubstr("count from 1"));
  EXPECT_THAT(refused(opens + R"({"source":"d",)" + rest), HasSubstr("/beacon/round"));
  EXPECT_THAT(refused(opens + R"({"source":"d","round":1})"), HasSubstr("/beacon/published_at"));
  EXPECT_THAT(refused(opens + R"({"source":"d","round":1,"published_at":"2026-11-27T10:05:00.5Z"})"),
              HasSubstr("at least one second later than opens_at"));
  EXPECT_THAT(refused(R"("queue":"fifo",)" + opens + R"({"source":"d","round":1,)" + rest), HasSubstr("a draw only"));
  const std::string passed = R"("opens_at":"2026-11-27T09:00:00Z","beacon":{"source":"d","round":1,)";
  EXPECT_THAT(make(passed + R"("published_at":"2026-11-27T09:01:00Z"})"), Refuses(409, "beacon-passed"));
}

TEST_F(BeaconApi, stays_what_it_is) {
  create_waiting();
  const auto change = [&](const char* body) { return as_operator("PATCH", kPs5, body); };
  EXPECT_THAT(change(R"({"beacon":{"source":"d","round":2,"published_at":"2026-11-27T11:00:00Z"}})").text("detail"),
              HasSubstr("a sale keeps its beacon"));
  EXPECT_THAT(change(R"({"opens_at":"2026-11-27T10:05:59.5Z"})").text("detail"), HasSubstr("later than opens_at"));
  EXPECT_THAT(change(R"({"closes_at":"2026-11-27T10:05:30Z"})").text("detail"), HasSubstr("beacon.published_at"));
  EXPECT_EQ(change(R"({"opens_at":"2026-11-27T10:05:30Z"})").status, 200);
}

TEST_F(BeaconApi, takes_a_value_from_operators_and_in_hexadecimal_only) {
  create_waiting();
  wait(300);
  wait(60);
  EXPECT_EQ(ask("POST", std::string(kPs5) + "/beacon", {}, kValue).status, 401);
  EXPECT_EQ(as_operator("POST", "/api/v1/sales/none/beacon", kValue).status, 404);
  for (const std::string value : {"", "0", "0g", "-"}) {
    EXPECT_THAT(give(R"({"value":")" + value + R"("})").text("detail"), HasSubstr("1 to 64 bytes")) << value;
  }
  EXPECT_EQ(give(R"({"value":")" + std::string(130, '0') + R"("})").status, 400);
  EXPECT_EQ(give("{}").status, 400);
  EXPECT_EQ(give(R"({"value":")" + std::string(128, '0') + R"("})").status, 200);
}

}  // namespace
}  // namespace doorbuster::sale
