// What the gate said of those who join: who is delayed, what operators see of it, who may come from where, and how a
// report compares them.
#include <algorithm>
#include <mutex>

#include "sale/machine/draw/transcript.h"
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using ::testing::Not;
using testing::Refuses;

// Thinks of whoever joins what the test says, and remembers for which countries it was asked.
class ThoughtfulGate final : public platform::Gate {
 public:
  std::optional<Assessment> pass(const platform::Call&, const platform::GateQuestion& question) override {
    const std::lock_guard lock(mutex_);
    allowed_.assign(question.allowed_countries.begin(), question.allowed_countries.end());
    denied_.assign(question.denied_countries.begin(), question.denied_countries.end());
    return question.action == platform::Action::kJoin ? thought_ : Assessment();
  }
  void think(const Assessment& thought) {
    const std::lock_guard lock(mutex_);
    thought_ = thought;
  }
  [[nodiscard]] std::vector<Country> allowed() {
    const std::lock_guard lock(mutex_);
    return allowed_;
  }
  [[nodiscard]] std::vector<Country> denied() {
    const std::lock_guard lock(mutex_);
    return denied_;
  }

 private:
  std::mutex mutex_;
  Assessment thought_;
  std::vector<Country> allowed_;
  std::vector<Country> denied_;
};

// Apart from the fixture, because the server is made with it.
struct HasGate {
  ThoughtfulGate gate;
};

class AssessedApi : protected HasGate, public testing::ApiTest {
 protected:
  static constexpr Assessment kBot = {.score = 65,
                                      .reasons = {Signal::kDataCentre, Signal::kNoBrowser},
                                      .network = NetworkClass::kDataCentre,
                                      .device = DeviceClass::kTool,
                                      .country = {'U', 'S'},
                                      .is_delayed = true};

  AssessedApi() : ApiTest({.gate = &gate}) {}
  Answer join_as(const Assessment& thought, std::string_view sub) {
    gate.think(thought);
    return join(sub);
  }
  Answer show(std::string_view sub, const Answer& joined) { return as_customer(sub, "GET", entry_path(joined)); }
  // Over HTTP/1.0, where it ends with the connection.
  std::string transcript() {
    net::testing::Client client = server_.connect();
    client.send("GET " + std::string(kPs5) + "/transcript HTTP/1.0\r\nHost: shop.example\r\n\r\n");
    return Answer::parse(client.read_to_end()).body;
  }
  Answer operators(const std::string& path) {
    catch_up();
    return as_operator("GET", std::string(kPs5) + path);
  }
};

TEST_F(AssessedApi, tells_who_is_delayed_when_their_place_will_be_there) {
  create(R"("units":1,"queue":"fifo")");
  (void)join_as({}, "alice");
  const Answer delayed = join_as(kBot, "bot");
  EXPECT_EQ(delayed.status, 202);
  EXPECT_EQ(delayed.text("state"), "waiting");
  EXPECT_EQ(delayed.text("position"), "null");
  EXPECT_EQ(delayed.text("people_ahead"), "null");
  EXPECT_EQ(delayed.text("estimated_wait"), "null");
  EXPECT_EQ(delayed.text("delayed_until").substr(17), "00.000Z");
  EXPECT_GE(delayed.number("next_poll_seconds"), 1);
  EXPECT_LE(delayed.number("next_poll_seconds"), 60);
  EXPECT_EQ(ask("GET", kPs5).text("waiting"), "1");
  const Answer late = join_as({}, "bob");
  EXPECT_EQ(late.text("position"), "2");
  EXPECT_EQ(late.text("delayed_until"), "null");
  wait(60);
  EXPECT_EQ(show("bot", delayed).text("position"), "3");
  EXPECT_EQ(show("bot", delayed).text("delayed_until"), "null");
}

