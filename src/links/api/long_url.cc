#include "links/api/long_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"
#include "links/api/alias.h"
#include "links/api/international_host.h"
#include "links/api/link_base.h"
#include "links/store/link.h"
#include "net/authority.h"
#include "net/small_letters.h"

namespace doorbuster::links {
namespace {

constexpr size_t kHostBytesMax = 253;  // RFC 1035
constexpr size_t kLabelBytesMax = 63;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (net::to_lower(c) >= 'a' && net::to_lower(c) <= 'f'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Parts {
  std::string scheme;
  std::string_view authority;
  std::string_view path;      // with its '/', or empty
  std::string_view query;     // with its '?', or empty
  std::string_view fragment;  // with its '#', or empty
};

Result<Parts> split(std::string_view text) {
  const size_t end = text.find("://");
  Parts parts{.scheme = net::in_small_letters(text.substr(0, std::min(end, text.size())))};
  if (end == std::string_view::npos || (parts.scheme != "http" && parts.scheme != "https"))
    return fail(ErrorCode::kInvalid, "must begin with https:// or http://");
  std::string_view rest = text.substr(end + 3);
  const size_t fragment = std::min(rest.find('#'), rest.size());
  parts.fragment = rest.substr(fragment);
  rest = rest.substr(0, fragment);
  const size_t query = std::min(rest.find('?'), rest.size());
  parts.query = rest.substr(query);
  rest = rest.substr(0, query);
  const size_t path = std::min(rest.find('/'), rest.size());
  parts.path = rest.substr(path);
  parts.authority = rest.substr(0, path);
  return parts;
}

// Four numbers from 0 to 255 with dots between them, without leading zeros.
bool is_plain_ipv4(std::string_view host) {
  int numbers = 0;
  while (!host.empty()) {
    const std::string_view part = host.substr(0, host.find('.'));
    const auto number = net::parse_number(part);
    if (!number || *number > 255 || (part.size() > 1 && part.front() == '0')) return false;
    ++numbers;
    host.remove_prefix(std::min(part.size() + 1, host.size()));
  }
  return numbers == 4;
}

// What browsers take for an IPv4 address, however it is written (WHATWG URL, section 3.5: "ends in a number").
bool ends_in_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (std::ranges::all_of(last, is_digit)) return true;
  return last.starts_with("0x") && std::ranges::all_of(last.substr(2), is_hex);
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLabelBytesMax &&
         std::ranges::all_of(label, [](char c) { return net::is_alphanumeric(c) || c == '-' || c == '_'; });
}

Result<std::string> parse_name(std::string_view text) {
  const auto is_beyond_ascii = [](char c) { return static_cast<uint8_t>(c) >= 0x80; };
  std::string host = net::in_small_letters(text);
  if (std::ranges::any_of(text, is_beyond_ascii) || host.find("xn--") != std::string::npos)
    host = TRY(host_in_ascii(text));
  const std::string_view name = std::string_view(host).substr(0, host.size() - (host.ends_with('.') ? 1 : 0));
  if (name.empty() || name.size() > kHostBytesMax) return fail(ErrorCode::kInvalid, "must have a host");
  if (ends_in_number(name) && (!is_plain_ipv4(name) || name.size() < host.size()))
    return fail(ErrorCode::kInvalid, "must have an IPv4 address written as four numbers, such as 192.0.2.1");
  if (name.ends_with('.')) return fail(ErrorCode::kInvalid, "must have a host of letters, digits, '-' and '.'");
  for (std::string_view rest = name; !rest.empty();) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    if (!is_label(label)) return fail(ErrorCode::kInvalid, "must have a host of letters, digits, '-' and '.'");
    rest.remove_prefix(std::min(label.size() + 1, rest.size()));
  }
  return host;
}

using Ipv6Groups = std::array<uint16_t, 8>;

// Where the longest row of at least two zeros begins and ends, the first of several.
std::pair<size_t, size_t> longest_zeros(const Ipv6Groups& groups) {
  std::pair<size_t, size_t> longest{0, 0};
  for (size_t begin = 0; begin < groups.size(); ++begin) {
    size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin >= 2 && end - begin > longest.second - longest.first) longest = {begin, end};
  }
  return longest;
}

// As a browser writes it (WHATWG URL, section 3.6: the IPv6 serializer).
std::string text_of_groups(const Ipv6Groups& groups) {
  const auto [zeros, zeros_end] = longest_zeros(groups);
  std::string text = "[";
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros && zeros < zeros_end) {
      text += i == 0 ? "::" : ":";
      i = zeros_end - 1;
      continue;
    }
    std::array<char, 4> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
    text.append(digits.data(), end);
    if (i + 1 < groups.size()) text += ':';
  }
  return text + ']';
}

