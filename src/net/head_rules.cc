#include "net/head_rules.h"

#include <algorithm>
#include <charconv>

#include "net/text.h"

namespace doorbuster::net {
namespace {

constexpr Refusal kBadLength =
    bad_request("Content-Length must be one decimal number, given once, and not beside Transfer-Encoding.");
constexpr Refusal kBadCoding =
    bad_request("Transfer-Encoding must be exactly 'chunked', once, in HTTP/1.1, and not beside Content-Length.");
constexpr Refusal kBadHost = bad_request("HTTP/1.1 needs exactly one Host field with a valid host.");
constexpr Refusal kNotImplemented = {Status::kNotImplemented, "method-not-implemented",
                                     "This server does not implement the method."};
constexpr Refusal kBadExpectation = {Status::kExpectationFailed, "expectation-failed",
                                     "The only expectation known is 100-continue."};

constexpr std::array<bool, 256> kHostChars = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 128; ++c) table[static_cast<size_t>(c)] = is_alphanumeric(static_cast<char>(c));
  for (const char c : std::string_view("-._~%!$&'()*+,;=:[]")) table[static_cast<size_t>(c)] = true;
  return table;
}();

bool is_host_char(char c) { return kHostChars[static_cast<uint8_t>(c)]; }

bool valid_authority(std::string_view authority) {
  return std::all_of(authority.begin(), authority.end(), is_host_char);
}

size_t scheme_size(std::string_view target) {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (target.size() > scheme.size() && equals_ignoring_case(target.substr(0, scheme.size()), scheme))
      return scheme.size();
  }
  return 0;
}

// Origin-form, absolute-form (whose authority counts instead of Host) or, for OPTIONS, the asterisk (RFC 9112
// section 3.2).
const Refusal* split_target(Head& head) {
  std::string_view target = head.target;
  head.authority = head.value(Known::kHost);
  if (target == "*" && head.method == Method::kOptions) {
    head.path = target;
    return nullptr;
  }
  if (target[0] != '/') {
    const size_t scheme = scheme_size(target);
    if (scheme == 0) return &kBadTarget;
    target.remove_prefix(scheme);
    head.authority = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(head.authority.size());
    if (head.authority.empty() || !valid_authority(head.authority)) return &kBadTarget;
  }
  const size_t question = target.find('?');
  head.path = target.substr(0, question);
  if (head.path.empty()) head.path = "/";
  if (question != std::string_view::npos) head.query = target.substr(question + 1);
  return nullptr;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// How long the content is, from one field and never from two (RFC 9112 section 6.3).
const Refusal* decide_framing(Head& head) {
  const bool has_length = head.has(Known::kContentLength);
  if (head.has(Known::kTransferEncoding)) {
    if (has_length || head.minor_version == 0) return &kBadCoding;
    if (!equals_ignoring_case(head.value(Known::kTransferEncoding), "chunked")) return &kBadCoding;
    head.framing = Framing::kChunked;
  } else if (has_length) {
    const std::string_view text = head.value(Known::kContentLength);
    if (!all_digits(text)) return &kBadLength;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), head.content_length);
    if (error != std::errc() || end != text.data() + text.size()) return &kBadLength;
    if (head.content_length > 0) head.framing = Framing::kLength;
  }
  return nullptr;
}

}  // namespace

const Refusal* apply_rules(Head& head) {
  if (head.minor_version == 1 && !head.has(Known::kHost)) return &kBadHost;
  if (!valid_authority(head.value(Known::kHost))) return &kBadHost;
  if (const Refusal* refusal = decide_framing(head)) return refusal;
  if (head.method == Method::kOther) return &kNotImplemented;
  if (const Refusal* refusal = split_target(head)) return refusal;
  if (head.has(Known::kExpect) && head.minor_version == 1) {
    if (!equals_ignoring_case(head.value(Known::kExpect), "100-continue")) return &kBadExpectation;
    head.expects_continue = head.framing != Framing::kNone;
  }
  return nullptr;
}

}  // namespace doorbuster::net
