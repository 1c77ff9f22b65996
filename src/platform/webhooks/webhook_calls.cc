#include "platform/webhooks/webhook_calls.h"

#include <array>

#include "base/json.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "platform/webhooks/webhook_json.h"

namespace doorbuster::platform {
namespace {

using net::Method;

constexpr int64_t kOldSecretHoursMax = 7 * 24;
constexpr int64_t kOldSecretHoursDefault = 24;

constexpr std::array kWebhookRoutes = {
    WebhookRoute{Method::kGet, "/api/v1/webhooks", take_by<list_webhooks, WebhookParts>},
    WebhookRoute{Method::kPost, "/api/v1/webhooks", take_by<create_webhook, WebhookParts>},
    WebhookRoute{Method::kGet, "/api/v1/webhooks/{endpoint}", take_by<show_webhook, WebhookParts>},
    WebhookRoute{Method::kPatch, "/api/v1/webhooks/{endpoint}", take_by<change_webhook, WebhookParts>},
    WebhookRoute{Method::kDelete, "/api/v1/webhooks/{endpoint}", take_by<delete_webhook, WebhookParts>},
    WebhookRoute{Method::kPost, "/api/v1/webhooks/{endpoint}/test", take_by<test_webhook, WebhookParts>},
    WebhookRoute{Method::kPost, "/api/v1/webhooks/{endpoint}/enable", take_by<enable_webhook, WebhookParts>},
    WebhookRoute{Method::kPost, "/api/v1/webhooks/{endpoint}/disable", take_by<disable_webhook, WebhookParts>},
    WebhookRoute{Method::kPost, "/api/v1/webhooks/{endpoint}/replay", take_by<replay_webhook, WebhookParts>},
    WebhookRoute{Method::kPost, "/api/v1/webhooks/{endpoint}/secret", take_by<rotate_webhook_secret, WebhookParts>},
};

RequestKey request_key(const IdempotencyKey& sent) { return {.key = sent.key, .fingerprint = sent.fingerprint}; }

void respond_webhook_failed(const Call& call, const Error& error) {
  const auto [status, slug] = [&]() -> std::pair<net::Status, std::string_view> {
    switch (error.code) {
      case ErrorCode::kInvalid:
        return {net::Status::kBadRequest, "invalid-request"};
      case ErrorCode::kNotFound:
        return {net::Status::kNotFound, "webhook-not-found"};
      case ErrorCode::kConflict:
        return {net::Status::kUnprocessableContent, "idempotency-key-reused"};
      case ErrorCode::kReadOnly:
        return {net::Status::kConflict, "webhook-of-configuration"};
      case ErrorCode::kLimit:
        return {net::Status::kConflict, "too-many-webhooks"};
      default:
        return {net::Status::kServiceUnavailable, "webhooks-unavailable"};
    }
  }();
  respond_problem(call.exchange, call.request.path(), status, slug, "The webhook was not changed", error.message);
}

// Writes down what was done to the endpoint. Answers 503 and returns false where that can't be: what was done stays.
bool noted(const Call& call, OperatorAuthenticator& authenticator, const std::string& actor, std::string_view action,
           std::string_view id) {
  const auto done =
      authenticator.note(call, {.actor = actor, .action = action, .detail = "webhook " + std::string(id)});
  if (!done) {
    respond_problem(call.exchange, call.request.path(), net::Status::kServiceUnavailable, "webhooks-unavailable",
                    "It was done, but the audit trail can't be written", done.error().message);
  }
  return done.has_value();
}

// The endpoint as it is now.
void respond_endpoint(const Call& call, WebhookEngine& engine, std::string_view id) {
  const std::optional<EndpointStatus> status = engine.status_of(id);
  if (!status) return respond_webhook_failed(call, no_such_endpoint(id));
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_endpoint_status(json, *status, call.now);
  respond_json(call.exchange, net::Status::kOk, body);
}

struct Deed {
  const std::string& actor;
  std::string_view action;
};

void respond_changed(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine, const Deed& deed,
                     const Result<void>& changed) {
  if (!changed) return respond_webhook_failed(call, changed.error());
  if (!noted(call, authenticator, deed.actor, deed.action, call.parameter(0))) return;
  respond_endpoint(call, engine, call.parameter(0));
}

// A new secret is told once; the endpoint's other members go with it.
void respond_with_secret(const Call& call, WebhookEngine& engine, net::Status status, const WebhookEndpoint& endpoint) {
  const std::optional<EndpointStatus> shown = engine.status_of(endpoint.id);
  if (!shown) return respond_webhook_failed(call, no_such_endpoint(endpoint.id));
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_endpoint_status(json, *shown, call.now, endpoint.secrets.front().text);
  const std::string location = status == net::Status::kCreated ? "/api/v1/webhooks/" + endpoint.id : "";
  respond_json(call.exchange, status, body, location);
}

}  // namespace

std::span<const WebhookRoute> webhook_routes() { return kWebhookRoutes; }

void add_webhook_routes(Routes& routes, net::Loop& loop, OperatorAccess& access, Operators operators,
                        WebhookEngine& engine) {
  auto& authenticator = routes.keep(std::make_unique<OperatorAuthenticator>(access, operators));
  auto& tests = routes.keep(std::make_unique<WebhookTests>(loop));
  routes.add(webhook_routes(), WebhookParts(authenticator, engine, tests));
}

void list_webhooks(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  if (!authenticator.operator_of(call)) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("webhooks").begin_array();
  for (const EndpointStatus& status : engine.status()) write_endpoint_status(json, status, call.now);
  json.end_array().end_object();
  respond_json(call.exchange, net::Status::kOk, body);
}

void create_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  const auto actor = authenticator.operator_of(call);
  if (!actor) return;
  const auto key = idempotency_key_of(call);
  if (!key) return;
  auto wanted = parse_new_endpoint(call.request.body());
  if (!wanted) return respond_webhook_failed(call, wanted.error());
  wanted->created_by = *actor;
  wanted->made_by = request_key(*key);
  const auto made = engine.create(*std::move(wanted));
  if (!made) return respond_webhook_failed(call, made.error());
  if (!noted(call, authenticator, *actor, "webhook made", made->id + " to " + made->url)) return;
  respond_with_secret(call, engine, net::Status::kCreated, *made);
}