Result<std::string> parse_ipv6(std::string_view text) {
  std::array<uint8_t, 16> bytes;
  const std::string inner(text.size() > 2 && text.ends_with(']') ? text.substr(1, text.size() - 2) : "");
  if (inet_pton(AF_INET6, inner.c_str(), bytes.data()) != 1)
    return fail(ErrorCode::kInvalid, "must have an IPv6 address as its host in brackets");
  Ipv6Groups groups;
  for (size_t i = 0; i < groups.size(); ++i) groups[i] = static_cast<uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  return text_of_groups(groups);
}

// "example.com:8443" as it stands in an address.
Result<std::string> parse_authority(std::string_view text, std::string_view scheme) {
  if (text.find('@') != std::string_view::npos)
    return fail(ErrorCode::kInvalid, "must not name a user before the host");
  const std::string_view host_text = net::host_in(text);
  std::string host = host_text.starts_with('[') ? TRY(parse_ipv6(host_text)) : TRY(parse_name(host_text));
  std::string_view port = text.substr(host_text.size());
  if (port.empty() || port == ":") return host;
  const auto number = port.front() == ':' && port.size() <= 6 ? net::parse_number(port.substr(1)) : std::nullopt;
  if (!number || *number == 0 || *number > 65'535)
    return fail(ErrorCode::kInvalid, "must have no port, or one from 1 to 65535");
  if (*number == (scheme == "https" ? 443U : 80U)) return host;
  return host + ":" + std::to_string(*number);
}

// What browsers escape, beside what is refused here (WHATWG URL, section 1.3: percent-encode sets).
constexpr std::string_view kEscapedInPath = "\"<>`{}";
constexpr std::string_view kEscapedInQuery = "\"<>'";
constexpr std::string_view kEscapedInFragment = "\"<>`";

// Path, query or fragment: what is beyond ASCII is escaped, and so is what browsers escape.
Result<std::string> spell(std::string_view text, std::string_view escaped) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<uint8_t>(c);
    if (byte <= 0x20 || byte == 0x7F || c == '\\')
      return fail(ErrorCode::kInvalid, "must not have spaces, backslashes or control characters: escape them");
    if (c == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
      return fail(ErrorCode::kInvalid, "must have two hexadecimal digits behind each '%'");
    if (byte >= 0x80 || escaped.find(c) != std::string_view::npos) {
      out.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    } else {
      out += c;
    }
  }
  return out;
}

// "." and ".." as segments, escaped or not: browsers resolve them, and it is better said here what becomes of them.
bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    std::string segment = net::in_small_letters(path.substr(0, path.find('/')));
    path.remove_prefix(segment.size());
    for (size_t at = segment.find("%2e"); at != std::string::npos; at = segment.find("%2e"))
      segment.replace(at, 3, ".");
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t bytes = utf8_sequence(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

Result<std::string> parse_long_url(std::string_view text) {
  if (text.size() > kLongUrlBytesMax)
    return fail(ErrorCode::kInvalid, "must be no longer than " + std::to_string(kLongUrlBytesMax) + " bytes");
  if (!is_utf8(text)) return fail(ErrorCode::kInvalid, "must be UTF-8");
  const Parts parts = TRY(split(text));
  const std::string authority = TRY(parse_authority(parts.authority, parts.scheme));
  if (has_dot_segment(parts.path)) return fail(ErrorCode::kInvalid, "must not have '.' or '..' as part of its path");
  const std::string path = parts.path.empty() ? "/" : TRY(spell(parts.path, kEscapedInPath));
  const std::string query = TRY(spell(parts.query, kEscapedInQuery));
  std::string url = parts.scheme + "://" + authority + path + query + TRY(spell(parts.fragment, kEscapedInFragment));
  if (url.size() > kLongUrlBytesMax)
    return fail(ErrorCode::kInvalid, "must be no longer than " + std::to_string(kLongUrlBytesMax) + " bytes, escaped");
  return url;
}

bool leads_to_code(std::string_view long_url, std::string_view base) {
  if (!long_url.starts_with(base)) return false;
  std::string_view path = long_url.substr(base.size());
  if (!path.starts_with('/')) return false;
  path = path.substr(1, path.find_first_of("?#") - 1);
  return !path.empty() && path.find('/') == std::string_view::npos && !is_reserved(path);
}

std::string read_long_url(const JsonValue& value, const LinkBase& base) {
  auto url = parse_long_url(value.string({.max_bytes = kLongUrlBytesMax}));
  if (url && !base.leads_to_code(*url)) return *std::move(url);
  value.refuse(url ? "must not lead to a short link of this server" : url.error().message);
  return {};
}

}  // namespace doorbuster::links
