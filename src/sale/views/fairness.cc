#include "sale/views/fairness.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sale/views/slots.h"

namespace doorbuster::sale {
namespace {

constexpr uint32_t kBinsMax = 10;
constexpr uint64_t kEntriesMin = 20;

uint32_t bin_of(uint64_t index, uint64_t count, uint32_t bins) { return static_cast<uint32_t>(index * bins / count); }

}  // namespace

void Fairness::arrive(EntryNumber entry, uint32_t arrival) {
  at_slot(seen_, entry.slot) = {.arrival = arrival, .was_offered = false};
}

Cohort* Fairness::decile_of(Measured& measured, uint32_t arrival) const {
  if (arrival < 1 || arrival > measured.drawn) return nullptr;
  return &measured.by_arrival[bin_of(arrival - 1, measured.drawn, kDeciles)];
}

void Fairness::on(const Enrolled& event, const EventPlace&) { arrive(event.entry, event.arrival); }
void Fairness::on(const Joined& event, const EventPlace&) { arrive(event.entry, event.position); }

// Who is delayed takes no part in the draw.
void Fairness::on(const JoinDelayed& event, const EventPlace&) { arrive(event.entry, 0); }
void Fairness::on(const EntryPlaced& event, const EventPlace&) { arrive(event.entry, event.position); }

void Fairness::on(const Drawn& event, const EventPlace&) {
  Measured& measured = sales_[event.sale];
  measured.drawn = event.entries;
  for (uint64_t decile = 0; decile < kDeciles; ++decile) {
    const auto begin = [&](uint64_t of) { return (of * event.entries + kDeciles - 1) / kDeciles; };
    measured.by_arrival[decile].entries = static_cast<uint32_t>(begin(decile + 1) - begin(decile));
  }
  for (const uint32_t arrival : std::exchange(measured.early_leavers, {})) {
    if (Cohort* decile = decile_of(measured, arrival)) ++decile->gone;
  }
}

void Fairness::on(const Offered& event, const EventPlace&) {
  Measured& measured = sales_[event.sale];
  Seen& seen = at_slot(seen_, event.entry.slot);
  seen.was_offered = true;
  const auto drawn = draws_.permutation(event.sale);
  const bool is_drawn = drawn != nullptr && seen.arrival <= measured.drawn;
  measured.now_serving = is_drawn ? static_cast<uint32_t>(drawn->position_of(seen.arrival - 1)) + 1 : seen.arrival;
  measured.order.note(measured.now_serving);
  if (Cohort* decile = decile_of(measured, seen.arrival)) ++decile->offered;
}

void Fairness::on(const EntryLeft& event, const EventPlace&) { go(event.sale, event.entry); }
void Fairness::on(const EntryRemoved& event, const EventPlace&) { go(event.sale, event.entry); }

void Fairness::go(SaleNumber sale, EntryNumber entry) {
  const Seen& seen = at_slot(seen_, entry.slot);
  if (seen.was_offered || seen.arrival == 0) return;
  Measured& measured = sales_[sale];
  if (draws_.is_ahead(sale)) measured.early_leavers.push_back(seen.arrival);
  if (Cohort* decile = decile_of(measured, seen.arrival)) ++decile->gone;
}

void Fairness::on(const Held& event, const EventPlace&) {
  at_slot(arrivals_of_holds_, event.hold.slot) = event.entry ? at_slot(seen_, event.entry->slot).arrival : 0;
}

void Fairness::on(const PaymentSucceeded& event, const EventPlace&) {
  Measured& measured = sales_[event.sale];
  if (Cohort* decile = decile_of(measured, at_slot(arrivals_of_holds_, event.hold.slot))) ++decile->sold;
}

uint32_t Fairness::now_serving(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  return found == sales_.end() ? 0 : found->second.now_serving;
}

SaleFairness Fairness::of(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  if (found == sales_.end()) return {};
  const Measured& measured = found->second;
  return {.kendall_tau = measured.order.value(),
          .discordant = measured.order.discordant(),
          .drawn = measured.drawn,
          .by_arrival = measured.by_arrival};
}

// With the same chance q for each of m people a decile, a share varies by q (1 - q) / m: Jain's index of ten such
// shares is about 1 / (1 + variance / q^2).
std::optional<ArrivalEvenness> evenness_of(const SaleFairness& fairness) {
  if (fairness.drawn < kDeciles) return std::nullopt;
  ArrivalEvenness found;
  double stayed = 0;
  double offered = 0;
  for (size_t i = 0; i < kDeciles; ++i) {
    const Cohort& decile = fairness.by_arrival[i];
    const double there = decile.stayed();
    found.shares[i] = there > 0 ? decile.offered / there : 0;
    stayed += there;
    offered += decile.offered;
  }
  const auto jain = platform::jain_index(found.shares);
  if (!jain) return std::nullopt;
  const double q = offered / stayed;
  found.jain = *jain;
  found.jain_by_chance = 1 / (1 + (1 - q) / (q * stayed / kDeciles) * (1 - 1.0 / kDeciles));
  return found;
}

std::optional<Uniformity> uniformity_of(const DrawPermutation& permutation) {
  const uint64_t entries = permutation.count();
  if (entries < kEntriesMin) return std::nullopt;
  const uint64_t stride = (entries + kUniformityTested - 1) / kUniformityTested;
  Uniformity found{.entries = entries, .tested = (entries + stride - 1) / stride};
  const auto bins =
      static_cast<uint32_t>(std::sqrt(static_cast<double>(found.tested) / platform::kChiSquareExpectedMin));
  found.bins = std::clamp(bins, 2U, kBinsMax);
  std::array<std::array<uint64_t, kBinsMax>, kBinsMax> fields{};
  std::array<uint64_t, kBinsMax> rows{};
  std::array<uint64_t, kBinsMax> columns{};
  for (uint64_t index = 0; index < entries; index += stride) {
    const uint32_t row = bin_of(index, entries, found.bins);
    const uint32_t column = bin_of(permutation.position_of(index), entries, found.bins);
    ++fields[row][column];
    ++rows[row];
    ++columns[column];
  }
  const auto tested = static_cast<double>(found.tested);
  for (uint32_t row = 0; row < found.bins; ++row) {
    for (uint32_t column = 0; column < found.bins; ++column) {
      const double expected = static_cast<double>(rows[row]) * static_cast<double>(columns[column]) / tested;
      const double difference = static_cast<double>(fields[row][column]) - expected;
      if (expected > 0) found.chi_square += difference * difference / expected;
    }
  }
  found.chi_square *= (tested - 1) / tested;
  found.degrees = (found.bins - 1) * (found.bins - 1);
  found.p = platform::chi_square_p(found.chi_square, found.degrees);
  return found;
}

std::optional<Uniformity> Uniformities::of(SaleNumber sale, const DrawPermutation& permutation) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(sale);
    if (known != known_.end()) return known->second;
  }
  const auto found = uniformity_of(permutation);
  const std::lock_guard lock(mutex_);
  if (known_.size() == kKept) known_.clear();
  return known_.emplace(sale, found).first->second;
}

}  // namespace doorbuster::sale
