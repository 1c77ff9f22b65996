#include "links/abuse/url_expressions.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "net/text.h"

namespace doorbuster::links {
namespace {

constexpr size_t kComponentsMax = 5;  // of a host that is not the whole one
constexpr size_t kFoldersMax = 4;

int value_of_hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = net::to_lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// Until nothing is escaped any more. What an escape stands for may be a part of the next one, so the end of what is
// done is looked at again and again, which is the same as to begin from the start until nothing changes.
std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    out += c;
    while (out.size() >= 3 && out[out.size() - 3] == '%') {
      const int high = value_of_hex(out[out.size() - 2]);
      const int low = value_of_hex(out.back());
      if (high < 0 || low < 0) break;
      out.resize(out.size() - 3);
      out += static_cast<char>(high << 4 | low);
    }
  }
  return out;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '#' || c == '%') {
      out.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    } else {
      out += c;
    }
  }
  return out;
}

std::string without_dots_beside_names(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '.' || (!out.empty() && out.back() != '.')) out += net::to_lower(c);
  }
  if (out.ends_with('.')) out.pop_back();
  return out;
}

// In all ways in which people have written one: fewer numbers than four, octal, hexadecimal.
std::optional<std::string> ipv4_in(const std::string& host) {
  constexpr std::string_view kOfNumbers = "0123456789abcdefx.";
  if (host.empty() || host.find_first_not_of(kOfNumbers) != std::string::npos) return std::nullopt;
  in_addr address{};
  if (inet_aton(host.c_str(), &address) == 0) return std::nullopt;
  std::array<char, INET_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET, &address, text.data(), text.size());
}

// Of "user:password@host:port".
std::string_view host_alone(std::string_view authority) {
  authority.remove_prefix(authority.rfind('@') + 1);  // or all of it
  const size_t inner = authority.starts_with('[') ? std::min(authority.find(']'), authority.size()) : 0;
  return authority.substr(0, authority.find(':', inner));
}

void read_host(std::string_view authority, CanonicalUrl& url) {
  const std::string host = without_dots_beside_names(unescaped(host_alone(authority)));
  const auto ipv4 = ipv4_in(host);
  url.is_address = ipv4 || host.starts_with('[');
  url.host = ipv4 ? *ipv4 : escaped(host);
}

// Without "." and "..", and with one slash in place of many.
std::string resolved(std::string_view path) {
  std::vector<std::string_view> segments;
  bool is_folder = true;  // whether what came last stands for a folder
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    at = end + 1;
    const bool is_dots = segment == "." || segment == "..";
    is_folder = is_dots || end < path.size();
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!is_dots && !segment.empty()) segments.push_back(segment);
  }
  std::string out = "/";
  for (const std::string_view segment : segments) out.append(segment).append("/");
  if (!is_folder && out.size() > 1) out.pop_back();
  return out;
}

void read_path(std::string_view rest, CanonicalUrl& url) {
  const std::string text = unescaped(rest);
  const size_t query = std::min(text.find('?'), text.size());
  url.path = escaped(resolved(std::string_view(text).substr(0, query)));
  url.query = escaped(std::string_view(text).substr(query));
}

std::vector<std::string_view> hosts_of(const CanonicalUrl& url) {
  std::vector<std::string_view> hosts{url.host};
  if (url.is_address) return hosts;
  std::string_view host = url.host;
  const auto components = static_cast<size_t>(std::ranges::count(host, '.')) + 1;
  for (size_t left = components; left > 2; --left) {
    host.remove_prefix(host.find('.') + 1);
    if (left - 1 <= kComponentsMax) hosts.push_back(host);
  }
  return hosts;
}

std::vector<std::string> paths_of(const CanonicalUrl& url) {
  std::vector<std::string> paths;
  if (!url.query.empty()) paths.push_back(url.path + url.query);
  paths.push_back(url.path);
  size_t slash = 0;
  for (size_t folder = 0; folder < kFoldersMax && slash != std::string::npos; ++folder) {
    std::string path = url.path.substr(0, slash + 1);
    if (std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
    slash = url.path.find('/', slash + 1);
  }
  return paths;
}

}  // namespace

std::optional<CanonicalUrl> canonical_url(std::string_view text) {
  std::string url(text.substr(std::min(text.find_first_not_of(' '), text.size())));
  url.resize(url.find_last_not_of(' ') + 1);
  std::erase_if(url, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
  std::string_view rest = std::string_view(url).substr(0, url.find('#'));
  const size_t scheme = rest.find("://");
  if (scheme != std::string_view::npos && scheme < rest.find_first_of("/?")) rest.remove_prefix(scheme + 3);
  const size_t host_end = std::min(rest.find_first_of("/?"), rest.size());
  CanonicalUrl canonical;
  read_host(rest.substr(0, host_end), canonical);
  if (canonical.host.empty()) return std::nullopt;
  read_path(rest.substr(host_end), canonical);
  return canonical;
}

std::vector<std::string> url_expressions(const CanonicalUrl& url) {
  std::vector<std::string> expressions;
  const auto paths = paths_of(url);
  for (const std::string_view host : hosts_of(url)) {
    for (const std::string& path : paths) expressions.push_back(std::string(host) + path);
  }
  return expressions;
}

}  // namespace doorbuster::links
