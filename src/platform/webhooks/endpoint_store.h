// The endpoints that operators made by API, kept across restarts in one file (docs/formats/webhook-endpoints.md).
//
// The file holds their secrets: mode 0600. It is replaced as a whole before a change counts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/webhooks/endpoint.h"

namespace doorbuster::platform {

[[nodiscard]] std::string encode_endpoints(const std::vector<WebhookEndpoint>& endpoints);
[[nodiscard]] Result<std::vector<WebhookEndpoint>> decode_endpoints(std::string_view text);

[[nodiscard]] Result<void> save_endpoints(const std::filesystem::path& file,
                                          const std::vector<WebhookEndpoint>& endpoints);
// None if there is no file. kInvalid names a damaged file and what to do.
[[nodiscard]] Result<std::vector<WebhookEndpoint>> load_endpoints(const std::filesystem::path& file);

}  // namespace doorbuster::platform