TEST_F(AssessedApi, lets_nobody_who_is_delayed_into_a_draw_and_says_so_in_its_record) {
  create(R"("units":1,"queue":"draw","prequeue_opens_at":"2026-11-27T10:00:00Z")", "2026-11-27T10:01:00Z");
  (void)join_as({}, "alice");
  const Answer delayed = join_as(kBot, "bot");
  EXPECT_EQ(delayed.text("receipt"), "null");
  EXPECT_EQ(delayed.text("delayed_until"), "2026-11-27T10:01:00.000Z");
  EXPECT_LT(delayed.number("odds"), 0.5);
  const Answer gone = join_as(kBot, "gone");
  (void)as_customer("gone", "DELETE", entry_path(gone));
  catch_up();
  EXPECT_THAT(as_customer("bot", "GET", entry_path(delayed) + "/receipt"), Refuses(409, "no-receipt"));
  wait(60);
  EXPECT_EQ(ask("GET", kPs5).text("draw/entries"), "1");
  EXPECT_EQ(show("bot", delayed).text("position"), "2");
  catch_up();
  const std::string record = transcript();
  EXPECT_THAT(record, HasSubstr("late 2 " + delayed.text("id") + " "));
  EXPECT_THAT(record, Not(HasSubstr(gone.text("id"))));
  TranscriptVerifier verifier;
  for (size_t from = 0; from < record.size();) {
    const size_t end = record.find('\n', from);
    ASSERT_TRUE(verifier.line(std::string_view(record).substr(from, end - from)).has_value());
    from = end + 1;
  }
  EXPECT_TRUE(verifier.finish().has_value());
}

TEST_F(AssessedApi, shows_operators_what_was_thought_of_who_stands_in_line) {
  create(R"("units":1,"queue":"fifo","guests":true)");
  gate.think({.score = 20, .device = DeviceClass::kPhone, .country = {'D', 'E'}});
  (void)ask("POST", std::string(kPs5) + "/queue");
  (void)join_as({}, "alice");
  (void)join_as(kBot, "bot");
  wait(60);
  const Answer line = operators("/queue");
  EXPECT_EQ(line.text("entries/0/guest"), "true");
  EXPECT_EQ(line.number("entries/0/assessment/score"), 0.2);
  EXPECT_EQ(line.text("entries/0/assessment/reasons"), "[]");
  EXPECT_EQ(line.text("entries/0/assessment/device"), "phone");
  EXPECT_EQ(line.text("entries/0/assessment/country"), "DE");
  EXPECT_EQ(line.text("entries/0/delayed"), "false");
  EXPECT_EQ(line.text("entries/1/guest"), "false");
  EXPECT_EQ(line.text("entries/1/assessment"), "null");
  EXPECT_EQ(line.text("entries/1/joined_at").substr(0, 10), "2026-11-27");
  EXPECT_EQ(line.text("entries/2/delayed"), "true");
  EXPECT_EQ(line.text("entries/2/assessment/reasons/1"), "no_browser");
  EXPECT_EQ(line.text("entries/2/assessment/network"), "data_centre");
}

TEST_F(AssessedApi, lists_who_waits_for_a_place_by_customer) {
  create(R"("units":1,"queue":"fifo")");
  const Answer delayed = join_as(kBot, "bot");
  EXPECT_EQ(operators("/queue").text("entries"), "[]");
  const Answer found = operators("/queue?customer=bot");
  EXPECT_EQ(found.text("entries/0/id"), delayed.text("id"));
  EXPECT_EQ(found.text("entries/0/position"), "null");
  EXPECT_EQ(found.text("entries/0/arrival"), "null");
}

TEST_F(AssessedApi, pauses_behind_the_draw_until_the_line_was_looked_at) {
  create(R"("units":1,"queue":"draw","review":true,"prequeue_opens_at":"2026-11-27T10:00:00Z")",
         "2026-11-27T10:01:00Z");
  for (int i = 0; i < 4; ++i) (void)join_as({.score = 10, .device = DeviceClass::kPhone}, "c" + std::to_string(i));
  wait(60);
  EXPECT_EQ(ask("GET", kPs5).text("state"), "paused");
  EXPECT_EQ(ask("GET", kPs5).text("draw/drawn"), "true");
  EXPECT_EQ(ask("GET", kPs5).text("now_serving"), "0");
  const Answer line = operators("/queue?from=1&limit=2");
  const std::string first = line.text("entries/0/id");
  const std::string path = std::string(kPs5) + "/queue/" + first;
  EXPECT_EQ(as_operator("DELETE", path, R"({"reason":"one device, many entries"})").text("state"), "removed");
  EXPECT_EQ(as_operator("POST", std::string(kPs5) + "/resume", R"({"reason":"looked at"})").status, 200);
  EXPECT_EQ(operators("/queue").text("entries/1/state"), "offered");
  const std::string audit = operators("/audit").body;
  EXPECT_THAT(audit, HasSubstr("one device, many entries"));
  EXPECT_THAT(audit, HasSubstr("review: look at the line"));
  const std::string record = transcript();
  EXPECT_LT(record.find("removed 1 " + first), record.find("offer 2 "));
}

