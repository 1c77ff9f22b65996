// What came of what was shown: the report of a surface, and of an experiment (docs/recs/experiments.md).
#include <algorithm>

#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/recs_calls.h"
#include "recs/views/verdict.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

constexpr size_t kDaysDefault = 28;
constexpr auto kDaysMax = static_cast<size_t>(SurfaceCounts::kDaysKept);

void write_rate(JsonWriter& json, uint64_t hits, uint64_t of) {
  const auto rate = wilson(std::min(hits, of), of);
  if (!rate) {
    json.value(nullptr);
    return;
  }
  json.begin_object().member("value", rate->value).member("low", rate->low).member("high", rate->high).end_object();
}

// As members of an object that is open.
void write_responses(JsonWriter& json, const Responses& responses) {
  json.member("impressions", responses.impressions).member("clicks", responses.clicks).key("ctr");
  write_rate(json, responses.clicks, responses.impressions);
}

void write_estimate(JsonWriter& json, const std::optional<Estimate>& estimate) {
  if (!estimate) {
    json.value(nullptr);
    return;
  }
  json.begin_object().member("value", estimate->value).member("standard_error", estimate->standard_error).end_object();
}

void write_sources(JsonWriter& json, const DayOfSurface& sum) {
  std::vector<size_t> sources;
  for (size_t source = 0; source < sum.by_source.size(); ++source) {
    if (sum.by_source[source] != Responses()) sources.push_back(source);
  }
  std::ranges::stable_sort(sources, std::ranges::greater(),
                           [&](size_t source) { return sum.by_source[source].impressions; });
  json.key("by_source").begin_array();
  for (const size_t source : sources) {
    json.begin_object().member("source", kSourceNames[source]);
    write_responses(json, sum.by_source[source]);
    json.end_object();
  }
  json.end_array();
}

void write_positions(JsonWriter& json, const DayOfSurface& sum) {
  json.key("by_position").begin_array();
  for (size_t band = 0; band < kPositionBands.size(); ++band) {
    json.begin_object().member("first", kPositionBands[band].first).member("last", kPositionBands[band].last);
    write_responses(json, sum.by_position[band]);
    json.end_object();
  }
  json.end_array();
}

void write_policies(JsonWriter& json, const DayOfSurface& sum) {
  json.member("explored_impressions", sum.drawn.impressions).key("policies").begin_array();
  for (size_t policy = 0; policy < kPolicyNames.size(); ++policy) {
    json.begin_object().member("policy", kPolicyNames[policy]).member("impressions", sum.drawn.impressions);
    json.key("ips");
    write_estimate(json, ips(sum.policies[policy], sum.drawn.impressions));
    json.key("snips");
    write_estimate(json, snips(sum.policies[policy]));
    json.member("effective_sample_size", effective_sample_size(sum.policies[policy])).end_object();
  }
  json.end_array();
}

void write_surface_report(JsonWriter& json, const SurfaceCounts& counts, const std::string& surface, int32_t first,
                          int32_t last) {
  const DayOfSurface sum = counts.sum(surface, first, last);
  json.begin_object().member("surface", surface);
  json.member("from", name_of_day(first)).member("until", name_of_day(last));
  write_responses(json, sum.all);
  json.member("unattributed_impressions", sum.unattributed.impressions);
  json.member("unattributed_clicks", sum.unattributed.clicks);
  write_sources(json, sum);
  write_positions(json, sum);
  json.key("by_day").begin_array();
  for (int32_t day = first; day <= last; ++day) {
    const DayOfSurface* of_day = counts.day(surface, day);
    json.begin_object().member("day", name_of_day(day));
    write_responses(json, of_day == nullptr ? Responses() : of_day->all);
    json.end_object();
  }
  json.end_array();
  write_policies(json, sum);
  json.end_object();
}

void write_variant(JsonWriter& json, const Experiment& experiment, size_t variant, const VariantCounts& counts) {
  json.begin_object().member("variant", experiment.variants[variant].name);
  json.member("share", experiment.variants[variant].share).member("visitors", counts.visitors);
  json.member("visitors_exposed", counts.exposed).member("visitors_clicked", counts.clicked);
  json.member("visitors_bought", counts.bought);
  write_responses(json, counts.all());
  json.member("purchases", counts.purchases).member("purchases_attributed", counts.purchases_attributed).key("rate");
  const Rate rate = rate_of(experiment.metric, counts);
  if (experiment.kind == ExperimentKind::kInterleave)
    json.value(nullptr);
  else
    write_rate(json, rate.hits, rate.of);
  json.member("wins", counts.wins).end_object();
}

