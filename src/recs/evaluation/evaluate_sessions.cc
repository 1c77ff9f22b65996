#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include "recs/evaluation/evaluation.h"
#include "recs/evaluation/measured.h"
#include "recs/evaluation/metrics.h"
#include "recs/evaluation/sessions_format.h"
#include "recs/models/parallel.h"
#include "recs/models/session_training.h"
#include "recs/models/top_items.h"

namespace doorbuster::recs {
namespace {

struct SessionsInput {
  ItemNames names;
  TimedSessions train;
  Prefixes test;
  size_t items = 0;  // of training
  std::vector<uint32_t> popularity;
};

// A file has no clock: the time of a session is its place.
Result<SessionsInput> read_input(const EvaluationOptions& options) {
  SessionsInput input;
  input.train.sessions = TRY(read_sessions(options.train, input.names));
  input.train.times.resize(input.train.sessions.size());
  std::iota(input.train.times.begin(), input.train.times.end(), 0U);
  input.items = input.names.size();
  input.test = TRY(read_prefixes(options.test, input.names));
  input.popularity.resize(input.items);
  for (const ItemNumber item : input.train.sessions.items) ++input.popularity[item];
  return input;
}

struct Measured {
  Metrics metrics;
  Durations durations;
};

// `recommend(prefix)` for every prefix of the test, one after the other.
template <class Recommend>
Measured measure(const SessionsInput& input, Recommend&& recommend) {
  Measured measured{.metrics = Metrics(input.popularity), .durations = {}};
  for (size_t i = 0; i < input.test.next.size(); ++i) {
    const Stopwatch watch;
    const std::span<const ItemNumber> items = recommend(input.test.prefixes[i]);
    measured.durations.add(watch.seconds());
    measured.metrics.add(items, {&input.test.next[i], 1});
  }
  return measured;
}

Measured measure_model(const SessionsInput& input, const SessionIndex& index, const SessionModel& model) {
  SessionRecommender recommender;
  std::vector<ItemNumber> known, items;
  return measure(input, [&](std::span<const ItemNumber> prefix) -> std::span<const ItemNumber> {
    known.clear();
    std::ranges::copy_if(prefix, std::back_inserter(known), [&](ItemNumber item) { return item < input.items; });
    items.clear();
    if (known.empty()) return items;
    for (const SessionRecommendation& found : recommender.recommend(index, model, known, kCutoffMax))
      items.push_back(found.item);
    return items;
  });
}

Measured measure_popularity(const SessionsInput& input) {
  std::vector<ScoredItem> most;
  for (ItemNumber item = 0; item < input.items; ++item)
    most.push_back({.item = item, .score = static_cast<float>(input.popularity[item])});
  keep_best(most, kCutoffMax);
  std::vector<ItemNumber> items;
  for (const ScoredItem& item : most) items.push_back(item.item);
  return measure(input, [&](auto) -> std::span<const ItemNumber> { return items; });
}

void write_measured(JsonWriter& json, const Measured& measured) {
  json.begin_object();
  write_metrics(json, measured.metrics);
  json.end_object();
}

void write_sources(JsonWriter& json, const SessionsInput& input, const SessionIndex& index, const SessionModel& model,
                   uint32_t threads) {
  json.key("single_sources").begin_object();
  write_measured(json.key("popularity"), measure_popularity(input));
  std::vector<std::optional<Measured>> measured(kSessionSources);
  in_parallel(kSessionSources, threads, [&](size_t s) {
    SessionModel alone{.options = model.options, .embeddings = model.embeddings, .network = std::nullopt};
    alone.options.prior = only(static_cast<SessionSource>(s));
    measured[s] = measure_model(input, index, alone);
  });
  for (size_t s = 0; s < kSessionSources; ++s) write_measured(json.dynamic_key(kSessionSourceNames[s]), *measured[s]);
  json.end_object();
}

void write_walk(JsonWriter& json, const SessionModelOptions& options) {
  const SessionWalkOptions& walk = options.walk;
  json.key("parameters").begin_object();
  json.member("items", walk.items).member("sessions_of_last", walk.sessions_of_last);
  json.member("sessions_of_earlier", walk.sessions_of_earlier).member("neighbours", walk.neighbours);
  json.member("hops", walk.hops).member("sessions_of_hop", walk.sessions_of_hop);
  json.member("next_decay", six_digits(walk.next_decay)).member("earlier_decay", six_digits(walk.earlier_decay));
  json.member("neighbour_decay", six_digits(walk.neighbour_decay)).member("ranked", options.ranked).end_object();
}

void write_choice(JsonWriter& json, const TrainedSessions& trained) {
  const SessionVariantResult& chosen = trained.tried[trained.chosen];
  json.member("chosen", std::string_view(chosen.variant.name));
  write_walk(json, trained.model.options);
  json.member("learnt_from", trained.lists);
  json.key("validation").begin_object().member("prefixes", trained.validation_size);
  json.key("variants").begin_array();
  for (const SessionVariantResult& result : trained.tried) {
    json.begin_object().member("name", std::string_view(result.variant.name));
    json.member("hit_rate@20", six_digits(result.hit_rate)).member("mrr@20", six_digits(result.mrr));
    json.member("us_by_work", six_digits(result.us_by_work)).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

Result<std::string> evaluate_sessions(const EvaluationOptions& options) {
  const Stopwatch watch;
  const SessionsInput input = TRY(read_input(options));
  const TrainedSessions trained =
      train_sessions(input.train, {.items = input.items, .budget_us = options.budget_us, .threads = options.threads});
  SessionIndex index(limits_for(input.train, input.items));
  add_sessions(index, input.train, {.begin = 0, .end = input.train.sessions.size()});
  const double learning_seconds = watch.seconds();
  const Measured measured = measure_model(input, index, trained.model);
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("task", "sessions").member("budget_us", options.budget_us);
  json.member("sessions", input.train.sessions.size()).member("clicks", input.train.sessions.items.size());
  json.member("items", input.items).member("cases", measured.metrics.cases());
  write_metrics(json, measured.metrics);
  write_choice(json, trained);
  write_sources(json, input, index, trained.model, options.threads);
  json.member("index_bytes_per_click", six_digits(static_cast<double>(index.bytes()) /
                                                  static_cast<double>(std::max<uint64_t>(index.clicks(), 1))));
  json.member("learning_seconds", six_digits(learning_seconds));
  write_costs(json, measured.durations, watch.seconds());
  json.end_object();
  return text;
}

}  // namespace doorbuster::recs
