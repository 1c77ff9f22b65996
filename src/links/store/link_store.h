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

#include "links/store/announcement.h"
#include "links/store/link.h"
#include "links/store/user.h"

namespace doorbuster::links {

inline constexpr uint32_t kShards = 16;
// Of a code: the same in every store and for ever.
[[nodiscard]] uint32_t shard_of(std::string_view code);

// What a user may make in a month, and has made.
struct Allowance {
  uint64_t limit = 0;
  uint64_t used = 0;
  bool operator==(const Allowance&) const = default;
};

struct Change {
  enum class Kind : uint8_t {
    kClaim,    // a new link, if nobody has its code and its owner, if it has one, may make one more
    kReplace,  // a link that is there, if it is as it was read: link.version is one more than that one's
    kErase,    // the same; of the link only code and version are looked at
  };
  enum class Outcome : uint8_t {
    kDone,
    kTaken,      // kClaim: the code is another link's
    kOverLimit,  // kClaim: its owner has made as many this month as they may
    kNoOwner,    // kClaim: its owner is suspended, leaving or gone
    kMissing,    // there is no such link
    kOutdated,   // it was changed meanwhile
    kLeftOut,    // could be done, but others could not with which it should have been
    kFound,      // kClaim: there is such a link already, and `link` is that one
    kRepeated,   // kClaim: the request was answered before, and `link` is as it was then
    kKeyReused,  // kClaim: another request has the key of this one
  };
  Kind kind = Kind::kClaim;
  Link link = {};
  Month month = 0;  // kClaim: in which it counts against its owner's limit
  // kClaim: by what links are told that are to be made once (likeness_of()); 0: it is made whether there is one or not.
  uint64_t likeness = 0;
  bool finds_alike = false;  // kClaim: a link that has the code already and is like it is found
  // kClaim: what is remembered of the request, and for how long; a key of 0: nothing.
  struct Once {
    uint64_t key = 0;
    uint64_t fingerprint = 0;
    Timestamp at = {};
  } once = {};
  // Set by change().
  Outcome outcome = Outcome::kDone;
  Allowance allowance = {};  // kClaim: its owner's, with this link if it is done
  bool was_found = false;    // kRepeated: it was kFound then
};

// How long a request is remembered by its key.
inline constexpr Duration kRemembered = Duration::seconds(24 * 3'600);

// The same for links that whoever asks would not tell apart: of the same owner, with the same options, leading to the
// same addresses. `asked` is the code as it was asked for, whose part behind the domain is empty where none was.
[[nodiscard]] uint64_t likeness_of(const Link& link, std::string_view asked);

// Of a user and their keys; each is a change by itself.
struct UserChange {
  enum class Kind : uint8_t {
    kMake,       // a new user, if nobody has their number
    kReplace,    // who is there, if they are as they were read: user.version is one more than that one's
    kErase,      // with their keys and what they have used; they must have no links any more
    kAddKey,     // to the user with user.number
    kRemoveKey,  // of that user
  };
  enum class Outcome : uint8_t {
    kDone,
    kTaken,     // the number, or the key's id, is another's
    kMissing,   // there is no such user, or they have no such key
    kOutdated,  // they were changed meanwhile
    kFull,      // they have as many keys as they may
  };
  Kind kind = Kind::kMake;
  User user = {};
  UserKey key = {};
  Outcome outcome = Outcome::kDone;  // set by change_user()
};

// What becomes of a change of a user: `user` is who has the number now, `key` whose id it names, `keys` how many keys
// the user has.
[[nodiscard]] UserChange::Outcome outcome_of(const UserChange& change, const std::optional<User>& user,
                                             const std::optional<UserKey>& key, size_t keys);

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

// What a store looks up before it changes anything, as it is now.
class Lookups {
 public:
  virtual ~Lookups() = default;
  [[nodiscard]] virtual Result<std::optional<Link>> link(std::string_view code) const = 0;
  // What a user may make in a month: nothing if they may not.
  [[nodiscard]] virtual Result<std::optional<Allowance>> allowance(uint64_t user, Month month) const = 0;
  [[nodiscard]] virtual Result<std::optional<Note>> note(uint64_t key) const = 0;
  // The code of the link that was made last with that likeness; it may be another one by now, or gone.
  [[nodiscard]] virtual Result<std::optional<std::string>> alike(uint64_t likeness) const = 0;
};

// Outcomes of changes one after another, before any of them is made: each is judged by what those before it will have
// made of its link, and of what its owner may still make.
class Ahead {
 public:
  // Points into the changes until the end.
  [[nodiscard]] Result<void> judge(Together& together, const Lookups& lookups);
  // What a change that takes a link away will take away.
  [[nodiscard]] const Link& erased_by(const Change& change) const { return erased_.at(&change); }
  // What users will have made in which month, of those who make some.
  using Spender = std::pair<uint64_t, Month>;
  [[nodiscard]] const std::map<Spender, std::optional<Allowance>>& allowances() const { return allowances_; }

 private:
  // Each says whether the outcome is known by it.
  [[nodiscard]] Result<bool> is_repeated(Change& change, const Lookups& lookups);
  [[nodiscard]] Result<bool> is_found(Change& change, const Lookups& lookups);
  [[nodiscard]] Result<void> judge_one(Together& together, Change& change, const Lookups& lookups);
  [[nodiscard]] Result<std::optional<Link>> link_at(std::string_view code, const Lookups& lookups) const;
  // Counts a claim that can be done, if its owner may make one more.
  static void charge(Change& change, std::optional<Allowance>& allowance);
  [[nodiscard]] static Change::Outcome outcome_of(const Change& change, const std::optional<Link>& before);

  std::unordered_map<std::string_view, const Change*> ahead_;
  std::unordered_map<const Change*, Link> erased_;
  std::unordered_map<uint64_t, const Change*> by_key_;  // of their requests
  std::unordered_map<uint64_t, const Change*> by_likeness_;
  std::map<Spender, std::optional<Allowance>> allowances_;
};

// What is remembered of a claim that was asked for under a key, once its outcome is known. Nothing: it is not.
[[nodiscard]] std::optional<Note> note_of(const Change& change);

// What there is to tell of changes, once their outcomes are known. Points into both.
[[nodiscard]] std::vector<News> news_of(std::span<const Change> changes, const Ahead& ahead);

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
  // The same of the links of a user.
  [[nodiscard]] virtual Result<std::vector<Link>> list_of_owner(uint64_t owner, const Place& before,
                                                                size_t limit) const = 0;
  // Which sales have channels, and when the first that there still is was made. Any thread.
  [[nodiscard]] virtual Result<std::map<std::string, Timestamp>> sales() const = 0;

  // --- What is told of links (announcement.h): by change() and change_together() with what they do, and below. Nothing
  // where the store keeps none. ---

  // Of what the log has decided: `heard` is how far it is told then. Durable when it returns. As change().
  [[nodiscard]] virtual Result<void> announce(std::vector<Announcement> announcements, uint64_t heard) = 0;
  // What announce() was told last. Nothing: it never was. Any thread, as all that only looks.
  [[nodiscard]] virtual Result<std::optional<uint64_t>> heard_of_log() const = 0;
  // Of links that are over since they were made or changed; at most so many are looked at, and how many were. As
  // change().
  [[nodiscard]] virtual Result<size_t> announce_expired(size_t limit) = 0;
  // The number of the newest; 0: there is none.
  [[nodiscard]] virtual uint64_t newest_announcement() const = 0;
  // Those behind that number which are still there, the oldest first, at most so many.
  [[nodiscard]] virtual Result<std::vector<Announcement>> announcements(uint64_t after, size_t limit) const = 0;

  // --- What people report (abuse/abuse_reports.h), by the code of the link: few, and bytes to a store. ---

  // In place of what there was; nothing takes it away. Durable when it returns. As change().
  [[nodiscard]] virtual Result<void> put_report(std::string_view code, const std::optional<std::string>& stored) = 0;
  [[nodiscard]] virtual Result<std::map<std::string, std::string>> reports() const = 0;

  // --- Users. ---

  // Durable when it returns. One thread at a time, that of change(). kIo as there.
  [[nodiscard]] virtual Result<void> change_user(UserChange& change) = 0;
  // Nothing if there is none. Any thread, as all below.
  [[nodiscard]] virtual Result<std::optional<User>> find_user(uint64_t number) const = 0;
  // Those with a greater number, in their order, at most so many.
  [[nodiscard]] virtual Result<std::vector<User>> list_users(uint64_t after, size_t limit) const = 0;
  [[nodiscard]] virtual Result<std::optional<UserKey>> find_user_key(std::string_view id) const = 0;
  [[nodiscard]] virtual Result<std::vector<UserKey>> keys_of(uint64_t user) const = 0;
  // In which months they have made links, and how many, from the first on.
  [[nodiscard]] virtual Result<std::vector<Usage>> usage_of(uint64_t user) const = 0;
  [[nodiscard]] virtual Result<uint64_t> used_in(uint64_t user, Month month) const = 0;
  // What they may make in that month and have made. Nothing if they may not.
  [[nodiscard]] Result<std::optional<Allowance>> allowance_of(uint64_t user, Month month) const;

  // How many links there are. Any thread.
  [[nodiscard]] virtual uint64_t size() const = 0;
  // Memory for what was read from disk: taken, and at most. Any thread.
  struct Cache {
    uint64_t bytes = 0;
    uint64_t bytes_max = 0;
  };
  [[nodiscard]] virtual Cache cache() const { return {}; }
};

}  // namespace doorbuster::links
