// What the log of recommendations holds, and how it is written (docs/formats/recs-events.md): who did what with which
// item, what the catalogue says of items, and who is to be forgotten.
//
// Items, users and sessions are numbers here. What a name stands for is said once, before it is first used: an item's
// name as it is, of users and sessions nothing but a keyed hash.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/event_sink.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::recs {

inline constexpr size_t kNameBytesMax = 128;            // of an item, a user, a session
inline constexpr size_t kContentBytesMax = 24'576;      // of what is said of an item, a user, a surface, a rule
inline constexpr size_t kRowsMax = 1'000;               // of a command
inline constexpr size_t kNumbersMax = size_t{1} << 31;  // of items, of users, of sessions
inline constexpr uint32_t kNobody = UINT32_MAX;         // no user, no session

// 128 bits of a keyed hash: whoever does not know the key can't make two names that share one.
struct NameHash {
  uint64_t high = 0;
  uint64_t low = 0;
  auto operator<=>(const NameHash&) const = default;
  [[nodiscard]] bool is_none() const { return high == 0 && low == 0; }
};

enum class EventKind : uint8_t { kView, kCart, kPurchase, kCancel, kImpression, kClick, kOther };
inline constexpr std::array<std::string_view, 7> kEventKindNames = {"view",       "cart",  "purchase", "cancel",
                                                                    "impression", "click", "other"};

// How an item stood in the answer that led to an event: what is counted of answers follows from it.
struct ShownAs {
  uint8_t source = 0;    // as views number them
  uint8_t position = 0;  // from 1; 0: no answer is known that led to it
  uint8_t pool = 0;      // at a position where items are drawn: among how many. 0: at another one
  bool is_best = false;  // of those it is the one that would stand there undrawn
  float propensity = 1;  // how likely it was to stand there, given those before it
  bool operator==(const ShownAs&) const = default;
};

// Users are known to the shop, sessions are anonymous visits.
enum class VisitorKind : uint8_t { kUser, kSession };
inline constexpr size_t kVisitorKinds = 2;

// What the shop keeps here beside items and users.
enum class DocumentKind : uint8_t { kSurface, kRule, kExperiment, kFilter };
inline constexpr size_t kDocumentKinds = 4;

// --- Events. ---

// The next number is this item's from now on.
struct ItemNamed {
  uint32_t item = 0;
  NameHash hash;
  std::string_view name;
};
// The number is this visitor's from now on. Whose it was before has been forgotten.
struct VisitorNamed {
  VisitorKind kind = VisitorKind::kUser;
  uint32_t visitor = 0;
  NameHash hash;
};
// Nothing is to be kept of them.
struct VisitorForgotten {
  VisitorKind kind = VisitorKind::kUser;
  uint32_t visitor = 0;
};
// Somebody did something with an item.
struct Interaction {
  EventKind kind = EventKind::kView;
  uint32_t item = 0;
  uint32_t user = kNobody;
  uint32_t session = kNobody;
  Timestamp at;
  uint32_t quantity = 1;
  int64_t value_thousandths = 0;
  uint64_t recommendation = 0;  // that led to it; 0: none
  uint64_t id_hash = 0;         // of the event's id; 0: it has none
  // What few of them say.
  std::string_view surface = {};     // where on a page, of an impression or a click
  std::string_view experiment = {};  // that the answer was part of, and
  std::string_view variant = {};
  std::string_view word = {};  // the shop's own, of kOther
  uint16_t country = 0;        // two letters; 0: not said
  ShownAs shown = {};          // where an answer is known that led to it

  [[nodiscard]] bool is_attributed() const { return recommendation != 0 && shown.position != 0; }
  [[nodiscard]] bool is_response() const { return kind == EventKind::kImpression || kind == EventKind::kClick; }
  // Of one answer and item an impression and a click count once each.
  [[nodiscard]] bool counts_once() const { return is_response() && is_attributed(); }
};
// What the catalogue says of an item; it replaces all that it said before.
struct ItemPut {
  uint32_t item = 0;
  Bytes content;
};
struct ItemRemoved {
  uint32_t item = 0;
};
// Whether it can be had; all else that the catalogue says stays.
struct ItemStock {
  uint32_t item = 0;
  bool in_stock = true;
};
struct UserPut {
  uint32_t user = 0;
  Bytes content;
};
struct DocumentPut {
  DocumentKind kind = DocumentKind::kSurface;
  std::string_view name;
  Bytes content;
};
struct DocumentRemoved {
  DocumentKind kind = DocumentKind::kSurface;
  std::string_view name;
};
using Event = std::variant<Interaction, ItemNamed, VisitorNamed, VisitorForgotten, ItemPut, ItemRemoved, ItemStock,
                           UserPut, DocumentPut, DocumentRemoved>;

void write(EventSink& events, const ItemNamed& event);
void write(EventSink& events, const VisitorNamed& event);
void write(EventSink& events, const VisitorForgotten& event);
void write(EventSink& events, const ItemPut& event);
void write(EventSink& events, const ItemRemoved& event);
void write(EventSink& events, const ItemStock& event);
void write(EventSink& events, const UserPut& event);
void write(EventSink& events, const DocumentPut& event);
void write(EventSink& events, const DocumentRemoved& event);

// Interactions of one command, which are written together.
class InteractionWriter {
 public:
  // Their times are written as what they are before or after `now`.
  explicit InteractionWriter(Timestamp now) : now_(now) {}
  void add(const Interaction& interaction);
  // Nothing if there are none.
  void finish(EventSink& events);
  [[nodiscard]] uint32_t size() const { return count_; }

 private:
  void close_rows();

  const Timestamp now_;
  std::vector<std::byte> frames_;
  std::vector<std::byte> rows_;  // of the frame that is not closed
  uint32_t open_ = 0;            // how many
  uint32_t count_ = 0;
};

// Calls visit(Event) for each event that was decided at `now`, in order; what they view lives as long as `events`. How
// many there were, with those of unknown kinds, which are passed over. kCorrupt if they are not events of this machine.
[[nodiscard]] Result<uint64_t> for_each_event(Bytes events, Timestamp now,
                                              const std::function<void(const Event&)>& visit);

}  // namespace doorbuster::recs
