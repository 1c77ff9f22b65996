#include "links/store/link_store.h"

#include <algorithm>

#include "base/siphash.h"

namespace doorbuster::links {

uint32_t shard_of(std::string_view code) {
  constexpr uint64_t kKey = 0;  // everybody may know it: whoever chooses an alias chooses its shard, and no more
  return static_cast<uint32_t>(SipHash(kKey, kKey)(as_bytes(code)) % kShards);
}

Change::Outcome Ahead::outcome_of(const Change& change, const std::optional<Link>& before) {
  using Outcome = Change::Outcome;
  if (change.kind == Change::Kind::kClaim) return before ? Outcome::kTaken : Outcome::kDone;
  if (!before) return Outcome::kMissing;
  return before->version + 1 == change.link.version ? Outcome::kDone : Outcome::kOutdated;
}

bool leave_out_if_one_fails(std::span<Change> changes) {
  const auto is_done = [](const Change& change) { return change.outcome == Change::Outcome::kDone; };
  if (std::ranges::all_of(changes, is_done)) return false;
  for (Change& change : changes) {
    if (is_done(change)) change.outcome = Change::Outcome::kLeftOut;
  }
  return true;
}

}  // namespace doorbuster::links
