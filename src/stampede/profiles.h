// What programs that speak HTTP write into a request: which fields, with what values, in what order.
//
// A browser is told from a tool by that as much as by its User-Agent, so a bot that wants to look like one copies all
// of it. The orders are those of the programs named here, for a fetch() of a page's own origin.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace doorbuster::stampede {

enum class Profile : uint8_t { kChromiumDesktop, kChromiumPhone, kFirefox, kSafari, kPythonRequests, kCurl, kGo };
inline constexpr std::array<std::string_view, 7> kProfileNames = {
    "chromium_desktop", "chromium_phone", "firefox", "safari", "python_requests", "curl", "go"};

[[nodiscard]] std::optional<Profile> profile_named(std::string_view name);

// What differs from request to request; what is empty is left out.
struct RequestParts {
  std::string_view method = "GET";
  std::string_view path;
  std::string_view host;
  std::string_view bearer = {};
  std::string_view cookie = {};
  std::string_view idempotency_key = {};
  std::string_view solution = {};  // of a challenge
  std::string_view page = {};      // what the page saw of its visitor (Doorbuster-Page)
  std::string_view content_type = {};
  std::string_view body = {};
};

// The request as that program sends it.
[[nodiscard]] std::string write_request(Profile profile, const RequestParts& parts);

}  // namespace doorbuster::stampede