void show_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  if (!authenticator.operator_of(call)) return;
  respond_endpoint(call, engine, call.parameter(0));
}

void change_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  const auto actor = authenticator.operator_of(call);
  if (!actor) return;
  const auto change = parse_endpoint_change(call.request.body());
  if (!change) return respond_webhook_failed(call, change.error());
  respond_changed(call, authenticator, engine, {*actor, "webhook changed"}, engine.update(call.parameter(0), *change));
}

void delete_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  const auto actor = authenticator.operator_of(call);
  if (!actor) return;
  const auto removed = engine.remove(call.parameter(0));
  if (!removed) return respond_webhook_failed(call, removed.error());
  if (!noted(call, authenticator, *actor, "webhook deleted", call.parameter(0))) return;
  call.exchange.respond(net::Response{.status = net::Status::kNoContent});
}

void enable_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  const auto actor = authenticator.operator_of(call);
  if (!actor || !idempotency_key_of(call) || !has_no_body(call)) return;
  respond_changed(call, authenticator, engine, {*actor, "webhook enabled"}, engine.enable(call.parameter(0)));
}

void disable_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  const auto actor = authenticator.operator_of(call);
  if (!actor || !idempotency_key_of(call) || !has_no_body(call)) return;
  respond_changed(call, authenticator, engine, {*actor, "webhook disabled"}, engine.disable(call.parameter(0)));
}

void replay_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  const auto actor = authenticator.operator_of(call);
  const auto key = actor ? idempotency_key_of(call) : std::nullopt;
  if (!key) return;
  JsonDocument document(call.request.body());
  const Timestamp from = document.root().required("from", "the time from which on everything is told again").time();
  if (const auto read = document.finish(); !read) return respond_webhook_failed(call, read.error());
  respond_changed(call, authenticator, engine, {*actor, "webhook replayed"},
                  engine.replay(call.parameter(0), from, request_key(*key)));
}

void rotate_webhook_secret(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine) {
  const auto actor = authenticator.operator_of(call);
  const auto key = actor ? idempotency_key_of(call) : std::nullopt;
  if (!key) return;
  int64_t hours = kOldSecretHoursDefault;
  if (!call.request.body().empty()) {
    JsonDocument document(call.request.body());
    hours = document.root()
                .optional("old_secret_hours")
                .integer({.min = 0, .max = kOldSecretHoursMax, .needs = "the old secret signs on for 0 to 168 hours"},
                         kOldSecretHoursDefault);
    if (const auto read = document.finish(); !read) return respond_webhook_failed(call, read.error());
  }
  const auto rotated = engine.rotate_secret(call.parameter(0), Duration::seconds(hours * 3'600), request_key(*key));
  if (!rotated) return respond_webhook_failed(call, rotated.error());
  if (!noted(call, authenticator, *actor, "webhook secret rotated", rotated->id)) return;
  respond_with_secret(call, engine, net::Status::kOk, *rotated);
}

void test_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine, WebhookTests& tests) {
  if (!authenticator.operator_of(call) || !idempotency_key_of(call) || !has_no_body(call)) return;
  if (!engine.status_of(call.parameter(0))) return respond_webhook_failed(call, no_such_endpoint(call.parameter(0)));
  tests.begin(call, engine, call.parameter(0));
}

WebhookTests::WebhookTests(net::Loop& loop) : loop_(loop), finished_(std::make_shared<Finished>()) {
  finished_->inbox = &loop.add_inbox([this] { answer_finished(); });
}

WebhookTests::~WebhookTests() {
  const std::lock_guard lock(finished_->mutex);
  finished_->inbox = nullptr;
}

void WebhookTests::begin(const Call& call, WebhookEngine& engine, std::string_view id) {
  const std::string endpoint(id);  // the request does not outlive defer()
  const net::Ticket ticket = call.exchange.defer();
  engine.test(endpoint, [finished = finished_, ticket](TestAnswer answer) {
    const std::lock_guard lock(finished->mutex);
    finished->answers.emplace_back(ticket, std::move(answer));
    if (finished->inbox != nullptr) finished->inbox->notify();
  });
}

void WebhookTests::answer_finished() {
  std::vector<std::pair<net::Ticket, TestAnswer>> answers;
  {
    const std::lock_guard lock(finished_->mutex);
    answers.swap(finished_->answers);
  }
  for (const auto& [ticket, answer] : answers) {
    net::Exchange* exchange = loop_.resume(ticket);
    if (exchange == nullptr) continue;  // whoever asked has gone
    std::string& body = exchange->scratch();
    JsonWriter json(body);
    json.begin_object().member("delivered", answer.is_delivered);
    json.member("status", answer.status == 0 ? std::nullopt : std::optional<int>(answer.status));
    json.member("seconds", static_cast<double>(answer.took.micros()) / 1e6);
    json.member("error", answer.error.empty() ? std::nullopt : std::optional<std::string>(answer.error)).end_object();
    respond_json(*exchange, net::Status::kOk, body);
  }
}

}  // namespace doorbuster::platform
