#include "platform/api/redirect_allow_list.h"

#include <algorithm>

#include "net/authority.h"
#include "net/small_letters.h"

namespace doorbuster::platform {
namespace {

bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

// Letters of either size, as nginx reads it: what it takes for an admission has to go, or it would ask again for ever.
bool is_admission(std::string_view pair) {
  return net::equals_ignoring_case(pair.substr(0, pair.find('=')), kAdmissionParameter);
}

// Takes the first pair off a query, with the '?' or '&' before it.
std::string_view take_pair(std::string_view& query) {
  query.remove_prefix(1);
  const std::string_view pair = query.substr(0, query.find('&'));
  query.remove_prefix(pair.size());
  return pair;
}

// RFC 3986: pchar without '%', and what a query and a fragment have beside it.
bool is_plain(char c) { return net::is_alphanumeric(c) || is_in(c, "-._~!$&'()*+,;=:@/?"); }

bool is_hex(char c) { return (c >= '0' && c <= '9') || (net::to_lower(c) >= 'a' && net::to_lower(c) <= 'f'); }

// Only characters that an address may have, and whole escapes.
bool is_well_spelt(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
    } else if (!is_plain(text[i])) {
      return false;
    }
  }
  return true;
}

// Dots and slashes that only some of those on the way would read as such.
bool hides_segments(std::string_view path) {
  const std::string text = net::in_small_letters(path);
  return text.find("%2e") != std::string::npos || text.find("%2f") != std::string::npos ||
         text.find("%5c") != std::string::npos || text.find("%00") != std::string::npos;
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-') return false;
  if (host.starts_with('[')) {
    return host.ends_with(']') && host.size() > 2 &&
           std::all_of(host.begin() + 1, host.end() - 1, [](char c) { return is_hex(c) || is_in(c, ":."); });
  }
  return host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) { return net::is_alphanumeric(c) || is_in(c, "-."); });
}

// ":8443" with the colon; empty for the scheme's own; nothing if it is no port.
std::optional<std::string> port_of(std::string_view rest, std::string_view scheme) {
  if (rest.empty()) return std::string();
  const auto number = rest.size() <= 6 ? net::parse_number(rest.substr(1)) : std::nullopt;
  const bool plain = rest[0] == ':' && number && *number >= 1 && *number <= 65'535 && rest[1] != '0';
  if (!plain) return std::nullopt;
  if (*number == (scheme == "https" ? 443U : 80U)) return std::string();
  return std::string(rest);
}

struct Split {
  std::string_view authority;
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
};

Split split(std::string_view rest) {
  Split parts{};
  const size_t hash = std::min(rest.find('#'), rest.size());
  parts.fragment = rest.substr(hash);
  rest = rest.substr(0, hash);
  const size_t mark = std::min(rest.find('?'), rest.size());
  parts.query = rest.substr(mark);
  rest = rest.substr(0, mark);
  const size_t slash = std::min(rest.find('/'), rest.size());
  parts.path = rest.substr(slash);
  parts.authority = rest.substr(0, slash);
  return parts;
}

// What is wrong with the parts, as half a sentence; empty if nothing is.
std::string_view wrong_in(const Split& parts) {
  const bool well_spelt = is_well_spelt(parts.path) && (parts.query.empty() || is_well_spelt(parts.query.substr(1))) &&
                          (parts.fragment.empty() || is_well_spelt(parts.fragment.substr(1)));
  if (!well_spelt) return "must not have backslashes, spaces, or other characters that have to be escaped";
  if (parts.authority.find('@') != std::string_view::npos) return "must not name a user before the host";
  if (!is_host(net::host_in(parts.authority))) return "must have a host of ASCII letters, digits, '-' and '.'";
  if (hides_segments(parts.path) || has_dot_segment(parts.path)) return "must not have '.' or '..' in its path";
  return {};
}

}  // namespace

std::optional<PlainAddress> parse_address(std::string_view text, std::string_view* why) {
  const auto refuse = [&](std::string_view reason) -> std::optional<PlainAddress> {
    if (why != nullptr) *why = reason;
    return std::nullopt;
  };
  if (text.size() > kReturnAddressBytesMax) return refuse("must have at most 2,048 characters");
  const size_t scheme_end = text.find("://");
  const std::string scheme = net::in_small_letters(text.substr(0, std::min(scheme_end, text.size())));
  if (scheme != "https" && scheme != "http") return refuse("must begin with https:// or http://");
  const Split parts = split(text.substr(scheme_end + 3));
  if (const std::string_view wrong = wrong_in(parts); !wrong.empty()) return refuse(wrong);
  const std::string_view host = net::host_in(parts.authority);
  const auto port = port_of(parts.authority.substr(host.size()), scheme);
  if (!port) return refuse("must have no port, or one from 1 to 65535");
  return PlainAddress{.origin = scheme + "://" + net::in_small_letters(host) + *port,
                      .path = parts.path.empty() ? "/" : std::string(parts.path),
                      .query = std::string(parts.query),
                      .fragment = std::string(parts.fragment)};
}

Result<RedirectAllowList> RedirectAllowList::make(const std::vector<std::string>& entries) {
  RedirectAllowList list;
  for (const std::string& entry : entries) {
    std::string_view why;
    auto address = parse_address(entry, &why);
    if (address && (!address->query.empty() || !address->fragment.empty())) {
      why = "must end with its path: no '?' and no '#'";
      address.reset();
    }
    if (!address) return fail(ErrorCode::kInvalid, std::string(why) + ": '" + entry + "'");
    list.entries_.push_back(std::move(*address));
  }
  return list;
}

std::optional<PlainAddress> RedirectAllowList::find(std::string_view text) const {
  auto address = parse_address(text);
  if (!address) return std::nullopt;
  const auto covers = [&](const PlainAddress& entry) {
    if (entry.origin != address->origin || !address->path.starts_with(entry.path)) return false;
    const std::string_view below = std::string_view(address->path).substr(entry.path.size());
    return below.empty() || entry.path.ends_with('/') || below.starts_with('/');
  };
  if (std::none_of(entries_.begin(), entries_.end(), covers)) return std::nullopt;
  return address;
}

std::optional<std::string_view> admission_in(std::string_view query) {
  while (!query.empty()) {
    const std::string_view pair = take_pair(query);
    if (is_admission(pair)) return pair.substr(std::min(pair.size(), kAdmissionParameter.size() + 1));
  }
  return std::nullopt;
}

std::string query_without_admission(std::string_view query) {
  std::string kept;
  while (!query.empty()) {
    const std::string_view pair = take_pair(query);
    if (is_admission(pair)) continue;
    kept += (kept.empty() ? '?' : '&');
    kept += pair;
  }
  return kept == "?" ? "" : kept;
}

PlainAddress without_admission(PlainAddress address) {
  address.query = query_without_admission(address.query);
  return address;
}

std::string with_admission(const PlainAddress& address, std::string_view token) {
  PlainAddress with = without_admission(address);
  with.query += (with.query.empty() ? '?' : '&');
  with.query += std::string(kAdmissionParameter) + "=" + std::string(token);
  return with.text();
}

std::string query_escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    if (net::is_alphanumeric(c) || is_in(c, "-._~")) {
      escaped += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped += '%';
    escaped += kDigits[byte >> 4];
    escaped += kDigits[byte & 15];
  }
  return escaped;
}

}  // namespace doorbuster::platform
