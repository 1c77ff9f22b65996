// One endpoint as the engine's thread sees it.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/webhooks/webhook_request.h"
#include "platform/webhooks/webhooks.h"

namespace doorbuster::platform {

struct WebhookEngine::Endpoint {
  [[nodiscard]] bool subscribes_to(const std::string& type) const {
    return config.types.empty() || std::find(config.types.begin(), config.types.end(), type) != config.types.end();
  }
  [[nodiscard]] EndpointPosition position() const {
    return {.sources = backlog->positions(),
            .disabled = disabled,
            .failing_since = backlog->failing_since(),
            .replayed_by = replayed_by};
  }
  [[nodiscard]] EndpointState state() const {
    if (disabled) return EndpointState::kDisabled;
    return backlog->failing_since() ? EndpointState::kFailing : EndpointState::kHealthy;
  }
  [[nodiscard]] bool may_send() const { return !disabled && !replay_from && !needs_rebuild && !is_leaving; }
  [[nodiscard]] EndpointStatus status() const;

  WebhookEndpoint config;
  std::vector<SigningSecret> secrets;
  std::unique_ptr<Backlog> backlog;
  std::optional<Disabled> disabled = {};
  // As soon as nothing is in flight:
  std::optional<Timestamp> replay_from = {};
  bool needs_rebuild = false;  // its settings have changed
  bool is_leaving = false;

  RequestKey replayed_by = {};
  uint64_t delivered = 0;
  uint64_t failed = 0;
  std::string last_error = {};
  std::string last_error_trace = {};
  bool is_unsaved = false;
  bool is_unshown = true;
  Timestamp saved_at = {};
};

[[nodiscard]] Result<std::vector<SigningSecret>> parse_secrets(const WebhookEndpoint& endpoint);

}  // namespace doorbuster::platform
