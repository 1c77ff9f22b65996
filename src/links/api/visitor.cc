#include "links/api/visitor.h"

#include <algorithm>
#include <array>

#include "net/small_letters.h"
#include "net/text.h"

namespace doorbuster::links {

// Fields that hardly anybody else looks at, found in one pass.
struct RequestHints {
  std::string_view platform;
  std::string_view mobile;
  bool wants_no_tracking = false;
  bool looks_ahead = false;
};

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

void note(std::string_view name, std::string_view value, RequestHints& said) {
  const auto is = [&](std::string_view known) { return net::equals_ignoring_case(name, known); };
  switch (name.size()) {  // which most fields fail by
    case 3:
      if (is("dnt")) said.wants_no_tracking |= value == "1";
      break;
    case 7:
      if (is("sec-gpc")) said.wants_no_tracking |= value == "1";
      if (is("purpose")) said.looks_ahead = true;
      break;
    case 11:
      if (is("sec-purpose")) said.looks_ahead = true;
      break;
    case 16:
      if (is("sec-ch-ua-mobile")) said.mobile = value;
      break;
    case 18:
      if (is("sec-ch-ua-platform")) said.platform = value;
      break;
    default:
      break;
  }
}

RequestHints said_in(const net::Request& request) {
  RequestHints said;
  for (const auto& [name, value] : request.headers()) note(name, value, said);
  return said;
}

void believe(const RequestHints& said, Click& click) {
  const auto platform = std::ranges::find(kPlatforms, said.platform, &Platform::hint);
  if (platform != kPlatforms.end()) click.system = platform->system;
  if (said.mobile == "?1") click.device = DeviceClass::kPhone;
  if (said.mobile == "?0")
    click.device = click.system == System::kAndroid ? DeviceClass::kTablet : DeviceClass::kDesktop;
}

}  // namespace

std::string referrer_in(std::string_view referer, const RegistrableDomains& domains) {
  constexpr std::string_view kBetween = "://";
  const size_t scheme = referer.find(kBetween);
  if (scheme == std::string_view::npos) return {};
  std::string_view host = referer.substr(scheme + kBetween.size());
  host = host.substr(0, host.find_first_of("/?#:"));
  if (host.ends_with('.')) host.remove_suffix(1);
  const bool is_host = !host.empty() && std::ranges::all_of(host, [](char c) {
    return net::is_alphanumeric(c) || c == '-' || c == '.';
  });
  if (!is_host) return {};
  const std::string text = net::in_small_letters(host);
  const bool is_web = referer.starts_with("http");  // android-app://com.example.reader/ names no host
  const std::string_view known = is_web ? domains.of(text) : text;
  return std::string(known.size() <= kReferrerBytesMax ? known : known.substr(known.size() - kReferrerBytesMax));
}

std::optional<Click> ClickReader::read(const net::Request& request, uint64_t link, Timestamp now) {
  if (request.method() != net::Method::kGet) return std::nullopt;
  const RequestHints said = said_in(request);
  if (said.looks_ahead) return std::nullopt;
  return click_of(request, said, link, now);
}

ClickReader::Seen ClickReader::look(const net::Request& request, uint64_t link, Timestamp now) {
  const RequestHints said = said_in(request);
  Seen seen{.click = click_of(request, said, link, now),
            .is_click = request.method() != net::Method::kHead && !said.looks_ahead,
            .facts = {}};
  seen.facts = {.device = seen.click.device,
                .browser = seen.click.browser,
                .system = seen.click.system,
                .country = seen.click.country,
                .accept_language = request.header("Accept-Language").value_or(""),
                .address = gate_.sender_of(request),
                .query = request.query(),
                .at = now};
  return seen;
}

Click ClickReader::imagine(std::string_view user_agent, const net::PeerAddress& address, Timestamp now) {
  const Agent known = agent_of(user_agent);
  const bool is_person = known.agent.visitor == Visitor::kPerson;
  return {.visitor = known.agent.visitor,
          .device = known.agent.device,
          .referrer = {},
          .browser = known.agent.browser,
          .system = known.agent.system,
          .visitor_hash = is_person ? hasher_.of(address, known.hash, now) : kNoVisitorHash};
}

BoundedText<kReferrerBytesMax> ClickReader::referrer(std::string_view referer) {
  return referrers_.of(referer, [this](std::string_view text) {
    return BoundedText<kReferrerBytesMax>(std::string_view(referrer_in(text, knowledge_.domains)));
  });
}

ClickReader::Agent ClickReader::agent_of(std::string_view user_agent) {
  return agents_.of(user_agent, [this](std::string_view text) {
    return Agent{.agent = knowledge_.agents.read(text), .hash = hasher_.agent_hash(text)};
  });
}

Click ClickReader::click_of(const net::Request& request, const RequestHints& said, uint64_t link, Timestamp now) {
  const Agent known = agent_of(request.header(net::Known::kUserAgent));
  Click click{.link = link,
              .visitor = known.agent.visitor,
              .device = known.agent.device,
              .country = gate_.country_of(request),
              .referrer = referrer(request.header(net::Known::kReferer)),
              .browser = known.agent.browser,
              .system = known.agent.system};
  if (click.visitor != Visitor::kPerson) return click;
  if (known.agent.has_hints) believe(said, click);
  if (!said.wants_no_tracking) click.visitor_hash = hasher_.of(gate_.sender_of(request), known.hash, now);
  return click;
}

}  // namespace doorbuster::links
