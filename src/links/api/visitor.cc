#include "links/api/visitor.h"

#include <algorithm>
#include <array>

#include "base/text_memo.h"
#include "net/text.h"

namespace doorbuster::links {
namespace {

// What programs call themselves, in small letters.
constexpr std::array<std::string_view, 22> kPrograms = {
    "bot",   "crawl",   "spider",      "slurp", "preview", "externalhit", "whatsapp", "curl/",
    "wget/", "python",  "go-http",     "java/", "okhttp",  "headless",    "scrapy",   "monitor",
    "feed",  "fetcher", "libwww-perl", "node",  "axios/",  "validator"};

std::string in_small_letters(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), net::to_lower);
  return copy;
}

Visitor visitor_by(std::string_view agent) {
  if (agent.empty()) return Visitor::kBot;
  const std::string text = in_small_letters(agent);
  const bool is_program =
      std::ranges::any_of(kPrograms, [&](std::string_view name) { return text.find(name) != std::string::npos; });
  return is_program ? Visitor::kBot : Visitor::kPerson;
}

}  // namespace

Visitor visitor_of(const net::Request& request) {
  constexpr size_t kRemembered = 1'024;
  thread_local TextMemo<Visitor> known(kRemembered);
  return known.of(request.header(net::Known::kUserAgent), visitor_by);
}

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
  std::string text = in_small_letters(host);
  if (text.starts_with("www.")) text.erase(0, 4);
  return text.size() <= kReferrerBytesMax ? text : text.substr(text.size() - kReferrerBytesMax);
}

}  // namespace doorbuster::links
