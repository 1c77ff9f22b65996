#include "platform/webhooks/webhooks.h"

#include <algorithm>

#include "auth/webhook_signature.h"
#include "base/crypto.h"

namespace doorbuster::platform {
namespace {

constexpr int kGone = 410;
constexpr size_t kEndpointsMax = 64;  // so that the client's queue holds all that they may have in flight
static_assert(kEndpointsMax * kLanesInFlight <= net::kHttpClientQueue);

bool is_endpoint_id(std::string_view id) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !id.empty() && id.size() <= 64 && id.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool is_success(const net::HttpReply& reply) {
  return reply.outcome == net::HttpOutcome::kAnswered && reply.status >= 200 && reply.status < 300;
}

std::string describe(const net::HttpReply& reply) {
  return reply.outcome == net::HttpOutcome::kAnswered ? "it answered " + std::to_string(reply.status) : reply.error;
}

}  // namespace

struct WebhookEngine::Endpoint {
  Endpoint(WebhookEndpoint given, std::vector<auth::WebhookSecret> parsed, const EndpointPosition& position,
           const LaneOptions& options)
      : config(std::move(given)),
        secrets(std::move(parsed)),
        lanes(position.position, position.failing_since, options),
        disabled(position.disabled),
        saved(position) {}

  [[nodiscard]] bool subscribes_to(const std::string& type) const {
    return config.types.empty() || std::find(config.types.begin(), config.types.end(), type) != config.types.end();
  }
  [[nodiscard]] EndpointPosition position() const {
    return {.position = lanes.position(), .disabled = disabled, .failing_since = lanes.failing_since()};
  }
  [[nodiscard]] EndpointState state() const {
    if (disabled) return EndpointState::kDisabled;
    return lanes.failing_since() ? EndpointState::kFailing : EndpointState::kHealthy;
  }
  [[nodiscard]] EndpointStatus status() const {
    return {.id = config.id,
            .url = config.url,
            .state = state(),
            .position = lanes.position(),
            .waiting = lanes.waiting(),
            .failing_since = lanes.failing_since(),
            .last_error = last_error,
            .last_error_trace = last_error_trace};
  }

  const WebhookEndpoint config;
  const std::vector<auth::WebhookSecret> secrets;
  Lanes lanes;
  bool disabled;
  std::string last_error;
  std::string last_error_trace;
  EndpointPosition saved;
  Timestamp saved_at;
  EndpointStatus shown;  // under the engine's mutex
};

Result<std::unique_ptr<WebhookEngine>> WebhookEngine::start(std::vector<WebhookEndpoint> endpoints, Deps deps,
                                                            const WebhookOptions& options) {
  std::error_code failed;
  std::filesystem::create_directories(deps.folder, failed);
  if (failed) return fail(ErrorCode::kIo, "cannot make the folder " + deps.folder.string() + ": " + failed.message());
  std::unique_ptr<WebhookEngine> engine(new WebhookEngine(std::move(deps), options));
  if (endpoints.size() > kEndpointsMax) return fail(ErrorCode::kLimit, "at most 64 webhook endpoints can be served");
  for (WebhookEndpoint& endpoint : endpoints) TRY(engine->add(std::move(endpoint)));
  engine->thread_ = std::thread([raw = engine.get()] { raw->run(); });
  return engine;
}

WebhookEngine::WebhookEngine(Deps deps, const WebhookOptions& options)
    : deps_(std::move(deps)), options_(options), client_(std::make_unique<net::HttpClient>(options.client)) {}

Result<void> WebhookEngine::add(WebhookEndpoint endpoint) {
  const std::string name = "the webhook endpoint '" + endpoint.id + "'";
  if (!is_endpoint_id(endpoint.id))
    return fail(ErrorCode::kInvalid, name + " needs an id of 1 to 64 letters, digits, '-' and '_'");
  for (const auto& other : endpoints_) {
    if (other->config.id == endpoint.id) return fail(ErrorCode::kInvalid, name + " is there twice");
  }
  if (!endpoint.url.starts_with("https://") && !endpoint.url.starts_with("http://")) {
    return fail(ErrorCode::kInvalid, name + " needs a url that begins with https:// or http://");
  }
  if (endpoint.secrets.empty()) return fail(ErrorCode::kInvalid, name + " needs a secret (whsec_...)");
  std::vector<auth::WebhookSecret> secrets;
  for (const std::string& text : endpoint.secrets) {
    auto secret = auth::WebhookSecret::parse(text);
    if (!secret) return fail(ErrorCode::kInvalid, name + ": " + secret.error().message);
    secrets.push_back(std::move(*secret));
  }
  std::optional<EndpointPosition> position = TRY(load_position(deps_.folder, endpoint.id));
  if (!position) {
    position = EndpointPosition{.position = endpoint.first_position};
    TRY(save_position(deps_.folder, endpoint.id, *position));
  }
  endpoints_.push_back(std::make_unique<Endpoint>(std::move(endpoint), std::move(secrets), *position, options_.lanes));
  endpoints_.back()->shown = endpoints_.back()->status();
  return {};
}

WebhookEngine::~WebhookEngine() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  client_.reset();
  std::erase_if(answers_, [](const Answer& answer) { return !is_success(answer.reply); });  // cut off, not failed
  take_answers();
  for (const auto& endpoint : endpoints_) {
    if (endpoint->position() == endpoint->saved) continue;
    (void)save_position(deps_.folder, endpoint->config.id,
                        endpoint->position());  // or it is delivered again: at least once
  }
}

