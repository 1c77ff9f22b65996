// What tests of the tables are made of.
#pragma once

#include <string>

#include "base/prng.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {

inline constexpr Timestamp kNow = Timestamp::from_micros(1'795'773'600'000'000);
inline constexpr size_t kHistory = 8;

inline NameHash hash_of(uint64_t number) { return {.high = mixed64(number), .low = mixed64(number ^ 0xABCD)}; }

inline Interaction did(EventKind kind, uint32_t item, uint32_t user, uint32_t session, int64_t second) {
  return {.kind = kind, .item = item, .user = user, .session = session, .at = kNow + Duration::seconds(second)};
}

// With items 0 to `items` - 1, and as many users and sessions.
inline void name_all(RecsTables& tables, uint32_t items, uint32_t visitors) {
  for (uint32_t item = 0; item < items; ++item) {
    const std::string name = "i" + std::to_string(item);
    tables.note(ItemNamed{.item = item, .hash = hash_of(item), .name = name}, kNow);
  }
  for (uint32_t each = 0; each < visitors; ++each) {
    tables.note(VisitorNamed{.kind = VisitorKind::kUser, .visitor = each, .hash = hash_of(1'000 + each)}, kNow);
    tables.note(VisitorNamed{.kind = VisitorKind::kSession, .visitor = each, .hash = hash_of(2'000 + each)}, kNow);
  }
}

}  // namespace doorbuster::recs
