#include "sale/api/cohort_report.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

std::optional<double> in_digits(std::optional<double> value, double per_unit) {
  return value ? std::optional(std::round(*value * per_unit) / per_unit) : std::nullopt;
}

std::optional<double> headline(std::span<const CohortDimension> dimensions) {
  std::optional<double> least;
  for (const CohortDimension& each : dimensions) {
    if (each.name != "score" && each.jain) least = std::min(*each.jain, least.value_or(*each.jain));
  }
  return least;
}

// Of so many, if a score is the chance that somebody is a bot.
std::optional<double> people_of(uint64_t count, uint64_t score) {
  return in_digits(ratio(count * kScoreMax - score, count * kScoreMax), 1e4);
}

void write_dimension(JsonWriter& json, const CohortDimension& dimension) {
  json.begin_object().member("by", dimension.name);
  json.member("jain_index", in_digits(dimension.jain, 1e4)).member("p_value", in_digits(dimension.p, 1e6));
  json.key("cohorts").begin_array();
  for (const NamedCohort& each : dimension.cohorts) {
    const Cohort& counts = each.counts;
    json.begin_object().member("name", each.name).member("entries", counts.entries).member("gone", counts.gone);
    json.member("offered", counts.offered).member("sold", counts.sold);
    json.member("offered_of_stayed", in_digits(ratio(counts.offered, counts.stayed()), 1e4)).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

void write_cohorts(JsonWriter& json, const SaleCohorts& cohorts) {
  json.key("cohorts");
  if (cohorts.entries == 0) {
    json.value(nullptr);
    return;
  }
  const auto dimensions = dimensions_of(cohorts);
  json.begin_object().member("entries", cohorts.entries).member("jain_index", in_digits(headline(dimensions), 1e4));
  json.key("human_share_estimate").begin_object();
  json.member("entries", people_of(cohorts.entries, cohorts.entry_score));
  json.member("units", people_of(cohorts.units, cohorts.unit_score)).end_object();
  json.key("dimensions").begin_array();
  for (const CohortDimension& each : dimensions) write_dimension(json, each);
  json.end_array().end_object();
}

}  // namespace doorbuster::sale
