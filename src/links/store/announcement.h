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

// The bytes of one, without its sequence, which is its key. docs/formats/links-store.md
[[nodiscard]] std::vector<std::byte> encode_announcement(const Announcement& announcement);
// kCorrupt: these are none that this version knows.
[[nodiscard]] Result<Announcement> decode_announcement(uint64_t sequence, Bytes stored);

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
  void give(std::span<Announcement> announcements);
  [[nodiscard]] Timestamp now() const { return announcing_.clock->now(); }
  [[nodiscard]] uint64_t newest() const { return newest_; }

 private:
  const Announcing announcing_;
  uint64_t newest_ = 0;
  Timestamp at_ = {};
};

}  // namespace doorbuster::links
