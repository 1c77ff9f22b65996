#include "links/api/forwarded_query.h"

#include <algorithm>
#include <array>
#include <set>

#include "links/store/link.h"
#include "net/text.h"

namespace doorbuster::links {
namespace {

// A query's bytes beside letters and digits (RFC 3986 section 3.4), and those that browsers leave as they are.
constexpr std::string_view kOfQuery = "-._~!$&()*+,;=:@/?%[]|^`{}";

std::string escaped_for_query(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (net::is_alphanumeric(c) || kOfQuery.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    }
  }
  return out;
}

// As servers read it; of a name with broken escapes, as it stands.
std::string name_in(std::string_view pair) {
  const std::string_view name = pair.substr(0, pair.find('='));
  std::array<char, kLongUrlBytesMax> decoded;
  return std::string(net::percent_decode(name, decoded, net::PlusSign::kSpace).value_or(name));
}

template <class Visit>
void each_pair(std::string_view query, Visit&& visit) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (!pair.empty()) visit(pair);
  }
}

}  // namespace

std::string with_query(std::string_view destination, std::string_view query, std::string_view kept) {
  std::string theirs;
  std::set<std::string> names;
  if (query.size() <= kForwardedBytesMax) {
    each_pair(query, [&](std::string_view pair) {
      std::string name = name_in(pair);
      if (!kept.empty() && name == kept) return;
      theirs.append(1, '&').append(escaped_for_query(pair));
      names.insert(std::move(name));
    });
  }
  if (theirs.empty()) return std::string(destination);
  const size_t fragment = std::min(destination.find('#'), destination.size());
  const size_t mark = std::min(destination.find('?'), fragment);
  std::string merged;
  each_pair(destination.substr(std::min(mark + 1, fragment), fragment - std::min(mark + 1, fragment)),
            [&](std::string_view pair) {
              if (!names.contains(name_in(pair))) merged.append(1, '&').append(pair);
            });
  merged += theirs;
  merged.front() = '?';
  std::string url(destination.substr(0, mark));
  url.append(merged).append(destination, fragment);
  return url.size() <= kLongUrlBytesMax ? url : std::string(destination);
}

}  // namespace doorbuster::links
