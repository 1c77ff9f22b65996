// What the guard said of a request that took something: kept with what was taken, so that a place's delay can be
// repeated from the log, and fairness measured by whom it was fair to. Numbers mean the same for ever: logs hold them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace doorbuster {

// What speaks for a bot. Appended to, never renumbered; a score's reasons are some of these.
enum class Signal : uint8_t {
  kNone,
  kNoAccount,          // no token of the shop
  kYoungAccount,       // the shop says that the account is young
  kSharedInstrument,   // the shop says how they pay, and others pay by the same
  kDataCentre,         // the address is a data centre's
  kAnonymizer,         // the address is a public proxy's, a VPN's or Tor's
  kUnknownCountry,     // nobody knows where the address is
  kSessionsOfAddress,  // the address has begun many sessions lately
  kSessionsOfPrefix,   // the addresses beside it have
  kFastSession,        // the session asks more often than people do
  kFastAddress,        // the address does
  kNoBrowser,          // the user agent is a tool's, or there is none
  kHeadersContradict,  // the headers are not those of the browser that the user agent names
  kHeaderOrder,        // they are, but in an order in which it does not send them
  kTlsFingerprint,     // the connection was begun as tools do, not as browsers do
  kNoPage,             // nothing is said of how the page was used
  kNoBehaviour,        // the page was not touched, moved over or looked at
  kInstantAction,      // the first action came sooner than people can act
  kRegularTiming,      // the times between requests are more even than people's
  kDeviceReused,       // the same device has had several sessions
};
inline constexpr std::array<std::string_view, 20> kSignalNames = {
    "none",         "no_account",      "young_account",       "shared_instrument",  "data_centre",
    "anonymizer",   "unknown_country", "sessions_of_address", "sessions_of_prefix", "fast_session",
    "fast_address", "no_browser",      "headers_contradict",  "header_order",       "tls_fingerprint",
    "no_page",      "no_behaviour",    "instant_action",      "regular_timing",     "device_reused"};

enum class NetworkClass : uint8_t {
  kUnknown,
  kResidential,
  kMobile,  // a carrier's: many people behind few addresses
  kBusiness,
  kDataCentre,
  kAnonymizer,
};
inline constexpr std::array<std::string_view, 6> kNetworkClassNames = {"unknown",  "residential", "mobile",
                                                                       "business", "data_centre", "anonymizer"};

constexpr Signal last_of(Signal) { return Signal::kDeviceReused; }
constexpr NetworkClass last_of(NetworkClass) { return NetworkClass::kAnonymizer; }

// By the user agent.
enum class DeviceClass : uint8_t { kUnknown, kDesktop, kPhone, kTablet, kTool };
inline constexpr std::array<std::string_view, 5> kDeviceClassNames = {"unknown", "desktop", "phone", "tablet", "tool"};
constexpr DeviceClass last_of(DeviceClass) { return DeviceClass::kTool; }
static_assert(kSignalNames.size() == static_cast<size_t>(last_of(Signal())) + 1);
static_assert(kNetworkClassNames.size() == static_cast<size_t>(last_of(NetworkClass())) + 1);
static_assert(kDeviceClassNames.size() == static_cast<size_t>(last_of(DeviceClass())) + 1);

// ISO 3166-1 alpha-2, in capitals.
using Country = std::array<char, 2>;
inline constexpr Country kUnknownCountry = {'Z', 'Z'};  // of the codes that stay unassigned
[[nodiscard]] constexpr bool is_country(const Country& code) {
  return code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z';
}

inline constexpr uint8_t kScoreMax = 100;

struct Assessment {
  uint8_t score = 0;                   // to kScoreMax: 0 is a person, 100 a bot
  std::array<Signal, 3> reasons = {};  // the heaviest first; kNone: no more
  NetworkClass network = NetworkClass::kUnknown;
  DeviceClass device = DeviceClass::kUnknown;
  Country country = kUnknownCountry;
  bool is_delayed = false;  // a place in a line is to be behind all others of its minute
  bool operator==(const Assessment&) const = default;
};

}  // namespace doorbuster
