#include "auth/webhook_signature.h"

#include <charconv>

#include "base/base64.h"

namespace doorbuster::auth {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::string_view kSignatureVersion = "v1,";
constexpr size_t kKeyBytesMin = 24;
constexpr size_t kKeyBytesMax = 64;
constexpr size_t kSignaturesMax = 8;
constexpr int64_t kLastTimestamp = 253'402'300'799;  // of the year 9999

std::string signed_prefix(std::string_view id, std::string_view timestamp) {
  std::string prefix;
  prefix.reserve(id.size() + timestamp.size() + 2);
  return prefix.append(id).append(".").append(timestamp).append(".");
}

// Nothing but digits: "+5" and " 5" are other bytes under the same signature's number.
std::optional<Timestamp> parse_seconds(std::string_view text) {
  int64_t seconds = 0;
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds > kLastTimestamp) return std::nullopt;
  return Timestamp::from_micros(seconds * 1'000'000);
}

// An id with a dot could move the border between id and timestamp.
bool is_message_id(std::string_view id) {
  if (id.empty() || id.size() > kWebhookIdBytesMax) return false;
  return id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:/") ==
         std::string_view::npos;
}

bool is_signature(std::string_view text, const Digest& expected) {
  Digest given;
  if (!text.starts_with(kSignatureVersion) || from_base64(text.substr(kSignatureVersion.size()), given) != given.size())
    return false;
  return equal_in_constant_time(given, expected);
}

}  // namespace

std::string_view explain(WebhookRefusal refusal) {
  constexpr std::array<std::string_view, kWebhookRefusalNames.size()> kExplanations = {
      "send webhook-id (1 to 128 letters, digits, '_', '-', ':' and '/'), webhook-timestamp (seconds since 1970) and "
      "webhook-signature",
      "the webhook-timestamp is more than five minutes old: sign each attempt anew, and check your clock",
      "the webhook-timestamp is more than five minutes ahead: check your clock",
      "no webhook-signature fits: sign id.timestamp.body with the secret's bytes, which follow whsec_ in base64, and "
      "send the body unchanged",
  };
  return kExplanations[static_cast<size_t>(refusal)];
}

Result<WebhookSecret> WebhookSecret::parse(std::string_view text) {
  std::array<std::byte, kKeyBytesMax> key;
  const auto size = text.starts_with(kPrefix) ? from_base64(text.substr(kPrefix.size()), key) : std::nullopt;
  if (!size || *size < kKeyBytesMin) {
    return fail(ErrorCode::kInvalid, "a webhook secret is written as whsec_ and the base64 of 24 to 64 random bytes");
  }
  return WebhookSecret(Bytes(key).first(*size));
}

std::string WebhookSecret::fresh() {
  std::array<std::byte, 32> key;
  fill_random(key);
  return std::string(kPrefix) + to_base64(key);
}

std::string WebhookSecret::sign(std::string_view id, Timestamp at, std::string_view body) const {
  const std::string prefix = signed_prefix(id, std::to_string(at.micros() / 1'000'000));
  return std::string(kSignatureVersion) + to_base64(key_.sign(as_bytes(prefix), as_bytes(body)));
}

bool WebhookSecret::signed_by(const SignedMessage& message) const {
  const std::string prefix = signed_prefix(message.id, message.timestamp);
  const Digest expected = key_.sign(as_bytes(prefix), as_bytes(message.body));
  std::string_view rest = message.signatures;
  for (size_t i = 0; i < kSignaturesMax && !rest.empty(); ++i) {
    const size_t end = std::min(rest.find(' '), rest.size());
    if (is_signature(rest.substr(0, end), expected)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

tl::expected<void, WebhookRefusal> verify_webhook(const SignedMessage& message, std::span<const WebhookSecret> secrets,
                                                  Timestamp now) {
  const auto at = parse_seconds(message.timestamp);
  if (!at || !is_message_id(message.id) || message.signatures.empty()) return tl::unexpected(WebhookRefusal::kHeaders);
  for (const WebhookSecret& secret : secrets) {
    if (!secret.signed_by(message)) continue;
    if (*at + kWebhookTolerance < now) return tl::unexpected(WebhookRefusal::kTooOld);
    if (*at > now + kWebhookTolerance) return tl::unexpected(WebhookRefusal::kTooNew);
    return {};
  }
  return tl::unexpected(WebhookRefusal::kBadSignature);
}

}  // namespace doorbuster::auth
