#include "base/json.h"
#include "base/json_writer.h"
#include "platform/api/etag.h"
#include "sale/api/admission_flow.h"
#include "sale/api/calls.h"

namespace doorbuster::sale {
namespace {

// Where the customer wants to go with it: {"return_to": "https://..."}, or nowhere. Answers by itself and returns
// nothing if the body is anything else, or the address is not listed.
struct Wanted {
  std::optional<platform::PlainAddress> back;
};

std::optional<Wanted> wanted_in(const Call& call, const AdmissionOptions& options) {
  Wanted wanted;
  if (call.request.body().empty()) return wanted;
  JsonDocument document(call.request.body());
  const JsonValue value = document.root().optional("return_to");
  const std::string text(value.string({.max_bytes = platform::kReturnAddressBytesMax}));
  const auto finished = document.finish();
  if (!finished) {
    respond_invalid(call.exchange, call.request.path(), finished.error().message);
    return std::nullopt;
  }
  if (!value.present()) return wanted;
  wanted.back = options.return_to.find(text);
  if (wanted.back) return wanted;
  respond_problem(call.exchange, call.request.path(), net::Status::kBadRequest, "return-not-allowed",
                  "Not an address to go back to",
                  "return_to is not one of the addresses in the server's setting admissions.return_to, or below one.");
  return std::nullopt;
}

}  // namespace

// An operator's key is no customer's token: letting somebody in is the customer's own call, or the entry's token's.
void admit_entry(const Call& call, RequestReader& reader, const EntryTokens& tokens, const AdmissionOptions& options,
                 AdmissionFlow& admissions) {
  const auto id = reader.entry_of(call);
  if (!id) return;
  const EntryNumber entry = EntryNumber::unpacked(id->number);
  const auto token = call.request.query_parameter("token");
  Looker looker;
  if (!token || !tokens.fits(*token, SaleNumber(id->sale), entry)) {
    const auto caller = reader.customer_of(call, *id);
    if (!caller) return;
    looker.customer = caller->hash;
  }
  auto wanted = wanted_in(call, options);
  if (!wanted) return;
  if (id->kind == auth::IdKind::kStalledEntry)
    return respond_not_your_turn(call.exchange, call.request.path(), EntryState::kWaiting);
  admissions.begin(call.exchange,
                   {.kind = AdmissionKind::kToken,
                    .sale = SaleNumber(id->sale),
                    .back = std::move(wanted->back),
                    .instance = std::string(call.request.path())},
                   LookUpEntry{entry, looker.customer});
}

void show_admission_keys(const Call& call, auth::KeyStore& keys) {
  static const std::string kCacheControl = "public, max-age=" + std::to_string(auth::kJwksMaxAge.whole_seconds());
  const std::string body = keys.admission_keys().snapshot()->jwks_at(call.now);
  const std::string etag = platform::etag_of(body);
  net::Response response{
      .content_type = "application/jwk-set+json",
      .body = body,
      .headers = {{"Cache-Control", kCacheControl}, {"ETag", etag}, {"Access-Control-Allow-Origin", "*"}}};
  if (platform::names_etag(call.request.header(net::Known::kIfNoneMatch), etag)) {
    response = {.status = net::Status::kNotModified, .headers = {{"Cache-Control", kCacheControl}, {"ETag", etag}}};
  }
  call.exchange.respond(response);
}

// Rare, and as slow as a file that is made durable: done on the reactor's thread, like operators' keys (key_calls.cc).
void rotate_admission_keys(const Call& call, RequestReader& reader, auth::KeyStore& store,
                           const AdmissionOptions& options) {
  const auto actor = reader.operator_of(call);
  if (!actor) return;
  bool is_exposed = false;
  if (!call.request.body().empty()) {
    JsonDocument document(call.request.body());
    is_exposed = document.root().optional("exposed").boolean();
    const auto finished = document.finish();
    if (!finished) return respond_invalid(call.exchange, call.request.path(), finished.error().message);
  }
  const auto id = store.rotate_admission_key(
      call.now, options.life_max, is_exposed ? auth::RotationHaste::kKeyIsExposed : auth::RotationHaste::kNone,
      [&](std::string_view kid) {
        const std::string what = is_exposed ? ", the ones before exposed" : "";
        return reader.note(
            call, {.actor = *actor, .action = "admission key rotated", .detail = "new key " + std::string(kid) + what});
      });
  if (!id) {
    const bool full = id.error().code == ErrorCode::kLimit;
    return full ? respond_problem(call.exchange, call.request.path(), net::Status::kConflict, "key-conflict",
                                  "The keys were not changed", id.error().message)
                : respond_busy(call.exchange, call.request.path(), "keys-unavailable", id.error().message);
  }
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("kid", *id);
  json.member("signs_from", store.admission_keys().snapshot()->keys().back().record.signs_from).end_object();
  platform::respond_json(call.exchange, net::Status::kCreated, body, "/.well-known/jwks.json");
}

}  // namespace doorbuster::sale
