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
    if (!shut_) return Assessment();
    platform::respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, "no-entry", "No entry",
                              "No.");
    return std::nullopt;
  }
  void shut() {
    const std::lock_guard lock(mutex_);
    shut_ = true;
  }
  [[nodiscard]] std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> asked_;
  bool shut_ = false;
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

}  // namespace
}  // namespace doorbuster::sale
