#include "links/store/link_store.h"

#include <algorithm>

#include "base/siphash.h"
#include "base/varint.h"

namespace doorbuster::links {

namespace {

// Whatever a caller could tell two links apart by.
bool is_like(Link there, const Link& wanted) {
  there.number = wanted.number;
  there.code = wanted.code;
  there.created_at = wanted.created_at;
  there.version = wanted.version;
  return there == wanted;
}

// What is remembered of a claim: whether it was found, its code, and it itself.
std::string answer_with(const Change& change) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.integer(static_cast<uint8_t>(change.outcome == Change::Outcome::kFound));
  write_text(bytes, change.link.code);
  append_link(bytes, change.link);
  return std::string(as_text(bytes));
}

Result<void> read_answer(std::string_view answer, Change& change) {
  ByteReader reader(as_bytes(answer));
  change.was_found = reader.integer<uint8_t>() != 0;
  const std::string code(read_text(reader));
  change.link = TRY(decode_link(code, reader.raw(reader.left())));
  return {};
}

}  // namespace

uint64_t likeness_of(const Link& link, std::string_view asked) {
  Link alike = link;
  alike.number = 0;
  alike.created_at = {};
  alike.version = 1;
  std::vector<std::byte> bytes;
  write_text(bytes, asked);
  append_link(bytes, alike);
  return std::max<uint64_t>(SipHash(0, 0)(bytes), 1);
}

std::optional<Note> note_of(const Change& change) {
  const bool is_made = change.outcome == Change::Outcome::kDone || change.outcome == Change::Outcome::kFound;
  if (change.once.key == 0 || !is_made) return std::nullopt;
  return Note{.key = change.once.key,
              .fingerprint = change.once.fingerprint,
              .at = change.once.at,
              .answer = answer_with(change)};
}

uint32_t shard_of(std::string_view code) {
  constexpr uint64_t kKey = 0;  // everybody may know it: whoever chooses an alias chooses its shard, and no more
  return static_cast<uint32_t>(SipHash(kKey, kKey)(as_bytes(code)) % kShards);
}

Result<void> Ahead::judge(Together& together, const Lookups& lookups) {
  ahead_.reserve(together.changes.size());
  for (Change& change : together.changes) {
    if (change.once.key != 0 && TRY(is_repeated(change, lookups))) continue;
    if (change.once.key != 0) by_key_.insert_or_assign(change.once.key, &change);
    if (change.likeness != 0 && TRY(is_found(change, lookups))) continue;
    TRY(judge_one(together, change, lookups));
    if (change.outcome == Change::Outcome::kDone && change.likeness != 0)
      by_likeness_.insert_or_assign(change.likeness, &change);
  }
  return {};
}

Result<bool> Ahead::is_repeated(Change& change, const Lookups& lookups) {
  const auto found = by_key_.find(change.once.key);
  std::optional<Note> note = found == by_key_.end() ? std::nullopt : note_of(*found->second);
  if (!note) note = TRY(lookups.note(change.once.key));
  if (!note || note->at + kRemembered <= change.once.at) return false;
  change.outcome = Change::Outcome::kKeyReused;
  if (note->fingerprint != change.once.fingerprint) return true;
  change.outcome = Change::Outcome::kRepeated;
  TRY(read_answer(note->answer, change));
  return true;
}

// Whoever was like it may have been changed since.
Result<bool> Ahead::is_found(Change& change, const Lookups& lookups) {
  const auto found = by_likeness_.find(change.likeness);
  const auto code =
      found == by_likeness_.end() ? TRY(lookups.alike(change.likeness)) : std::optional(found->second->link.code);
  if (!code) return false;
  auto there = TRY(link_at(*code, lookups));
  if (!there || !is_like(*there, change.link)) return false;
  change.link = *std::move(there);
  change.outcome = Change::Outcome::kFound;
  return true;
}

Result<std::optional<Link>> Ahead::link_at(std::string_view code, const Lookups& lookups) const {
  const auto seen = ahead_.find(code);
  if (seen == ahead_.end()) return lookups.link(code);
  if (seen->second->kind == Change::Kind::kErase) return std::nullopt;
  return seen->second->link;
}

Result<void> Ahead::judge_one(Together& together, Change& change, const Lookups& lookups) {
  std::optional<Link> before;
  do {
    before = TRY(link_at(change.link.code, lookups));
    change.outcome = outcome_of(change, before);
    if (change.outcome == Change::Outcome::kTaken && change.finds_alike && is_like(*before, change.link)) {
      change.link = *std::move(before);
      change.outcome = Change::Outcome::kFound;
      return {};
    }
  } while (change.outcome == Change::Outcome::kTaken && together.other_code && together.other_code(change));
  if (change.outcome == Change::Outcome::kDone && change.kind == Change::Kind::kClaim && change.link.owner != 0) {
    const Spender spender{change.link.owner, change.month};
    auto of_spender = allowances_.find(spender);
    if (of_spender == allowances_.end())
      of_spender = allowances_.emplace(spender, TRY(lookups.allowance(spender.first, spender.second))).first;
    charge(change, of_spender->second);
  }
  if (change.outcome != Change::Outcome::kDone) return {};
  ahead_.insert_or_assign(change.link.code, &change);
  if (change.kind == Change::Kind::kErase) erased_.emplace(&change, *std::move(before));
  return {};
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

std::vector<News> news_of(std::span<const Change> changes, const Ahead& ahead) {
  using Kind = Announcement::Kind;
  std::vector<News> told;
  told.reserve(changes.size());
  for (const Change& change : changes) {
    if (change.outcome != Change::Outcome::kDone) continue;
    const bool is_erased = change.kind == Change::Kind::kErase;
    told.push_back({.kind = is_erased                             ? Kind::kDeleted
                            : change.kind == Change::Kind::kClaim ? Kind::kCreated
                                                                  : Kind::kChanged,
                    .link = is_erased ? &ahead.erased_by(change) : &change.link});
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
  const auto is_found = [](const Change& change) { return change.outcome == Change::Outcome::kFound; };
  if (std::ranges::all_of(changes, [&](const Change& change) { return is_done(change) || is_found(change); }))
    return false;
  for (Change& change : changes) {
    if (is_done(change)) change.outcome = Change::Outcome::kLeftOut;
  }
  return true;
}

}  // namespace doorbuster::links
