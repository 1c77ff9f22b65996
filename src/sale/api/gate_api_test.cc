// Whatever would change something for a customer, or tells them how something of theirs stands, is asked about at the
// gate first; what everybody may read is not, and neither are operators.
#include <algorithm>
#include <mutex>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using testing::kPs5;
using testing::Refuses;

// Notes what it is asked, and refuses what the test says.
class TestGate final : public platform::Gate {
 public:
  std::optional<Assessment> pass(const platform::Call& call, const platform::GateQuestion& question) override {
    static constexpr std::array kinds = {"new", "session", "customer"};
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::string(platform::kActionNames[static_cast<size_t>(question.action)]) + " " +
                     std::string(question.scope) + " " + kinds[static_cast<size_t>(question.asker.kind)]);
    drawn_at_ = question.drawn_at;
    units_each_ = question.units_each;
    if (is_stalling_ && question.stall != nullptr) {
      question.stall->answer();
      return std::nullopt;
    }
    if (!shut_) return Assessment();
    platform::respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, "no-entry", "No entry",
                              "No.");
    return std::nullopt;
  }
  void note_not_taken(const platform::Taker& taker, Timestamp) override { note("not taken", taker); }
  void note_paid(const platform::Taker& taker, uint64_t number, Timestamp) override {
    note("paid", taker);
    const std::lock_guard lock(mutex_);
    paid_.push_back(number);
  }
  [[nodiscard]] std::optional<Timestamp> drawn_at() {
    const std::lock_guard lock(mutex_);
    return drawn_at_;
  }
  [[nodiscard]] uint32_t units_each() {
    const std::lock_guard lock(mutex_);
    return units_each_;
  }
  [[nodiscard]] std::vector<uint64_t> paid() {
    const std::lock_guard lock(mutex_);
    return paid_;
  }
  void shut() {
    const std::lock_guard lock(mutex_);
    shut_ = true;
  }
  // From now on whoever wants to join waits for nothing.
  void stall(bool is_stalling) {
    const std::lock_guard lock(mutex_);
    is_stalling_ = is_stalling;
  }
  [[nodiscard]] std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

 private:
  void note(const std::string& what, const platform::Taker& taker) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(what + (taker.is_customer ? " customer " : " guest ") + taker.sender.text() + " " +
                     std::to_string(taker.units_each));
  }

  std::mutex mutex_;
  std::vector<std::string> asked_;
  std::vector<uint64_t> paid_;
  std::optional<Timestamp> drawn_at_;
  uint32_t units_each_ = 0;
  bool shut_ = false;
  bool is_stalling_ = false;
};

// Apart from the fixture, because the server is made with it.
struct HasGate {
  TestGate gate;
};

class GateApi : protected HasGate, public testing::ApiTest {
 protected:
  GateApi() : ApiTest({.gate = &gate}) {}
};

TEST_F(GateApi, asks_before_a_customers_command_is_made_and_says_who_it_is_about) {
  create(R"("queue":"none","units":2,"guests":true)");
  const Answer held = reserve("alice");
  (void)ask("POST", std::string(kPs5) + "/holds");
  (void)as_customer("alice", "DELETE", hold_path(held));
  EXPECT_THAT(gate.asked(), ::testing::ElementsAre("reserve ps5 customer", "reserve ps5 new", "change ps5 customer"));
}

TEST_F(GateApi, is_asked_by_who_looks_after_something_of_their_own) {
  create(R"("queue":"fifo","units":1)");
  const Answer joined = join("alice");
  EXPECT_EQ(as_customer("alice", "GET", entry_path(joined)).status, 200);
  EXPECT_EQ(ask("GET", entry_path(joined) + "?token=" + joined.text("token")).status, 200);
  const Answer held = reserve("alice");
  EXPECT_EQ(as_customer("alice", "GET", hold_path(held)).status, 200);
  EXPECT_THAT(gate.asked(), ::testing::ElementsAre("join ps5 customer", "poll ps5 customer", "poll ps5 session",
                                                   "reserve ps5 customer", "poll ps5 customer"));
  gate.shut();
  EXPECT_THAT(as_customer("alice", "GET", entry_path(joined)), Refuses(403, "no-entry"));
  EXPECT_THAT(ask("GET", entry_path(joined) + "?token=" + joined.text("token")), Refuses(403, "no-entry"));
  EXPECT_THAT(as_customer("alice", "GET", hold_path(held)), Refuses(403, "no-entry"));
}