void WebhookEngine::notify() {
  {
    const std::lock_guard lock(mutex_);
    notified_ = true;
  }
  wake_.notify_all();
}

std::vector<EndpointStatus> WebhookEngine::status() const {
  const std::lock_guard lock(mutex_);
  std::vector<EndpointStatus> all;
  for (const auto& endpoint : endpoints_) all.push_back(endpoint->shown);
  return all;
}

Result<void> WebhookEngine::enable(std::string_view id) {
  const auto named = [&](const auto& endpoint) { return endpoint->config.id == id; };
  const auto found = std::find_if(endpoints_.begin(), endpoints_.end(), named);
  if (found == endpoints_.end())
    return fail(ErrorCode::kNotFound, "there is no webhook endpoint '" + std::string(id) + "'");
  {
    const std::lock_guard lock(mutex_);
    to_enable_.push_back(found->get());
  }
  wake_.notify_all();
  return {};
}

void WebhookEngine::run() {
  while (true) {
    take_answers();
    const Timestamp now = deps_.clock.now();
    for (const auto& endpoint : endpoints_) {
      if (!endpoint->disabled) {
        read_ahead(*endpoint);
        send_due(*endpoint, now);
      }
      save_if_due(*endpoint, now);
      show(*endpoint);
    }
    wait();
    const std::lock_guard lock(mutex_);
    if (ending_) return;
  }
}

void WebhookEngine::take_answers() {
  std::vector<Answer> answers;
  std::vector<Endpoint*> to_enable;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
    to_enable.swap(to_enable_);
    notified_ = false;
  }
  const Timestamp now = deps_.clock.now();
  for (const Answer& answer : answers) take_answer(answer, now);
  for (Endpoint* endpoint : to_enable) {
    endpoint->disabled = false;
    endpoint->lanes.retry_now();
  }
}

void WebhookEngine::take_answer(const Answer& answer, Timestamp now) {
  Endpoint& endpoint = *answer.endpoint;
  if (is_success(answer.reply)) {
    endpoint.last_error.clear();
    endpoint.last_error_trace.clear();
    return endpoint.lanes.delivered(answer.sequence, now);
  }
  endpoint.last_error = describe(answer.reply);
  endpoint.last_error_trace = answer.trace.trace_id_text();
  endpoint.lanes.failed(answer.sequence, now, random_number(), answer.reply.retry_after);
  const bool gone = answer.reply.outcome == net::HttpOutcome::kAnswered && answer.reply.status == kGone;
  if (gone || endpoint.lanes.hopeless(now)) endpoint.disabled = true;
}

