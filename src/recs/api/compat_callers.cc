#include "recs/api/compat_callers.h"

#include <vector>

#include "base/encoding.h"
#include "platform/api/problems.h"

namespace doorbuster::recs {

using platform::Call;

std::string_view explain(CompatRefusal refusal) {
  switch (refusal) {
    case CompatRefusal::kMissing:
      return "an operator's key is needed";
    case CompatRefusal::kElsewhere:
      return "this server takes operators' calls at its admin_listen address only";
    case CompatRefusal::kUnknown:
      return "the key is not one of this server, or was revoked";
    case CompatRefusal::kTooOften:
      return "wrong secrets came for this key: try again in a second";
    case CompatRefusal::kSignature:
      return "the signature does not fit: another secret, or the request was changed on its way";
    case CompatRefusal::kTime:
      return "the request was signed more than 15 minutes ago, or in the future";
  }
  return {};
}

CompatCallers::CompatCallers(platform::OperatorAuthenticator& operators, Bytes master_key)
    : operators_(operators), secrets_(derive_key(master_key, "doorbuster recs aws signing v1")) {}

std::string CompatCallers::signing_secret(std::string_view key_id) const {
  return to_base64url(secrets_.sign(as_bytes(key_id)));
}

CompatCallers::Actor CompatCallers::by_key(const Call& call, std::string_view key) {
  using enum platform::OperatorAuthenticator::Refusal;
  auto actor = operators_.check(call, key);
  if (actor) return *std::move(actor);
  if (actor.error() == kElsewhere) return tl::unexpected(CompatRefusal::kElsewhere);
  return tl::unexpected(actor.error() == kTooOften ? CompatRefusal::kTooOften : CompatRefusal::kUnknown);
}

CompatCallers::Actor CompatCallers::by_api_key(const Call& call) {
  const std::string_view key = call.request.header("X-API-Key").value_or("");
  if (key.empty()) return tl::unexpected(CompatRefusal::kMissing);
  return by_key(call, key);
}

CompatCallers::Actor CompatCallers::by_signature(const Call& call) {
  if (const auto token = platform::bearer_of(call.request); !token.empty()) return by_key(call, token);
  const auto authorization = auth::parse_aws_authorization(call.request.header(net::Known::kAuthorization));
  if (!authorization) return tl::unexpected(CompatRefusal::kMissing);
  if (!operators_.serves_operators()) return tl::unexpected(CompatRefusal::kElsewhere);
  if (operators_.key_named(authorization->key_id) == nullptr) return tl::unexpected(CompatRefusal::kUnknown);
  if (!call.request.query().empty()) return tl::unexpected(CompatRefusal::kSignature);
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  for (const net::Field& field : call.request.headers()) headers.emplace_back(field.name, field.value);
  const auth::AwsRequest request{.method = net::name_of(call.request.method()),
                                 .path = call.request.path(),
                                 .headers = headers,
                                 .body = call.request.body()};
  const auto refusal =
      auth::refuse_aws_request(request, *authorization, signing_secret(authorization->key_id), call.now);
  if (!refusal) return std::string(authorization->key_id);
  return tl::unexpected(*refusal == auth::AwsRefusal::kTime ? CompatRefusal::kTime : CompatRefusal::kSignature);
}

}  // namespace doorbuster::recs