TEST_F(AssessedApi, asks_the_gate_with_the_sales_countries) {
  create(R"("units":1,"queue":"fifo","allowed_countries":["DE","AT"])");
  (void)join("alice");
  EXPECT_EQ(gate.allowed(), (std::vector<Country>{{'D', 'E'}, {'A', 'T'}}));
  EXPECT_TRUE(gate.denied().empty());
  EXPECT_EQ(ask("GET", kPs5).text("allowed_countries"), R"(["DE","AT"])");
  const Answer changed =
      as_operator("PATCH", kPs5, R"({"allowed_countries":[],"denied_countries":["ZZ"],"reason":"a flood"})");
  EXPECT_EQ(changed.text("denied_countries"), R"(["ZZ"])");
  (void)join("bob");
  EXPECT_TRUE(gate.allowed().empty());
  EXPECT_EQ(gate.denied(), std::vector<Country>{kUnknownCountry});
  EXPECT_THAT(operators("/audit").body, HasSubstr("allowed_countries DE AT -> none, denied_countries none -> ZZ"));
}

TEST_F(AssessedApi, refuses_countries_and_reviews_that_there_can_not_be) {
  std::string many;
  for (int i = 0; i < 65; ++i) many += R"(,"DE")";
  const std::vector<std::string> wrong = {
      R"("denied_countries":["de"])",
      R"("denied_countries":["DEU"])",
      R"("denied_countries":"DE")",
      R"("denied_countries":[)" + many.substr(1) + "]",
      R"("allowed_countries":["DE"],"denied_countries":["FR"])",
      R"("queue":"none","review":true)",
      R"("queue":"pass","review":true)",
  };
  for (const std::string& members : wrong) EXPECT_EQ(create(R"("units":1,)" + members).status, 400) << members;
}

// Of 20 phones and 20 tools each tenth buys: what the tools are is told, and how many people there may be among both.
TEST_F(AssessedApi, reports_how_cohorts_fared) {
  create(R"("units":4,"queue":"fifo")");
  EXPECT_EQ(operators("/report").text("fairness/cohorts"), "null");
  std::vector<Answer> joined;
  const Assessment phone{.score = 10, .network = NetworkClass::kMobile, .device = DeviceClass::kPhone};
  Assessment tool = kBot;
  tool.score = 90;
  tool.is_delayed = false;
  for (int i = 0; i < 20; ++i) {
    (void)join_as(phone, "p" + std::to_string(i));
    (void)join_as(tool, "t" + std::to_string(i));
  }
  const Answer held = reserve("p0");
  (void)pay("p0", held);
  EXPECT_EQ(provider_says(held, "succeeded").status, 200);
  const Answer report = operators("/report");
  EXPECT_EQ(operators("/board").text("fairness/cohorts"), report.text("fairness/cohorts")) << "while it goes on, too";
  EXPECT_EQ(report.text("fairness/cohorts/entries"), "40");
  EXPECT_EQ(report.number("fairness/cohorts/human_share_estimate/entries"), 0.5);
  EXPECT_EQ(report.number("fairness/cohorts/human_share_estimate/units"), 0.9);
  EXPECT_EQ(report.text("fairness/cohorts/dimensions/0/by"), "score");
  EXPECT_EQ(report.text("fairness/cohorts/dimensions/0/cohorts/0/name"), "0.1");
  EXPECT_EQ(report.text("fairness/cohorts/dimensions/1/cohorts/0/name"), "mobile");
  EXPECT_EQ(report.text("fairness/cohorts/dimensions/1/cohorts/0/offered"), "2");
  EXPECT_EQ(report.text("fairness/cohorts/dimensions/1/cohorts/0/sold"), "1");
  EXPECT_EQ(report.number("fairness/cohorts/dimensions/1/cohorts/1/offered_of_stayed"), 0.1);
  EXPECT_EQ(report.text("fairness/cohorts/dimensions/1/p_value"), "null") << "too few offers to tell";
  EXPECT_EQ(report.text("fairness/cohorts/dimensions/3/cohorts/1/name"), "ZZ");
}

}  // namespace
}  // namespace doorbuster::sale
