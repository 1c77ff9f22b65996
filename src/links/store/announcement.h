// What the outside is told of links: each change of one, written by the very write that makes it, so that no crash
// loses or doubles it (docs/decisions/0134). The newest are kept, up to a bound.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "links/machine/take_down_list.h"
#include "links/store/link.h"

namespace doorbuster::links {

struct Announcement {
  // For ever: they are stored.
  enum class Kind : uint8_t {
    kCreated = 1,
    kChanged = 2,
    kDeleted = 3,
    kExpired = 4,
    kUsedUp = 5,
    kTakenDown = 6,
    kRestored = 7,
  };
  Kind kind = Kind::kCreated;
  uint64_t sequence = 0;    // given by the store: from 1, without gaps
  Timestamp at = {};        // likewise: never before that of an earlier one
  Link link = {};           // of the first four, as it is then; of kUsedUp its code and visits_max alone
  TakeDown take_down = {};  // of the last two; of one that is restored its id, kind and target
  bool operator==(const Announcement&) const = default;
};

// What is to be announced, before the store has numbered it: of the kind's link or take-down, which it does not own.
struct News {
  Announcement::Kind kind = Announcement::Kind::kCreated;
  const Link* link = nullptr;
  const TakeDown* take_down = nullptr;
};
[[nodiscard]] std::vector<News> all_news_of(std::span<const Announcement> announcements);

// A row of a store: announcements of one moment, so many at most, under the number of the last of them. Whoever makes
// ten thousand links at once makes eighty rows. docs/formats/links-store.md
inline constexpr size_t kAnnouncementsARow = 128;
[[nodiscard]] std::vector<std::byte> encode_announcements(Timestamp at, std::span<const News> some);
// In their order. kCorrupt: these are none that this version knows.
[[nodiscard]] Result<std::vector<Announcement>> decode_announcements(uint64_t last, Bytes stored);

// How a store keeps them.
struct Announcing {
  uint64_t kept = 0;             // about so many of the newest; 0: nothing is announced
  const Clock* clock = nullptr;  // outlives the store; null where nothing is announced
};

// Numbers them and says when. Those of a change that can't be written are of no account: the store is not used further.
class AnnouncementNumbers {
 public:
  explicit AnnouncementNumbers(Announcing announcing) : announcing_(announcing) {}
  [[nodiscard]] bool are_given() const { return announcing_.kept > 0; }
  [[nodiscard]] uint64_t kept() const { return announcing_.kept; }
  // The newest that there is.
  void go_on_from(const Announcement& newest);
  // To so many: when they are made. The numbers are the last ones up to newest().
  [[nodiscard]] Timestamp give(size_t count);
  [[nodiscard]] Timestamp now() const { return announcing_.clock->now(); }
  [[nodiscard]] uint64_t newest() const { return newest_; }

 private:
  const Announcing announcing_;
  uint64_t newest_ = 0;
  Timestamp at_ = {};
};

}  // namespace doorbuster::links
