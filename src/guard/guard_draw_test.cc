// Strangers join a draw in the last seconds before it, with work that was done in these.
#include "guard/guard_test_fixture.h"

namespace doorbuster::guard {
namespace {

class GuardDraw : public GuardTest {
 protected:
  GuardDraw() {
    reload(std::string(kOnlyGuestsCount) + "[challenge]\ndraw_seconds = 10\n");
    question_.drawn_at = clock_.now() + Duration::seconds(60);
  }
  std::string join(const Asker& asker, const std::string& fields = "", const std::string& from = "192.0.2.1") {
    return ask(from, asker, Action::kJoin, fields);
  }
  // The field with a solution of a challenge that is given now.
  std::string solved(uint32_t cost) const {
    const std::string made = challenges_.make({.cost = cost, .derivations = 1}, clock_.now(), Duration::seconds(300));
    return "Altcha: " + ChallengeSolver(secret_).solve(made).value().payload + "\r\n";
  }
  std::string solved() const { return solved(guard_->policy().draw_cost()); }
  static int64_t seconds_told(const std::string& answer) {
    const std::string field = "Retry-After: ";
    const size_t at = answer.find(field);
    return at == std::string::npos ? 0 : std::stoll(answer.substr(at + field.size()));
  }

  const Challenges challenges_{secret_, 10, clock_.now()};
};

TEST_F(GuardDraw, is_joined_by_strangers_shortly_before_it) {
  const std::string early = join(kNobody);
  EXPECT_THAT(early, HasSubstr("problems/join-later"));
  EXPECT_THAT(early, ::testing::Not(HasSubstr("\"challenge\"")));
  EXPECT_GE(seconds_told(early), 50);
  EXPECT_LE(seconds_told(early), 52) << "they do not all come at once";
  EXPECT_EQ(passing(9, "192.0.2.2", kNobody, Action::kJoin), 0);
  clock_.advance(Duration::seconds(50));
  EXPECT_THAT(join(kNobody), HasSubstr("\"challenge\":\"/api/v1/guard/challenge?for=draw\""));
  EXPECT_EQ(join(kNobody, solved()), "");
  EXPECT_FALSE(assessment_->is_delayed);
}

TEST_F(GuardDraw, takes_no_work_that_was_done_before) {
  const std::string early = solved();
  EXPECT_THAT(join(kNobody, early), HasSubstr("problems/join-later"));
  const std::string before = solved();
  clock_.advance(Duration::seconds(49));
  const std::string late = solved();
  clock_.advance(Duration::seconds(1));
  EXPECT_THAT(join(kNobody, before), HasSubstr("problems/challenge-needed"));
  EXPECT_THAT(join(kNobody, late), HasSubstr("problems/challenge-needed"));
  EXPECT_THAT(join(kNobody, solved(guard_->policy().work.cost)), HasSubstr("problems/challenge-needed"))
      << "too little";
  const std::string good = solved();
  EXPECT_EQ(join(kNobody, good), "");
  EXPECT_THAT(join(kNobody, good), HasSubstr("problems/solution-refused"));
}

TEST_F(GuardDraw, is_worked_for_once_by_each) {
  clock_.advance(Duration::seconds(50));
  EXPECT_EQ(join(session(1), solved()), "");
  EXPECT_EQ(join(session(1)), "") << "who comes back for their place";
  EXPECT_THAT(join(session(2)), HasSubstr("problems/challenge-needed"));
  question_.scope = "another";
  EXPECT_THAT(join(session(1)), HasSubstr("problems/challenge-needed"));
}

TEST_F(GuardDraw, is_worked_for_after_it_too) {
  clock_.advance(Duration::seconds(61));
  EXPECT_THAT(join(kNobody), HasSubstr("problems/challenge-needed"));
  EXPECT_EQ(join(kNobody, solved()), "");
}

TEST_F(GuardDraw, is_joined_by_customers_when_they_like) { EXPECT_EQ(join(customer(1)), ""); }

TEST_F(GuardDraw, is_joined_by_some_strangers_when_they_like_where_many_customers_share_the_address) {
  for (uint64_t id = 1; id < 20; ++id) EXPECT_EQ(join(customer(id)), "");
  EXPECT_THAT(join(session(101)), HasSubstr("problems/join-later"));
  EXPECT_EQ(join(customer(20)), "");
  for (uint64_t id = 101; id <= 104; ++id) EXPECT_EQ(join(session(id)), "") << id;
  EXPECT_THAT(join(session(105)), HasSubstr("problems/join-later")) << "one for each five customers";
  EXPECT_EQ(join(session(101)), "") << "who comes back for their place";
  EXPECT_THAT(join(session(106), "", "192.0.2.2"), HasSubstr("problems/join-later")) << "at no other address";
}

TEST_F(GuardDraw, is_not_opened_by_customers_who_go_from_one_address_to_the_next) {
  for (uint64_t id = 1; id <= 30; ++id) EXPECT_EQ(join(customer(id)), "");
  for (uint64_t id = 1; id <= 30; ++id) EXPECT_EQ(join(customer(id), "", "192.0.2.2"), "");
  EXPECT_EQ(join(session(101)), "");
  EXPECT_THAT(join(session(102), "", "192.0.2.2"), HasSubstr("problems/join-later"));
}

TEST_F(GuardDraw, leaves_whoever_can_not_work_behind_it) {
  question_.can_work = false;
  EXPECT_EQ(join(kNobody), "");
  EXPECT_TRUE(assessment_->is_delayed);
  reload(std::string(kOnlyGuestsCount) + "[challenge]\ndraw_seconds = 10\nwithout_scripts = \"refused\"\n");
  EXPECT_THAT(join(kNobody), HasSubstr("problems/join-later"));
}

TEST_F(GuardDraw, is_nothing_to_other_lines_and_other_requests) {
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kReserve), "");
  question_.drawn_at = std::nullopt;
  EXPECT_EQ(join(kNobody), "");
}

TEST_F(GuardDraw, is_joined_in_the_shadow_as_without_the_rule) {
  reload("mode = \"shadow\"\n" + std::string(kOnlyGuestsCount) + "[challenge]\ndraw_seconds = 10\n");
  EXPECT_EQ(join(kNobody), "");
  EXPECT_FALSE(assessment_->is_delayed);
  reload("");
  EXPECT_EQ(join(kNobody), "");
}

}  // namespace
}  // namespace doorbuster::guard
