// What recommendations tell Prometheus (docs/metrics.md).
#include "recs/service.h"

namespace doorbuster::recs {

void Service::add_model_metrics(ops::Metrics& metrics) {
  metrics.counters("doorbuster_recs_trainings_total", "Trainings of models since the start, by what became of them.",
                   [this](ops::Series& series) {
                     const Trainer::Counts counts = trainer_.counts();
                     for (size_t i = 0; i < counts.attempts.size(); ++i)
                       series.add({{"outcome", kAttemptOutcomeNames[i]}}, static_cast<double>(counts.attempts[i]));
                   });
  metrics.counter("doorbuster_recs_training_seconds_total", "Seconds that models have learnt since the start.",
                  [this] { return trainer_.counts().seconds; });
  metrics.gauge("doorbuster_recs_models_refused_in_a_row",
                "Models that were learnt since one was put into service last, and were worse or failed.",
                [this] { return static_cast<double>(trainer_.counts().refused_in_a_row); });
  metrics.gauge("doorbuster_recs_model_age_seconds",
                "How long ago the model in service was learnt; 0 before the first.", [this] {
                  const auto trained_at = trainer_.counts().trained_at;
                  return trained_at ? static_cast<double>((deps_.clock.now() - *trained_at).micros()) / 1e6 : 0.0;
                });
  metrics.gauge("doorbuster_recs_model_bytes", "Memory for the model in service.",
                [this] { return static_cast<double>(trainer_.counts().bytes); });
}

void Service::add_metrics(ops::Metrics& metrics) {
  add_model_metrics(metrics);
  metrics.gauges("doorbuster_recs_entries", "What recommendations are made from, by what it is.",
                 [this](ops::Series& series) {
                   const RecsTables::Usage usage = view_.look([](const RecsTables& tables) { return tables.usage(); });
                   series.add({{"what", "items"}}, static_cast<double>(usage.items));
                   series.add({{"what", "users"}}, static_cast<double>(usage.users));
                   series.add({{"what", "sessions"}}, static_cast<double>(usage.sessions));
                   series.add({{"what", "interactions"}}, static_cast<double>(usage.interactions));
                   series.add({{"what", "members_bought"}}, static_cast<double>(usage.members[0]));
                   series.add({{"what", "members_viewed"}}, static_cast<double>(usage.members[1]));
                   series.add({{"what", "visit_clicks"}}, static_cast<double>(usage.visit_clicks));
                   series.add({{"what", "vectors"}}, static_cast<double>(usage.contents.vectors));
                   series.add({{"what", "words"}}, static_cast<double>(usage.contents.words));
                 });
  metrics.counters(
      "doorbuster_recs_responses_total",
      "Impressions and clicks that were counted, since the surfaces' counts began; unattributed ones name no "
      "answer that is known.",
      [this](ops::Series& series) {
        const auto [known, others] = view_.look([](const RecsTables& tables) {
          return std::pair(tables.surface_counts().attributed(), tables.surface_counts().unattributed());
        });
        series.add({{"what", "impressions"}}, static_cast<double>(known.impressions));
        series.add({{"what", "clicks"}}, static_cast<double>(known.clicks));
        series.add({{"what", "unattributed_impressions"}}, static_cast<double>(others.impressions));
        series.add({{"what", "unattributed_clicks"}}, static_cast<double>(others.clicks));
      });
  metrics.gauge("doorbuster_recs_answers_known",
                "Answers whose impressions and clicks can be attributed: recs.answers at most.",
                [this] { return static_cast<double>(given_.size()); });
  metrics.gauges("doorbuster_recs_table_bytes", "About how much memory each table takes.", [this](ops::Series& series) {
    const RecsTables::Usage usage = view_.look([](const RecsTables& tables) { return tables.usage(); });
    for (size_t table = 0; table < RecsTables::kTables.size(); ++table)
      series.add({{"what", RecsTables::kTables[table]}}, static_cast<double>(usage.bytes[table]));
  });
  metrics.gauges("doorbuster_recs_content_bytes",
                 "For finding what is alike: memory for words and vectors, and the vectors themselves, which lie in a "
                 "file.",
                 [this](ops::Series& series) {
                   const auto usage = view_.look([](const RecsTables& tables) { return tables.usage().contents; });
                   series.add({{"what", "words"}}, static_cast<double>(usage.word_bytes));
                   series.add({{"what", "vectors"}}, static_cast<double>(usage.vector_bytes));
                   series.add({{"what", "vectors_in_file"}}, static_cast<double>(usage.row_bytes));
                 });
  metrics.counter("doorbuster_recs_interactions_total", "Events of visitors that came into the tables since the start.",
                  [this] { return static_cast<double>(view_.interactions_heard()); });
  metrics.counter("doorbuster_recs_duplicates_total", "Events whose id had come before, since the start.",
                  [this] { return static_cast<double>(duplicates_.load(std::memory_order_relaxed)); });
  metrics.counter("doorbuster_recs_made_room_total",
                  "Users and sessions that were forgotten because others came, since the start: raise recs.users or "
                  "recs.sessions.",
                  [this] { return static_cast<double>(made_room_.load(std::memory_order_relaxed)); });
  metrics.gauge("doorbuster_recs_events_behind",
                "Events of recommendations that are durable and not in the tables yet.", [this] {
                  const uint64_t heard = follower_.position(kCellOfRecs).value();  // first: both grow
                  return static_cast<double>(tail_.load(std::memory_order_relaxed) - heard);
                });
  metrics.gauge("doorbuster_recs_sales_events_behind",
                "Events of other services that are not taken for recommendations yet, at most.",
                [this] { return static_cast<double>(sale_follower_.events_behind()); });
}

}  // namespace doorbuster::recs
