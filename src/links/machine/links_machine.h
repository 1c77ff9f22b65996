// The machine of short links: what has to be decided one after another, and durable before anybody is told.
//
//   numbers  each link has one, and its code follows from it; they are given out in ranges, each once
//   visits   of links that may be visited so many times only: exactly as many, however many come at once
//   clicks   there is nothing to decide about them: they are recorded, and views count them
//   take-downs  of links and domains: each once, and not too many (take_down_list.h)
//
// The links themselves are not here: there may be billions (store/link_store.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/event_sink.h"
#include "base/result.h"
#include "base/time.h"
#include "links/machine/click.h"
#include "links/machine/imported_clicks.h"
#include "links/machine/take_down_list.h"

namespace doorbuster::links {

// --- Events. ---

// `count` numbers from `first` on are somebody's to give to links; what is left of them after a crash is never used.
struct NumbersReserved {
  uint64_t first = 0;
  uint32_t count = 0;
};
struct Clicked {
  Click click;
  bool is_counted = false;  // against the visits that the link may have
};
// The link is gone, and with it the count of its visits; views forget what they counted of it.
struct VisitsForgotten {
  uint64_t link = 0;
};
// A link was followed elsewhere before it came here. Of one link there may be several, which add up; its number is
// given once, so each import of it has a number of its own, and nothing is counted twice (docs/decisions/0129).
struct ClicksImported {
  ImportedClicks clicks;
};
// As many have followed a link as may: said once, with the last of them.
struct UsedUp {
  uint64_t link = 0;
  uint64_t visits = 0;
  std::string code;
};
using Event = std::variant<NumbersReserved, Clicked, VisitsForgotten, ClicksImported, TakenDown, Restored, UsedUp>;

// Calls visit(Event) for each event, in order; how many there were, with those of unknown kinds, which are passed over.
// kCorrupt if they are not events of this machine. docs/formats/links-events.md has the bytes.
[[nodiscard]] Result<uint64_t> for_each_event(Bytes events, const std::function<void(const Event&)>& visit);
// Whether there is anything among them that the outside is told of: costs a look at the kind of each.
[[nodiscard]] bool have_news(Bytes events);

// --- Commands. ---

struct ReserveNumbers {
  uint32_t count = 1;
};
// Clicks that nothing depends on.
struct RecordClicks {
  std::vector<Click> clicks;
};
// Of a link that may be visited so many times: whether there is a visit left.
struct Visit {
  enum class Kind : uint8_t {
    kTakesOne,  // and is recorded
    kBesides,   // recorded where one is left, and takes none: a program's
    kLook,      // neither
  };
  Click click;
  uint64_t visits_max = 0;
  Kind kind = Kind::kTakesOne;
  std::string code = {};  // of the link
};
struct ForgetVisits {
  uint64_t link = 0;
};
struct RecordImports {
  std::vector<ImportedClicks> links;
};

class LinksMachine {
 public:
  static constexpr std::string_view kKind = "links";
  static constexpr uint32_t kSnapshotVersion = 1;

  using Command =
      std::variant<RecordClicks, ReserveNumbers, Visit, ForgetVisits, RecordImports, TakeDownTarget, RestoreTarget>;
  struct Reply {
    uint64_t first_number = 0;  // ReserveNumbers
    bool is_allowed = false;    // Visit: there was one left
    uint64_t visits = 0;        // Visit: with this one
    TakeDownOutcome take_down = TakeDownOutcome::kDone;
    uint64_t take_down_id = 0;  // TakeDownTarget, if it is taken down; and when
    Timestamp take_down_at = {};
  };
  struct Publication {
    uint64_t numbers = 0;                                  // given out
    uint64_t limited = 0;                                  // links whose visits are counted here
    std::optional<std::vector<TakeDown>> take_downs = {};  // all of them, if they are others than before
  };

  [[nodiscard]] Reply decide(const Command& command, Timestamp now, EventSink& events);
  [[nodiscard]] bool tick(Timestamp, size_t, EventSink&) { return true; }
  [[nodiscard]] Timestamp next_deadline() const { return Timestamp::from_micros(INT64_MAX); }
  void prefetch(const Command&) const {}
  template <class Take>
  void take_publications(Take&& take) {
    if (!std::exchange(has_news_, false)) return;
    Publication news{.numbers = next_number_, .limited = visits_.size()};
    if (std::exchange(has_other_take_downs_, false)) news.take_downs = take_downs_.all();
    take(std::move(news));
  }

  [[nodiscard]] Result<void> apply(Bytes events, Timestamp at);
  [[nodiscard]] Result<void> check_limits() const { return {}; }
  void go_live(Timestamp) { has_news_ = has_other_take_downs_ = true; }

  void begin_snapshot();
  [[nodiscard]] bool save_part(std::vector<std::byte>& part);
  void drop_snapshot() { frozen_.reset(); }
  [[nodiscard]] Result<void> load_part(Bytes part);
  [[nodiscard]] Result<void> finish_load() { return {}; }

 private:
  struct Frozen {
    bool has_head = true;  // still to be saved
    uint64_t next_number = 0;
    std::vector<std::pair<uint64_t, uint64_t>> visits;
    size_t saved = 0;  // of them
    uint64_t next_take_down = 0;
    std::vector<TakeDown> take_downs;
    size_t take_downs_saved = 0;
    bool has_take_downs = false;  // likewise
  };

  Reply decide_one(const RecordClicks& command, Timestamp now, EventSink& events);
  Reply decide_one(const ReserveNumbers& command, Timestamp now, EventSink& events);
  Reply decide_one(const Visit& command, Timestamp now, EventSink& events);
  Reply decide_one(const ForgetVisits& command, Timestamp now, EventSink& events);
  Reply decide_one(const RecordImports& command, Timestamp now, EventSink& events);
  Reply decide_one(const TakeDownTarget& command, Timestamp now, EventSink& events);
  Reply decide_one(const RestoreTarget& command, Timestamp now, EventSink& events);
  void save_visits(std::vector<std::byte>& part);
  void save_take_downs(std::vector<std::byte>& part);
  void apply_one(const Event& event);

  uint64_t next_number_ = 0;
  std::map<uint64_t, uint64_t> visits_;  // by link
  TakeDownList take_downs_;
  std::optional<Frozen> frozen_;
  bool has_news_ = false;
  bool has_other_take_downs_ = false;
};

}  // namespace doorbuster::links
