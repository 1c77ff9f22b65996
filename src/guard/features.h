// What a model looks at when it scores a request: whoever asks, as numbers that have names.
//
// First the signals of the card, 1 where one speaks; then what lies behind them, as far as it is known; then the class
// of the network and of the device, 1 for the one that it is. The names stand here and nowhere else: the decision log
// writes them, a model file lists those that it was trained on, and is refused where they are not these in this order.
// docs/formats/guard-decisions.md says what each is.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "base/assessment.h"
#include "guard/page_use.h"
#include "guard/scorecard.h"

namespace doorbuster::guard {

// What lies behind the signals.
enum class Fact : uint8_t {
  kNewSession,           // 1: they come without a cookie of ours and without a token of the shop
  kAccountAgeDays,       // as the shop's token says
  kInstrumentCustomers,  // who pay by the same, in the signal's window
  kSessionRequests,      // of the session or customer, in the signal's window
  kAddressRequests,      // of strangers at the address
  kAddressSessions,      // that began at the address
  kPrefixSessions,       // that began beside it
  kAddressCustomers,     // of the shop, lately at the address
  kEvenIntervals,        // in a row
  kDeviceSessions,       // of the device that the shop's app names
  kPageFirstMs,          // until the first action
  kPagePresses,
  kPageMoves,
  kPageKeys,
  kPageTouches,
  kPageFocus,
};

inline constexpr size_t kFacts = static_cast<size_t>(Fact::kPageFocus) + 1;
inline constexpr size_t kFirstFact = kSignals - 1;  // kNone is none
inline constexpr size_t kFirstNetworkFeature = kFirstFact + kFacts;
inline constexpr size_t kFirstDeviceFeature = kFirstNetworkFeature + kNetworkClassNames.size();
inline constexpr size_t kFeatures = kFirstDeviceFeature + kDeviceClassNames.size();

// In their order; the first are those of the signals.
extern const std::array<std::string_view, kFeatures> kFeatureNames;

// What nobody knows of somebody: the age of an account that they do not have.
inline constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

class Features {
 public:
  Features();

  void set(const SignalSet& signals);
  void set(const PageUse& use);
  void set(Fact fact, float value) { values_[kFirstFact + static_cast<size_t>(fact)] = value; }
  void set(NetworkClass network) { values_[kFirstNetworkFeature + static_cast<size_t>(network)] = 1; }
  void set(DeviceClass device) { values_[kFirstDeviceFeature + static_cast<size_t>(device)] = 1; }
  void set(size_t index, float value) { values_[index] = value; }

  // Those that spoke, those without points among them.
  [[nodiscard]] SignalSet signals() const;
  [[nodiscard]] float of(Fact fact) const { return values_[kFirstFact + static_cast<size_t>(fact)]; }
  [[nodiscard]] std::span<const float, kFeatures> values() const { return values_; }

 private:
  std::array<float, kFeatures> values_;
};

}  // namespace doorbuster::guard
