#include "stampede/profiles.h"

#include <algorithm>

namespace doorbuster::stampede {
namespace {

// A line each: a field with its value, or the name of one whose value is the request's.
constexpr std::array<std::string_view, kProfileNames.size()> kTemplates = {
    // Chromium 142, Windows.
    R"(Host
Connection: keep-alive
Content-Length
sec-ch-ua-platform: "Windows"
Authorization
Idempotency-Key
User-Agent
sec-ch-ua: "Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"
Doorbuster-Page
Content-Type
Altcha
sec-ch-ua-mobile: ?0
Accept: */*
Origin
Sec-Fetch-Site: same-origin
Sec-Fetch-Mode: cors
Sec-Fetch-Dest: empty
Referer
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: en-US,en;q=0.9
Cookie
)",
    // Chromium 142, Android.
    R"(Host
Connection: keep-alive
Content-Length
sec-ch-ua-platform: "Android"
Authorization
Idempotency-Key
User-Agent
sec-ch-ua: "Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"
Doorbuster-Page
Content-Type
Altcha
sec-ch-ua-mobile: ?1
Accept: */*
Origin
Sec-Fetch-Site: same-origin
Sec-Fetch-Mode: cors
Sec-Fetch-Dest: empty
Referer
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7
Cookie
)",
    // Firefox 145, Linux.
    R"(Host
User-Agent
Accept: */*
Accept-Language: en-US,en;q=0.5
Accept-Encoding: gzip, deflate, br, zstd
Referer
Content-Type
Authorization
Idempotency-Key
Doorbuster-Page
Altcha
Content-Length
Origin
Connection: keep-alive
Cookie
Sec-Fetch-Dest: empty
Sec-Fetch-Mode: cors
Sec-Fetch-Site: same-origin
Priority: u=4
)",
    // Safari 26, iPhone.
    R"(Host
Content-Type
Authorization
Idempotency-Key
Doorbuster-Page
Altcha
Sec-Fetch-Dest: empty
Accept: */*
Sec-Fetch-Site: same-origin
Origin
Sec-Fetch-Mode: cors
User-Agent
Content-Length
Referer
Accept-Language: en-GB,en;q=0.9
Accept-Encoding: gzip, deflate, br
Connection: keep-alive
Cookie
)",
    R"(Host
User-Agent
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
Authorization
Idempotency-Key
Doorbuster-Page
Altcha
Content-Type
Cookie
Content-Length
)",
    R"(Host
User-Agent
Accept: */*
Authorization
Idempotency-Key
Doorbuster-Page
Altcha
Cookie
Content-Type
Content-Length
)",
    R"(Host
User-Agent
Content-Length
Altcha
Authorization
Content-Type
Cookie
Doorbuster-Page
Idempotency-Key
Accept-Encoding: gzip
)"};

constexpr std::array<std::string_view, kProfileNames.size()> kUserAgents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    "python-requests/2.32.5",
    "curl/8.17.0",
    "Go-http-client/1.1"};

void add_field(std::string& out, std::string_view name, std::string_view before, std::string_view value) {
  if (value.empty()) return;
  out.append(name).append(": ").append(before).append(value).append("\r\n");
}

void add_length(std::string& out, const RequestParts& parts) {
  if (parts.method == "GET" || parts.method == "DELETE") return;
  out.append("Content-Length: ").append(std::to_string(parts.body.size())).append("\r\n");
}

void add_line(std::string& out, std::string_view line, Profile profile, const RequestParts& parts) {
  if (line.find(':') != std::string_view::npos) {
    out.append(line).append("\r\n");
    return;
  }
  if (line == "Host") add_field(out, line, "", parts.host);
  if (line == "User-Agent") add_field(out, line, "", kUserAgents[static_cast<size_t>(profile)]);
  if (line == "Content-Length") add_length(out, parts);
  if (line == "Authorization") add_field(out, line, "Bearer ", parts.bearer);
  if (line == "Cookie") add_field(out, line, "", parts.cookie);
  if (line == "Idempotency-Key") add_field(out, line, "", parts.idempotency_key);
  if (line == "Altcha") add_field(out, line, "", parts.solution);
  if (line == "Doorbuster-Page") add_field(out, line, "", parts.page);
  if (line == "Content-Type") add_field(out, line, "", parts.content_type);
  if (line == "Origin" && parts.method != "GET") add_field(out, line, "http://", parts.host);
  if (line == "Referer") add_field(out, line, "http://", std::string(parts.host) + "/");
}

}  // namespace

std::optional<Profile> profile_named(std::string_view name) {
  const auto found = std::ranges::find(kProfileNames, name);
  if (found == kProfileNames.end()) return std::nullopt;
  return static_cast<Profile>(found - kProfileNames.begin());
}

std::string write_request(Profile profile, const RequestParts& parts) {
  std::string out;
  out.reserve(1'024 + parts.body.size());
  out.append(parts.method).append(" ").append(parts.path).append(" HTTP/1.1\r\n");
  std::string_view lines = kTemplates[static_cast<size_t>(profile)];
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    add_line(out, lines.substr(0, end), profile, parts);
    lines.remove_prefix(end + 1);
  }
  out.append("\r\n").append(parts.body);
  return out;
}

}  // namespace doorbuster::stampede
