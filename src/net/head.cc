#include "net/head.h"

#include <algorithm>

#include "base/assert.h"
#include "net/eight_bytes.h"
#include "net/head_rules.h"
#include "net/known_fields.h"
#include "net/text.h"

namespace doorbuster::net {
namespace {

constexpr Refusal kBadMethod = bad_request("The method is not a token.");
constexpr Refusal kBadVersion = bad_request("The protocol version must be HTTP/1.0 or HTTP/1.1, followed by CR LF.");
constexpr Refusal kBadFieldName = bad_request("A field name is not a token followed at once by a colon.");
constexpr Refusal kBadFieldValue = bad_request("A field value holds a control character or a malformed list.");
constexpr Refusal kRepeatedField = bad_request("A field that may appear once is repeated.");
constexpr Refusal kTooManyFields = {Status::kHeaderFieldsTooLarge, "header-fields-too-large",
                                    "The request has too many header fields."};

constexpr std::string_view kCrLf = "\r\n";

// RFC 9110 section 5.6.2.
constexpr std::array<bool, 256> kTokenChars = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 128; ++c) table[static_cast<size_t>(c)] = is_alphanumeric(static_cast<char>(c));
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<size_t>(c)] = true;
  return table;
}();

bool is_token_char(char c) { return kTokenChars[static_cast<uint8_t>(c)]; }

// RFC 3986 wants bytes above ASCII percent-encoded; a fragment is never sent.
uint64_t not_in_target(uint64_t word) {
  return bytes_below(word, 0x21) | bytes_equal(word, 0x7F) | bytes_equal(word, '#') | bytes_above_ascii(word);
}

uint64_t controls(uint64_t word) { return bytes_below(word, 0x20) | bytes_equal(word, 0x7F); }

// Reads a head from its first byte to its last. It ends with CR LF CR LF, so no run of characters reaches its end.
class HeadReader {
 public:
  HeadReader(std::string_view block, const Limits& limits, Head& head)
      : limits_(limits), head_(head), at_(block.data()), end_(at_ + block.size()) {}

  const Refusal* read() {
    if (const Refusal* refusal = read_request_line()) return refusal;
    while (*at_ != '\r') {
      if (const Refusal* refusal = read_field()) return refusal;
    }
    // HTTP/1.1 goes on unless somebody says otherwise, HTTP/1.0 the other way round (RFC 9112 section 9.3).
    head_.keep_alive = !says_close_ && (head_.minor_version == 1 || says_keep_alive_);
    return rest() == kCrLf ? nullptr : &kBadFieldName;
  }

 private:
  [[nodiscard]] std::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }
  [[nodiscard]] std::string_view since(const char* begin) const { return {begin, static_cast<size_t>(at_ - begin)}; }

  const Refusal* read_request_line() {
    const char* begin = at_;
    while (is_token_char(*at_)) ++at_;
    if (*at_ != ' ' || at_ == begin) return &kBadMethod;
    head_.method_name = since(begin);
    head_.method = method_from(head_.method_name);
    begin = ++at_;
    at_ = find_marked(at_, end_, not_in_target);
    if (*at_ != ' ' || at_ == begin) return &kBadTarget;
    head_.target = since(begin);
    ++at_;
    return read_version();
  }

  const Refusal* read_version() {
    constexpr std::string_view kVersion = "HTTP/1.";
    const std::string_view line = rest();
    const bool is_known = line.starts_with(kVersion) && (line[kVersion.size()] == '0' || line[kVersion.size()] == '1');
    if (!is_known || !line.substr(kVersion.size() + 1).starts_with(kCrLf)) return &kBadVersion;
    head_.minor_version = static_cast<uint8_t>(line[kVersion.size()] - '0');
    at_ += kVersion.size() + 1 + kCrLf.size();
    return nullptr;
  }

  const Refusal* read_field() {
    if (head_.field_count >= limits_.header_fields) return &kTooManyFields;
    Field& field = head_.fields[head_.field_count];
    const char* begin = at_;
    while (is_token_char(*at_)) ++at_;
    if (*at_ != ':' || at_ == begin) return &kBadFieldName;
    field.name = since(begin);
    ++at_;
    if (!read_value(field.value)) return &kBadFieldValue;
    const Refusal* refusal = note(field);
    ++head_.field_count;
    return refusal;
  }

  // Without the white space around it.
  [[nodiscard]] bool read_value(std::string_view& value) {
    while (is_blank(*at_)) ++at_;
    const char* begin = at_;
    at_ = find_marked(at_, end_, controls);
    while (*at_ == '\t') at_ = find_marked(at_ + 1, end_, controls);
    if (!rest().starts_with(kCrLf)) return false;
    value = since(begin);
    while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
    at_ += kCrLf.size();
    return true;
  }

  const Refusal* note(const Field& field) {
    const Known known = known_of(field.name);
    if (known == Known::kCount) {
      return is_named(field.name, "connection") && !read_connection(field.value) ? &kBadFieldValue : nullptr;
    }
    uint8_t& index = head_.known[static_cast<size_t>(known)];
    if (index == Head::kAbsent) {
      index = head_.field_count;
    } else if (must_be_single(known)) {
      return &kRepeatedField;
    }
    return nullptr;
  }

  // A list of tokens, of which two mean something to us (RFC 9110 section 7.6.1).
  [[nodiscard]] bool read_connection(std::string_view list) {
    while (!list.empty()) {
      std::string_view option = list.substr(0, list.find(','));
      list.remove_prefix(std::min(list.size(), option.size() + 1));
      while (!option.empty() && is_blank(option.front())) option.remove_prefix(1);
      while (!option.empty() && is_blank(option.back())) option.remove_suffix(1);
      if (!std::all_of(option.begin(), option.end(), is_token_char)) return false;
      says_close_ = says_close_ || equals_ignoring_case(option, "close");
      says_keep_alive_ = says_keep_alive_ || equals_ignoring_case(option, "keep-alive");
    }
    return true;
  }

  const Limits& limits_;
  Head& head_;
  const char* at_;
  const char* const end_;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
};

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
  ASSERT(block.ends_with("\r\n\r\n"));
  clear(head);
  if (const Refusal* refusal = HeadReader(block, limits, head).read()) return refusal;
  return apply_rules(head);
}

}  // namespace doorbuster::net
