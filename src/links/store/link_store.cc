#include "links/store/link_store.h"

#include "base/siphash.h"

namespace doorbuster::links {

uint32_t shard_of(std::string_view code) {
  constexpr uint64_t kKey = 0;  // everybody may know it: whoever chooses an alias chooses its shard, and no more
  return static_cast<uint32_t>(SipHash(kKey, kKey)(as_bytes(code)) % kShards);
}

}  // namespace doorbuster::links
