// What operators change: each change is checked, made durable, and then counts.
#include <array>
#include <future>

#include "base/crypto.h"
#include "base/encoding.h"
#include "platform/webhooks/endpoint_store.h"
#include "platform/webhooks/tracked_endpoint.h"
#include "platform/webhooks/webhook_request.h"

namespace doorbuster::platform {
namespace {

std::string fresh_id(std::string_view prefix) {
  std::array<std::byte, 9> random{};
  fill_random(random);
  return std::string(prefix) + to_hex(Bytes(random));
}

// So that whoever asks is answered while the request is still waited for.
constexpr Duration kTestConnectTime = Duration::seconds(2);
constexpr Duration kTestTotalTime = Duration::seconds(4);

// Whether the request was made before; kConflict if the key stood for another one.
Result<bool> is_repeated(const RequestKey& before, const RequestKey& now) {
  if (now.key == 0 || before.key != now.key) return false;
  if (before.fingerprint == now.fingerprint) return true;
  return fail(ErrorCode::kConflict, "This Idempotency-Key was sent with another request: take a new one.");
}

}  // namespace

Error no_such_endpoint(std::string_view id) {
  return {ErrorCode::kNotFound,
          "There is no webhook '" + std::string(id.substr(0, 64)) + "': GET /api/v1/webhooks lists those there are."};
}

Result<void> WebhookEngine::on_thread(std::function<Result<void>()> work) {
  std::promise<Result<void>> done;
  std::future<Result<void>> outcome = done.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (!is_running_) return fail(ErrorCode::kUnavailable, "Webhooks are not served at the moment: try again.");
    if (threads_ == Threads::kOwn) commands_.emplace_back([&] { done.set_value(work()); });
  }
  if (threads_ == Threads::kNone) return work();
  wake_.notify_all();
  wake_early_.notify_all();
  return outcome.get();
}

Result<void> WebhookEngine::change(std::string_view id, const Change& change) {
  return on_thread([&]() -> Result<void> {
    Endpoint* const endpoint = find(id);
    if (endpoint == nullptr) return tl::unexpected(no_such_endpoint(id));
    TRY(change(*endpoint));
    show(*endpoint);
    return {};
  });
}

Result<void> WebhookEngine::disable(std::string_view id) {
  return change(id, [this](Endpoint& endpoint) -> Result<void> {
    if (!endpoint.disabled) endpoint.disabled = Disabled{.by = DisabledBy::kOperator, .at = deps_.clock.now()};
    return save(endpoint);
  });
}

Result<void> WebhookEngine::enable(std::string_view id) {
  return change(id, [this](Endpoint& endpoint) -> Result<void> {
    endpoint.disabled.reset();
    endpoint.backlog->retry_now();
    return save(endpoint);
  });
}

Result<void> WebhookEngine::replay(std::string_view id, Timestamp from, const RequestKey& key) {
  return change(id, [&](Endpoint& endpoint) -> Result<void> {
    if (TRY(is_repeated(endpoint.replayed_by, key))) return {};
    endpoint.replayed_by = key;
    endpoint.replay_from = from;
    rebuild_if_due(endpoint);
    return save(endpoint);
  });
}

std::vector<WebhookEndpoint> WebhookEngine::made_by_api() const {
  std::vector<WebhookEndpoint> made;
  for (const auto& endpoint : endpoints_) {
    if (endpoint->config.origin == EndpointOrigin::kApi && !endpoint->is_leaving) made.push_back(endpoint->config);
  }
  return made;
}

Result<WebhookEndpoint> WebhookEngine::create(WebhookEndpoint wanted) {
  WebhookEndpoint made;
  const auto make = [&]() -> Result<void> {
    for (const auto& other : endpoints_) {
      if (other->is_leaving || !TRY(is_repeated(other->config.made_by, wanted.made_by))) continue;
      made = other->config;
      return {};
    }
    wanted.id = fresh_id("wh_");
    wanted.secrets = {{.text = auth::WebhookSecret::fresh()}};
    wanted.origin = EndpointOrigin::kApi;
    wanted.created_at = deps_.clock.now();
    auto endpoint = TRY(build(wanted, &DeliverySource::newest));
    TRY(save(*endpoint));
    std::vector<WebhookEndpoint> all = made_by_api();
    all.push_back(wanted);
    TRY(save_endpoints(made_file(), all));
    endpoints_.push_back(std::move(endpoint));
    show(*endpoints_.back());
    made = wanted;
    return {};
  };
  TRY(on_thread(make));
  return made;
}

