#include "recs/api/gorse_answers.h"

#include <charconv>

#include "base/json_writer.h"
#include "recs/api/recs_calls.h"

namespace doorbuster::recs {

using platform::Call;

void respond_gorse(net::Exchange& exchange, std::string_view json) {
  exchange.respond(
      net::Response{.content_type = "application/json", .body = json, .headers = {{"Cache-Control", "no-store"}}});
}

void respond_gorse_error(net::Exchange& exchange, net::Status status, std::string_view text) {
  net::HeaderList headers{{"Cache-Control", "no-store"}};
  if (status == net::Status::kServiceUnavailable || status == net::Status::kTooManyRequests)
    headers.add({"Retry-After", "1"});
  exchange.respond(
      net::Response{.status = status, .content_type = "text/plain; charset=utf-8", .body = text, .headers = headers});
}

void respond_gorse_invalid(net::Exchange& exchange, std::string_view text) {
  respond_gorse_error(exchange, net::Status::kBadRequest, text);
}

void respond_gorse_busy(net::Exchange& exchange, std::string_view detail) {
  respond_gorse_error(exchange, net::Status::kServiceUnavailable, detail);
}

void respond_rows_affected(net::Exchange& exchange, uint64_t rows) {
  std::string& body = exchange.scratch();
  JsonWriter(body).begin_object().member("RowAffected", rows).end_object();
  respond_gorse(exchange, body);
}

std::optional<std::string> gorse_caller(const Call& call, CompatCallers& callers) {
  auto actor = callers.by_api_key(call);
  if (actor) return *std::move(actor);
  const CompatRefusal refusal = actor.error();
  net::Status status = net::Status::kUnauthorized;
  if (refusal == CompatRefusal::kElsewhere) status = net::Status::kForbidden;
  if (refusal == CompatRefusal::kTooOften) status = net::Status::kTooManyRequests;
  respond_gorse_error(call.exchange, status, "unauthorized: " + std::string(explain(refusal)));
  return std::nullopt;
}

bool gorse_has_caught_up(const Call& call, const Freshness& freshness) {
  if (freshness.follower.caught_up()) return true;
  respond_gorse_busy(call.exchange, "What has happened is being read from the log after a start.");
  return false;
}

std::optional<std::string> gorse_name(const Call& call, size_t index) {
  auto name = decoded_name(call.parameter(index), net::PlusSign::kLiteral);
  if (!name) respond_gorse_invalid(call.exchange, "a name has 1 to 128 bytes, and no control characters among them");
  return name;
}

std::optional<size_t> gorse_number(const Call& call, std::string_view name, size_t fallback) {
  const std::string_view text = call.request.query_parameter(name).value_or("");
  if (text.empty()) return fallback;
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  respond_gorse_invalid(call.exchange, std::string(name) + " is a number of 0 or more");
  return std::nullopt;
}

}  // namespace doorbuster::recs
