#include "links/api/user_agents.h"

#include <algorithm>
#include <array>

#include "links/api/rule_list.h"
#include "net/small_letters.h"

namespace doorbuster::links {
namespace {

// What programs call themselves, in small letters.
constexpr std::array<std::string_view, 22> kPrograms = {
    "bot",   "crawl",   "spider",      "slurp", "preview", "externalhit", "whatsapp", "curl/",
    "wget/", "python",  "go-http",     "java/", "okhttp",  "headless",    "scrapy",   "monitor",
    "feed",  "fetcher", "libwww-perl", "node",  "axios/",  "validator"};

template <class Enum>
struct Named {
  std::string_view name;
  Enum value;
};

// uap-core's names. What shows web pages within an application of a phone is the engine's browser.
constexpr auto kBrowsers = std::to_array<Named<Browser>>({
    {"Chrome", Browser::kChrome},
    {"Chrome Mobile", Browser::kChrome},
    {"Chrome Mobile WebView", Browser::kChrome},
    {"Chrome Mobile iOS", Browser::kChrome},
    {"Chromium", Browser::kChrome},
    {"Safari", Browser::kSafari},
    {"Mobile Safari", Browser::kSafari},
    {"Mobile Safari UI/WKWebView", Browser::kSafari},
    {"Firefox", Browser::kFirefox},
    {"Firefox Alpha", Browser::kFirefox},
    {"Firefox Beta", Browser::kFirefox},
    {"Firefox Mobile", Browser::kFirefox},
    {"Firefox iOS", Browser::kFirefox},
    {"Edge", Browser::kEdge},
    {"Edge Mobile", Browser::kEdge},
    {"Samsung Internet", Browser::kSamsungInternet},
    {"Opera", Browser::kOpera},
    {"Opera Mini", Browser::kOpera},
    {"Opera Mobile", Browser::kOpera},
    {"Opera Coast", Browser::kOpera},
    {"Yandex Browser", Browser::kYandex},
    {"UC Browser", Browser::kUcBrowser},
    {"IE", Browser::kInternetExplorer},
    {"IE Mobile", Browser::kInternetExplorer},
    {"Amazon Silk", Browser::kSilk},
    {"Facebook", Browser::kFacebook},
    {"Instagram", Browser::kInstagram},
});

constexpr auto kSystems = std::to_array<Named<System>>({
    {"Windows", System::kWindows},    {"Mac OS X", System::kMacos},
    {"Mac OS", System::kMacos},       {"iOS", System::kIos},
    {"Android", System::kAndroid},    {"Kindle", System::kAndroid},
    {"Chrome OS", System::kChromeOs}, {"Linux", System::kLinux},
    {"Ubuntu", System::kLinux},       {"Kubuntu", System::kLinux},
    {"Debian", System::kLinux},       {"Fedora", System::kLinux},
    {"Red Hat", System::kLinux},      {"Arch Linux", System::kLinux},
    {"Gentoo", System::kLinux},       {"SUSE", System::kLinux},
    {"openSUSE", System::kLinux},     {"CentOS", System::kLinux},
    {"Mandriva", System::kLinux},     {"Slackware", System::kLinux},
});

template <class Enum, size_t N>
Enum value_of(const std::optional<std::string>& name, const std::array<Named<Enum>, N>& known, Enum none, Enum other) {
  if (!name) return none;
  const auto found = std::ranges::find(known, *name, &Named<Enum>::name);
  return found == known.end() ? other : found->value;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool calls_itself_program(std::string_view agent) {
  const std::string text = net::in_small_letters(agent);
  return std::ranges::any_of(kPrograms, [&](std::string_view name) { return has(text, name); });
}

// Browsers on tablets with Android leave out "Mobile" (Chrome for Developers, "User-Agent strings").
DeviceClass device_by(std::string_view agent, System system) {
  if (has(agent, "iPad") || has(agent, "Tablet")) return DeviceClass::kTablet;
  switch (system) {
    case System::kIos:
      return DeviceClass::kPhone;
    case System::kAndroid:
      return has(agent, "Mobile") ? DeviceClass::kPhone : DeviceClass::kTablet;
    case System::kWindows:
    case System::kMacos:
    case System::kLinux:
    case System::kChromeOs:
      return DeviceClass::kDesktop;
    case System::kUnknown:
    case System::kOther:
      break;
  }
  return has(agent, "Mobile") ? DeviceClass::kPhone : DeviceClass::kUnknown;
}

}  // namespace

struct UserAgents::Rules {
  RuleList browsers{browser_rules()};
  RuleList systems{system_rules()};
  RuleList programs{program_rules()};
};

UserAgents::UserAgents() = default;
UserAgents::~UserAgents() = default;

void UserAgents::prepare() const {
  std::call_once(prepared_, [this] { rules_ = std::make_unique<const Rules>(); });
}

// The last of the rules for programs finds words such as "silk" and "yahoo" anywhere: uap-core asks it when no device
// of people was found, and this when no browser of theirs was.
UserAgent UserAgents::read(std::string_view text) const {
  if (text.empty()) return {};
  prepare();
  const std::string_view agent = text.substr(0, kBytesMax);
  UserAgent seen;
  seen.browser = value_of(rules_->browsers.name_of(agent), kBrowsers, Browser::kOther, Browser::kOther);
  seen.system = value_of(rules_->systems.name_of(agent), kSystems, System::kUnknown, System::kOther);
  if (calls_itself_program(agent) || (seen.browser == Browser::kOther && rules_->programs.name_of(agent))) {
    seen.browser = Browser::kProgram;
    seen.device = DeviceClass::kTool;
    return seen;
  }
  seen.visitor = Visitor::kPerson;
  seen.device = device_by(agent, seen.system);
  seen.has_hints = has(agent, "Chrome/");
  return seen;
}

}  // namespace doorbuster::links
