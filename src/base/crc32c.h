// CRC-32C (Castagnoli, RFC 3720 appendix B.4), by the processor's instruction where it has one.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace doorbuster {

// The checksum of `bytes`, continuing from `seed` (the result of an earlier call, or 0).
[[nodiscard]] uint32_t crc32c(Bytes bytes, uint32_t seed = 0);

}  // namespace doorbuster
