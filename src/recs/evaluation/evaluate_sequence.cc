// --task sequence: the last item of each user, looked for among all items by those before it (leave one out). The last
// but one is what parameters and weights are chosen by.
#include <algorithm>
#include <cmath>
#include <memory>

#include "recs/evaluation/evaluation.h"
#include "recs/evaluation/sequence_format.h"
#include "recs/evaluation/source_run.h"
#include "recs/models/followers.h"
#include "recs/models/neighbours.h"
#include "recs/models/parallel_for.h"
#include "recs/models/text_neighbours.h"

namespace doorbuster::recs {
namespace {

using Attributes = std::vector<std::vector<std::string>>;  // by item; empty where none were given

constexpr size_t kCasesToBlend = 2'000;
constexpr size_t kSequencesToTune = 1'500;
constexpr size_t kAlikeAttributes = 100;
constexpr double kFewRepeats = 0.02;  // below that what a user has is not recommended again

std::span<const ItemNumber> sequence_of(const RecommendationCase& one) {
  return one.given.empty() ? one.history : one.given;
}

struct Sequences {
  Interactions users;  // to learn from: without what is wanted
  std::vector<RecommendationCase> cases;
  double repeats = 0;  // the share of wanted items that the user had before
};

// Leaves out the last `left_out` items of each user who has more than those, and asks for the first of them.
Sequences leave_out(const Interactions& all, size_t left_out) {
  Sequences parts;
  size_t repeated = 0;
  for (size_t user = 0; user < all.users(); ++user) {
    const std::span<const ItemNumber> list = all[user];
    const auto known = list.first(list.size() - std::min(list.size() - 1, left_out));
    parts.users.add_user(known);
    if (list.size() <= left_out) continue;
    RecommendationCase one;
    one.given.assign(known.begin(), known.end());
    one.wanted = {list[known.size()]};
    repeated += std::ranges::count(known, one.wanted.front()) > 0 ? 1 : 0;
    parts.cases.push_back(std::move(one));
  }
  parts.users.at_least_items(all.items());
  if (!parts.cases.empty()) parts.repeats = static_cast<double>(repeated) / static_cast<double>(parts.cases.size());
  return parts;
}

void allow_repeats(std::vector<RecommendationCase>& cases) {
  for (RecommendationCase& one : cases) one.history = std::exchange(one.given, {});
}

std::vector<RecommendationCase> spread_over(std::span<const RecommendationCase> cases, size_t count) {
  std::vector<RecommendationCase> some;
  const size_t step = (cases.size() + count - 1) / count;
  for (size_t i = 0; i < cases.size(); i += step) some.push_back(cases[i]);
  return some;
}

ScoreSource followers_source(const Interactions& users, const FollowerOptions& options, uint32_t threads) {
  auto model = std::make_shared<const Followers>(Followers::train(users, options, threads));
  return {.name = "followers", .add_scores = [model](const RecommendationCase& one, std::span<float> scores) {
            model->add_scores(sequence_of(one), scores);
          }};
}

ScoreSource unordered_source(const Interactions& users, uint32_t threads) {
  auto model = std::make_shared<const Neighbours>(Neighbours::train(
      users, {}, {.user_power = 0, .source_power = 0.5F, .target_power = 0.5F, .sharpness = 1}, threads));
  return {.name = "cosine_neighbours", .add_scores = [model](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : sequence_of(one)) model->add_scores(item, 1, scores);
          }};
}

// By item: those alike by their attributes.
using AlikeRows = std::shared_ptr<const std::vector<Candidates>>;
AlikeRows alike_rows(const Attributes& attributes, uint32_t threads) {
  TextNeighbours words;
  for (ItemNumber item = 0; item < attributes.size(); ++item) words.put(item, "", attributes[item]);
  auto rows = std::make_shared<std::vector<Candidates>>(attributes.size());
  parallel_for(
      attributes.size(), threads, [] { return 0; },
      [&](int, size_t item) {
        Candidates& row = (*rows)[item];
        row = words.near("", attributes[item], kAlikeAttributes + 1);
        std::erase_if(row, [&](const ScoredItem& other) { return other.item == item; });
        row.shrink_to_fit();
      });
  return rows;
}

// Of the newest items.
ScoreSource attributes_source(const AlikeRows& rows, float decay) {
  return {.name = "attributes", .add_scores = [rows, decay](const RecommendationCase& one, std::span<float> scores) {
            const auto list = sequence_of(one);
            float factor = 1;
            for (size_t i = 0; i < std::min(list.size(), Followers::kScoredMax); ++i, factor *= decay) {
              for (const ScoredItem& other : (*rows)[list[list.size() - 1 - i]]) {
                scores[other.item] += factor * other.score;
              }
            }
          }};
}

ScoreSource sequence_popularity(const Interactions& users) {
  return {.name = "popularity",
          .add_scores = [popularity = users.popularity()](const RecommendationCase&, std::span<float> scores) {
            for (size_t i = 0; i < popularity.size(); ++i) scores[i] = static_cast<float>(popularity[i]);
          }};
}

ScoreSource sequence_own_items() {
  return {.name = "own_items", .add_scores = [](const RecommendationCase& one, std::span<float> scores) {
            const auto list = sequence_of(one);
            for (size_t i = 0; i < list.size(); ++i) scores[list[i]] = static_cast<float>(i + 1);
          }};
}

FollowerOptions tuned_followers(const Sequences& parts, const RunOptions& run) {
  using F = FollowerOptions;
  const auto set = [](float F::* member, float value) -> std::function<void(F&)> {
    return [member, value](F& options) { options.*member = value; };
  };
  const std::vector<std::vector<std::function<void(F&)>>> variants = {
      {set(&F::target_power, 0.25F), set(&F::target_power, 0.75F)},
      {set(&F::history_decay, 0.5F), set(&F::history_decay, 0.65F), set(&F::history_decay, 0.9F)},
      {set(&F::backward, 0), set(&F::backward, 0.25F), set(&F::backward, 1)},
      {set(&F::decay, 0.5F), set(&F::decay, 0.65F), set(&F::decay, 0.9F)},
      {set(&F::source_power, 0.25F), set(&F::source_power, 0.75F), set(&F::source_power, 1)},
      {set(&F::user_power, 0.25F), set(&F::user_power, 0.5F)}};
  const auto some = spread_over(parts.cases, kSequencesToTune);
  return tuned<F>({}, variants, 2, [&](const F& options) {
    return value_of_source(followers_source(parts.users, options, run.threads), some, run);
  });
}

std::vector<ScoreSource> sequence_sources(const Interactions& users, const FollowerOptions& options,
                                          const AlikeRows& alike, uint32_t threads) {
  std::vector<ScoreSource> sources;
  sources.push_back(sequence_popularity(users));
  sources.push_back(sequence_own_items());
  sources.push_back(unordered_source(users, threads));
  sources.push_back(followers_source(users, options, threads));
  if (!alike->empty()) sources.push_back(attributes_source(alike, options.history_decay));
  return sources;
}

void write_follower_options(JsonWriter& json, const FollowerOptions& chosen) {
  const auto number = [](float value) { return std::round(static_cast<double>(value) * 1e4) / 1e4; };
  json.key("parameters").begin_object().key("followers").begin_object();
  json.member("decay", number(chosen.decay)).member("history_decay", number(chosen.history_decay));
  json.member("backward", number(chosen.backward)).member("user_power", number(chosen.user_power));
  json.member("source_power", number(chosen.source_power)).member("target_power", number(chosen.target_power));
  json.end_object().end_object();
}

}  // namespace