TEST_F(GateApi, is_not_asked_about_what_everybody_may_read_and_by_operators) {
  create(R"("queue":"fifo","units":1)");
  const Answer joined = join("alice");
  EXPECT_THAT(gate.asked(), ::testing::ElementsAre("join ps5 customer"));
  EXPECT_EQ(ask("GET", kPs5).status, 200);
  EXPECT_EQ(as_operator("DELETE", entry_path(joined), R"({"reason":"a test"})").status, 200);
  EXPECT_THAT(gate.asked(), ::testing::IsEmpty());
}

TEST_F(GateApi, that_is_shut_answers_by_itself_and_nothing_is_decided) {
  create(R"("queue":"none","units":2)");
  const Answer held = reserve("alice");
  gate.shut();
  EXPECT_THAT(reserve("bob"), Refuses(403, "no-entry"));
  EXPECT_THAT(as_customer("alice", "DELETE", hold_path(held)), Refuses(403, "no-entry"));
  EXPECT_THAT(as_customer("alice", "POST", hold_path(held) + "/payment"), Refuses(403, "no-entry"));
  EXPECT_EQ(ask("GET", kPs5).number("available"), 1);
}

TEST_F(GateApi, hears_of_what_was_not_taken_after_all) {
  create(R"("queue":"none","units":1,"per_customer":3,"guests":true)");
  EXPECT_EQ(reserve("alice").status, 201);
  EXPECT_THAT(reserve("bob"), Refuses(409, "sold-out"));
  EXPECT_THAT(ask("POST", std::string(kPs5) + "/holds"), Refuses(409, "sold-out"));
  EXPECT_THAT(gate.asked(),
              ::testing::ElementsAre("reserve ps5 customer", "reserve ps5 customer", "not taken customer 127.0.0.1 3",
                                     "reserve ps5 new", "not taken guest 127.0.0.1 3"));
}

TEST_F(GateApi, hears_once_of_what_is_reserved_by_the_same_request_twice) {
  create(R"("queue":"none","units":2)");
  const testing::Fields keyed = {server_.customer("alice"), "Idempotency-Key: once"};
  const std::string path = std::string(kPs5) + "/holds";
  EXPECT_EQ(ask("POST", path, keyed).body, ask("POST", path, keyed).body);
  EXPECT_THAT(gate.asked(),
              ::testing::ElementsAre("reserve ps5 customer", "reserve ps5 customer", "not taken customer 127.0.0.1 1"));
}

TEST_F(GateApi, hears_of_what_was_paid_for_when_its_customer_asks_for_it) {
  create(R"("queue":"none","units":2,"price":{"amount":100,"currency":"EUR"})");
  const Answer held = reserve("alice");
  const Answer order = pay("alice", held);
  EXPECT_EQ(as_customer("alice", "GET", order.header("location")).text("state"), "paying");
  EXPECT_EQ(provider_says(held, "succeeded").status, 200);
  EXPECT_THAT(gate.paid(), ::testing::IsEmpty());
  (void)gate.asked();
  for (int i = 0; i < 2; ++i) (void)as_customer("alice", "GET", order.header("location"));
  EXPECT_EQ(as_operator("GET", order.header("location")).text("state"), "sold");
  EXPECT_THAT(gate.asked(), ::testing::ElementsAre("poll ps5 customer", "paid customer 127.0.0.1 1",
                                                   "poll ps5 customer", "paid customer 127.0.0.1 1"));
  ASSERT_EQ(gate.paid().size(), 2U);
  EXPECT_EQ(gate.paid()[0], gate.paid()[1]) << "the same unit";
}

