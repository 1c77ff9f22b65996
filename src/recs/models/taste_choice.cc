#include "recs/models/taste_choice.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/prng.h"
#include "recs/models/head_items.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kValidationUsers = 2'000;
constexpr size_t kTunedUsers = 1'000;  // of those, while options are tried
constexpr size_t kTunedItems = 3'000;  // EASE is tried on the most popular ones
// Of a user that some are held out of; fewer where nobody has as many.
constexpr std::array<size_t, 3> kLeastItems = {5, 3, 2};
constexpr uint64_t kHeldOut = 5;  // one item in so many
constexpr size_t kTunedDimensions = 64;
constexpr size_t kLargeCatalogue = 100'000;  // vectors of 128 dimensions from here on

std::vector<RecommendationCase> some_of(std::span<const RecommendationCase> cases) {
  std::vector<RecommendationCase> some;
  const size_t step = (cases.size() + kTunedUsers - 1) / kTunedUsers;
  for (size_t i = 0; i < cases.size(); i += step) some.push_back(cases[i]);
  return some;
}

template <class Model>
ScoreSource item_source(std::string name, Model model) {
  auto shared = std::make_shared<const Model>(std::move(model));
  return {.name = std::move(name), .add_scores = [shared](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.given) shared->add_scores(item, 1, scores);
          }};
}

// Several lists at once: the vectors of all items are read from memory once for all of them.
ScoreSource ials_source(Ials model) {
  auto shared = std::make_shared<const Ials>(std::move(model));
  return {.name = "ials",
          .add_scores = [shared](const RecommendationCase& one,
                                 std::span<float> scores) { shared->score(shared->fold_in(one.given), scores); },
          .add_scores_of_all =
              [shared](std::span<const RecommendationCase> cases, std::span<float> scores) {
                std::vector<std::vector<float>> users;
                for (const RecommendationCase& one : cases) users.push_back(shared->fold_in(one.given));
                shared->score_all(users, scores);
              }};
}

ScoreSource most_popular(const Interactions& users) {
  return {.name = "popularity",
          .add_scores = [popularity = users.popularity()](const RecommendationCase&, std::span<float> scores) {
            for (size_t i = 0; i < popularity.size(); ++i) scores[i] = static_cast<float>(popularity[i]);
          }};
}

ScoreSource own_items() {
  return {.name = "own_items", .add_scores = [](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.given) scores[item] = 1;
          }};
}

template <class Options, class Value>
std::function<void(Options&)> set(Value Options::* member, std::type_identity_t<Value> value) {
  return [member, value](Options& options) { options.*member = value; };
}

EaseOptions tuned_taste_ease(const TasteValidation& whole, const LinearAlgebra& algebra, uint32_t threads,
                             const std::stop_token& stop) {
  using E = EaseOptions;
  const HeadItems head = head_items(whole.users, some_of(whole.cases), kTunedItems);
  const RunOptions run{.items = head.users.items(), .threads = threads};
  const std::vector<std::vector<std::function<void(E&)>>> variants = {
      {set(&E::l2, 3), set(&E::l2, 30), set(&E::l2, 100)},
      {set(&E::dropout, 0), set(&E::dropout, 0.5F)},
      {set(&E::user_power, 0.25F), set(&E::user_power, 0.75F)},
      {set(&E::column_power, -0.1F), set(&E::column_power, 0.1F)}};
  const EaseOptions start{.l2 = 10, .dropout = 0.25F, .user_power = 0.5F, .column_power = 0};
  return tuned<E>(start, variants, 1, [&](const EaseOptions& options) {
    if (stop.stop_requested()) return 0.0;
    auto model = Ease::train(head.users, {}, options, algebra);
    return model ? value_of_source(item_source("", std::move(*model)), head.cases, run) : 0.0;
  });
}

NeighbourOptions tuned_neighbours(const TasteValidation& whole, std::span<const RecommendationCase> cases,
                                  uint32_t threads, const std::stop_token& stop) {
  using N = NeighbourOptions;
  const RunOptions run{.items = whole.users.items(), .threads = threads};
  const std::vector<std::vector<std::function<void(N&)>>> variants = {
      {set(&N::target_power, 0.2F), set(&N::target_power, 0.35F), set(&N::target_power, 0.65F)},
      {set(&N::source_power, 0.3F), set(&N::source_power, 0.75F)},
      {set(&N::user_power, 0), set(&N::user_power, 1)},
      {set(&N::sharpness, 0.7F), set(&N::sharpness, 1.5F), set(&N::sharpness, 2)}};
  return tuned<N>({}, variants, 2, [&](const NeighbourOptions& options) {
    if (stop.stop_requested()) return 0.0;
    return value_of_source(item_source("", Neighbours::train(whole.users, {}, options, threads)), cases, run);
  });
}

