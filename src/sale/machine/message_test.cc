// What an operator tells those who wait.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Announcing : public MachineFixture {
 protected:
  Reply announce(std::string text, SettingsPatch patch = {}, Idempotency idempotency = {}) {
    return decide(ChangeSale{kSale, std::make_unique<SettingsPatch>(std::move(patch)), by_operator(idempotency),
                             std::move(text)});
  }
  [[nodiscard]] const std::string& message() const { return machine_.state().sale_at(0).message; }

  std::optional<Machine::Publication> published() {
    std::optional<Machine::Publication> newest;
    machine_.take_publications([&](Machine::Publication&& publication) { newest = std::move(publication); });
    return newest;
  }
};

TEST_F(Announcing, replaces_what_was_said_and_takes_it_back) {
  EXPECT_EQ(announce("too early").outcome, Outcome::kNotFound);
  create(settings(QueueKind::kFifo, 1));
  EXPECT_EQ(announce("One.").outcome, Outcome::kDone);
  EXPECT_EQ(announce("Two.").outcome, Outcome::kDone);
  EXPECT_EQ(message(), "Two.");
  EXPECT_EQ(announce("").outcome, Outcome::kDone);
  EXPECT_EQ(message(), "");
}

TEST_F(Announcing, is_published_with_the_settings_and_not_again_with_every_number) {
  open(settings(QueueKind::kFifo, 1));
  (void)published();
  announce("Soon.");
  const auto announced = published();
  ASSERT_TRUE(announced && announced->settings);
  EXPECT_EQ(announced->message, "Soon.");
  join(1);
  const auto joined = published();
  EXPECT_FALSE(joined->settings);
}

TEST_F(Announcing, comes_with_other_settings_or_alone_and_once_for_each_key) {
  create(settings(QueueKind::kFifo, 1));
  EXPECT_EQ(announce("More units!", {.units = 5}, key(7)).outcome, Outcome::kDone);
  EXPECT_EQ(message(), "More units!");
  EXPECT_EQ(status().units, 5U);
  announce("Later.", {}, key(8));
  EXPECT_EQ(announce("More units!", {.units = 5}, key(7)).outcome, Outcome::kAlready);
  EXPECT_EQ(announce("Other.", {}, with_other_body(key(8))).outcome, Outcome::kKeyReused);
  EXPECT_EQ(message(), "Later.");
}

TEST_F(Announcing, says_nothing_where_the_other_settings_are_refused) {
  create(settings(QueueKind::kFifo, 1));
  EXPECT_EQ(announce("None left.", {.units = 0}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(message(), "");
}

TEST_F(Announcing, is_possible_when_the_sale_is_over) {
  create(settings(QueueKind::kFifo, 1));
  act(SaleAction::kClose);
  EXPECT_EQ(announce("Thank you.", {.units = 5}).outcome, Outcome::kWrongState);
  EXPECT_EQ(announce("Thank you.").outcome, Outcome::kDone);
  EXPECT_EQ(message(), "Thank you.");
}

TEST_F(Announcing, refuses_what_is_not_text) {
  create(settings(QueueKind::kFifo, 1));
  EXPECT_EQ(announce("a\tb").outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(announce("\xFF").outcome, Outcome::kInvalidSettings);
}

TEST(Message, is_text_of_at_most_500_characters_however_many_bytes_they_take) {
  std::string five_hundred;
  for (int i = 0; i < 500; ++i) five_hundred += "€";
  EXPECT_TRUE(is_message(five_hundred));
  EXPECT_FALSE(is_message(five_hundred + "!"));
  EXPECT_TRUE(is_message(""));
}

TEST(Message, has_no_control_characters_but_line_breaks) {
  EXPECT_TRUE(is_message("first\nsecond"));
  EXPECT_TRUE(is_message("caf\u00e9 \u00a0 \u0161"));
  for (const char* wrong : {"a\rb", "\x1b[31mred", "\x7f", "\u0085", "\u009f"}) EXPECT_FALSE(is_message(wrong));
}

TEST(Message, is_well_formed_utf_8) {
  for (const char* wrong : {"cut \xc2", "\xff", "\xed\xa0\x80"}) EXPECT_FALSE(is_message(wrong));
}

}  // namespace
}  // namespace doorbuster::sale
