// Where one endpoint stands, kept across restarts (docs/formats/webhook-position.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/webhooks/delivery.h"
#include "platform/webhooks/sequence_ranges.h"

namespace doorbuster::platform {

// More ranges than this are not saved: what lies in the further ones is delivered again after a restart.
inline constexpr size_t kRangesSavedMax = 1'000;

struct SourcePosition {
  SourceId source;
  uint64_t position = 0;                      // everything up to this sequence was delivered
  std::vector<SequenceRange> delivered = {};  // and this above it, ascending
  bool operator==(const SourcePosition&) const = default;
};

// Why nothing is sent to an endpoint.
enum class DisabledBy { kOperator, kGone, kFailing };
inline constexpr std::array<std::string_view, 3> kDisabledByNames = {"operator", "gone", "failing"};

struct Disabled {
  DisabledBy by = DisabledBy::kOperator;
  Timestamp at;
  bool operator==(const Disabled&) const = default;
};

// Which request did something, so that it does it once however often it comes: platform::IdempotencyKey.
struct RequestKey {
  uint64_t key = 0;  // 0: none
  uint64_t fingerprint = 0;
  bool operator==(const RequestKey&) const = default;
};

struct EndpointPosition {
  std::vector<SourcePosition> sources = {};
  std::optional<Disabled> disabled = {};
  std::optional<Timestamp> failing_since = {};
  RequestKey replayed_by = {};  // the request that began its last replay
  bool operator==(const EndpointPosition&) const = default;
};

// A number of 64 bits, which JSON's numbers can't all hold, as text.
[[nodiscard]] uint64_t read_whole_number(const JsonValue& value);

[[nodiscard]] std::string encode_position(std::string_view endpoint, const EndpointPosition& position);
// Version 1 knew one source only and did not name it: it was `only_source`.
[[nodiscard]] Result<EndpointPosition> decode_position(std::string_view endpoint, std::string_view text,
                                                       const SourceId& only_source);

// Replaces the file atomically and durably.
[[nodiscard]] Result<void> save_position(const std::filesystem::path& folder, std::string_view endpoint,
                                         const EndpointPosition& position);
// Nothing if the endpoint has no file yet. kInvalid names a damaged file and what to do.
[[nodiscard]] Result<std::optional<EndpointPosition>> load_position(const std::filesystem::path& folder,
                                                                    std::string_view endpoint,
                                                                    const SourceId& only_source);
// The endpoint is not there any more. No error if it had no file.
[[nodiscard]] Result<void> forget_position(const std::filesystem::path& folder, std::string_view endpoint);

}  // namespace doorbuster::platform
