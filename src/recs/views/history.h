// What one visitor did lately: so many of their newest interactions, in the order of their times. All that is counted
// of items is counted of these, so that who is forgotten leaves nothing behind.
//
// 12 bytes an interaction; 16 more where it says more than who did what, when and with which item.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include "base/prefetch.h"
#include "base/time.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

struct Touch {
  Timestamp at;
  uint32_t item = 0;
  uint32_t by = kNobody;  // of a session's: the user whose it is, and in whose history it counts
  uint32_t quantity = 1;
  int64_t value_thousandths = 0;
  EventKind kind = EventKind::kView;
  uint8_t word = 0;      // of kOther: which of the shop's own kinds; 0: of none that is known by name
  uint16_t country = 0;  // two letters of where they were; 0: not known
  bool operator==(const Touch&) const = default;
};

class History {
 public:
  [[nodiscard]] size_t size() const { return touches_.size(); }
  [[nodiscard]] bool empty() const { return touches_.empty(); }
  [[nodiscard]] Touch operator[](size_t index) const {
    const Packed& packed = touches_[index];
    Touch touch{.at = packed.at(), .item = packed.item, .kind = packed.kind()};
    if (!packed.has_more()) return touch;
    const More& more = more_[more_before(index)];
    touch.by = more.by;
    touch.quantity = more.quantity_and_word >> kWordBits;
    touch.value_thousandths = more.value_and_country >> kCountryBits;
    touch.word = more.word();
    touch.country = more.country();
    return touch;
  }
  // The oldest first; those of one time by item and kind.
  [[nodiscard]] auto touches() const {
    return std::views::iota(uint32_t{0}, static_cast<uint32_t>(size())) |
           std::views::transform([this](uint32_t index) { return (*this)[index]; });
  }
  // Calls each(at, item, kind, whether it is a user's of whom it counts in another history), the newest first; where it
  // takes them, with the word and the country of each, too.
  template <class Each>
  void each_newest(Each&& each) const {
    size_t place = more_.size();
    for (auto packed = touches_.rbegin(); packed != touches_.rend(); ++packed) {
      const More* more = packed->has_more() ? &more_[--place] : nullptr;
      const bool is_of_user = more != nullptr && more->by != kNobody;
      if constexpr (std::is_invocable_v<Each, Timestamp, uint32_t, EventKind, bool>) {
        each(packed->at(), packed->item, packed->kind(), is_of_user);
      } else {
        each(packed->at(), packed->item, packed->kind(), is_of_user, more ? more->word() : uint8_t{0},
             more ? more->country() : uint16_t{0});
      }
    }
  }
  // Whether one of theirs that counts here, of this item, is of a kind, and of a word, that fits.
  template <class Fits>
  [[nodiscard]] bool has_own(uint32_t item, Fits&& fits) const {
    size_t place = 0;
    return std::ranges::any_of(touches_, [&](const Packed& one) {
      const More* more = one.has_more() ? &more_[place++] : nullptr;
      if (one.item != item || (more != nullptr && more->by != kNobody)) return false;
      return fits(one.kind(), more ? more->word() : uint8_t{0});
    });
  }
  [[nodiscard]] bool has(uint32_t item, EventKind kind) const;
  [[nodiscard]] bool has(uint32_t item) const;

  // The newest, which are read first.
  void prefetch() const {
    constexpr size_t kALine = 64 / sizeof(Packed);
    if (touches_.empty()) return;
    prefetch_to_read(&touches_.back());
    prefetch_to_read(&touches_[touches_.size() - std::min(touches_.size(), kALine + 1)]);
  }
  void reserve(size_t count) { touches_.reserve(count); }
  void add(const Touch& touch);
  // Which one has to go if there may be only so many: purchases stay the longest.
  [[nodiscard]] std::optional<size_t> one_too_many(size_t most) const;
  // The newest purchase of an item.
  [[nodiscard]] std::optional<size_t> purchase_of(uint32_t item) const;
  Touch remove(size_t index);
  [[nodiscard]] size_t bytes() const { return touches_.capacity() * sizeof(Packed) + more_.capacity() * sizeof(More); }

  bool operator==(const History& other) const { return std::ranges::equal(touches(), other.touches()); }

 private:
  struct __attribute__((packed, aligned(4))) Packed {
    int64_t packed_at;  // and kind, and whether there is more
    uint32_t item;
    [[nodiscard]] Timestamp at() const { return Timestamp::from_micros(packed_at >> 4); }
    [[nodiscard]] bool has_more() const { return (packed_at & 8) != 0; }
    [[nodiscard]] EventKind kind() const { return static_cast<EventKind>(packed_at & 7); }
  };
  static_assert(sizeof(Packed) == 12 && kEventKindNames.size() <= 8);
  // Values are 1e15 at most, quantities 1e6, words 63; a country is a number of 1 to 676.
  static constexpr uint32_t kCountryBits = 10;
  static constexpr uint32_t kWordBits = 6;
  static constexpr uint32_t kLetters = 26;
  struct More {
    int64_t value_and_country;
    uint32_t by;
    uint32_t quantity_and_word;
    [[nodiscard]] uint8_t word() const { return static_cast<uint8_t>(quantity_and_word & ((1U << kWordBits) - 1)); }
    [[nodiscard]] uint16_t country() const {
      const auto number = static_cast<uint32_t>(value_and_country & ((1 << kCountryBits) - 1));
      if (number == 0) return 0;
      return static_cast<uint16_t>(('A' + (number - 1) / kLetters) << 8 | ('A' + (number - 1) % kLetters));
    }
  };
  static_assert(sizeof(More) == 16);

  [[nodiscard]] size_t more_before(size_t index) const {
    return static_cast<size_t>(std::ranges::count_if(std::span(touches_).first(index), &Packed::has_more));
  }

  std::vector<Packed> touches_;
  std::vector<More> more_;  // of those that have more, in their order
};

}  // namespace doorbuster::recs