void write_comparison(JsonWriter& json, const Experiment& experiment, const Comparison& comparison) {
  json.begin_object().member("variant", experiment.variants[comparison.variant].name);
  json.member("against", experiment.variants.front().name).member("p_value", comparison.tested.p_value);
  json.key("difference");
  if (comparison.is_known) {
    const Interval& difference = comparison.tested.difference;
    json.begin_object().member("value", difference.value).member("low", difference.low);
    json.member("high", difference.high).end_object();
  } else {
    json.value(nullptr);
  }
  json.member("sample", comparison.sample).member("sample_needed", comparison.sample_needed);
  json.member("is_significant", comparison.is_significant).end_object();
}

void write_verdict(JsonWriter& json, const Experiment& experiment, const Verdict& verdict) {
  json.key("sample_ratio");
  if (verdict.sample_ratio) {
    json.begin_object().member("p_value", *verdict.sample_ratio);
    json.member("is_mismatch", verdict.state == VerdictState::kMismatch).end_object();
  } else {
    json.value(nullptr);
  }
  json.key("verdict").begin_object().member("test", verdict.test).member("significance", kSignificance);
  json.member("state", kVerdictStateNames[static_cast<size_t>(verdict.state)]).key("variant");
  if (verdict.variant)
    json.value(experiment.variants[*verdict.variant].name);
  else
    json.value(nullptr);
  json.member("text", text_of(verdict, experiment)).key("comparisons").begin_array();
  for (const Comparison& comparison : verdict.comparisons) write_comparison(json, experiment, comparison);
  json.end_array().end_object();
}

void write_days(JsonWriter& json, const Experiment& experiment, const ExperimentCounts& counts) {
  json.key("by_day").begin_array();
  for (size_t variant = 0; variant < experiment.variants.size(); ++variant) {
    for (const auto& [day, responses] : counts.variants()[variant].days) {
      json.begin_object().member("day", name_of_day(day)).member("variant", experiment.variants[variant].name);
      json.member("impressions", responses.impressions).member("clicks", responses.clicks).end_object();
    }
  }
  json.end_array();
}

void write_experiment_report(JsonWriter& json, const std::string& name, const Experiment& experiment,
                             const ExperimentCounts& counts, Timestamp now) {
  const Verdict verdict = verdict_of(experiment, counts);
  json.begin_object().member("experiment", name);
  json.member("kind", kExperimentKindNames[static_cast<size_t>(experiment.kind)]);
  json.member("metric", kMetricNames[static_cast<size_t>(experiment.metric)]);
  json.member("state", kExperimentStateNames[static_cast<size_t>(experiment.state(now))]);
  json.member("since", counts.since()).key("variants").begin_array();
  for (size_t variant = 0; variant < experiment.variants.size(); ++variant)
    write_variant(json, experiment, variant, counts.variants()[variant]);
  json.end_array();
  write_verdict(json, experiment, verdict);
  write_days(json, experiment, counts);
  json.end_object();
}

}  // namespace

void report_surface(const Call& call, RecsCallers& callers, const Freshness& freshness) {
  if (!callers.operator_of(call) || !has_caught_up(call, freshness.follower)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  const auto days = platform::number_in_query(call, "days", kDaysDefault, kDaysMax);
  if (!days) return;
  if (*days == 0)
    return platform::respond_invalid(call.exchange, call.request.path(), "days is a number from 1 to 90.");
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  const int32_t last = day_of(call.now);
  freshness.view.look([&](const RecsTables& tables) {
    write_surface_report(json, tables.surface_counts(), *name, last - static_cast<int32_t>(*days) + 1, last);
  });
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void report_experiment(const Call& call, RecsCallers& callers, const Freshness& freshness) {
  if (!callers.operator_of(call) || !has_caught_up(call, freshness.follower)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  const bool is_known = freshness.view.look([&](const RecsTables& tables) {
    const auto experiment = tables.experiments().find(*name);
    const ExperimentCounts* counts = tables.counts_of_experiment(*name);
    if (experiment == tables.experiments().end() || counts == nullptr) return false;
    write_experiment_report(json, *name, experiment->second, *counts, call.now);
    return true;
  });
  if (!is_known) return respond_document_missing(call.exchange, call.request.path());
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::recs
