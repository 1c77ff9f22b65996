#include "stampede/operator_client.h"

#include <charconv>
#include <filesystem>
#include <future>

#include "base/assert.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::stampede {
namespace {

constexpr size_t kAnswerBytesMax = size_t{16} << 20;

std::string body_of(const std::string& sale, const Scenario& scenario, Timestamp opens_at) {
  const SaleSpec& spec = scenario.sale;
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("id", sale).member("title", scenario.title).member("units", spec.units);
  json.key("price").begin_object().member("amount", 4'900).member("currency", "USD").end_object();
  json.member("queue", kQueueNames[static_cast<size_t>(spec.queue)]).member("guests", true);
  json.member("opens_at", opens_at);
  if (spec.queue != Queue::kNone) json.member("prequeue_opens_at", opens_at - Duration::seconds(spec.prequeue_seconds));
  json.member("claim_seconds", spec.claim_seconds).member("hold_seconds", spec.hold_seconds);
  json.member("payment_grace_seconds", spec.payment_grace_seconds);
  if (spec.outflow_per_minute > 0) json.member("outflow_per_minute", spec.outflow_per_minute);
  json.member("reason", "doorbuster stampede").end_object();
  return body;
}

std::optional<double> seconds_in(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.optional(name);
  if (!value.present() || value.is_null()) return std::nullopt;
  return value.number({.min = 0, .max = 1e9});
}

}  // namespace

double sum_of_metric(std::string_view text, std::string_view name, std::string_view label) {
  double sum = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_it =
        line.starts_with(name) && line.size() > name.size() && (line[name.size()] == ' ' || line[name.size()] == '{');
    if (!is_it || line.find(label) == std::string_view::npos) continue;
    double value = 0;
    const std::string_view last = line.substr(line.rfind(' ') + 1);
    if (std::from_chars(last.data(), last.data() + last.size(), value).ec == std::errc()) sum += value;
  }
  return sum;
}

OperatorClient::OperatorClient(std::string server, std::string key)
    : server_(std::move(server)), key_(std::move(key)) {}

Result<OperatorClient> OperatorClient::make(const std::string& server, const std::string& data) {
  std::string key = TRY(read_file(std::filesystem::path(data) / "operator.key", 1'024));
  while (!key.empty() && key.back() == '\n') key.pop_back();
  return OperatorClient(server, std::move(key));
}

Result<std::string> OperatorClient::call(const std::string& method, const std::string& path, std::string body) {
  net::HttpRequest request{.method = method, .url = server_ + path, .body = std::move(body)};
  request.headers.emplace_back("Authorization", "Bearer " + key_);
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.total_time = Duration::seconds(15);
  request.response_bytes_max = kAnswerBytesMax;
  std::promise<net::HttpReply> arrived;
  ASSERT(client_->send(std::move(request), [&](net::HttpReply reply) { arrived.set_value(std::move(reply)); }));
  net::HttpReply reply = arrived.get_future().get();
  if (reply.outcome != net::HttpOutcome::kAnswered)
    return fail(ErrorCode::kUnavailable, "no answer from " + server_ + path + " (" + reply.error + ")");
  if (reply.status < 200 || reply.status >= 300)
    return fail(ErrorCode::kConflict, server_ + path + " answered " + std::to_string(reply.status) + ": " + reply.body);
  return std::move(reply.body);
}

Result<void> OperatorClient::put_on(const std::string& sale, const Scenario& scenario, Timestamp opens_at) {
  TRY(call("POST", "/api/v1/sales", body_of(sale, scenario, opens_at)));
  return {};
}

Result<ServerNumbers> OperatorClient::numbers_of(const std::string& sale) {
  const std::string report = TRY(call("GET", "/api/v1/sales/" + sale + "/report"));
  const std::string shown = TRY(call("GET", "/api/v1/sales/" + sale));
  const std::string metrics = TRY(call("GET", "/metrics"));
  JsonDocument report_document(report, {.max_bytes = kAnswerBytesMax}), document(shown);
  const JsonObject root = document.root();
  const auto count = [&root](std::string_view name) {
    return static_cast<uint64_t>(root.required(name).integer({.min = 0}));
  };
  ServerNumbers numbers{.units = count("units"),
                        .available = count("available"),
                        .offered = count("offered"),
                        .held = count("held"),
                        .paying = count("paying"),
                        .sold = count("sold"),
                        .seconds_to_all_held = seconds_in(report_document.root(), "seconds_to_all_held"),
                        .seconds_to_all_sold = seconds_in(report_document.root(), "seconds_to_all_sold")};
  TRY(document.finish(JsonUnknown::kAllowed));
  TRY(report_document.finish(JsonUnknown::kAllowed));
  numbers.invariant_violations = static_cast<uint64_t>(sum_of_metric(metrics, "doorbuster_invariant_violations"));
  numbers.guard_enforces = sum_of_metric(metrics, "doorbuster_guard_mode", "mode=\"enforce\"") > 0;
  return numbers;
}

}  // namespace doorbuster::stampede
