// A visit of a short link, as it is kept: what is counted, and nothing that names a person.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/assessment.h"
#include "base/bounded_text.h"

namespace doorbuster::links {

// A host's registered domain, as the browser named it. A longer one is kept as its end.
inline constexpr size_t kReferrerBytesMax = 64;

// Numbers mean the same for ever: logs hold them.
enum class Visitor : uint8_t {
  kPerson,
  kBot,  // says that it is a program, or says nothing
};
inline constexpr std::array<std::string_view, 2> kVisitorNames = {"person", "bot"};
constexpr Visitor last_of(Visitor) { return Visitor::kBot; }

// By the user agent. What shows pages within another application is its engine's.
enum class Browser : uint8_t {
  kUnknown,  // nothing was said; and of clicks from before it was asked for
  kOther,
  kProgram,  // none
  kChrome,
  kSafari,
  kFirefox,
  kEdge,
  kSamsungInternet,
  kOpera,
  kYandex,
  kUcBrowser,
  kInternetExplorer,
  kSilk,
  kFacebook,
  kInstagram,
};
inline constexpr std::array<std::string_view, 15> kBrowserNames = {
    "unknown", "other",      "program",           "chrome", "safari",   "firefox",  "edge", "samsung_internet", "opera",
    "yandex",  "uc_browser", "internet_explorer", "silk",   "facebook", "instagram"};
constexpr Browser last_of(Browser) { return Browser::kInstagram; }

// By the user agent, or by the client hint Sec-CH-UA-Platform.
enum class System : uint8_t { kUnknown, kOther, kWindows, kMacos, kIos, kAndroid, kLinux, kChromeOs };
inline constexpr std::array<std::string_view, 8> kSystemNames = {"unknown", "other",   "windows", "macos",
                                                                 "ios",     "android", "linux",   "chromeos"};
constexpr System last_of(System) { return System::kChromeOs; }
static_assert(kVisitorNames.size() == static_cast<size_t>(last_of(Visitor())) + 1);
static_assert(kBrowserNames.size() == static_cast<size_t>(last_of(Browser())) + 1);
static_assert(kSystemNames.size() == static_cast<size_t>(last_of(System())) + 1);

// What tells one person's clicks from another's, for a day: eight bytes of a keyed hash, whose key is another one each
// day.
inline constexpr uint64_t kNoVisitorHash = 0;

// Which of a link's variants a click was led to, by a hash of the variant's name (variant_key()).
inline constexpr uint32_t kNoVariant = 0;
inline constexpr uint32_t kOtherVariants = UINT32_MAX;  // no click's: what is counted together

struct Click {
  uint64_t link = 0;  // its number
  Visitor visitor = Visitor::kPerson;
  DeviceClass device = DeviceClass::kUnknown;
  Country country = kUnknownCountry;
  BoundedText<kReferrerBytesMax> referrer = {};  // empty: the browser said none
  Browser browser = Browser::kUnknown;
  System system = System::kUnknown;
  uint64_t visitor_hash = kNoVisitorHash;
  uint32_t variant = kNoVariant;
  friend bool operator==(const Click&, const Click&) = default;
};

}  // namespace doorbuster::links
