#include "sale/views/cohorts.h"

#include <algorithm>

#include "platform/views/statistics.h"
#include "sale/views/slots.h"

namespace doorbuster::sale {
namespace {

void add(Cohort& to, const Cohort& more) {
  to.entries += more.entries;
  to.gone += more.gone;
  to.offered += more.offered;
  to.sold += more.sold;
}

template <class Cohorts, class Name>
std::vector<NamedCohort> named(const Cohorts& cohorts, const Name& name) {
  std::vector<NamedCohort> all;
  for (size_t i = 0; i < cohorts.size(); ++i) {
    if (cohorts[i].entries > 0) all.push_back({std::string(name(i)), cohorts[i]});
  }
  return all;
}

std::vector<NamedCohort> by_country(const std::map<Country, Cohort>& countries) {
  std::vector<NamedCohort> all;
  for (const auto& [code, counts] : countries) all.push_back({std::string(code.data(), code.size()), counts});
  std::ranges::stable_sort(all, std::greater(), [](const NamedCohort& each) { return each.counts.entries; });
  if (all.size() <= kCountriesShown) return all;
  NamedCohort other{.name = "other", .counts = {}};
  for (size_t i = kCountriesShown; i < all.size(); ++i) add(other.counts, all[i].counts);
  all.resize(kCountriesShown);
  all.push_back(std::move(other));
  return all;
}

// The cohorts, the small ones taken together, beginning with the smallest.
std::vector<Cohort> large_enough(const std::vector<NamedCohort>& cohorts, double rate) {
  std::vector<Cohort> sorted;
  for (const NamedCohort& each : cohorts) sorted.push_back(each.counts);
  std::ranges::stable_sort(sorted, {}, &Cohort::stayed);
  std::vector<Cohort> large;
  Cohort small;
  for (const Cohort& each : sorted) {
    add(small, each);
    if (small.stayed() * std::min(rate, 1 - rate) < platform::kChiSquareExpectedMin) continue;
    large.push_back(small);
    small = {};
  }
  if (!large.empty()) add(large.back(), small);
  return large;
}

CohortDimension judged(std::string_view name, std::vector<NamedCohort> cohorts) {
  CohortDimension found{.name = name, .cohorts = std::move(cohorts), .jain = {}, .p = {}};
  Cohort all;
  for (const NamedCohort& each : found.cohorts) add(all, each.counts);
  if (all.stayed() == 0) return found;
  const double rate = static_cast<double>(all.offered) / all.stayed();
  const std::vector<Cohort> large = large_enough(found.cohorts, rate);
  if (large.size() < 2) return found;
  std::vector<double> rates;
  double chi_square = 0;
  for (const Cohort& each : large) {
    const double expected = each.stayed() * rate;
    const double difference = each.offered - expected;
    chi_square += difference * difference / expected + difference * difference / (each.stayed() - expected);
    rates.push_back(static_cast<double>(each.offered) / each.stayed());
  }
  found.jain = platform::jain_index(rates);
  found.p = platform::chi_square_p(chi_square, static_cast<uint32_t>(large.size() - 1));
  return found;
}

}  // namespace

void Cohorts::on(const Enrolled& event, const EventPlace&) { arrive(event.sale, event.entry, event.assessment); }
void Cohorts::on(const Joined& event, const EventPlace&) { arrive(event.sale, event.entry, event.assessment); }
void Cohorts::on(const JoinDelayed& event, const EventPlace&) { arrive(event.sale, event.entry, event.assessment); }

void Cohorts::arrive(SaleNumber sale, EntryNumber entry, const Assessment& assessment) {
  Seen& seen = at_slot(seen_, entry.slot);
  seen = {.score = assessment.score,
          .network = assessment.network,
          .device = assessment.device,
          .country = assessment.country,
          .is_assessed = says_something(assessment)};
  count(sale, seen, &Cohort::entries);
  if (!seen.is_assessed) return;
  ++sales_[sale].entries;
  sales_[sale].entry_score += seen.score;
}

void Cohorts::count(SaleNumber sale, const Seen& seen, uint32_t Cohort::* what) {
  if (!seen.is_assessed) return;
  SaleCohorts& cohorts = sales_[sale];
  ++(cohorts.by_score[std::min<size_t>(seen.score * kScoreBands / kScoreMax, kScoreBands - 1)].*what);
  ++(cohorts.by_network[static_cast<size_t>(seen.network)].*what);
  ++(cohorts.by_device[static_cast<size_t>(seen.device)].*what);
  ++(cohorts.by_country[seen.country].*what);
}

void Cohorts::on(const Offered& event, const EventPlace&) {
  Seen& seen = at_slot(seen_, event.entry.slot);
  seen.was_offered = true;
  count(event.sale, seen, &Cohort::offered);
}

void Cohorts::on(const EntryLeft& event, const EventPlace&) { go(event.sale, event.entry); }
void Cohorts::on(const EntryRemoved& event, const EventPlace&) { go(event.sale, event.entry); }

void Cohorts::go(SaleNumber sale, EntryNumber entry) {
  const Seen& seen = at_slot(seen_, entry.slot);
  if (!seen.was_offered) count(sale, seen, &Cohort::gone);
}

void Cohorts::on(const Held& event, const EventPlace&) {
  at_slot(entries_of_holds_, event.hold.slot, kNoSlot) = event.entry ? event.entry->slot : kNoSlot;
}

void Cohorts::on(const PaymentSucceeded& event, const EventPlace&) {
  const uint32_t entry = at_slot(entries_of_holds_, event.hold.slot, kNoSlot);
  if (entry == kNoSlot || !seen_[entry].is_assessed) return;
  count(event.sale, seen_[entry], &Cohort::sold);
  ++sales_[event.sale].units;
  sales_[event.sale].unit_score += seen_[entry].score;
}

SaleCohorts Cohorts::of(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  return found == sales_.end() ? SaleCohorts() : found->second;
}

std::array<CohortDimension, 4> dimensions_of(const SaleCohorts& cohorts) {
  const auto band = [](size_t i) { return "0." + std::to_string(i); };
  return {judged("score", named(cohorts.by_score, band)),
          judged("network", named(cohorts.by_network, [](size_t i) { return kNetworkClassNames[i]; })),
          judged("device", named(cohorts.by_device, [](size_t i) { return kDeviceClassNames[i]; })),
          judged("country", by_country(cohorts.by_country))};
}

}  // namespace doorbuster::sale
