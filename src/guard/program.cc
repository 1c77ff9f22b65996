#include "guard/program.h"

#include <strings.h>

#include <array>
#include <bit>
#include <bitset>
#include <charconv>
#include <string_view>

#include "base/text_memo.h"

namespace doorbuster::guard {
namespace {

enum class Family : uint8_t { kNone, kChromium, kFirefox, kWebKit };

// Of the fields that are looked at, in the order of this list; those with a place are among the four whose order
// counts.
enum Looked : size_t {
  kUserAgent,
  kAccept,
  kAcceptEncoding,
  kAcceptLanguage,
  kBrands,    // sec-ch-ua
  kMobile,    // sec-ch-ua-mobile
  kPlatform,  // sec-ch-ua-platform
  kFetchSite,
  kOrigin,
  kScheme,  // X-Forwarded-Proto
};
constexpr std::array<std::string_view, 10> kLooked = {
    "user-agent",         "accept",         "accept-encoding", "accept-language",  "sec-ch-ua", "sec-ch-ua-mobile",
    "sec-ch-ua-platform", "sec-fetch-site", "origin",          "x-forwarded-proto"};

// Which of them have a name of so many letters: a bit each.
constexpr auto kOfSize = [] {
  std::array<uint16_t, 32> of_size{};
  for (size_t looked = 0; looked < kLooked.size(); ++looked)
    of_size.at(kLooked[looked].size()) |= static_cast<uint16_t>(1U << looked);
  return of_size;
}();

struct Found {
  std::string_view value;
  size_t place = 0;  // from 1; 0: it was not sent
};
using Fields = std::array<Found, kLooked.size()>;

Fields find(std::span<const net::Field> fields) {
  Fields found{};
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto& [name, value] = fields[i];
    for (unsigned maybe = name.size() < kOfSize.size() ? kOfSize[name.size()] : 0U; maybe != 0; maybe &= maybe - 1) {
      const auto looked = static_cast<size_t>(std::countr_zero(maybe));
      // The C library compares many letters at once: this is done with each field of each join.
      if (strncasecmp(name.data(), kLooked[looked].data(), name.size()) != 0) continue;
      if (found[looked].place == 0) found[looked] = {value, i + 1};
      break;
    }
  }
  return found;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// The number behind "Chrome/" and the like; 0 if there is none.
unsigned number_behind(std::string_view text, std::string_view mark) {
  const size_t at = text.find(mark);
  unsigned number = 0;
  if (at != std::string_view::npos) std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), number);
  return number;
}

// Browsers of iOS are all WebKit, whatever they are called. What drives a browser without a window says so.
Family family_of(std::string_view agent) {
  if (!agent.starts_with("Mozilla/5.0 (") || has(agent, "Headless")) return Family::kNone;
  if (has(agent, "Chrome/")) return Family::kChromium;
  if (has(agent, "Firefox/")) return Family::kFirefox;
  return has(agent, "AppleWebKit/") && has(agent, "Mobile/") + has(agent, "Safari/") > 0 ? Family::kWebKit
                                                                                         : Family::kNone;
}

DeviceClass device_of(std::string_view agent, Family family) {
  if (family == Family::kNone) return agent.empty() ? DeviceClass::kUnknown : DeviceClass::kTool;
  if (has(agent, "iPad") || has(agent, "Tablet")) return DeviceClass::kTablet;
  const bool is_android = has(agent, "Android");
  if (has(agent, "iPhone") || (is_android && has(agent, "Mobile"))) return DeviceClass::kPhone;
  return is_android ? DeviceClass::kTablet : DeviceClass::kDesktop;
}

struct Platform {
  std::string_view hint;
  std::string_view in_agent;
};
constexpr std::array<Platform, 5> kPlatforms = {{{"\"Windows\"", "Windows NT"},
                                                 {"\"macOS\"", "Macintosh"},
                                                 {"\"Android\"", "Android"},
                                                 {"\"Chrome OS\"", "CrOS"},
                                                 {"\"Linux\"", "Linux"}}};

// What a user agent says.
struct Agent {
  Family family = Family::kNone;
  DeviceClass device = DeviceClass::kUnknown;
  unsigned chrome = 0;  // version
  bool is_mobile = false;
  std::bitset<kPlatforms.size()> platforms;
};

Agent read_agent(std::string_view text) {
  const Family family = family_of(text);
  Agent agent{.family = family,
              .device = device_of(text, family),
              .chrome = number_behind(text, "Chrome/"),
              .is_mobile = has(text, "Mobile"),
              .platforms = {}};
  for (size_t i = 0; i < kPlatforms.size(); ++i) agent.platforms[i] = has(text, kPlatforms[i].in_agent);
  return agent;
}

Agent agent_of(std::string_view text) {
  constexpr size_t kRemembered = 1'024;
  thread_local TextMemo<Agent> known(kRemembered);
  return known.of(text, read_agent);
}

bool fits_platform(std::string_view hint, const Agent& agent) {
  for (size_t i = 0; i < kPlatforms.size(); ++i) {
    if (kPlatforms[i].hint == hint) return agent.platforms[i];
  }
  return true;  // of one that we do not know
}

// "Chromium";v="131" among the brands, and Chrome/131 in the user agent.
bool fits_version(std::string_view brands, const Agent& agent) {
  return number_behind(brands, "\"Chromium\";v=\"") == agent.chrome;
}

bool is_secure(const Fields& fields) {
  return fields[kFetchSite].place > 0 || fields[kOrigin].value.starts_with("https://") ||
         fields[kScheme].value == "https";
}

bool fits_hints(const Fields& fields, const Agent& agent) {
  constexpr unsigned kFirstWithHints = 90;
  if (fields[kBrands].place == 0) return !is_secure(fields) || agent.chrome < kFirstWithHints;
  if (has(fields[kBrands].value, "Headless") || !fits_version(fields[kBrands].value, agent)) return false;
  if (fields[kPlatform].place > 0 && !fits_platform(fields[kPlatform].value, agent)) return false;
  const bool says_mobile = fields[kMobile].value == "?1";
  return fields[kMobile].place == 0 || says_mobile == agent.is_mobile;
}

bool contradicts(const Fields& fields, const Agent& agent) {
  if (fields[kAcceptLanguage].place == 0 || fields[kAcceptEncoding].place == 0) return true;
  if (agent.family != Family::kChromium) return fields[kBrands].place > 0;
  return !fits_hints(fields, agent);
}

// WebKit has changed its order from version to version.
bool is_out_of_order(const Fields& fields, Family family) {
  constexpr std::array kChromium = {kUserAgent, kAccept, kAcceptEncoding, kAcceptLanguage};
  constexpr std::array kFirefox = {kUserAgent, kAccept, kAcceptLanguage, kAcceptEncoding};
  if (family == Family::kWebKit) return false;
  size_t last = 0;
  for (const Looked looked : family == Family::kChromium ? kChromium : kFirefox) {
    if (fields[looked].place == 0) continue;
    if (fields[looked].place < last) return true;
    last = fields[looked].place;
  }
  return false;
}

}  // namespace

Program program_of(std::span<const net::Field> fields) {
  const Fields found = find(fields);
  const Agent agent = agent_of(found[kUserAgent].value);
  if (agent.family == Family::kNone) return {.device = agent.device};
  return {.device = agent.device,
          .is_browser = true,
          .contradicts = contradicts(found, agent),
          .is_out_of_order = is_out_of_order(found, agent.family)};
}

}  // namespace doorbuster::guard