TEST_F(GateApi, is_told_when_places_are_drawn_and_how_much_each_may_have) {
  create(R"("queue":"draw","units":2,"per_customer":2)", "2026-11-27T12:00:00Z");
  EXPECT_EQ(join("alice").status, 202);
  EXPECT_EQ(gate.drawn_at(), parse_rfc3339("2026-11-27T12:00:00Z").value());
  EXPECT_EQ(gate.units_each(), 2U);
  (void)reserve("alice");
  EXPECT_EQ(gate.drawn_at(), std::nullopt) << "what is reserved is not drawn";
}

TEST_F(GateApi, is_told_that_nobody_pays_for_a_visit) {
  create(R"("queue":"pass","units":2,"guests":true)");
  (void)join("alice");
  EXPECT_EQ(gate.drawn_at(), std::nullopt);
  EXPECT_EQ(gate.units_each(), 0U);
}

// The names of an object's members, in their order.
std::vector<std::string> names_in(const std::string& body) {
  std::vector<std::string> names;
  for (size_t at = body.find("\":"); at != std::string::npos; at = body.find("\":", at + 1)) {
    const size_t begin = body.rfind('"', at - 1) + 1;
    names.push_back(body.substr(begin, at - begin));
  }
  return names;
}

TEST_F(GateApi, lets_somebody_wait_for_nothing_in_what_looks_like_the_line) {
  create(R"("queue":"fifo","units":1,"guests":true)");
  const Answer first = join("alice");
  const Answer second = join("bob");
  gate.stall(true);
  const Answer stalled = join("mallory");
  EXPECT_EQ(stalled.status, second.status);
  EXPECT_EQ(names_in(stalled.body), names_in(second.body));
  EXPECT_EQ(stalled.text("state"), "waiting");
  EXPECT_EQ(stalled.number("position"), 2) << "behind bob, who is the only one that waits";
  EXPECT_EQ(stalled.header("location"), entry_path(stalled));
  EXPECT_THAT(ask("POST", std::string(kPs5) + "/queue").header("set-cookie"), ::testing::HasSubstr("doorbuster-guest"));
  EXPECT_EQ(ask("GET", kPs5).number("waiting"), 1) << "and nobody stands there";

  gate.stall(false);
  (void)as_customer("alice", "DELETE", entry_path(first));
  (void)as_customer("bob", "DELETE", entry_path(second));
  EXPECT_EQ(ask("GET", kPs5).number("available"), 1);
  const std::string path = entry_path(stalled);
  for (const Answer& seen :
       {as_customer("mallory", "GET", path), ask("GET", path + "?token=" + stalled.text("token"))}) {
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.text("id"), stalled.text("id"));
    EXPECT_EQ(seen.text("state"), "waiting") << "though there is a unit";
    EXPECT_EQ(seen.number("position"), 2);
  }
  EXPECT_THAT(ask("GET", path), Refuses(401, "token-needed"));
  EXPECT_THAT(as_customer("mallory", "GET", path + "/receipt"), Refuses(409, "no-receipt"));
  EXPECT_THAT(as_customer("mallory", "GET", path + "/events"), Refuses(503, "too-many-watchers"));
  EXPECT_THAT(as_customer("mallory", "POST", path + "/admission"), Refuses(409, "not-your-turn"));
  EXPECT_EQ(as_customer("mallory", "DELETE", path).text("state"), "left");
  EXPECT_THAT(as_operator("GET", path), Refuses(409, "stalled")) << "staff are told the truth";
  EXPECT_THAT(as_operator("DELETE", path, R"({"reason":"a test"})"), Refuses(409, "stalled"));
  as_operator("POST", std::string(kPs5) + "/close", R"({"reason":"a test"})");
  EXPECT_EQ(as_customer("mallory", "GET", path).text("state"), "missed");
}

}  // namespace
}  // namespace doorbuster::sale