IalsOptions tuned_ials(const TasteValidation& whole, std::span<const RecommendationCase> cases,
                       const LinearAlgebra& algebra, uint32_t threads, const std::stop_token& stop) {
  using I = IalsOptions;
  const RunOptions run{.items = whole.users.items(), .threads = threads};
  const std::vector<std::vector<std::function<void(I&)>>> variants = {
      {set(&I::unobserved, 0.01F), set(&I::unobserved, 0.03F), set(&I::unobserved, 0.3F), set(&I::unobserved, 1)},
      {set(&I::l2, 0.0003F), set(&I::l2, 0.001F), set(&I::l2, 0.01F), set(&I::l2, 0.03F)}};
  IalsOptions start{.dimensions = kTunedDimensions, .iterations = 6};
  IalsOptions best = tuned<I>(start, variants, 1, [&](const IalsOptions& options) {
    if (stop.stop_requested()) return 0.0;
    auto model = Ials::train(whole.users, options, algebra, threads);
    return model ? value_of_source(ials_source(std::move(*model)), cases, run) : 0.0;
  });
  best.dimensions = whole.users.items() + whole.users.users() > kLargeCatalogue ? 128 : 256;
  best.iterations = 10;
  return best;
}

TasteValidation hold_out_of(const Interactions& users, size_t least_items) {
  TasteValidation held;
  const size_t step = users.users() / kValidationUsers + 1;
  for (size_t user = 0; user < users.users(); ++user) {
    const std::span<const ItemNumber> list = users[user];
    if (user % step != 0 || list.size() < least_items) {
      held.users.add_user(list);
      continue;
    }
    RecommendationCase one;
    for (const ItemNumber item : list) {
      const bool is_wanted = mixed64(uint64_t{item} << 32 | user) % kHeldOut == 0;
      (is_wanted ? one.wanted : one.given).push_back(item);
    }
    held.users.add_user(one.given);
    if (!one.wanted.empty() && !one.given.empty()) held.cases.push_back(std::move(one));
  }
  held.users.at_least_items(users.items());
  return held;
}

}  // namespace

TasteValidation hold_out(const Interactions& users) {
  TasteValidation held;
  for (const size_t least : kLeastItems) {
    held = hold_out_of(users, least);
    if (!held.cases.empty()) break;
  }
  return held;
}

TasteParameters choose_taste(const TasteValidation& validation, const LinearAlgebra& algebra, uint32_t threads,
                             size_t ease_items, const std::stop_token& stop) {
  TasteParameters chosen;
  const std::vector<RecommendationCase> cases = some_of(validation.cases);
  if (validation.users.items() <= std::min(ease_items, Ease::kItemsMax))
    chosen.ease = tuned_taste_ease(validation, algebra, threads, stop);
  chosen.neighbours = tuned_neighbours(validation, cases, threads, stop);
  chosen.ials = tuned_ials(validation, cases, algebra, threads, stop);
  return chosen;
}

Result<std::vector<ScoreSource>> taste_sources(const Interactions& users, const TasteParameters& parameters,
                                               const LinearAlgebra& algebra, uint32_t threads) {
  const NeighbourOptions cosine{.user_power = 0, .source_power = 0.5F, .target_power = 0.5F, .sharpness = 1};
  std::vector<ScoreSource> sources;
  sources.push_back(most_popular(users));
  sources.push_back(own_items());
  sources.push_back(item_source("cosine_neighbours", Neighbours::train(users, {}, cosine, threads)));
  sources.push_back(item_source("neighbours", Neighbours::train(users, {}, parameters.neighbours, threads)));
  sources.push_back(ials_source(TRY(Ials::train(users, parameters.ials, algebra, threads))));
  if (parameters.ease) sources.push_back(item_source("ease", TRY(Ease::train(users, {}, *parameters.ease, algebra))));
  return sources;
}

}  // namespace doorbuster::recs
