#include "links/api/visitor.h"

#include <algorithm>
#include <array>

#include "net/text.h"

namespace doorbuster::links {
namespace {

struct Platform {
  std::string_view hint;
  System system;
};
constexpr auto kPlatforms = std::to_array<Platform>({{"\"Windows\"", System::kWindows},
                                                     {"\"macOS\"", System::kMacos},
                                                     {"\"Android\"", System::kAndroid},
                                                     {"\"iOS\"", System::kIos},
                                                     {"\"Linux\"", System::kLinux},
                                                     {"\"Chrome OS\"", System::kChromeOs},
                                                     {"\"Chromium OS\"", System::kChromeOs}});

// Fields that few look at, found in one pass.
struct Hints {
  std::string_view platform;
  std::string_view mobile;
};

Hints hints_in(const net::Request& request) {
  constexpr std::string_view kPlatform = "sec-ch-ua-platform";
  constexpr std::string_view kMobile = "sec-ch-ua-mobile";
  Hints hints;
  for (const auto& [name, value] : request.headers()) {
    if (name.size() == kPlatform.size() && net::equals_ignoring_case(name, kPlatform)) hints.platform = value;
    if (name.size() == kMobile.size() && net::equals_ignoring_case(name, kMobile)) hints.mobile = value;
  }
  return hints;
}

void believe(const Hints& hints, Click& click) {
  const auto platform = std::ranges::find(kPlatforms, hints.platform, &Platform::hint);
  if (platform != kPlatforms.end()) click.system = platform->system;
  if (hints.mobile == "?1") click.device = DeviceClass::kPhone;
  if (hints.mobile == "?0")
    click.device = click.system == System::kAndroid ? DeviceClass::kTablet : DeviceClass::kDesktop;
}

}  // namespace

bool is_visit(const net::Request& request) {
  return request.method() == net::Method::kGet && !request.header("Sec-Purpose") && !request.header("Purpose");
}

std::string referrer_in(std::string_view referer) {
  const size_t scheme = referer.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = referer.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#:"));
  const bool is_host = !host.empty() && std::ranges::all_of(host, [](char c) {
    return net::is_alphanumeric(c) || c == '-' || c == '.';
  });
  if (!is_host) return {};
  std::string text(host);
  std::ranges::transform(text, text.begin(), net::to_lower);
  if (text.starts_with("www.")) text.erase(0, 4);
  return text.size() <= kReferrerBytesMax ? text : text.substr(text.size() - kReferrerBytesMax);
}

Click ClickReader::read(const net::Request& request, uint64_t link) {
  const UserAgent agent = known_agents_.of(request.header(net::Known::kUserAgent),
                                           [this](std::string_view text) { return agents_.read(text); });
  Click click{.link = link,
              .visitor = agent.visitor,
              .device = agent.device,
              .country = gate_.country_of(request),
              .referrer = std::string_view(referrer_in(request.header(net::Known::kReferer))),
              .browser = agent.browser,
              .system = agent.system};
  if (agent.has_hints) believe(hints_in(request), click);
  return click;
}

}  // namespace doorbuster::links
