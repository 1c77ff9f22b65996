// All that recommendations are made from, as the log has told it: the catalogue, what each visitor did lately, and what
// follows from that.
//
// What is counted of items (how popular each is, which go together) is a function of the histories that are kept, and
// of nothing else: an interaction that leaves a history, because a newer one came, a purchase was cancelled or a user
// is forgotten, is taken back exactly. So the tables are saved as histories, and made anew from them.
//
// A session is a visit, in the index of visits, while all of it is in its history and it is no longer than
// kSessionClicksMax; whatever is longer is rarely a person's.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/views/state_store.h"
#include "recs/models/learnt_model.h"
#include "recs/models/pair_counts.h"
#include "recs/models/pair_kind.h"
#include "recs/models/session_index.h"
#include "recs/views/catalogue.h"
#include "recs/views/content_index.h"
#include "recs/views/experiment_counts.h"
#include "recs/views/history.h"
#include "recs/views/new_items.h"
#include "recs/views/own_kinds.h"
#include "recs/views/recent_counts.h"
#include "recs/views/regions.h"
#include "recs/views/rules.h"
#include "recs/views/surface_counts.h"

namespace doorbuster::recs {

// What somebody's history is as a basket.
static_assert(kNumbersMax <= size_t{1} << 31, "visitors of both kinds are numbered with 32 bits");
constexpr BasketNumber basket_of(VisitorKind kind, uint32_t visitor) {
  return visitor << 1 | static_cast<uint32_t>(kind);
}

class RecsTables {
 public:
  // So many interactions of each visitor are kept; kHistoryMax at most. Items' vectors lie in a file in `folder`, if
  // there is one.
  explicit RecsTables(size_t history, const SessionIndexLimits& visits = kVisitsUsual, std::string folder = {});
  static constexpr size_t kHistoryMax = 511;
  static constexpr SessionIndexLimits kVisitsUsual{.items = 1'000'000, .sessions = 1'000'000, .clicks = 64'000'000};
  RecsTables(const RecsTables&) = delete;
  RecsTables& operator=(const RecsTables&) = delete;

  [[nodiscard]] const Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] const ContentIndex& contents() const { return contents_; }
  [[nodiscard]] const ColdItems& new_items() const { return new_items_.cold(); }
  // With its vectors, which the catalogue does not have.
  [[nodiscard]] Content content_of(uint32_t item) const;
  [[nodiscard]] const PairCounts& pairs(PairKind kind) const { return *pairs_[static_cast<size_t>(kind)]; }
  [[nodiscard]] std::optional<uint32_t> find(VisitorKind kind, const NameHash& hash) const {
    return visitors_[static_cast<size_t>(kind)].index.find(hash);
  }
  [[nodiscard]] const History& history_of(VisitorKind kind, uint32_t visitor) const {
    return visitors_[static_cast<size_t>(kind)].histories[visitor];
  }
  // Numbers of visitors are below this; not each is somebody's.
  [[nodiscard]] size_t visitors_end(VisitorKind kind) const {
    return visitors_[static_cast<size_t>(kind)].histories.size();
  }
  [[nodiscard]] const RecentCounts& recent() const { return recent_; }
  // What was clicked in which session; their numbers are the visitors'.
  [[nodiscard]] const SessionIndex& visits() const { return *visits_; }
  // In which session a user was heard of last; none if in no session.
  [[nodiscard]] std::optional<uint32_t> session_of(uint32_t user) const;
  [[nodiscard]] const LearntModel& model() const { return *model_; }
  // Gives back what it replaces.
  void serve(std::shared_ptr<const LearntModel>& model) { model_.swap(model); }
  // What was done by visitors of one country.
  [[nodiscard]] const Regions& regions() const { return regions_; }
  // The shop's own kinds of event, and what each counts: to be said before anything is heard.
  [[nodiscard]] const OwnKinds& own_kinds() const { return own_kinds_; }
  void set_own_kinds(OwnKinds kinds) { own_kinds_ = std::move(kinds); }
  // Told of whoever is forgotten, and of each session in which they were.
  using OnForgotten = std::function<void(VisitorKind, const NameHash&)>;
  void on_forgotten(OnForgotten tell) { on_forgotten_ = std::move(tell); }
  [[nodiscard]] uint64_t weight_of(EventKind kind, uint8_t word) const;
  // What the shop said of them; empty if nothing.
  [[nodiscard]] std::string_view content_of_user(uint32_t user) const;
  using Documents = std::map<std::string, std::string, std::less<>>;
  [[nodiscard]] const Documents& documents(DocumentKind kind) const { return documents_[static_cast<size_t>(kind)]; }

