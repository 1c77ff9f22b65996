#include "auth/customer_id.h"

namespace doorbuster::auth {

CustomerHash CustomerHasher::hash(std::string_view kind, std::string_view id) const {
  const Digest digest = key_.sign(as_bytes(kind), as_bytes(id));
  ByteReader reader(digest);
  const auto high = reader.integer<uint64_t>();
  const auto low = reader.integer<uint64_t>();
  return {.high = high, .low = low};
}

}  // namespace doorbuster::auth