void WebhookEngine::read_ahead(Endpoint& endpoint) {
  while (endpoint.lanes.wants_more()) {
    std::optional<Delivery> next = deps_.source.next(endpoint.lanes.read_after());
    if (!next) return;
    if (!next->trace) next->trace = begin_trace();  // the same for all its attempts
    if (endpoint.subscribes_to(next->type))
      endpoint.lanes.add(std::move(*next));
    else
      endpoint.lanes.skip(next->sequence);
  }
}

void WebhookEngine::send_due(Endpoint& endpoint, Timestamp now) {
  while (const Delivery* delivery = endpoint.lanes.take_due(now)) {
    const std::string id = delivery_id(*delivery);
    const TraceContext trace = child_of(*delivery->trace);
    std::string body = cloud_event(*delivery);
    std::string signatures;
    for (const auth::WebhookSecret& secret : endpoint.secrets) {
      signatures += (signatures.empty() ? "" : " ") + secret.sign(id, now, body);
    }
    net::HttpRequest request{.url = endpoint.config.url,
                             .headers = {{"Content-Type", "application/cloudevents+json; charset=utf-8"},
                                         {"webhook-id", id},
                                         {"webhook-timestamp", std::to_string(now.micros() / 1'000'000)},
                                         {"webhook-signature", signatures},
                                         {"traceparent", format_traceparent(trace)}},
                             .body = std::move(body),
                             .connect_time = options_.connect_time,
                             .total_time = options_.total_time};
    const auto on_reply = [this, to = &endpoint, sequence = delivery->sequence, trace](net::HttpReply reply) {
      const std::lock_guard lock(mutex_);
      answers_.push_back({to, sequence, trace, std::move(reply)});
      wake_.notify_all();
    };
    if (client_->send(std::move(request), on_reply)) continue;
    endpoint.lanes.failed(delivery->sequence, now, random_number(), {});
    return;
  }
}

void WebhookEngine::save_if_due(Endpoint& endpoint, Timestamp now) {
  const EndpointPosition position = endpoint.position();
  const bool urgent = position.disabled != endpoint.saved.disabled;
  if (position == endpoint.saved || (!urgent && now < endpoint.saved_at + options_.save_time)) return;
  endpoint.saved_at = now;
  const Result<void> saved = save_position(deps_.folder, endpoint.config.id, position);
  if (saved) {
    endpoint.saved = position;
  } else if (endpoint.last_error != saved.error().message) {
    endpoint.last_error = saved.error().message;
    endpoint.last_error_trace.clear();
    deps_.changed(endpoint.status());
  }
}

void WebhookEngine::show(Endpoint& endpoint) {
  const EndpointStatus now = endpoint.status();
  EndpointState before;
  {
    const std::lock_guard lock(mutex_);
    before = endpoint.shown.state;
    endpoint.shown = now;
  }
  if (before != now.state) deps_.changed(now);
}

// While something is unsaved the next look comes when it may be saved; otherwise when a retry is due or the source is
// polled.
Timestamp WebhookEngine::next_wake(Timestamp now) const {
  Timestamp wake = now + options_.poll_time;
  for (const auto& endpoint : endpoints_) {
    if (!(endpoint->position() == endpoint->saved)) wake = std::min(wake, endpoint->saved_at + options_.save_time);
    const auto due = endpoint->disabled ? std::nullopt : endpoint->lanes.next_due();
    if (due) wake = std::min(wake, *due);
  }
  return std::max(wake, now + Duration::millis(1));
}

void WebhookEngine::wait() {
  const Timestamp now = deps_.clock.now();
  const auto time = std::chrono::microseconds((next_wake(now) - now).micros());
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [&] { return ending_ || notified_ || !answers_.empty() || !to_enable_.empty(); });
}

}  // namespace doorbuster::platform
