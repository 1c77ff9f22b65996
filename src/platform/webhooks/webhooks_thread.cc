// What the engine's thread does, turn by turn.
#include <chrono>

#include "base/crypto.h"
#include "base/this_thread.h"
#include "platform/webhooks/tracked_endpoint.h"
#include "platform/webhooks/webhook_request.h"

namespace doorbuster::platform {
namespace {

constexpr int kGone = 410;
constexpr int kTooMany = 429;
constexpr int kUnavailable = 503;

// It has seen the events and did not take them; whoever is overloaded has not looked.
bool is_refused(const net::HttpReply& reply) {
  return reply.outcome == net::HttpOutcome::kAnswered && reply.status != kTooMany && reply.status != kUnavailable;
}

}  // namespace

EndpointStatus WebhookEngine::Endpoint::status() const {
  EndpointStatus now{.endpoint = config,
                     .state = state(),
                     .disabled = disabled,
                     .failing_since = backlog->failing_since(),
                     .positions = backlog->positions(0),
                     .waiting = backlog->waiting(),
                     .in_flight = backlog->in_flight(),
                     .delivered = delivered,
                     .failed = failed,
                     .last_error = last_error,
                     .last_error_trace = last_error_trace};
  for (EndpointSecret& secret : now.endpoint.secrets) secret.text.clear();
  if (secrets.size() > 1) now.old_secret_until = secrets.back().until;
  if (const Delivery* oldest = backlog->oldest()) now.oldest_at = oldest->at;
  return now;
}

void WebhookEngine::run() {
  begin_thread("webhooks", Urgency::kCanWait);
  while (true) {
    const Timestamp wake = turn();
    rest();
    wait_until(wake);
    const std::lock_guard lock(mutex_);
    if (!is_running_ && commands_.empty()) return;
  }
}

Timestamp WebhookEngine::turn() {
  do_commands();
  take_answers();
  const Timestamp now = deps_.clock.now();
  for (const auto& endpoint : endpoints_) {
    rebuild_if_due(*endpoint);
    read_ahead(*endpoint);
    if (endpoint->may_send()) send_due(*endpoint, now);
    save_if_due(*endpoint, now);
    if (endpoint->is_unshown) show(*endpoint);
  }
  forget_those_that_left();
  return next_wake(deps_.clock.now());
}

void WebhookEngine::do_commands() {
  std::vector<std::function<void()>> commands;
  {
    const std::lock_guard lock(mutex_);
    commands.swap(commands_);
    notified_ = false;
  }
  for (const auto& command : commands) command();
}

void WebhookEngine::take_answers() {
  std::vector<Answer> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
  }
  const Timestamp now = deps_.clock.now();
  for (const Answer& answer : answers) take_answer(answer, now);
}

void WebhookEngine::take_answer(const Answer& answer, Timestamp now) {
  Endpoint& endpoint = *answer.endpoint;
  --in_flight_;
  endpoint.is_unsaved = endpoint.is_unshown = true;
  if (is_success(answer.reply)) {
    endpoint.delivered += answer.request->deliveries.size();
    endpoint.last_error.clear();
    endpoint.last_error_trace.clear();
    return endpoint.backlog->delivered(*answer.request, now);
  }
  endpoint.failed += answer.request->deliveries.size();
  endpoint.last_error = describe_failure(answer.reply);
  endpoint.last_error_trace = answer.trace.trace_id_text();
  endpoint.backlog->failed(
      *answer.request,
      {.at = now, .random = random_number(), .asked = answer.reply.retry_after, .refused = is_refused(answer.reply)});
  if (endpoint.disabled) return;
  const bool gone = answer.reply.outcome == net::HttpOutcome::kAnswered && answer.reply.status == kGone;
  if (gone || endpoint.backlog->exhausted(now))
    endpoint.disabled = Disabled{.by = gone ? DisabledBy::kGone : DisabledBy::kFailing, .at = now};
}

// Once nothing is in flight, so that what comes again comes in order, and what was taken counts.
void WebhookEngine::rebuild_if_due(Endpoint& endpoint) {
  if ((!endpoint.replay_from && !endpoint.needs_rebuild) || endpoint.backlog->in_flight() > 0) return;
  EndpointPosition position = endpoint.position();
  for (DeliverySource* source : sources_) {
    if (!endpoint.replay_from) break;
    const uint64_t from = source->last_before(*endpoint.replay_from);
    for (SourcePosition& each : position.sources) {
      if (each.source == source->id() && from < each.position) each = {.source = source->id(), .position = from};
    }
  }
  endpoint.backlog = make_backlog(endpoint.config, position, &DeliverySource::newest);
  endpoint.replay_from.reset();
  endpoint.needs_rebuild = false;
  endpoint.is_unsaved = endpoint.is_unshown = true;
}

void WebhookEngine::forget_those_that_left() {
  std::erase_if(endpoints_, [this](const std::unique_ptr<Endpoint>& endpoint) {
    if (!endpoint->is_leaving || endpoint->backlog->in_flight() > 0) return false;
    (void)forget_position(positions_folder(), endpoint->config.id);  // a file that stays is of no use and no harm
    return true;
  });
}

