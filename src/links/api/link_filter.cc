#include "links/api/link_filter.h"

#include <algorithm>
#include <array>

#include "links/abuse/take_downs.h"
#include "net/small_letters.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

constexpr size_t kFilterBytesMax = 256;

bool is_or_is_below(std::string_view host, std::string_view domain) {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

bool LinkFilter::matches(const Link& link) const {
  if (!tag.empty() && std::ranges::find(link.tags, tag) == link.tags.end()) return false;
  if (on && domain_in(link.code) != *on) return false;
  if (!domain.empty() && !is_or_is_below(host_of(link.long_url), domain)) return false;
  if (text.empty()) return true;
  return std::ranges::any_of(
      std::array<std::string_view, 3>{link.code, link.title, link.long_url},
      [this](std::string_view where) { return net::in_small_letters(where).find(text) != std::string::npos; });
}

std::optional<LinkFilter> filter_in(const platform::Call& call, const LinkBase& base) {
  LinkFilter filter;
  for (const auto& [name, what] : {std::pair<std::string_view, std::string*>{"tag", &filter.tag},
                                   {"domain", &filter.domain},
                                   {"q", &filter.text}}) {
    const auto raw = call.request.query_parameter(name);
    if (!raw) continue;
    std::array<char, kFilterBytesMax> room;
    const auto decoded = net::percent_decode(*raw, room, net::PlusSign::kSpace);
    if (!decoded || decoded->size() > kFilterBytesMax) {
      platform::respond_invalid(call.exchange, call.request.path(),
                                std::string(name) + " is at most 256 bytes, with what is odd in it as %XX.");
      return std::nullopt;
    }
    *what = *decoded;
  }
  filter.domain = net::in_small_letters(filter.domain);
  if (const auto on = call.request.query_parameter("link_domain")) filter.on = base.named(*on);
  filter.text = net::in_small_letters(filter.text);
  return filter;
}

}  // namespace doorbuster::links
