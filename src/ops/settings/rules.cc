#include "ops/settings/rules.h"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>

#include "base/base64.h"

namespace doorbuster::ops {
namespace {

constexpr size_t kLeastSecret = 32;
constexpr size_t kLeastWebhookSecret = 24;
constexpr size_t kMostWebhookSecret = 64;

Result<void> must(bool holds, std::string_view what) {
  if (holds) return {};
  return fail(ErrorCode::kInvalid, "must " + std::string(what));
}

}  // namespace

Result<void> any_text(std::string_view) { return {}; }

Result<void> not_empty(std::string_view text) { return must(!text.empty(), "not be empty"); }

Result<void> web_address(std::string_view text) {
  const auto url = boost::urls::parse_uri(text);
  const bool is_web =
      url && (url->scheme_id() == boost::urls::scheme::http || url->scheme_id() == boost::urls::scheme::https) &&
      !url->host().empty() && !url->has_userinfo() && !url->has_fragment();
  return must(is_web,
              "be an address such as \"https://shop.example/hooks\", with http or https and without a user or a '#'");
}

Result<void> base_address(std::string_view text) {
  TRY(web_address(text));
  return must(text.find('?') == std::string_view::npos, "be an address that paths are put behind: without a '?'");
}

Result<void> site_address_or_empty(std::string_view text) {
  if (text.empty()) return {};
  TRY(base_address(text));
  const auto path = boost::urls::parse_uri(text)->encoded_path();
  return must(path.empty() || path == "/",
              "be scheme and host only, such as \"https://shop.example\": the pages begin at the root of a site");
}

Result<void> secret_or_empty(std::string_view text) {
  return must(text.empty() || text.size() >= kLeastSecret,
              "have at least 32 characters; `openssl rand -hex 32` makes a good one");
}

Result<void> webhook_secret(std::string_view text) {
  constexpr std::string_view kPrefix = "whsec_";
  std::array<std::byte, kMostWebhookSecret> bytes{};
  const bool has_prefix = text.starts_with(kPrefix);
  const auto size = from_base64(text.substr(has_prefix ? kPrefix.size() : 0), bytes);
  return must(
      has_prefix && size && *size >= kLeastWebhookSecret,
      "be \"whsec_\" and the base64 of 24 to 64 random bytes; `echo whsec_$(openssl rand -base64 32)` makes one");
}

Result<void> event_type(std::string_view text) {
  const auto is_part = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  };
  const size_t dot = text.find('.');
  const bool is_type = dot != std::string_view::npos && is_part(text.substr(0, dot)) && is_part(text.substr(dot + 1));
  return must(is_type, "name events such as \"order.paid\"");
}

}  // namespace doorbuster::ops