  [[nodiscard]] const Rules& rules() const { return rules_; }
  [[nodiscard]] const Experiments& experiments() const { return experiments_; }
  // Null if there is none of this name.
  [[nodiscard]] const ExperimentCounts* counts_of_experiment(std::string_view name) const {
    const auto found = experiment_counts_.find(name);
    return found == experiment_counts_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const SurfaceCounts& surface_counts() const { return surface_counts_; }
  // Null if there is none of this name.
  [[nodiscard]] const Surface* surface(std::string_view name) const {
    const auto found = surfaces_.find(name);
    return found == surfaces_.end() ? nullptr : &found->second;
  }

  static constexpr std::array<std::string_view, 10> kTables = {
      "items",  "users",  "sessions",  "bought_together", "viewed_together",
      "visits", "lately", "documents", "by_country",      "responses"};
  struct Usage {
    uint64_t items = 0;
    uint64_t users = 0;
    uint64_t sessions = 0;
    uint64_t interactions = 0;                   // in the histories
    std::array<uint64_t, kPairKinds> members{};  // of what pairs are counted of
    uint64_t visit_clicks = 0;
    // About, of each of kTables.
    std::array<uint64_t, kTables.size()> bytes{};
    ContentIndex::Usage contents;
  };
  [[nodiscard]] Usage usage() const;

  // Until count_all() histories are kept and nothing is counted of them; nothing is there yet. For a start, which has
  // much to hear before anybody may ask.
  void count_later() {
    is_counting_ = false;
    new_items_.hold_back();
  }
  // Everything, if it is still to be counted.
  void count_all();

  void note(const Event& event, Timestamp at);
  // What was noted when it began: whatever is noted while a part is handed over is not in it.
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const;
  [[nodiscard]] Result<void> load(platform::StateReader& in);
  void clear();

  // Whether all that is counted is the same; for tests.
  [[nodiscard]] bool counts_as(const RecsTables& other) const;

 private:
  struct Visitors {
    NumberIndex index;
    std::vector<History> histories;  // by number
  };

  [[nodiscard]] Visitors& visitors(VisitorKind kind) { return visitors_[static_cast<size_t>(kind)]; }
  void put_item(uint32_t item, Content content);
  void remove_item(uint32_t item);
  void note_interaction(const Interaction& row);
  void note_response(const Interaction& row, Timestamp at);
  void note_in_experiments(const Interaction& row, Timestamp at);
  void forget_in_experiments(const VisitorForgotten& event);
  [[nodiscard]] uint16_t country_of(const Interaction& row) const;
  void name(const VisitorNamed& event);
  void forget(const VisitorForgotten& event);
  void link(uint32_t user, uint32_t session);
  void forget_in_session(uint32_t user, uint32_t session);
  void cancel(VisitorKind kind, uint32_t visitor, uint32_t item);
  void keep(VisitorKind kind, uint32_t visitor, const Touch& touch);
  // Where pairs are counted from: users' and sessions' histories.
  class Histories final : public Baskets {
   public:
    explicit Histories(const RecsTables& tables) : tables_(tables) {}
    void read(BasketNumber basket, std::vector<BasketEntry>& into) const override;
    void prefetch_place(BasketNumber basket) const override;
    void prefetch(BasketNumber basket) const override;

   private:
    const RecsTables& tables_;
  };

  // What is being saved, of which what changes meanwhile is kept aside as it was.
  struct SavedVisitor {
    NameHash hash;
    History history;
    std::string content;  // of a user
  };
  struct SavedItem {
    Content content;
    Timestamp since;
    bool is_put = false;
    bool is_removed = false;
  };
  template <class Entry>
  struct Aside {
    uint32_t next = 0;  // below, it is written
    uint32_t end = 0;   // behind, it came later
    std::unordered_map<uint32_t, Entry> entries;
    [[nodiscard]] bool wants(uint32_t number) const {
      return number >= next && number < end && !entries.contains(number);
    }
  };
  struct Saving {
    Aside<SavedItem> items;
    std::array<Aside<SavedVisitor>, kVisitorKinds> visitors;
  };
  void keep_aside(VisitorKind kind, uint32_t visitor);
  void keep_item_aside(uint32_t item);
  [[nodiscard]] Result<void> save_all(platform::StateWriter& out) const;
  [[nodiscard]] Result<void> save_items(platform::StateWriter& out) const;
  [[nodiscard]] Result<void> save_visitors(VisitorKind kind, platform::StateWriter& out) const;

  template <class Change>
  void edit(VisitorKind kind, uint32_t visitor, Change&& change);
  void count(const History& history, const Touch& touch);
  void take_back(const History& history, const Touch& touch);
  [[nodiscard]] std::vector<BasketNumber> baskets() const;
  void update_visit(uint32_t session);
  void advance(Timestamp now);
  void put_content(uint32_t user, std::string_view content);
  void put_document(DocumentKind kind, const std::string& name, const std::string& content, Timestamp at);
  // What was counted of answers, as it is now.
  [[nodiscard]] std::vector<std::vector<std::byte>> saved_counts() const;
  void remove_document(const DocumentRemoved& event);
  [[nodiscard]] Result<void> load_parts(platform::StateReader& in);
  [[nodiscard]] Result<void> load_part(Bytes part);

  const size_t history_;
  const SessionIndexLimits visits_limits_;
  Catalogue catalogue_;
  ContentIndex contents_;
  NewItems new_items_;
  std::array<Visitors, kVisitorKinds> visitors_;
  // By user: in which sessions something of theirs may be. Some may be others' by now.
  std::vector<std::vector<uint32_t>> sessions_of_user_;
  const Histories histories_{*this};
  std::vector<BasketEntry> entries_;  // of the history that changes
  std::array<std::unique_ptr<PairCounts>, kPairKinds> pairs_;
  RecentCounts recent_;
  std::unique_ptr<SessionIndex> visits_;
  std::shared_ptr<const LearntModel> model_ = std::make_shared<LearntModel>();
  Timestamp advanced_to_;
  std::unordered_map<uint32_t, std::string> user_contents_;
  std::array<Documents, kDocumentKinds> documents_;
  Rules rules_;              // of the documents
  Surfaces surfaces_;        // likewise
  Experiments experiments_;  // likewise
  std::map<std::string, ExperimentCounts, std::less<>> experiment_counts_;
  SurfaceCounts surface_counts_;
  Regions regions_;
  std::unordered_map<uint32_t, uint16_t> countries_;  // of users, as the shop says
  OwnKinds own_kinds_;
  OnForgotten on_forgotten_;
  bool is_counting_ = true;
  uint64_t interactions_ = 0;
  std::array<uint64_t, kVisitorKinds> history_bytes_{};
  uint64_t content_bytes_ = 0;              // of users and documents
  mutable std::unique_ptr<Saving> saving_;  // null: nothing is being saved
};

// What an interaction adds to how popular its item is.
[[nodiscard]] uint64_t weight_of(EventKind kind);

}  // namespace doorbuster::recs