// Replaces what is kept of an endpoint that was made by API.
Result<void> WebhookEngine::change_made(std::string_view id,
                                        const std::function<Result<void>(WebhookEndpoint&)>& edit) {
  return change(id, [&](Endpoint& endpoint) -> Result<void> {
    if (endpoint.config.origin != EndpointOrigin::kApi) {
      return fail(ErrorCode::kReadOnly,
                  "This webhook stands in the configuration file: change it there and restart. It can be tested, "
                  "disabled, enabled and replayed here.");
    }
    WebhookEndpoint changed = endpoint.config;
    TRY(edit(changed));
    TRY(check_endpoint(changed));
    std::vector<SigningSecret> secrets = TRY(parse_secrets(changed));
    std::vector<WebhookEndpoint> all = made_by_api();
    for (WebhookEndpoint& each : all) {
      if (each.id == id) each = changed;
    }
    TRY(save_endpoints(made_file(), all));
    endpoint.needs_rebuild = endpoint.needs_rebuild || changed.types != endpoint.config.types ||
                             changed.in_flight != endpoint.config.in_flight || changed.batch != endpoint.config.batch;
    endpoint.config = std::move(changed);
    endpoint.secrets = std::move(secrets);
    return {};
  });
}

Result<void> WebhookEngine::update(std::string_view id, const EndpointChange& wanted) {
  return change_made(id, [&](WebhookEndpoint& endpoint) -> Result<void> {
    apply(wanted, endpoint);
    return {};
  });
}

Result<WebhookEndpoint> WebhookEngine::rotate_secret(std::string_view id, Duration old_valid, const RequestKey& key) {
  WebhookEndpoint rotated;
  const auto rotate = [&](WebhookEndpoint& endpoint) -> Result<void> {
    if (!TRY(is_repeated(endpoint.rotated_by, key))) {
      EndpointSecret old{.text = endpoint.secrets.front().text, .until = deps_.clock.now() + old_valid};
      endpoint.secrets = {{.text = auth::WebhookSecret::fresh()}, std::move(old)};
      endpoint.rotated_by = key;
    }
    rotated = endpoint;
    return {};
  };
  TRY(change_made(id, rotate));
  return rotated;
}

Result<void> WebhookEngine::remove(std::string_view id) {
  return on_thread([&]() -> Result<void> {
    Endpoint* const endpoint = find(id);
    if (endpoint == nullptr) return tl::unexpected(no_such_endpoint(id));
    if (endpoint->config.origin != EndpointOrigin::kApi)
      return fail(ErrorCode::kReadOnly,
                  "This webhook stands in the configuration file: take it out there and restart.");
    endpoint->is_leaving = true;
    if (const auto saved = save_endpoints(made_file(), made_by_api()); !saved) {
      endpoint->is_leaving = false;
      return saved;
    }
    const std::lock_guard lock(shown_mutex_);
    shown_.erase(std::string(id));
    return {};
  });
}

void WebhookEngine::test(std::string_view id, std::function<void(TestAnswer)> done) {
  const Result<void> begun = on_thread([&]() -> Result<void> {
    Endpoint* const endpoint = find(id);
    if (endpoint == nullptr) return tl::unexpected(no_such_endpoint(id));
    const Timestamp now = deps_.clock.now();
    const auto delivery =
        std::make_shared<const Delivery>(Delivery{.sequence = 0,
                                                  .key = endpoint->config.id,
                                                  .id = fresh_id("test_"),
                                                  .resource = "/api/v1/webhooks/" + endpoint->config.id,
                                                  .type = "webhook.test",
                                                  .at = now,
                                                  .json = R"({"webhook":")" + endpoint->config.id + "\"}"});
    const TracedDelivery traced{delivery, begin_trace()};
    SignedRequest out = make_webhook_request(endpoint->config.url, endpoint->secrets, std::span(&traced, 1),
                                             endpoint->config.batch > 1, signing_time());
    out.http.connect_time = kTestConnectTime;
    out.http.total_time = kTestTotalTime;
    const auto answered = [done, now, this](const net::HttpReply& reply) {
      done({.is_delivered = is_success(reply),
            .status = reply.outcome == net::HttpOutcome::kAnswered ? reply.status : 0,
            .error = describe_failure(reply),
            .took = deps_.clock.now() - now});
    };
    if (client_->send(std::move(out.http), answered)) return {};
    return fail(ErrorCode::kUnavailable, "Too much is being sent at the moment: try again.");
  });
  if (!begun) done({.error = begun.error().message});
}

}  // namespace doorbuster::platform
