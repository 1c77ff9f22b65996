#include "platform/operators/operator_authenticator.h"

#include <algorithm>

#include "auth/api_key.h"
#include "net/problem.h"
#include "net/text.h"
#include "platform/api/problems.h"

namespace doorbuster::platform {
namespace {

constexpr std::string_view kTokenHeader = "X-CSRF-Token";

bool is_safe(net::Method method) {
  return method == net::Method::kGet || method == net::Method::kHead || method == net::Method::kOptions;
}

void respond_forbidden(const Call& call, std::string_view slug, std::string_view title, std::string_view detail) {
  respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, slug, title, detail);
}

void respond_too_often(const Call& call) {
  net::respond(call.exchange,
               {.status = net::Status::kTooManyRequests,
                .slug = "too-many-wrong-keys",
                .title = "Too many wrong keys",
                .detail = "Wrong secrets came for this operator key, and each is dear to check. Try again in a second.",
                .instance = call.request.path(),
                .members = {}},
               {{"Retry-After", "1"},
                {"RateLimit-Policy", "\"operator-keys\";q=5;w=5"},
                {"RateLimit", "\"operator-keys\";r=0;t=1"},
                {"Cache-Control", "no-store"}});
}

ServerAuditLine line_of(const Call& call, OperatorAuthenticator::Deed deed) {
  return {.number = 0,
          .at = call.now,
          .actor = std::string(deed.actor),
          .action = std::string(deed.action),
          .detail = std::move(deed.detail),
          .address = call.request.peer().text(),
          .forwarded_for = std::string(call.request.header("X-Forwarded-For").value_or(""))};
}

}  // namespace

Result<OperatorFiles> OperatorFiles::open(const std::filesystem::path& folder) {
  OperatorFiles files;
  files.ended = TRY(auth::EndedSessions::open(folder / "ended-sessions.json"));
  files.trail = TRY(AuditTrail::open(folder));
  return files;
}

bool OperatorAuthenticator::is_served_here(const Call& call) const {
  if (served_ == Operators::kServed) return true;
  respond_forbidden(call, "operators-elsewhere", "Not at this address",
                    "This server takes operators' calls at its admin_listen address only.");
  return false;
}

// Browsers say with every call that is not a plain GET which page sent it (Fetch standard, section 3.2).
bool OperatorAuthenticator::is_same_origin(const Call& call) const {
  const std::string_view origin = call.request.header(net::Known::kOrigin);
  const size_t scheme = origin.find("://");
  const std::string_view authority = scheme == std::string_view::npos ? "" : origin.substr(scheme + 3);
  const bool is_ours = net::equals_ignoring_case(authority, call.request.authority()) || origin == access_.origin;
  if (!call.request.has(net::Known::kOrigin) || (is_ours && !authority.empty())) return true;
  respond_forbidden(call, "other-origin", "Sent by another site",
                    "An operator's session is good on this server's own pages only.");
  return false;
}

// Which key was named is told, never its secret.
tl::expected<std::string_view, auth::KeyRefusal> OperatorAuthenticator::verify(const Call& call, std::string_view key) {
  const auto id = keys_.verify_operator(key, call.now);
  if (id) return id;
  const auto parts = auth::parse_key(auth::kOperatorPrefix, key);
  const bool is_known = parts && key_named(parts->id) != nullptr;
  const std::string what = is_known ? "wrong secret for key " + std::string(parts->id) : "no key of this server";
  access_.trail->add_failed_log_in(line_of(call, {.actor = "", .action = "log-in failed", .detail = what}));
  return id;
}

Result<void> OperatorAuthenticator::note(const Call& call, Deed deed) {
  return access_.trail->add(line_of(call, std::move(deed)));
}

std::optional<std::string> OperatorAuthenticator::authenticate(const Call& call, std::string_view key) {
  const auto id = verify(call, key);
  if (id) return std::string(*id);
  if (id.error() == auth::KeyRefusal::kTooOften)
    respond_too_often(call);
  else
    respond_unauthorized(call, "unknown-operator-key", "This operator key is not one of this server, or was revoked.");
  return std::nullopt;
}

tl::expected<std::string, OperatorAuthenticator::Refusal> OperatorAuthenticator::check(const Call& call,
                                                                                       std::string_view key) {
  if (!serves_operators()) return tl::unexpected(Refusal::kElsewhere);
  const auto id = verify(call, key);
  if (id) return std::string(*id);
  return tl::unexpected(id.error() == auth::KeyRefusal::kTooOften ? Refusal::kTooOften : Refusal::kUnknown);
}

std::optional<std::string> OperatorAuthenticator::operator_of(const Call& call) {
  if (!is_served_here(call)) return std::nullopt;
  const std::string_view token = bearer_of(call.request);
  if (token.starts_with(auth::kOperatorPrefix)) return authenticate(call, token);
  if (!call.request.has(net::Known::kAuthorization)) {
    const auto read = access_.sessions.read(call.request.header(net::Known::kCookie), call.now);
    if (read || read.error() == auth::SessionRefusal::kOver) return by_session(call);
  }
  respond_unauthorized(
      call, "operator-key-needed",
      "This call is an operator's: send 'Authorization: Bearer dbk_...'; the first start wrote a key to operator.key.");
  return std::nullopt;
}

std::optional<std::string> OperatorAuthenticator::by_session(const Call& call) {
  const auto session = session_of(call);
  if (!session) {
    respond_unauthorized(call, "session-over", "Your session is over: log in again with an operator's key.");
    return std::nullopt;
  }
  if (is_safe(call.request.method())) return session->key_id;
  if (!is_same_origin(call)) return std::nullopt;
  if (access_.sessions.token_fits(*session, call.request.header(kTokenHeader).value_or(""))) return session->key_id;
  respond_forbidden(call, "csrf-token-needed", "The session's token is missing",
                    "With a session's cookie, what changes something has to carry the `csrf_token` of "
                    "GET /api/v1/session in X-CSRF-Token.");
  return std::nullopt;
}

std::optional<auth::OperatorSession> OperatorAuthenticator::session_of(const Call& call) {
  auto session = access_.sessions.read(call.request.header(net::Known::kCookie), call.now);
  if (!session || key_named(session->key_id) == nullptr) return std::nullopt;
  return *std::move(session);
}

const auth::OperatorKey* OperatorAuthenticator::key_named(std::string_view id) {
  const auto& known = keys_.keys().records.operators;
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& key) { return key.id == id; });
  return found == known.end() ? nullptr : &*found;
}

bool OperatorAuthenticator::presents_credentials(const Call& call) const {
  if (call.request.has(net::Known::kAuthorization)) return bearer_of(call.request).starts_with(auth::kOperatorPrefix);
  // The cookie first: of a stampede nobody has it, and its header is found without a search.
  return access_.sessions.has_cookie(call.request.header(net::Known::kCookie)) &&
         call.request.header(kTokenHeader).has_value();
}

bool OperatorAuthenticator::is_operator(const Call& call) {
  if (served_ == Operators::kRefused || !presents_credentials(call)) return false;
  const std::string_view token = bearer_of(call.request);
  return token.empty() ? session_of(call).has_value() : verify(call, token).has_value();
}

}  // namespace doorbuster::platform
