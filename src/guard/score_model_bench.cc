// What a score costs once everything is known: by the card, and by models of so many trees; and what a line of the
// decision log costs whoever decides.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "base/assert.h"
#include "base/prng.h"
#include "guard/decision_log.h"
#include "guard/training.h"
#include "guard/xgboost_model.h"

namespace doorbuster::guard {
namespace {

constexpr size_t kAsked = 1'024;

// Of numbers like those of a drop, where nearly every feature says a little: so trees are as deep as they may be.
Sample sample_of(uint64_t who, Prng& random) {
  Sample sample{.who = mixed64(who), .features = {}};
  uint64_t sum = 0;
  for (size_t i = 0; i < kFeatures; ++i) {
    const uint64_t value = random.below(i < kFirstFact || i >= kFirstNetworkFeature ? 2 : 200);
    sum += i < kFirstFact || i >= kFirstNetworkFeature ? 100 * value : value;
    sample.features.set(i, static_cast<float>(value));
  }
  sample.is_bot = sum + random.below(1'000) > 4'600;
  return sample;
}

std::vector<Sample> samples() {
  Prng random(3);
  std::vector<Sample> all;
  for (uint64_t who = 0; who < 4'000; ++who) all.push_back(sample_of(who, random));
  return all;
}

void score_all(benchmark::State& state, const ScoreModel& model) {
  const Scorecard card = usual_scorecard();
  std::vector<Evidence> asked;
  for (const Sample& sample : samples()) asked.push_back({sample.features.signals(), sample.features});
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(model.score(asked[next++ % kAsked], card));
  state.SetItemsProcessed(state.iterations());
}

void a_score_by_the_card(benchmark::State& state) { score_all(state, CardModel()); }

void a_score_by_trees(benchmark::State& state) {
  const TrainingOptions options{.rounds = static_cast<uint32_t>(state.range(0))};
  const auto trained = train(samples(), usual_scorecard(), options);
  const auto model = XgboostModel::read(trained->model, "benched").value();
  score_all(state, *model);
}

void what_each_feature_adds(benchmark::State& state) {
  const auto trained = train(samples(), usual_scorecard(), {});
  const auto model = XgboostModel::read(trained->model, "benched").value();
  const Features features = samples().front().features;
  for (auto _ : state) benchmark::DoNotOptimize(model->contributions(features));
}

void a_line_of_the_decision_log(benchmark::State& state) {
  const std::string path = std::filesystem::temp_directory_path() / "doorbuster-decisions-bench.jsonl";
  {
    const auto log = DecisionLog::open(path).value();
    const Decision decision{.scope = "drop", .who = 1, .features = samples().front().features};
    for (auto _ : state) log->note(decision);
    state.counters["lost"] = static_cast<double>(log->lost());
  }
  std::filesystem::remove(path);
}

BENCHMARK(a_score_by_the_card);
BENCHMARK(a_score_by_trees)->Arg(50)->Arg(200)->Arg(500);
BENCHMARK(what_each_feature_adds);
BENCHMARK(a_line_of_the_decision_log)->Iterations(DecisionLog::kRecordsMax);  // as many as fit

}  // namespace
}  // namespace doorbuster::guard