void WebhookEngine::read_ahead(Endpoint& endpoint) {
  for (size_t i = 0; i < endpoint.backlog->sources(); ++i) {
    Lanes& lanes = endpoint.backlog->lanes(i);
    if (!lanes.wants_more()) continue;
    const uint64_t before = lanes.read_after();
    const auto take = [&](const std::shared_ptr<const Delivery>& delivery) {
      if (endpoint.subscribes_to(delivery->type))
        lanes.add({delivery, delivery->trace ? *delivery->trace : begin_trace()});
      else
        lanes.skip_to(delivery->sequence);
      return lanes.wants_more();
    };
    lanes.skip_to(sources_[i]->read(before, take));
    if (lanes.read_after() != before) endpoint.is_unsaved = endpoint.is_unshown = true;
  }
}

void WebhookEngine::send_due(Endpoint& endpoint, Timestamp now) {
  while (in_flight_ < kWebhookRequestsMax) {
    std::optional<Backlog::Request> request = endpoint.backlog->take_due(now);
    if (!request) return;
    endpoint.is_unshown = true;
    send(endpoint, *std::move(request));
  }
}

void WebhookEngine::send(Endpoint& endpoint, Backlog::Request request) {
  const auto kept = std::make_shared<const Backlog::Request>(std::move(request));
  SignedRequest out = make_webhook_request(endpoint.config.url, endpoint.secrets, kept->deliveries,
                                           endpoint.config.batch > 1, signing_time());
  out.http.connect_time = options_.connect_time;
  out.http.total_time = options_.total_time;
  const auto on_reply = [this, to = &endpoint, kept, trace = out.trace](net::HttpReply reply) {
    const std::lock_guard lock(mutex_);
    answers_.push_back({to, kept, trace, std::move(reply)});
    wake_.notify_all();
  };
  ++in_flight_;
  // The queue holds all that may be in flight.
  ASSERT(client_->send(std::move(out.http), on_reply));
}

void WebhookEngine::save_if_due(Endpoint& endpoint, Timestamp now) {
  if (endpoint.is_leaving || !endpoint.is_unsaved || now < endpoint.saved_at + options_.save_time) return;
  const Result<void> saved = save(endpoint);
  if (saved || endpoint.last_error == saved.error().message) return;
  endpoint.last_error = saved.error().message;
  endpoint.last_error_trace.clear();
  deps_.changed(endpoint.status());
}

Result<void> WebhookEngine::save(Endpoint& endpoint) {
  endpoint.saved_at = deps_.clock.now();
  TRY(save_position(positions_folder(), endpoint.config.id, endpoint.position()));
  endpoint.is_unsaved = false;
  return {};
}

void WebhookEngine::show(Endpoint& endpoint) {
  endpoint.is_unshown = false;
  if (endpoint.is_leaving) return;
  EndpointStatus now = endpoint.status();
  bool is_changed = false;
  {
    const std::lock_guard lock(shown_mutex_);
    EndpointStatus& shown = shown_[now.endpoint.id];
    is_changed = shown.state != now.state;
    shown = now;
  }
  if (is_changed) deps_.changed(now);
}

// While something is unsaved the next look comes when it may be saved; otherwise when a retry is due or the sources are
// polled.
Timestamp WebhookEngine::next_wake(Timestamp now) const {
  Timestamp wake = now + (endpoints_.empty() ? Duration::seconds(60) : options_.poll_time);
  for (const auto& endpoint : endpoints_) {
    if (endpoint->is_unsaved && !endpoint->is_leaving) wake = std::min(wake, endpoint->saved_at + options_.save_time);
    if (!endpoint->may_send() || in_flight_ >= kWebhookRequestsMax) continue;
    if (const auto due = endpoint->backlog->next_due()) wake = std::min(wake, *due);
  }
  return std::max(wake, now + Duration::millis(1));
}

void WebhookEngine::rest() {
  const auto wall = std::chrono::steady_clock::now().time_since_epoch();
  const Duration rest =
      share_.rest_after({.wall = Duration::micros(std::chrono::duration_cast<std::chrono::microseconds>(wall).count()),
                         .process = cpu_time_of_process(),
                         .own = cpu_time_of_this_thread() + client_->cpu_time()});
  if (rest == Duration()) return;
  std::unique_lock lock(mutex_);
  wake_early_.wait_for(lock, std::chrono::microseconds(rest.micros()),
                       [&] { return !is_running_ || !commands_.empty(); });
}

void WebhookEngine::wait_until(Timestamp wake) {
  const auto time = std::chrono::microseconds((wake - deps_.clock.now()).micros());
  std::unique_lock lock(mutex_);
  has_endpoints_ = !endpoints_.empty();
  wake_.wait_for(lock, time, [&] { return !is_running_ || notified_ || !answers_.empty() || !commands_.empty(); });
}

}  // namespace doorbuster::platform
