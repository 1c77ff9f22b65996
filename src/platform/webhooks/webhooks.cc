#include "platform/webhooks/webhooks.h"

#include <utility>

#include "platform/webhooks/endpoint_store.h"
#include "platform/webhooks/tracked_endpoint.h"

namespace doorbuster::platform {
Result<std::vector<SigningSecret>> parse_secrets(const WebhookEndpoint& endpoint) {
  std::vector<SigningSecret> secrets;
  for (const EndpointSecret& each : endpoint.secrets) {
    auto secret = auth::WebhookSecret::parse(each.text);
    if (!secret)
      return fail(ErrorCode::kInvalid, "the webhook endpoint '" + endpoint.id + "': " + secret.error().message);
    secrets.push_back({.secret = std::move(*secret), .until = each.until});
  }
  return secrets;
}

WebhookEngine::WebhookEngine(Deps deps, const WebhookOptions& options) : deps_(std::move(deps)), options_(options) {}

WebhookEngine::~WebhookEngine() {
  if (threads_ == Threads::kOwn) stop();
  if (!is_started_) return;
  for (DeliverySource* source : sources_) source->on_more({});
}

Result<void> WebhookEngine::start(std::vector<WebhookEndpoint> configured, std::vector<DeliverySource*> sources,
                                  Threads threads) {
  ASSERT(!is_started_);
  std::error_code failed;
  std::filesystem::create_directories(positions_folder(), failed);
  if (failed)
    return fail(ErrorCode::kIo, "cannot make the folder " + positions_folder().string() + ": " + failed.message());
  sources_ = std::move(sources);
  for (WebhookEndpoint& endpoint : configured) TRY(add(std::move(endpoint)));
  std::vector<WebhookEndpoint> made = TRY(load_endpoints(made_file()));
  for (WebhookEndpoint& endpoint : made) TRY(add(std::move(endpoint)));
  client_ = std::make_unique<net::HttpClient>(options_.client);
  // Before the thread's first look, so that nothing falls between them.
  for (DeliverySource* source : sources_) source->on_more([this] { notify(); });
  const std::lock_guard lock(mutex_);
  threads_ = threads;
  is_started_ = is_running_ = true;
  if (threads == Threads::kOwn) thread_ = std::thread([this] { run(); });
  return {};
}

Result<void> WebhookEngine::add(WebhookEndpoint config) {
  endpoints_.push_back(TRY(build(config, &DeliverySource::tail_at_start)));
  // From now on it has a position: also of sources that are new.
  TRY(save(*endpoints_.back()));
  show(*endpoints_.back());
  return {};
}

Result<std::unique_ptr<WebhookEngine::Endpoint>> WebhookEngine::build(const WebhookEndpoint& config,
                                                                      Beginning beginning) const {
  TRY(check_endpoint(config));
  if (find(config.id) != nullptr)
    return fail(ErrorCode::kInvalid, "the webhook endpoint '" + config.id + "' is there twice");
  if (endpoints_.size() >= kWebhookEndpointsMax) {
    return fail(ErrorCode::kLimit,
                "at most " + std::to_string(kWebhookEndpointsMax) + " webhook endpoints can be served");
  }
  std::vector<SigningSecret> secrets = TRY(parse_secrets(config));
  const EndpointPosition position = TRY(position_of(config));
  return std::make_unique<Endpoint>(Endpoint{.config = config,
                                             .secrets = std::move(secrets),
                                             .backlog = make_backlog(config, position, beginning),
                                             .disabled = position.disabled,
                                             .replayed_by = position.replayed_by});
}

Result<EndpointPosition> WebhookEngine::position_of(const WebhookEndpoint& endpoint) const {
  const SourceId first = sources_.empty() ? SourceId() : sources_.front()->id();
  for (const std::string& id : {endpoint.id, endpoint.former_id}) {
    if (id.empty()) continue;
    const std::optional<EndpointPosition> known = TRY(load_position(positions_folder(), id, first));
    if (known) return *known;
  }
  return EndpointPosition{};
}

std::unique_ptr<Backlog> WebhookEngine::make_backlog(const WebhookEndpoint& endpoint, const EndpointPosition& position,
                                                     Beginning beginning) const {
  std::vector<Backlog::Source> sources;
  for (const DeliverySource* source : sources_) sources.push_back({source->id(), (source->*beginning)()});
  BacklogOptions options = options_.backlog;
  options.in_flight_max = endpoint.in_flight;
  options.batch_max = endpoint.batch;
  return std::make_unique<Backlog>(sources, position, options);
}

void WebhookEngine::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_running_ = false;
  }
  wake_.notify_all();
  wake_early_.notify_all();
  if (!std::exchange(is_started_, false)) return;
  for (DeliverySource* source : sources_) source->on_more({});
  if (thread_.joinable()) thread_.join();
  client_.reset();
  std::erase_if(answers_, [](const Answer& answer) { return !is_success(answer.reply); });  // cut off, not failed
  take_answers();
  for (const auto& endpoint : endpoints_) {
    if (endpoint->is_unsaved) (void)save(*endpoint);  // or it is delivered again: at least once
  }
}

void WebhookEngine::notify() {
  bool is_waited_for = false;
  {
    const std::lock_guard lock(mutex_);
    is_waited_for = !std::exchange(notified_, true) && has_endpoints_;
  }
  if (is_waited_for) wake_.notify_all();
}

uint64_t WebhookEngine::behind(const EndpointStatus& status) const {
  uint64_t events = 0;
  for (const SourcePosition& position : status.positions) {
    const auto is_it = [&](const DeliverySource* source) { return source->id() == position.source; };
    const auto source = std::find_if(sources_.begin(), sources_.end(), is_it);
    if (source != sources_.end()) events += std::max((*source)->newest(), position.position) - position.position;
  }
  return events;
}

std::vector<EndpointStatus> WebhookEngine::status() const {
  std::vector<EndpointStatus> all;
  const std::lock_guard lock(shown_mutex_);
  for (const auto& [id, status] : shown_) {
    all.push_back(status);
    all.back().behind = behind(status);
  }
  return all;
}

std::optional<EndpointStatus> WebhookEngine::status_of(std::string_view id) const {
  const std::lock_guard lock(shown_mutex_);
  const auto found = shown_.find(id);
  if (found == shown_.end()) return std::nullopt;
  EndpointStatus status = found->second;
  status.behind = behind(status);
  return status;
}

WebhookEngine::Endpoint* WebhookEngine::find(std::string_view id) const {
  const auto named = [&](const auto& endpoint) { return endpoint->config.id == id && !endpoint->is_leaving; };
  const auto found = std::find_if(endpoints_.begin(), endpoints_.end(), named);
  return found == endpoints_.end() ? nullptr : found->get();
}

}  // namespace doorbuster::platform
