// Signature Version 4 of Amazon Web Services ("Create a signed AWS API request" in its guide to IAM), as its SDKs sign
// what they send to a service other than S3: the secret never travels, and what was signed can't be changed.
//
// A request is good for a quarter of an hour from its X-Amz-Date on, and as early; within that time whoever has seen
// one can send it again.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"

namespace doorbuster::auth {

inline constexpr Duration kAwsClockSkewMax = Duration::seconds(900);

// Of an Authorization header; views into it.
struct AwsAuthorization {
  std::string_view key_id;
  std::string_view date;  // "20261130"
  std::string_view region;
  std::string_view service;
  std::string_view signed_headers;
  std::string_view signature;
};

// Nothing if it is none of "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...".
[[nodiscard]] std::optional<AwsAuthorization> parse_aws_authorization(std::string_view header);

struct AwsRequest {
  std::string_view method;
  std::string_view path;  // as it was sent; the query is empty
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
};

enum class AwsRefusal : uint8_t {
  kSignature,  // another secret, or another request than what was signed
  kTime,       // too long ago, or in the future
};

// Nothing: it fits. What has to be signed: the host, the time and the body.
[[nodiscard]] std::optional<AwsRefusal> refuse_aws_request(const AwsRequest& request,
                                                           const AwsAuthorization& authorization,
                                                           std::string_view secret, Timestamp now);

}  // namespace doorbuster::auth
