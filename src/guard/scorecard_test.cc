#include "guard/scorecard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster::guard {
namespace {

using ::testing::ElementsAre;

SignalSet speaking(std::initializer_list<Signal> signals) {
  SignalSet set;
  for (const Signal signal : signals) set.add(signal);
  return set;
}
Scorecard with_points(std::initializer_list<std::pair<Signal, uint32_t>> points) {
  Scorecard card;
  for (const auto& [signal, of_it] : points) card.signals[static_cast<size_t>(signal)].points = of_it;
  return card;
}

TEST(Scorecard, sums_up_the_points_of_the_signals_that_speak) {
  const Scorecard card = with_points({{Signal::kNoAccount, 30}, {Signal::kNoPage, 15}, {Signal::kDataCentre, 40}});
  EXPECT_EQ(score_of(speaking({}), card).hundredths, 0);
  EXPECT_EQ(score_of(speaking({Signal::kNoAccount}), card).hundredths, 30);
  EXPECT_EQ(score_of(speaking({Signal::kNoAccount, Signal::kNoPage}), card).hundredths, 45);
  EXPECT_EQ(score_of(speaking({Signal::kNoBrowser}), card).hundredths, 0) << "it has no points";
}

TEST(Scorecard, ends_at_a_hundred) {
  const Scorecard card = with_points({{Signal::kNoAccount, 70}, {Signal::kNoPage, 70}});
  EXPECT_EQ(score_of(speaking({Signal::kNoAccount, Signal::kNoPage}), card).hundredths, 100);
}

TEST(Scorecard, names_the_three_heaviest_reasons) {
  const Scorecard card = with_points({{Signal::kNoAccount, 10},
                                      {Signal::kDataCentre, 40},
                                      {Signal::kNoBrowser, 20},
                                      {Signal::kNoPage, 20},
                                      {Signal::kNoBehaviour, 5}});
  const auto all = {Signal::kNoAccount, Signal::kDataCentre, Signal::kNoBrowser, Signal::kNoPage, Signal::kNoBehaviour};
  EXPECT_THAT(score_of(speaking(all), card).reasons,
              ElementsAre(Signal::kDataCentre, Signal::kNoBrowser, Signal::kNoPage));
  EXPECT_THAT(score_of(speaking({Signal::kNoBehaviour, Signal::kNoAccount}), card).reasons,
              ElementsAre(Signal::kNoAccount, Signal::kNoBehaviour, Signal::kNone));
}

TEST(Scorecard, does_the_hardest_that_a_score_reaches) {
  const Scorecard card = usual_scorecard();
  EXPECT_EQ(judge(49, card).verdict, Verdict::kAllow);
  EXPECT_EQ(judge(50, card).verdict, Verdict::kDelay);
  EXPECT_EQ(judge(79, card).verdict, Verdict::kDelay);
  EXPECT_EQ(judge(80, card).verdict, Verdict::kChallenge);
  EXPECT_EQ(judge(100, card).verdict, Verdict::kChallenge) << "whoever wants more says so";
}

TEST(Scorecard, does_the_next_softer_one_where_the_hardest_is_in_the_shadow) {
  Scorecard card = usual_scorecard();
  card.verdicts[static_cast<size_t>(Verdict::kDeny)] = {.from = 90, .in_shadow = true};
  card.verdicts[static_cast<size_t>(Verdict::kTarpit)] = {.from = 85, .in_shadow = true};
  const Judgement judgement = judge(95, card);
  EXPECT_EQ(judgement.verdict, Verdict::kChallenge);
  EXPECT_EQ(judgement.in_shadow, Verdict::kDeny);
  EXPECT_EQ(judge(85, card).in_shadow, Verdict::kTarpit);
  EXPECT_EQ(judge(84, card).in_shadow, Verdict::kAllow);
}

TEST(Scorecard, delays_what_is_beyond_the_delay_whatever_else_is_done) {
  Scorecard card = usual_scorecard();
  EXPECT_FALSE(card.delays(49));
  EXPECT_TRUE(card.delays(100));
  card.verdicts[static_cast<size_t>(Verdict::kDelay)].in_shadow = true;
  EXPECT_FALSE(card.delays(100));
}

TEST(Scorecard, has_a_definition_for_each_signal) {
  for (size_t i = 1; i < kSignals; ++i) {
    const SignalDefinition& definition = kSignalDefinitions[i];
    EXPECT_FALSE(definition.help.empty()) << kSignalNames[i];
    EXPECT_EQ(definition.limit == SignalLimit::kNone, definition.usual.limit == 0) << kSignalNames[i];
    EXPECT_EQ(definition.limit == SignalLimit::kCount, definition.usual.minutes > 0) << kSignalNames[i];
  }
}

TEST(Scorecard, lets_a_customer_with_an_account_and_nothing_else_to_say_pass) {
  const Score app = score_of(speaking({Signal::kNoBrowser, Signal::kNoPage}), usual_scorecard());
  EXPECT_EQ(judge(app.hundredths, usual_scorecard()).verdict, Verdict::kAllow) << "an app of the shop's own";
  const Score guest = score_of(speaking({Signal::kNoAccount}), usual_scorecard());
  EXPECT_EQ(judge(guest.hundredths, usual_scorecard()).verdict, Verdict::kAllow) << "a guest in a browser";
  const Score script = score_of(speaking({Signal::kNoAccount, Signal::kNoBrowser, Signal::kNoPage}), usual_scorecard());
  EXPECT_EQ(judge(script.hundredths, usual_scorecard()).verdict, Verdict::kDelay) << "a guest without a browser";
}

}  // namespace
}  // namespace doorbuster::guard
