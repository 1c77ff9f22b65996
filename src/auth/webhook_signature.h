// Signed messages between servers, by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): our webhooks, our
// requests to a payment provider, and the provider's events to us.
//
// Three headers go with a body: webhook-id (the same on every retry of a message), webhook-timestamp (seconds since
// 1970) and webhook-signature ("v1," and the base64 of HMAC-SHA-256 over "id.timestamp.body"; several, separated by
// spaces, while a secret is being changed). The timestamp bounds replay; within the bound the receiver recognises an id
// that it has seen.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::auth {

// How far a message's clock may be from ours, in both directions.
inline constexpr Duration kWebhookTolerance = Duration::seconds(300);
inline constexpr size_t kWebhookIdBytesMax = 128;

enum class WebhookRefusal { kHeaders, kTooOld, kTooNew, kBadSignature };
inline constexpr std::array<std::string_view, 4> kWebhookRefusalNames = {"headers", "too-old", "too-new",
                                                                         "bad-signature"};

// A sentence for whoever sent the message.
[[nodiscard]] std::string_view explain(WebhookRefusal refusal);

// A message as it came, before anything of it is believed.
struct SignedMessage {
  std::string_view id;
  std::string_view timestamp;
  std::string_view signatures;
  std::string_view body;
};

// For use from any number of threads.
class WebhookSecret {
 public:
  // "whsec_" and the base64 of 24 to 64 bytes.
  [[nodiscard]] static Result<WebhookSecret> parse(std::string_view text);
  // The text of a new secret of 32 bytes.
  [[nodiscard]] static std::string fresh();

  // The value of webhook-signature.
  [[nodiscard]] std::string sign(std::string_view id, Timestamp at, std::string_view body) const;

  // Whether one of the message's signatures is by this secret.
  [[nodiscard]] bool signed_by(const SignedMessage& message) const;

 private:
  explicit WebhookSecret(Bytes key) : key_(key) {}
  HmacSha256 key_;
};

// Accepts a message that any of the secrets signed, within the tolerance of `now`.
[[nodiscard]] tl::expected<void, WebhookRefusal> verify_webhook(const SignedMessage& message,
                                                                std::span<const WebhookSecret> secrets, Timestamp now);

}  // namespace doorbuster::auth
