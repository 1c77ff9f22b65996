// Where short links are kept: billions of them, so not in a machine's memory, and each by itself, so that nothing has
// to be decided about two of them at once.
//
// What a store promises, whatever it is made of: a code is one link's, however many claim it at the same time; what
// change() has said is done survives a crash and a loss of power; whoever looks after it has returned sees it. Links
// lie in 16 shards by a hash of their code, so that a store of many machines can split them (docs/decisions/0120).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "links/store/link.h"

namespace doorbuster::links {

inline constexpr uint32_t kShards = 16;
// Of a code: the same in every store and for ever.
[[nodiscard]] uint32_t shard_of(std::string_view code);

struct Change {
  enum class Kind : uint8_t {
    kClaim,    // a new link, if nobody has its code
    kReplace,  // a link that is there, if it is as it was read: link.version is one more than that one's
    kErase,    // the same; of the link only code and version are looked at
  };
  enum class Outcome : uint8_t {
    kDone,
    kTaken,     // kClaim: the code is another link's
    kMissing,   // there is no such link
    kOutdated,  // it was changed meanwhile
    kLeftOut,   // could be done, but others could not with which it should have been
  };
  Kind kind = Kind::kClaim;
  Link link = {};
  Outcome outcome = Outcome::kDone;  // set by change()
};

// What is remembered of a request, so that a client who did not hear the answer may ask again (docs/decisions/0126).
struct Note {
  uint64_t key = 0;          // of the request's key and whose it is
  uint64_t fingerprint = 0;  // of the request: another one under the same key is a mistake
  Timestamp at = {};
  std::string answer = {};
  bool operator==(const Note&) const = default;
};

// Changes that belong together.
struct Together {
  std::span<Change> changes;
  bool all_or_nothing = false;
  // Asked where a claim's code is another link's: whether it has given the claim another one. Empty: there is none.
  std::function<bool(Change&)> other_code = {};
  // Asked for once the outcomes are known: what to remember together with the changes. Empty: nothing.
  std::function<Note(std::span<const Change>)> note = {};
};

// Where a link stands among all, by when it was made; of those of one moment by their numbers.
struct Place {
  Timestamp created_at = Timestamp::from_micros(INT64_MAX);
  uint64_t number = UINT64_MAX;
  auto operator<=>(const Place&) const = default;
};
[[nodiscard]] inline Place place_of(const Link& link) { return {.created_at = link.created_at, .number = link.number}; }

// Outcomes of changes one after another, before any of them is made: each is judged by what those before it will have
// made of its link.
class Ahead {
 public:
  // Points into the changes until the end. `find` looks a link up as it is now.
  template <class Find>
  [[nodiscard]] Result<void> judge(Together& together, Find&& find) {
    ahead_.reserve(together.changes.size());
    for (Change& change : together.changes) {
      do {
        before_ = {};
        const auto seen = ahead_.find(change.link.code);
        if (seen == ahead_.end()) {
          before_ = TRY(find(change.link.code));
        } else if (seen->second->kind != Change::Kind::kErase) {
          before_ = seen->second->link;
        }
        change.outcome = outcome_of(change, before_);
      } while (change.outcome == Change::Outcome::kTaken && together.other_code && together.other_code(change));
      if (change.outcome != Change::Outcome::kDone) continue;
      ahead_.insert_or_assign(change.link.code, &change);
      if (change.kind == Change::Kind::kErase) erased_.emplace(&change, *std::move(before_));
    }
    return {};
  }
  // What a change that takes a link away will take away.
  [[nodiscard]] const Link& erased_by(const Change& change) const { return erased_.at(&change); }

 private:
  [[nodiscard]] static Change::Outcome outcome_of(const Change& change, const std::optional<Link>& before);

  std::unordered_map<std::string_view, const Change*> ahead_;
  std::unordered_map<const Change*, Link> erased_;
  std::optional<Link> before_;
};

// Of changes that were to be done all or not at all: whether one can't be. All others are left out then.
[[nodiscard]] bool leave_out_if_one_fails(std::span<Change> changes);

class LinkStore {
 public:
  virtual ~LinkStore() = default;

  // Once, before all else: until then nothing is touched, so that a server that may not start leaves what lies there as
  // it is. kUnavailable: another server uses it; kCorrupt, kIo: why it can't be used.
  [[nodiscard]] virtual Result<void> open() { return {}; }

  // Nothing if there is none. Any thread.
  [[nodiscard]] virtual Result<std::optional<Link>> find(std::string_view code) const = 0;

  // Makes all of them, in their order, durable by one sync; each ends by itself. One thread at a time. kIo: the store
  // can't say what became of them, and must not be used further.
  [[nodiscard]] virtual Result<void> change(std::span<Change> changes) = 0;

  // The same, all at one moment: nobody sees, and no crash leaves, a part of them. kLeftOut where all or nothing was to
  // be done and not all can be; then nothing is, and nothing is remembered.
  [[nodiscard]] virtual Result<void> change_together(Together& together) = 0;
  // Any thread.
  [[nodiscard]] virtual Result<std::optional<Note>> find_note(uint64_t key) const = 0;
  // Those from before that moment, some of them at a time. As change().
  [[nodiscard]] virtual Result<void> forget_notes(Timestamp before) = 0;

  // Links made before that place, the newest first, at most so many. Any thread.
  [[nodiscard]] virtual Result<std::vector<Link>> list(const Place& before, size_t limit) const = 0;

  // The same of the channels of a sale.
  [[nodiscard]] virtual Result<std::vector<Link>> list_of_sale(std::string_view sale, const Place& before,
                                                               size_t limit) const = 0;
  // Which sales have channels, and when the first that there still is was made. Any thread.
  [[nodiscard]] virtual Result<std::map<std::string, Timestamp>> sales() const = 0;

  // About how many links there are. Any thread.
  [[nodiscard]] virtual uint64_t size() const = 0;
  // Memory for what was read from disk: taken, and at most. Any thread.
  struct Cache {
    uint64_t bytes = 0;
    uint64_t bytes_max = 0;
  };
  [[nodiscard]] virtual Cache cache() const { return {}; }
};

}  // namespace doorbuster::links
