// The machine of recommendations: what has to be decided one after another before anybody counts anything.
//
//   events     whether one has come before (its id; of impressions and clicks of an answer, the item there), and which
//              numbers stand for its item, its user and its session
//   items      each has a number once it is first named; there may be so many
//   visitors   users and sessions; there may be so many of each, and who was seen least recently makes room
//   forgetting of a user: from then on nothing of them is anywhere
//   documents  surfaces, rules, experiments and filters; there may be so many
//
// What is recommended is not decided here: views follow the log and answer (views/).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/event_sink.h"
#include "recs/machine/name_table.h"
#include "recs/machine/recent_ids.h"
#include "recs/machine/recs_event.h"
#include "recs/machine/visitor_table.h"

namespace doorbuster::recs {

// How much there may be.
struct Capacity {
  uint64_t items = 1'000'000;
  uint64_t users = 1'000'000;
  uint64_t sessions = 1'000'000;
  uint64_t event_ids = 1'000'000;  // remembered
  uint64_t documents = 1'000;      // of each kind
};

// --- Commands. Texts are the command's own. ---

// What few events say (recs_event.h).
struct EventMore {
  std::string surface = {};
  std::string experiment = {};
  std::string variant = {};
  std::string word = {};
  uint16_t country = 0;
  ShownAs shown = {};
};
struct EventRow {
  EventKind kind = EventKind::kView;
  NameHash item;
  std::string item_name;
  NameHash user = {};     // none: nobody whom the shop knows
  NameHash session = {};  // likewise; one of the two is there
  Timestamp at = {};      // the beginning of time: now
  uint32_t quantity = 1;
  int64_t value_thousandths = 0;
  uint64_t recommendation = 0;
  uint64_t id_hash = 0;  // 0: it has no id
  std::optional<EventMore> more = {};
};
struct RecordEvents {
  std::vector<EventRow> rows;
};
struct ItemContent {
  NameHash item;
  std::string name;
  std::string content;
};
struct PutItems {
  std::vector<ItemContent> items;
};
struct RemoveItem {
  NameHash item;
};
// Names the item if nobody has.
struct SetStock {
  NameHash item;
  std::string name;
  bool in_stock = true;
};
struct UserContent {
  NameHash user;
  std::string content;
};
struct PutUsers {
  std::vector<UserContent> users;
};
struct ForgetUser {
  NameHash user;
};
struct PutDocument {
  DocumentKind kind = DocumentKind::kSurface;
  std::string name;
  std::string content;
};
struct RemoveDocument {
  DocumentKind kind = DocumentKind::kSurface;
  std::string name;
};

class RecsMachine {
 public:
  static constexpr std::string_view kKind = "recs";
  static constexpr uint32_t kSnapshotVersion = 1;

  using Command =
      std::variant<RecordEvents, PutItems, RemoveItem, SetStock, PutUsers, ForgetUser, PutDocument, RemoveDocument>;
  struct Reply {
    uint64_t sequence = 0;                    // of the newest event that the answer rests on
    uint32_t done = 0;                        // rows, items, users: recorded
    uint32_t duplicates = 0;                  // rows that came before
    std::vector<uint32_t> without_room = {};  // which rows, items: there is no room for their item
    bool is_known = false;                    // what was to be removed, forgotten or replaced was there
    bool has_room = true;                     // for the document
  };
  struct Publication {
    uint64_t items = 0;
    uint64_t users = 0;
    uint64_t sessions = 0;
    uint64_t duplicates = 0;  // since the start
    uint64_t made_room = 0;   // visitors who were forgotten because others came, since the start
  };

  // A visitor who is seen by a command's first row must still be there at its last.
  static constexpr size_t kVisitorsMin = 2 * kRowsMax;

  explicit RecsMachine(const Capacity& capacity);

  [[nodiscard]] Reply decide(const Command& command, Timestamp now, EventSink& events);
  [[nodiscard]] bool tick(Timestamp, size_t, EventSink&) { return true; }
  [[nodiscard]] Timestamp next_deadline() const { return Timestamp::from_micros(INT64_MAX); }
  void prefetch(const Command& command) const;
  template <class Take>
  void take_publications(Take&& take) {
    if (std::exchange(has_news_, false)) take(publication());
  }

  [[nodiscard]] Result<void> apply(Bytes events, Timestamp at);
  // Where a limit was lowered, items that there are stay, and visitors make room as others come.
  [[nodiscard]] Result<void> check_limits() const { return {}; }
  void go_live(Timestamp) { has_news_ = true; }

  void begin_snapshot();
  [[nodiscard]] bool save_part(std::vector<std::byte>& part);
  void drop_snapshot() { frozen_ = {}; }
  [[nodiscard]] Result<void> load_part(Bytes part);
  [[nodiscard]] Result<void> finish_load();

 private:
  struct FrozenVisitors {
    std::vector<VisitorTable::Known> known;
    std::vector<uint32_t> free_numbers;
    size_t saved = 0;
    size_t free_saved = 0;
  };
  // What is still to be saved. Items are only ever added, so theirs are read from the table itself.
  struct Frozen {
    uint64_t sequence = 0;
    bool has_head = false;
    size_t items = 0;
    size_t items_saved = 0;
    std::array<FrozenVisitors, kVisitorKinds> visitors;
    std::vector<uint64_t> ids;
    size_t ids_saved = 0;
    std::vector<std::pair<DocumentKind, std::string>> documents;
    size_t documents_saved = 0;
  };

  Reply decide_one(const RecordEvents& command, Timestamp now, EventSink& events);
  Reply decide_one(const PutItems& command, Timestamp now, EventSink& events);
  Reply decide_one(const RemoveItem& command, Timestamp now, EventSink& events);
  Reply decide_one(const SetStock& command, Timestamp now, EventSink& events);
  Reply decide_one(const PutUsers& command, Timestamp now, EventSink& events);
  Reply decide_one(const ForgetUser& command, Timestamp now, EventSink& events);
  Reply decide_one(const PutDocument& command, Timestamp now, EventSink& events);
  Reply decide_one(const RemoveDocument& command, Timestamp now, EventSink& events);
  [[nodiscard]] bool came_before(const Interaction& row) const;
  [[nodiscard]] std::optional<uint32_t> item_of(const NameHash& hash, std::string_view name, EventSink& events);
  [[nodiscard]] uint32_t visitor_of(VisitorKind kind, const NameHash& hash, EventSink& events);
  template <class E>
  void record(const E& event, EventSink& events);
  void apply_one(const Event& event);
  [[nodiscard]] Publication publication() const;
  [[nodiscard]] VisitorTable& table_of(VisitorKind kind) { return visitors_[static_cast<size_t>(kind)]; }

  const Capacity capacity_;
  uint64_t sequence_ = 0;  // of the newest event
  NameTable items_;
  std::array<VisitorTable, kVisitorKinds> visitors_;
  RecentIds ids_;
  std::array<std::set<std::string, std::less<>>, kDocumentKinds> documents_;  // their names
  std::array<std::vector<uint32_t>, kVisitorKinds> loaded_free_;
  uint64_t duplicates_ = 0;
  uint64_t made_room_ = 0;
  Frozen frozen_;
  bool has_news_ = false;
};

}  // namespace doorbuster::recs
