// Where one endpoint stands, kept across restarts (docs/formats/webhook-position.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace doorbuster::platform {

struct EndpointPosition {
  uint64_t position = 0;  // everything up to this sequence was delivered
  bool disabled = false;
  std::optional<Timestamp> failing_since = {};
  bool operator==(const EndpointPosition&) const = default;
};

[[nodiscard]] std::string encode_position(std::string_view endpoint, const EndpointPosition& position);
[[nodiscard]] Result<EndpointPosition> decode_position(std::string_view endpoint, std::string_view text);

// Replaces the file atomically and durably.
[[nodiscard]] Result<void> save_position(const std::filesystem::path& folder, std::string_view endpoint,
                                         const EndpointPosition& position);
// Nothing if the endpoint has no file yet. kInvalid names a damaged file and what to do.
[[nodiscard]] Result<std::optional<EndpointPosition>> load_position(const std::filesystem::path& folder,
                                                                    std::string_view endpoint);

}  // namespace doorbuster::platform
