#include "recs/views/experiment.h"

#include <gtest/gtest.h>

#include "base/prng.h"
#include "recs/views/verdict.h"

namespace doorbuster::recs {
namespace {

constexpr std::string_view kAbText =
    R"({"kind": "ab", "variants": [{"name": "a", "share": 3}, {"name": "b", "lambda": 0.7, "rules": "r"}]})";

NameHash visitor_of_number(uint64_t number) { return {.high = mixed64(number), .low = mixed64(~number)}; }

TEST(Experiment, gives_each_visitor_one_variant_in_shares) {
  const Experiment experiment = parse_experiment(kAbText).value();
  EXPECT_DOUBLE_EQ(experiment.variants[0].share, 0.75);
  int first = 0;
  int same_in_another = 0;
  constexpr int kVisitorsTried = 20'000;
  for (int visitor = 0; visitor < kVisitorsTried; ++visitor) {
    const NameHash hash = visitor_of_number(static_cast<uint64_t>(visitor));
    const size_t variant = experiment.variant_of("one", hash);
    EXPECT_EQ(variant, experiment.variant_of("one", hash));
    first += variant == 0 ? 1 : 0;
    same_in_another += variant == experiment.variant_of("another", hash) ? 1 : 0;
  }
  EXPECT_NEAR(first, 15'000, 300);
  // Of two experiments, a variant of one says nothing of the other's: 0.75^2 + 0.25^2.
  EXPECT_NEAR(same_in_another, kVisitorsTried * 0.625, 400);
}

TEST(Experiment, refuses_what_makes_no_sense) {
  for (const std::string_view text : {
           R"({"kind": "ab", "variants": [{"name": "a"}]})",
           R"({"kind": "ab", "variants": [{"name": "a"}, {"name": "a"}]})",
           R"({"kind": "interleave", "variants": [{"name": "a"}, {"name": "b"}, {"name": "c"}]})",
           R"({"kind": "interleave", "variants": [{"name": "a"}, {"name": "b", "explore": 0.1}]})",
           R"({"kind": "holdout", "variants": [{"name": "a"}, {"name": "b"}]})",
           R"({"kind": "holdout", "variants": [{"name": "a", "shows": "popular"}, {"name": "b", "shows": "popular"}]})",
           R"({"kind": "ab", "variants": [{"name": "a"}, {"name": "b", "shows": "popular"}]})",
           R"({"kind": "ab", "variants": [{"name": "a"}, {"name": "b", "sources_off": ["popular"]}]})",
           R"({"kind": "ab", "metric": "preferences", "variants": [{"name": "a"}, {"name": "b"}]})",
       }) {
    EXPECT_FALSE(parse_experiment(text)) << text;
  }
  EXPECT_TRUE(
      parse_experiment(R"({"kind": "holdout", "variants": [{"name": "a"}, {"name": "b", "shows": "nothing"}]})"));
}

TEST(Experiment, runs_between_its_times) {
  const Experiment experiment = parse_experiment(R"({"kind": "ab", "starts_at": "2026-11-27T10:00:00Z",
      "ends_at": "2026-11-28T10:00:00Z", "variants": [{"name": "a"}, {"name": "b"}]})")
                                    .value();
  const Timestamp begins = parse_rfc3339("2026-11-27T10:00:00Z").value();
  EXPECT_EQ(experiment.state(begins - Duration::micros(1)), ExperimentState::kPlanned);
  EXPECT_EQ(experiment.state(begins), ExperimentState::kRunning);
  EXPECT_EQ(experiment.state(begins + Duration::seconds(86'400)), ExperimentState::kEnded);
}

// So many visitors of each, of whom so many clicked.
ExperimentCounts counts_of(std::array<uint64_t, 2> exposed, std::array<uint64_t, 2> clicked) {
  ExperimentCounts counts(Timestamp(), 2);
  uint64_t visitor = 0;
  for (size_t variant = 0; variant < 2; ++variant) {
    for (uint64_t each = 0; each < exposed[variant]; ++each, ++visitor) {
      counts.responded(visitor, variant, EventKind::kImpression, 1);
      counts.responded(visitor, variant, EventKind::kImpression, 1);
      if (each < clicked[variant]) counts.responded(visitor, variant, EventKind::kClick, 1);
    }
  }
  return counts;
}

TEST(Verdict, needs_enough_and_a_difference) {
  const Experiment even = parse_experiment(R"({"kind": "ab", "variants": [{"name": "a"}, {"name": "b"}]})").value();
  EXPECT_EQ(verdict_of(even, counts_of({50, 50}, {5, 25})).state, VerdictState::kTooEarly);
  EXPECT_EQ(verdict_of(even, counts_of({500, 500}, {50, 55})).state, VerdictState::kUndecided);
  const Verdict better = verdict_of(even, counts_of({1'000, 1'000}, {50, 120}));
  EXPECT_EQ(better.state, VerdictState::kDecided);
  EXPECT_EQ(better.variant, 1U);
  EXPECT_EQ(text_of(better, even), "\"b\" is better, whenever one looks, but for a chance of 5 %.");
  EXPECT_EQ(verdict_of(even, counts_of({1'000, 1'000}, {120, 50})).variant, 0U);
}

TEST(Verdict, believes_nothing_where_visitors_are_split_otherwise) {
  const Experiment even = parse_experiment(R"({"kind": "ab", "variants": [{"name": "a"}, {"name": "b"}]})").value();
  const Verdict verdict = verdict_of(even, counts_of({1'000, 1'200}, {50, 200}));
  EXPECT_EQ(verdict.state, VerdictState::kMismatch);
  EXPECT_FALSE(verdict.variant);
  EXPECT_LT(verdict.sample_ratio.value(), 0.001);
}

TEST(Verdict, of_an_interleaving_is_by_answers_in_which_one_was_preferred) {
  const Experiment both =
      parse_experiment(R"({"kind": "interleave", "variants": [{"name": "a"}, {"name": "b"}]})").value();
  ExperimentCounts counts(Timestamp(), 2);
  for (uint64_t answer = 1; answer <= 30; ++answer) counts.preferred(answer, 1);
  EXPECT_EQ(counts.variants()[1].wins, 30U);
  counts.preferred(1, 0);
  EXPECT_EQ(counts.variants()[1].wins, 29U) << "one click each is no preference";
  counts.preferred(1, 0);
  EXPECT_EQ(counts.variants()[0].wins, 1U);
  const Verdict verdict = verdict_of(both, counts);
  EXPECT_EQ(verdict.state, VerdictState::kDecided);
  EXPECT_EQ(verdict.variant, 1U);
  EXPECT_EQ(verdict.comparisons[0].sample, 30U);
}

TEST(ExperimentCounts, count_each_visitor_once_and_forget_who_they_were) {
  ExperimentCounts counts = counts_of({3, 2}, {1, 0});
  EXPECT_EQ(counts.variants()[0].visitors, 3U);
  EXPECT_EQ(counts.variants()[0].exposed, 3U);
  EXPECT_EQ(counts.variants()[0].clicked, 1U);
  EXPECT_EQ(counts.variants()[0].all().impressions, 6U);
  counts.bought(0, 0, true);
  counts.bought(0, 0, false);
  EXPECT_EQ(counts.variants()[0].bought, 1U);
  EXPECT_EQ(counts.variants()[0].purchases, 2U);
  EXPECT_EQ(counts.variants()[0].purchases_attributed, 1U);
  counts.forget(0);
  EXPECT_EQ(counts.variants()[0].bought, 1U) << "a sum says nothing of anybody";
  counts.saw_visitor(0, 1);
  EXPECT_EQ(counts.variants()[1].visitors, 3U) << "nobody knows them any more";
}

}  // namespace
}  // namespace doorbuster::recs
