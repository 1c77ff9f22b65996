// What is reserved is held against whoever shares its address, until it is paid for.
#include "guard/guard_test_fixture.h"

namespace doorbuster::guard {
namespace {

constexpr std::string_view kFew =
    "[rates.unpaid]\nper_minute = 1\nburst = 2\n[rates.unpaid_prefix]\nper_minute = 1\nburst = 3\n";

class GuardUnpaid : public GuardTest {
 protected:
  GuardUnpaid() {
    question_.units_each = 1;
    reload(std::string(kOnlyGuestsCount) + std::string(kFew));
  }
  platform::Taker taker(const std::string& from, const Asker& asker) const {
    return {.id = asker.id,
            .units_each = question_.units_each,
            .sender = net::parse_address(from).value(),
            .is_customer = asker.kind == Asker::Kind::kCustomer};
  }
  void pay(const std::string& from, const Asker& asker, uint64_t number) {
    guard_->note_paid(taker(from, asker), number, clock_.now());
  }
};

TEST_F(GuardUnpaid, is_so_much_at_once_for_an_address_and_for_what_lies_beside_it) {
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 2);
  EXPECT_THAT(ask("192.0.2.1", session(7)), HasSubstr("not paid for"));
  EXPECT_EQ(passing(5, "192.0.2.2", kNobody), 1) << "three in a network";
  EXPECT_EQ(passing(5, "192.0.3.1", kNobody), 2);
}

TEST_F(GuardUnpaid, is_in_the_way_of_a_place_in_a_line_too_which_itself_is_not_paid_for) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_EQ(passing(1, "192.0.2.2", kNobody), 1);
  EXPECT_EQ(ask("192.0.2.2", kNobody, Action::kJoin), "") << "somebody there is about to pay";
  EXPECT_EQ(passing(1, "192.0.2.2", kNobody), 1);
  EXPECT_THAT(ask("192.0.2.2", kNobody, Action::kJoin), HasSubstr("not paid for"));
  EXPECT_THAT(ask("192.0.2.2", kNobody, Action::kJoin), ::testing::Not(HasSubstr("challenge"))) << "work is no help";
  EXPECT_EQ(ask("192.0.2.2", customer(1), Action::kJoin), "");
  EXPECT_EQ(passing(2, "192.0.2.9", customer(2)), 2);
  EXPECT_THAT(ask("192.0.2.9", customer(2), Action::kJoin), HasSubstr("not paid for"));
  pay("192.0.2.2", kNobody, 1);
  EXPECT_EQ(ask("192.0.2.2", kNobody, Action::kJoin), "");
}

TEST_F(GuardUnpaid, is_not_held_against_a_carriers_address_but_against_its_customers) {
  reload(std::string(kOnlyGuestsCount) + std::string(kFew) + "[networks]\nmobile = [\"192.0.2.0/24\"]\n");
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 5);
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_EQ(passing(9, "192.0.2.1", customer(1)), 2);
  EXPECT_EQ(passing(9, "192.0.3.1", kNobody), 2);
}

TEST_F(GuardUnpaid, comes_back_with_the_time) {
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 2);
  clock_.advance(Duration::seconds(59));
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 0);
  clock_.advance(Duration::seconds(1));
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 1);
}

TEST_F(GuardUnpaid, comes_back_at_once_when_it_is_paid_for_and_once_for_each) {
  EXPECT_EQ(passing(5, "192.0.2.1", session(1)), 2);
  pay("192.0.2.1", session(1), 41);
  for (int i = 0; i < 5; ++i) pay("192.0.2.1", session(1), 41);
  EXPECT_EQ(passing(5, "192.0.2.1", session(1)), 1);
  pay("192.0.2.1", session(1), 42);
  EXPECT_EQ(passing(5, "192.0.2.1", session(1)), 1);
}

TEST_F(GuardUnpaid, is_not_what_was_asked_for_and_not_got) {
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(ask("192.0.2.1", kNobody), "") << i;
    guard_->note_not_taken(taker("192.0.2.1", kNobody), clock_.now());
  }
}

TEST_F(GuardUnpaid, is_not_what_the_guard_refused) {
  reload(card(95, std::string(kFew)));
  for (int i = 0; i < 6; ++i) EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("problems/challenge-needed"));
  reload(std::string(kOnlyGuestsCount) + std::string(kFew));
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 2);
}

TEST_F(GuardUnpaid, of_a_customer_is_theirs_wherever_they_are) {
  EXPECT_EQ(passing(5, "192.0.2.1", customer(1)), 2);
  EXPECT_EQ(passing(5, "198.51.100.1", customer(1)), 0);
  EXPECT_EQ(passing(5, "192.0.2.1", customer(2)), 2);
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 2) << "strangers have theirs beside them";
  pay("203.0.113.1", customer(1), 1);
  EXPECT_EQ(passing(5, "198.51.100.1", customer(1)), 1);
}

TEST_F(GuardUnpaid, grows_with_what_each_may_have_and_is_not_looked_at_where_nobody_pays) {
  question_.units_each = 2;
  EXPECT_EQ(passing(9, "192.0.2.1", kNobody), 4);
  question_.units_each = 0;
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 5);
}

TEST_F(GuardUnpaid, grows_where_many_customers_share_the_address) {
  for (uint64_t id = 1; id <= 20; ++id) EXPECT_EQ(ask("192.0.2.1", customer(id)), "");
  EXPECT_EQ(passing(20, "192.0.2.1", kNobody), 10) << "five times as much";
}

TEST_F(GuardUnpaid, may_be_worked_for_as_suspects_work) {
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 2);
  EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("\"challenge\":\"/api/v1/guard/challenge?for=suspects\""));
  const Challenges challenges(secret_, 10, clock_.now());
  const auto solved = [&](uint32_t cost) {
    const std::string made = challenges.make({.cost = cost, .derivations = 1}, clock_.now(), Duration::seconds(300));
    return "Altcha: " + ChallengeSolver(secret_).solve(made).value().payload + "\r\n";
  };
  const Policy policy = guard_->policy();
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kReserve, solved(policy.work.cost)), HasSubstr("not paid for"));
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kReserve, solved(policy.suspects_cost())), "");
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 0) << "and is good once";
  clock_.advance(Duration::seconds(60));
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 0) << "what was worked for is not paid for, either";
  guard_->note_not_taken(taker("192.0.2.1", kNobody), clock_.now());
  EXPECT_EQ(passing(5, "192.0.2.1", kNobody), 1);
}

}  // namespace
}  // namespace doorbuster::guard
