// Operators who change the same sale at the same time.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Terms : public MachineFixture {
 protected:
  const Sale& sale() { return *machine_.state().find_sale(kSale); }
  TermsTag terms() { return terms_tag(sale().settings, sale().message); }
};

TEST_F(Terms, take_more_units_on_top_of_what_others_have_made_of_them) {
  open(settings(QueueKind::kNone, 100));
  change({.units = 300});
  EXPECT_EQ(change({.more_units = 50}).outcome, Outcome::kDone);
  EXPECT_EQ(status().units, 350U);
  EXPECT_EQ(change({.more_units = -350}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(change({.more_units = -351}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(change({.units = kMaxUnits, .more_units = 1}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(change({.units = UINT32_MAX, .more_units = 1}).outcome, Outcome::kInvalidSettings);
  reserve(1);
  reserve(2);
  EXPECT_EQ(change({.more_units = -349}).outcome, Outcome::kUnitsInUse);
  EXPECT_EQ(change({.more_units = -348}).outcome, Outcome::kDone);
  EXPECT_EQ(status().units, 2U);
}

TEST_F(Terms, are_changed_only_if_they_are_those_that_were_read) {
  create(settings(QueueKind::kNone, 100));
  const auto change_of = [&](TermsTag read, SettingsPatch patch, std::optional<std::string> message = {}) {
    return decide(ChangeSale{kSale, std::make_unique<SettingsPatch>(std::move(patch)), by_operator(),
                             std::move(message), read})
        .outcome;
  };
  const TermsTag first = terms();
  EXPECT_EQ(change_of(first, {.units = 200}), Outcome::kDone);
  EXPECT_EQ(change_of(first, {.units = 300}), Outcome::kTermsChanged);
  EXPECT_EQ(change_of(0, {.units = 300}), Outcome::kTermsChanged) << "no sale has them";
  const TermsTag second = terms();
  EXPECT_EQ(change_of(second, {}, "soon"), Outcome::kDone);
  EXPECT_EQ(change_of(second, {}, "later"), Outcome::kTermsChanged);
  at_second(10);
  reserve(1);
  const TermsTag third = terms();
  reserve(2);
  EXPECT_EQ(change_of(third, {.units = 150}), Outcome::kDone) << "that units go changes no terms";
  const auto act_on = [&](TermsTag read, SaleAction action) {
    return decide(ActOnSale{kSale, action, by_operator(), read}).outcome;
  };
  EXPECT_EQ(act_on(third, SaleAction::kPause), Outcome::kTermsChanged);
  EXPECT_EQ(act_on(terms(), SaleAction::kPause), Outcome::kDone);
}

}  // namespace
}  // namespace doorbuster::sale