Result<std::string> evaluate_sequence(const EvaluationOptions& options) {
  const Stopwatch watch;
  ItemNames names;
  const Interactions all = TRY(read_sequences(options.train, names));
  const Attributes attributes =
      options.attributes.empty() ? Attributes() : TRY(read_attributes(options.attributes, names));
  const AlikeRows alike = alike_rows(attributes, options.threads);
  const RunOptions run{.items = all.items(), .threads = options.threads};
  Sequences validation = leave_out(all, 2), test = leave_out(all, 1);
  if (validation.cases.empty())
    return fail(ErrorCode::kInvalid, "no user has three items: two to look for, one to know");
  const bool has_repeats = validation.repeats >= kFewRepeats;
  if (has_repeats) allow_repeats(validation.cases);
  if (has_repeats) allow_repeats(test.cases);
  const FollowerOptions chosen = tuned_followers(validation, run);
  const Blend blend = Blend::learn(run_sources(sequence_sources(validation.users, chosen, alike, options.threads),
                                               spread_over(validation.cases, kCasesToBlend), run)
                                       .cases,
                                   all.items());
  const double seconds_to_choose = watch.seconds();
  const auto sources = sequence_sources(test.users, chosen, alike, options.threads);
  const std::vector<uint32_t> popularity = test.users.popularity();
  RunReport report(sources, blend, popularity);
  report.run(test.cases, run);
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("task", "sequence");
  json.key("data").begin_object().member("users", all.users()).member("items", all.items());
  json.member("interactions", all.count()).end_object();
  json.member("validation_cases", validation.cases.size()).member("cases", test.cases.size());
  json.member("recommends_own_items", has_repeats);
  write_follower_options(json, chosen);
  json.member("seconds_to_choose", std::round(seconds_to_choose * 100) / 100);
  report.write(json, watch.seconds());
  json.end_object();
  return out;
}

}  // namespace doorbuster::recs
