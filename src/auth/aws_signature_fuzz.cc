// Authorization headers of AWS's clients, of any bytes: none is taken for a signature that nobody has made.
#include "auth/aws_signature.h"
#include "base/assert.h"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view header = text.substr(0, text.find('\n'));
  const std::string_view date = text.substr(std::min(text.size(), header.size() + 1));
  const auto authorization = auth::parse_aws_authorization(header);
  if (!authorization) return 0;
  ASSERT(!authorization->key_id.empty() && !authorization->signed_headers.empty());
  const std::array<std::pair<std::string_view, std::string_view>, 2> headers = {
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", date}}};
  const auto refusal =
      auth::refuse_aws_request({.method = "GET", .path = "/", .headers = headers, .body = text}, *authorization,
                               "a secret", Timestamp::from_micros(1'440'938'160'000'000));
  ASSERT(refusal.has_value());
  return 0;
}
