#include "net/head.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

#include "net/text.h"

namespace doorbuster::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

constexpr Refusal bad(std::string_view detail) { return {Status::kBadRequest, "bad-request", detail}; }

constexpr Refusal kMalformed = bad("The request line or a field is malformed.");
constexpr Refusal kBadMethod = bad("The method is not a token.");
constexpr Refusal kBadTarget = bad("The request target is malformed.");
constexpr Refusal kBadVersion = bad("The protocol version must be HTTP/1.0 or HTTP/1.1, followed by CR LF.");
constexpr Refusal kBadFieldName = bad("A field name is not a token followed at once by a colon.");
constexpr Refusal kBadFieldValue = bad("A field value holds a control character or a malformed list.");
constexpr Refusal kBadLength =
    bad("Content-Length must be one decimal number, given once, and not beside Transfer-Encoding.");
constexpr Refusal kBadCoding =
    bad("Transfer-Encoding must be exactly 'chunked', once, in HTTP/1.1, and not beside Content-Length.");
constexpr Refusal kBadHost = bad("HTTP/1.1 needs exactly one Host field with a valid host.");
constexpr Refusal kRepeatedField = bad("A field that may appear once is repeated.");
constexpr Refusal kTooManyFields = {Status::kHeaderFieldsTooLarge, "header-fields-too-large",
                                    "The request has too many header fields."};
constexpr Refusal kNotImplemented = {Status::kNotImplemented, "method-not-implemented",
                                     "This server does not implement the method."};
constexpr Refusal kBadExpectation = {Status::kExpectationFailed, "expectation-failed",
                                     "The only expectation known is 100-continue."};

std::string_view std_view(BeastView text) { return {text.data(), text.size()}; }

Known known_by_name(std::string_view name) {
  if (equals_ignoring_case(name, "idempotency-key")) return Known::kIdempotencyKey;
  if (equals_ignoring_case(name, "traceparent")) return Known::kTraceparent;
  return Known::kCount;
}

Known known_from(http::field field, std::string_view name) {
  switch (field) {
    case http::field::host:
      return Known::kHost;
    case http::field::authorization:
      return Known::kAuthorization;
    case http::field::content_type:
      return Known::kContentType;
    case http::field::content_length:
      return Known::kContentLength;
    case http::field::transfer_encoding:
      return Known::kTransferEncoding;
    case http::field::cookie:
      return Known::kCookie;
    case http::field::if_none_match:
      return Known::kIfNoneMatch;
    case http::field::accept:
      return Known::kAccept;
    case http::field::origin:
      return Known::kOrigin;
    case http::field::user_agent:
      return Known::kUserAgent;
    case http::field::expect:
      return Known::kExpect;
    case http::field::referer:
      return Known::kReferer;
    case http::field::unknown:
      return known_by_name(name);
    default:
      return Known::kCount;
  }
}

// Fields where a second one would leave the meaning to whoever reads it.
constexpr bool must_be_single(Known known) {
  switch (known) {
    case Known::kHost:
    case Known::kAuthorization:
    case Known::kIdempotencyKey:
    case Known::kContentType:
    case Known::kContentLength:
    case Known::kTransferEncoding:
    case Known::kExpect:
      return true;
    default:
      return false;
  }
}

const Refusal* refusal_from(const error_code& error) {
  switch (static_cast<http::error>(error.value())) {
    case http::error::bad_method:
      return &kBadMethod;
    case http::error::bad_target:
      return &kBadTarget;
    case http::error::bad_version:
      return &kBadVersion;
    case http::error::bad_field:
      return &kBadFieldName;
    case http::error::bad_value:
      return &kBadFieldValue;
    case http::error::bad_content_length:
    case http::error::multiple_content_length:
      return &kBadLength;
    case http::error::bad_transfer_encoding:
      return &kBadCoding;
    default:
      return &kMalformed;
  }
}

// Receives what Beast reads; allocates nothing, and keeps views only. The body is not Beast's: a head is all it is
// given.
class Sink final : public http::basic_parser<true> {
 public:
  Sink(const Limits& limits, Head& head) : limits_(limits), head_(head) {
    skip(true);
    header_limit(limits.header_bytes);
  }
  [[nodiscard]] const Refusal* refusal() const { return refusal_; }

 private:
  void on_request_impl(http::verb, BeastView method, BeastView target, int version, error_code&) override {
    head_.method_name = std_view(method);
    head_.method = method_from(head_.method_name);
    head_.target = std_view(target);
    head_.minor_version = static_cast<uint8_t>(version - 10);
  }

  void on_field_impl(http::field field, BeastView name, BeastView value, error_code& error) override {
    if (head_.field_count >= limits_.header_fields) return refuse(kTooManyFields, error);
    const Known known = known_from(field, std_view(name));
    head_.fields[head_.field_count] = {std_view(name), std_view(value)};
    if (known != Known::kCount) remember(known, error);
    ++head_.field_count;
  }

  void remember(Known known, error_code& error) {
    uint8_t& index = head_.known[static_cast<size_t>(known)];
    if (index == Head::kAbsent) {
      index = head_.field_count;
    } else if (must_be_single(known)) {
      refuse(kRepeatedField, error);
    }
  }

  void refuse(const Refusal& refusal, error_code& error) {
    refusal_ = &refusal;
    error = http::error::bad_field;
  }

  void on_header_impl(error_code&) override {}
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BeastView, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView, error_code&) override { return 0; }

  const Limits& limits_;
  Head& head_;
  const Refusal* refusal_ = nullptr;
};

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

// Beast lets bytes above ASCII pass; RFC 3986 wants them percent-encoded. A fragment is never sent.
// Counted, not searched for: a loop without a way out is done for sixteen characters at once.
bool valid_target(std::string_view target) {
  size_t wrong = 0;
  for (const char c : target) wrong += c <= 0x20 || c >= 0x7F || c == '#' ? 1 : 0;
  return wrong == 0;
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
  if (!valid_target(target)) return &kBadTarget;
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

const Refusal* check_semantics(Head& head) {
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

void clear(Head& head) {
  head.known.fill(Head::kAbsent);
  head.framing = Framing::kNone;
  head.field_count = 0;
  head.content_length = 0;
  head.query = {};
  head.expects_continue = false;
}

}  // namespace

const Refusal* parse_head(std::string_view block, const Limits& limits, Head& head) {
  clear(head);
  Sink sink(limits, head);
  error_code error;
  const size_t used = sink.put(boost::asio::const_buffer(block.data(), block.size()), error);
  if (sink.refusal() != nullptr) return sink.refusal();
  if (error) return refusal_from(error);
  if (!sink.is_done() || used != block.size()) return &kMalformed;
  head.keep_alive = sink.keep_alive();
  return check_semantics(head);
}

}  // namespace doorbuster::net
