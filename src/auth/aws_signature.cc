#include "auth/aws_signature.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr size_t kSignatureChars = 64;
constexpr size_t kDayChars = 8;
constexpr size_t kTimeChars = 16;  // "20261130T185457Z"

using Headers = std::span<const std::pair<std::string_view, std::string_view>>;

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_named_as(std::string_view name, std::string_view lower) {
  return std::ranges::equal(name, lower, [](char a, char b) { return small(a) == b; });
}

std::string_view part_before(std::string_view& rest, char end) {
  const size_t at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(rest.size(), at + 1));
  return part;
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  const size_t end = text.find_last_not_of(" \t");
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

// Without what surrounds it, and with one blank where there are several.
void append_value(std::string& out, std::string_view value) {
  bool was_blank = false;
  for (const char c : trimmed(value)) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank || !was_blank) out += is_blank ? ' ' : c;
    was_blank = is_blank;
  }
}

// Every field of that name, in the order in which they came. False: there is none.
bool append_header(std::string& out, Headers headers, std::string_view name) {
  bool is_first = true;
  for (const auto& [each, value] : headers) {
    if (!is_named_as(each, name)) continue;
    if (!is_first) out += ',';
    append_value(out, value);
    is_first = false;
  }
  return !is_first;
}

std::string header_of(Headers headers, std::string_view name) {
  std::string value;
  (void)append_header(value, headers, name);
  return value;
}

// What was sent, escaped once more.
std::string escaped_path(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~/";
  std::string escaped;
  for (const char c : path) {
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          kPlain.find(c) != std::string_view::npos;
    if (is_plain) {
      escaped += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped += '%';
    escaped += kHex[byte >> 4U];
    escaped += kHex[byte & 0x0FU];
  }
  return escaped;
}

std::string hash_of(std::string_view text) { return to_hex(sha256(as_bytes(text))); }

// Nothing: it names what is not there.
std::optional<std::string> canonical(const AwsRequest& request, std::string_view signed_headers,
                                     std::string_view body_hash) {
  std::string text = std::string(request.method) + '\n' + escaped_path(request.path) + "\n\n";
  for (std::string_view rest = signed_headers; !rest.empty();) {
    const std::string_view name = part_before(rest, ';');
    text += std::string(name) + ':';
    if (!append_header(text, request.headers, name)) return std::nullopt;
    text += '\n';
  }
  return text + '\n' + std::string(signed_headers) + '\n' + std::string(body_hash);
}

bool has_signed(std::string_view signed_headers, std::string_view name) {
  for (std::string_view rest = signed_headers; !rest.empty();) {
    if (part_before(rest, ';') == name) return true;
  }
  return false;
}

// "20261130T185457Z" as RFC 3339 writes it.
std::optional<Timestamp> time_of(std::string_view text) {
  if (text.size() != kTimeChars) return std::nullopt;
  std::string plain;
  for (size_t index = 0; index < text.size(); ++index) {
    if (index == 4 || index == 6) plain += '-';
    if (index == 11 || index == 13) plain += ':';
    plain += text[index];
  }
  const auto at = parse_rfc3339(plain);
  return at ? std::optional(*at) : std::nullopt;
}

Digest chained(std::string_view secret, const AwsAuthorization& authorization, std::string_view message) {
  Digest key = HmacSha256(as_bytes("AWS4" + std::string(secret))).sign(as_bytes(authorization.date));
  for (const std::string_view part : {authorization.region, authorization.service, kTerminator})
    key = HmacSha256(key).sign(as_bytes(part));
  return HmacSha256(key).sign(as_bytes(message));
}

}  // namespace

std::optional<AwsAuthorization> parse_aws_authorization(std::string_view header) {
  if (!header.starts_with(kAlgorithm) || !header.substr(kAlgorithm.size()).starts_with(' ')) return std::nullopt;
  AwsAuthorization read;
  std::string_view credential;
  for (std::string_view rest = header.substr(kAlgorithm.size()); !rest.empty();) {
    std::string_view value = trimmed(part_before(rest, ','));
    const std::string_view name = part_before(value, '=');
    if (name == "Credential") credential = value;
    if (name == "SignedHeaders") read.signed_headers = value;
    if (name == "Signature") read.signature = value;
  }
  read.key_id = part_before(credential, '/');
  read.date = part_before(credential, '/');
  read.region = part_before(credential, '/');
  read.service = part_before(credential, '/');
  const bool is_whole = !read.key_id.empty() && read.date.size() == kDayChars && !read.region.empty() &&
                        !read.service.empty() && credential == kTerminator && !read.signed_headers.empty() &&
                        read.signature.size() == kSignatureChars;
  return is_whole ? std::optional(read) : std::nullopt;
}

std::optional<AwsRefusal> refuse_aws_request(const AwsRequest& request, const AwsAuthorization& authorization,
                                             std::string_view secret, Timestamp now) {
  const std::string date = header_of(request.headers, "x-amz-date");
  const auto at = time_of(date);
  if (!at || !date.starts_with(authorization.date)) return AwsRefusal::kSignature;
  if (*at > now + kAwsClockSkewMax || now > *at + kAwsClockSkewMax) return AwsRefusal::kTime;
  if (!has_signed(authorization.signed_headers, "host") || !has_signed(authorization.signed_headers, "x-amz-date"))
    return AwsRefusal::kSignature;
  const auto text = canonical(request, authorization.signed_headers, hash_of(request.body));
  if (!text) return AwsRefusal::kSignature;
  const std::string to_sign = std::string(kAlgorithm) + '\n' + date + '\n' + std::string(authorization.date) + '/' +
                              std::string(authorization.region) + '/' + std::string(authorization.service) + '/' +
                              std::string(kTerminator) + '\n' + hash_of(*text);
  Digest given{};
  if (!from_hex(authorization.signature, given)) return AwsRefusal::kSignature;
  const bool fits = equal_in_constant_time(chained(secret, authorization, to_sign), given);
  return fits ? std::nullopt : std::optional(AwsRefusal::kSignature);
}

}  // namespace doorbuster::auth
