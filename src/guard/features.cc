#include "guard/features.h"

#include <algorithm>

namespace doorbuster::guard {
namespace {

constexpr std::array<std::string_view, kFacts> kFactNames = {
    "new_session",      "account_age_days", "instrument_customers", "session_requests",
    "address_requests", "address_sessions", "prefix_sessions",      "address_customers",
    "even_intervals",   "device_sessions",  "page_first_ms",        "page_presses",
    "page_moves",       "page_keys",        "page_touches",         "page_focus"};

constexpr std::array<std::string_view, kNetworkClassNames.size()> kNetworkFeatures = {
    "network_unknown",  "network_residential", "network_mobile",
    "network_business", "network_data_centre", "network_anonymizer"};

constexpr std::array<std::string_view, kDeviceClassNames.size()> kDeviceFeatures = {
    "device_unknown", "device_desktop", "device_phone", "device_tablet", "device_tool"};

// The names of the classes, behind one of "network_" and "device_".
template <size_t N>
constexpr bool are_of(const std::array<std::string_view, N>& features, const std::array<std::string_view, N>& classes) {
  return std::ranges::equal(features, classes, [](auto feature, auto name) { return feature.ends_with(name); });
}
static_assert(are_of(kNetworkFeatures, kNetworkClassNames) && are_of(kDeviceFeatures, kDeviceClassNames));

constexpr std::array<std::string_view, kFeatures> all_names() {
  std::array<std::string_view, kFeatures> names;
  auto next = std::copy(kSignalNames.begin() + 1, kSignalNames.end(), names.begin());
  next = std::ranges::copy(kFactNames, next).out;
  next = std::ranges::copy(kNetworkFeatures, next).out;
  std::ranges::copy(kDeviceFeatures, next);
  return names;
}

}  // namespace

constexpr std::array<std::string_view, kFeatures> kFeatureNames = all_names();

Features::Features() {
  values_.fill(0);
  std::fill_n(values_.begin() + kFirstFact, kFacts, kMissing);
}

void Features::set(const SignalSet& signals) {
  for (size_t signal = 1; signal < kSignals; ++signal)
    values_[signal - 1] = signals.has(static_cast<Signal>(signal)) ? 1 : 0;
}

void Features::set(const PageUse& use) {
  set(Fact::kPageFirstMs, static_cast<float>(use.first_ms));
  set(Fact::kPagePresses, static_cast<float>(use.presses));
  set(Fact::kPageMoves, static_cast<float>(use.moves));
  set(Fact::kPageKeys, static_cast<float>(use.keys));
  set(Fact::kPageTouches, static_cast<float>(use.touches));
  set(Fact::kPageFocus, static_cast<float>(use.focus));
}

SignalSet Features::signals() const {
  SignalSet signals;
  for (size_t signal = 1; signal < kSignals; ++signal) {
    if (values_[signal - 1] == 1) signals.add(static_cast<Signal>(signal));
  }
  return signals;
}

}  // namespace doorbuster::guard
