// Names one deferred answer: which reactor, which connection, and which of its requests. Once that request is answered,
// timed out or its connection is gone, the ticket resumes nothing.
#pragma once

#include <compare>
#include <cstdint>
#include <type_traits>

namespace doorbuster::net {

// As many reactors as tickets can tell apart: a server on a machine with more cores runs so many.
inline constexpr uint32_t kReactorsMax = 256;

struct Ticket {
  uint64_t value = 0;

  static constexpr Ticket make(uint8_t reactor, uint32_t slot, uint32_t generation) {
    return {uint64_t{reactor} << 56 | uint64_t{slot & 0xFFFFFF} << 32 | generation};
  }
  // To which reactor's inbox the answer has to go.
  [[nodiscard]] constexpr uint8_t reactor() const { return static_cast<uint8_t>(value >> 56); }
  [[nodiscard]] constexpr uint32_t slot() const { return static_cast<uint32_t>(value >> 32) & 0xFFFFFF; }
  [[nodiscard]] constexpr uint32_t generation() const { return static_cast<uint32_t>(value); }
  constexpr auto operator<=>(const Ticket&) const = default;
};

static_assert(Ticket::make(kReactorsMax - 1, 0, 0).reactor() == kReactorsMax - 1);
static_assert(std::is_trivially_copyable_v<Ticket> && sizeof(Ticket) == 8);

}  // namespace doorbuster::net
