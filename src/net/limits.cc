#include "net/limits.h"

#include <string>

#include "net/buffer.h"

namespace doorbuster::net {
namespace {

// Of the largest, so that one peer's never takes all buffers.
constexpr uint64_t kRequestsInBudget = 4;

constexpr uint32_t kSlotsMax = 1U << 24;  // a ticket holds 24 bits of slot

Result<void> within(const char* name, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return {};
  return fail(ErrorCode::kInvalid, std::string("limit ") + name + " is " + std::to_string(value) + ": choose from " +
                                       std::to_string(least) + " to " + std::to_string(most));
}

Result<void> positive(const char* name, Duration value) {
  if (value > Duration()) return {};
  return fail(ErrorCode::kInvalid, std::string("limit ") + name + " must be longer than 0 seconds");
}

}  // namespace

// What larger ones may have has to leave room in the buffers, too: a small budget makes them smaller, no more.
uint32_t body_bytes_of(const Limits& limits, std::string_view path) {
  for (const LargerBody& larger : limits.larger_bodies) {
    if (larger.path != path) continue;
    const uint64_t in_budget = limits.buffer_bytes / kRequestsInBudget - limits.header_bytes;
    return std::max(limits.body_bytes, static_cast<uint32_t>(std::min<uint64_t>(larger.bytes, in_budget)));
  }
  return limits.body_bytes;
}

Result<void> check(const Limits& limits) {
  TRY(within("connections", limits.connections, 1, kSlotsMax));
  TRY(within("connections_per_address", limits.connections_per_address, 1, kSlotsMax));
  TRY(within("header_bytes", limits.header_bytes, 256, 1024 * 1024));
  TRY(within("header_fields", limits.header_fields, 1, kHeaderFieldsMax));
  TRY(within("body_bytes", limits.body_bytes, 0, 16 * 1024 * 1024));
  TRY(within("pipelined_per_turn", limits.pipelined_per_turn, 1, 1'000'000));
  TRY(within("pending_output_bytes", limits.pending_output_bytes, 4096, BufferPool::kBlockMax / 2));
  TRY(within("receive_bytes_per_second_min", limits.receive_bytes_per_second_min, 1, 1'000'000'000));
  TRY(within("send_bytes_per_second_min", limits.send_bytes_per_second_min, 1, 1'000'000'000));
  TRY(positive("header_time", limits.header_time));
  TRY(positive("receive_grace", limits.receive_grace));
  TRY(positive("send_grace", limits.send_grace));
  TRY(positive("idle_time", limits.idle_time));
  TRY(positive("deferred_time", limits.deferred_time));
  TRY(positive("linger_time", limits.linger_time));
  for (const LargerBody& larger : limits.larger_bodies)
    TRY(within(larger.path.c_str(), larger.bytes, 0, 16 * 1024 * 1024));
  const uint64_t one_request = uint64_t{limits.header_bytes} + limits.body_bytes;
  if (limits.buffer_bytes < kRequestsInBudget * one_request) {
    return fail(ErrorCode::kInvalid, "limit buffer_bytes is " + std::to_string(limits.buffer_bytes) +
                                         ": it must hold at least four of the largest requests, " +
                                         std::to_string(kRequestsInBudget * one_request) + " bytes");
  }
  return {};
}

}  // namespace doorbuster::net
