#include "platform/webhooks/webhooks.h"

#include <future>
#include <utility>

#include "platform/webhooks/tracked_endpoint.h"
#include "platform/webhooks/webhook_request.h"

namespace doorbuster::platform {
namespace {

Result<void> check_endpoint(const WebhookEndpoint& endpoint, const std::string& name) {
  if (!is_endpoint_id(endpoint.id))
    return fail(ErrorCode::kInvalid, name + " needs an id of 1 to 64 letters, digits, '-' and '_'");
  if (!endpoint.url.starts_with("https://") && !endpoint.url.starts_with("http://"))
    return fail(ErrorCode::kInvalid, name + " needs a url that begins with https:// or http://");
  if (endpoint.secrets.empty()) return fail(ErrorCode::kInvalid, name + " needs a secret (whsec_...)");
  if (endpoint.in_flight == 0 || endpoint.in_flight > kInFlightMax)
    return fail(ErrorCode::kInvalid, name + " may have 1 to " + std::to_string(kInFlightMax) + " requests in flight");
  if (endpoint.batch == 0 || endpoint.batch > kBatchMax)
    return fail(ErrorCode::kInvalid, name + " may have batches of 1 to " + std::to_string(kBatchMax) + " events");
  return {};
}

Result<std::vector<auth::WebhookSecret>> parse_secrets(const WebhookEndpoint& endpoint, const std::string& name) {
  std::vector<auth::WebhookSecret> secrets;
  for (const std::string& text : endpoint.secrets) {
    auto secret = auth::WebhookSecret::parse(text);
    if (!secret) return fail(ErrorCode::kInvalid, name + ": " + secret.error().message);
    secrets.push_back(std::move(*secret));
  }
  return secrets;
}

}  // namespace

bool is_endpoint_id(std::string_view id) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !id.empty() && id.size() <= 64 && id.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<std::unique_ptr<WebhookEngine>> WebhookEngine::start(std::vector<WebhookEndpoint> endpoints, Deps deps,
                                                            const WebhookOptions& options) {
  ASSERT(!deps.sources.empty());
  std::error_code failed;
  std::filesystem::create_directories(deps.folder, failed);
  if (failed) return fail(ErrorCode::kIo, "cannot make the folder " + deps.folder.string() + ": " + failed.message());
  std::unique_ptr<WebhookEngine> engine(new WebhookEngine(std::move(deps), options));
  for (WebhookEndpoint& endpoint : endpoints) TRY(engine->add(std::move(endpoint)));
  engine->thread_ = std::thread([raw = engine.get()] { raw->run(); });
  return engine;
}

WebhookEngine::WebhookEngine(Deps deps, const WebhookOptions& options)
    : deps_(std::move(deps)), options_(options), client_(std::make_unique<net::HttpClient>(options.client)) {}

Result<void> WebhookEngine::add(WebhookEndpoint config) {
  const std::string name = "the webhook endpoint '" + config.id + "'";
  TRY(check_endpoint(config, name));
  if (find(config.id) != nullptr) return fail(ErrorCode::kInvalid, name + " is there twice");
  if (endpoints_.size() == kWebhookEndpointsMax) {
    return fail(ErrorCode::kLimit,
                "at most " + std::to_string(kWebhookEndpointsMax) + " webhook endpoints can be served");
  }
  std::vector<auth::WebhookSecret> secrets = TRY(parse_secrets(config, name));
  const EndpointPosition position = TRY(position_of(config));
  auto backlog = make_backlog(config, position);
  endpoints_.push_back(std::make_unique<Endpoint>(Endpoint{.config = std::move(config),
                                                           .secrets = std::move(secrets),
                                                           .backlog = std::move(backlog),
                                                           .disabled = position.disabled}));
  // From now on it has a position: also of sources that are new.
  TRY(save(*endpoints_.back()));
  show(*endpoints_.back());
  return {};
}

Result<EndpointPosition> WebhookEngine::position_of(const WebhookEndpoint& endpoint) const {
  const SourceId& first = deps_.sources.front()->id();
  for (const std::string& id : {endpoint.id, endpoint.former_id}) {
    if (id.empty()) continue;
    const std::optional<EndpointPosition> known = TRY(load_position(deps_.folder, id, first));
    if (known) return *known;
  }
  return EndpointPosition{};
}

std::unique_ptr<Backlog> WebhookEngine::make_backlog(const WebhookEndpoint& endpoint,
                                                     const EndpointPosition& position) const {
  std::vector<Backlog::Source> sources;
  for (const DeliverySource* source : deps_.sources) sources.push_back({source->id(), source->newest()});
  BacklogOptions options = options_.backlog;
  options.in_flight_max = endpoint.in_flight;
  options.batch_max = endpoint.batch;
  return std::make_unique<Backlog>(sources, position, options);
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
    if (endpoint->is_unsaved) (void)save(*endpoint);  // or it is delivered again: at least once
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
  std::vector<EndpointStatus> all;
  {
    const std::lock_guard lock(shown_mutex_);
    for (const auto& [id, status] : shown_) all.push_back(status);
  }
  for (EndpointStatus& status : all) {
    for (const SourcePosition& position : status.positions) {
      const auto is_it = [&](const DeliverySource* source) { return source->id() == position.source; };
      const auto source = std::find_if(deps_.sources.begin(), deps_.sources.end(), is_it);
      if (source == deps_.sources.end()) continue;
      status.behind += std::max((*source)->newest(), position.position) - position.position;
    }
  }
  return all;
}

WebhookEngine::Endpoint* WebhookEngine::find(std::string_view id) const {
  const auto named = [&](const auto& endpoint) { return endpoint->config.id == id; };
  const auto found = std::find_if(endpoints_.begin(), endpoints_.end(), named);
  return found == endpoints_.end() ? nullptr : found->get();
}

Result<void> WebhookEngine::on_thread(std::function<Result<void>()> work) {
  std::promise<Result<void>> done;
  std::future<Result<void>> outcome = done.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (ending_) return fail(ErrorCode::kUnavailable, "the server is stopping");
    commands_.emplace_back([&] { done.set_value(work()); });
  }
  wake_.notify_all();
  return outcome.get();
}

Result<void> WebhookEngine::change(std::string_view id, const Change& change) {
  return on_thread([&]() -> Result<void> {
    Endpoint* const endpoint = find(id);
    if (endpoint == nullptr)
      return fail(ErrorCode::kNotFound, "there is no webhook endpoint '" + std::string(id) + "'");
    TRY(change(*endpoint));
    TRY(save(*endpoint));
    show(*endpoint);
    return {};
  });
}

Result<void> WebhookEngine::disable(std::string_view id) {
  return change(id, [this](Endpoint& endpoint) -> Result<void> {
    if (!endpoint.disabled) endpoint.disabled = Disabled{.by = DisabledBy::kOperator, .at = deps_.clock.now()};
    return {};
  });
}

Result<void> WebhookEngine::enable(std::string_view id) {
  return change(id, [](Endpoint& endpoint) -> Result<void> {
    endpoint.disabled.reset();
    endpoint.backlog->retry_now();
    return {};
  });
}

Result<void> WebhookEngine::replay(std::string_view id, Timestamp from) {
  return change(id, [this, from](Endpoint& endpoint) -> Result<void> {
    endpoint.replay_from = from;
    begin_replay_if_due(endpoint);
    return {};
  });
}

}  // namespace doorbuster::platform
