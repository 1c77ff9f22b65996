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

void Ahead::charge(Change& change, std::optional<Allowance>& allowance) {
  using Outcome = Change::Outcome;
  const bool has_room = allowance && allowance->used < allowance->limit;
  change.outcome = has_room ? Outcome::kDone : allowance ? Outcome::kOverLimit : Outcome::kNoOwner;
  if (has_room) ++allowance->used;
  change.allowance = allowance.value_or(Allowance());
}

std::vector<Announcement> announcements_of(std::span<const Change> changes, const Ahead& ahead) {
  using Kind = Announcement::Kind;
  std::vector<Announcement> told;
  told.reserve(changes.size());
  for (const Change& change : changes) {
    if (change.outcome != Change::Outcome::kDone) continue;
    const bool is_erased = change.kind == Change::Kind::kErase;
    told.push_back({.kind = is_erased                             ? Kind::kDeleted
                            : change.kind == Change::Kind::kClaim ? Kind::kCreated
                                                                  : Kind::kChanged,
                    .link = is_erased ? ahead.erased_by(change) : change.link});
  }
  return told;
}

UserChange::Outcome outcome_of(const UserChange& change, const std::optional<User>& user,
                               const std::optional<UserKey>& key, size_t keys) {
  using Kind = UserChange::Kind;
  using Outcome = UserChange::Outcome;
  if (change.kind == Kind::kMake) return user ? Outcome::kTaken : Outcome::kDone;
  if (!user) return Outcome::kMissing;
  if (change.kind == Kind::kAddKey) {
    if (user->state == UserState::kLeaving) return Outcome::kMissing;
    return key ? Outcome::kTaken : keys >= kUserKeysMax ? Outcome::kFull : Outcome::kDone;
  }
  if (change.kind == Kind::kRemoveKey) return key && key->user == user->number ? Outcome::kDone : Outcome::kMissing;
  return user->version + 1 == change.user.version ? Outcome::kDone : Outcome::kOutdated;
}

Result<std::optional<Allowance>> LinkStore::allowance_of(uint64_t user, Month month) const {
  const auto known = TRY(find_user(user));
  if (!known || known->state != UserState::kActive) return std::nullopt;
  return Allowance{.limit = known->monthly_limit, .used = TRY(used_in(user, month))};
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
