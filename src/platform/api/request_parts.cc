#include "platform/api/request_parts.h"

#include <charconv>
#include <cstring>
#include <string>

#include "base/crypto.h"
#include "base/json.h"
#include "platform/api/problems.h"

namespace doorbuster::platform {
namespace {

uint64_t first_word(const Digest& digest) {
  uint64_t word = 0;
  std::memcpy(&word, digest.data(), sizeof word);
  return word == 0 ? 1 : word;  // 0 means "no key"
}

}  // namespace

std::optional<IdempotencyKey> idempotency_key_of(const Call& call, std::string_view scope) {
  constexpr size_t kKeyBytesMax = 255;
  if (!call.request.has(net::Known::kIdempotencyKey)) return IdempotencyKey{};
  const std::string_view key = call.request.header(net::Known::kIdempotencyKey);
  if (key.empty() || key.size() > kKeyBytesMax) {
    respond_invalid(call.exchange, call.request.path(),
                    "Idempotency-Key has to be 1 to 255 bytes long: a fresh UUID is a good one.");
    return std::nullopt;
  }
  const Digest target = sha256(as_bytes(net::name_of(call.request.method())), as_bytes(call.request.target()));
  return IdempotencyKey{.key = first_word(sha256(as_bytes(scope), as_bytes(key))),
                        .fingerprint = first_word(sha256(target, as_bytes(call.request.body())))};
}

bool has_no_body(const Call& call) {
  if (call.request.body().empty()) return true;
  JsonDocument document(call.request.body());
  (void)document.root();
  const auto finished = document.finish();
  if (!finished) respond_invalid(call.exchange, call.request.path(), finished.error().message);
  return finished.has_value();
}

std::optional<size_t> number_in_query(const Call& call, std::string_view name, size_t fallback, size_t most) {
  const auto text = call.request.query_parameter(name);
  if (!text) return fallback;
  size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc() && end == text->data() + text->size() && number <= most) return number;
  respond_invalid(call.exchange, call.request.path(),
                  std::string(name) + " has to be a whole number up to " + std::to_string(most));
  return std::nullopt;
}

std::optional<PageAsked> page_asked(const Call& call) {
  const auto offset = number_in_query(call, "offset", 0, UINT32_MAX);
  const auto limit = offset ? number_in_query(call, "limit", 100, kPageMax) : std::nullopt;
  if (!limit) return std::nullopt;
  return PageAsked{.offset = *offset, .limit = *limit};
}

void respond_json(net::Exchange& exchange, net::Status status, std::string_view body, std::string_view location,
                  std::string_view set_cookie, std::string_view etag) {
  net::Response response{
      .status = status, .content_type = "application/json", .body = body, .headers = {{"Cache-Control", "no-store"}}};
  if (!set_cookie.empty()) response.headers.add({"Set-Cookie", set_cookie});
  if (!location.empty()) response.headers.add({"Location", location});
  if (!etag.empty()) response.headers.add({"ETag", etag});
  exchange.respond(response);
}

}  // namespace doorbuster::platform
