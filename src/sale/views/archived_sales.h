// The sales that are archived: each is a state of its own in a store, written once and read when somebody asks, so that
// a sale that is over costs neither memory nor time at a start (docs/formats/sale-archive.md).
//
// The follower's thread writes; any thread asks. What was read last is kept, within bounds; who holds on to a sale
// keeps it, too. A sale is written before the views forget it, and nothing in the store is a truth of its own: it is
// written again whenever the views hear of the archiving again.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "platform/views/state_store.h"
#include "sale/views/sale_views.h"

namespace doorbuster::sale {

// What is remembered of an archived sale in memory.
struct ArchiveMark {
  std::string id;
  Timestamp at;           // when it was archived
  uint64_t records = 0;   // orders, entries and lines, by which its size is told
  bool is_filed = false;  // written, so that the views have forgotten it
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.id, self.at, self.records, self.is_filed);
  }
};

// What everybody may read of one.
struct ArchivedCard {
  SaleNumber number;
  SaleDescription said;
  PublicStatus status;
};

// Of a sale that is in these views.
[[nodiscard]] ArchivedCard card_of(const SaleViews& views, SaleNumber sale);

struct ArchivedSale {
  explicit ArchivedSale(EntryNamer namer) : views(std::move(namer)) {}
  SaleViews views;  // of this sale alone
};

class ArchivedSales {
 public:
  struct Options {
    platform::StateStore* store = nullptr;  // null: nothing is archived, and the views keep everything
    EntryNamer namer;
    uint64_t read_at_once = 4'096;  // records: some milliseconds; more are read by a thread
    std::function<void(const std::string&)> on_trouble;
  };
  explicit ArchivedSales(Options options) : options_(std::move(options)) {}
  ~ArchivedSales();
  ArchivedSales(const ArchivedSales&) = delete;
  ArchivedSales& operator=(const ArchivedSales&) = delete;

  // --- The follower's thread. ---

  // To be written: while the sale is in these views.
  void add(SaleNumber sale, const SaleViews& views, Timestamp at);
  // Those that are not written yet.
  [[nodiscard]] std::vector<SaleNumber> waiting() const;
  // True: it is durable. What lies there already is left as it is. False: it can't be written, and somebody was told.
  [[nodiscard]] bool write(SaleNumber sale, const SaleViews& views);
  // From now on it is read from the store.
  void set_filed(SaleNumber sale);
  void save(StateSaver& out) const;
  void load(StateLoader& in);
  void clear();

  // --- Any thread. ---

  [[nodiscard]] size_t count() const;
  // The newest number first.
  [[nodiscard]] std::vector<ArchiveMark> page(size_t offset, size_t limit) const;
  // Nothing for a sale that is not archived.
  [[nodiscard]] std::optional<ArchiveMark> mark_of(SaleNumber sale) const;
  [[nodiscard]] bool is_filed(SaleNumber sale) const;

  enum class Ready : uint8_t {
    kYes,
    kSoon,  // it is large, and is being read
    kLost,  // its state is missing or damaged
  };
  // Whether find() will find it at once. Reads a small one now, and has a large one read.
  [[nodiscard]] Ready prepare(SaleNumber sale);
  // Null for a sale that is not filed, or is lost. Reads it, if nobody has.
  [[nodiscard]] std::shared_ptr<const ArchivedSale> find(SaleNumber sale);
  // Reads the beginning of its state only. Null as find().
  [[nodiscard]] std::shared_ptr<const ArchivedCard> card(SaleNumber sale);

 private:
  struct Kept {
    SaleNumber number;
    uint64_t records = 0;
    std::shared_ptr<const ArchivedSale> sale;
  };

  [[nodiscard]] Result<void> try_write(SaleNumber sale, const ArchiveMark& mark, const SaleViews& views);
  [[nodiscard]] bool is_written(SaleNumber sale, const ArchiveMark& mark) const;
  [[nodiscard]] std::shared_ptr<const ArchivedSale> kept(SaleNumber sale);
  [[nodiscard]] Result<std::shared_ptr<const ArchivedSale>> read(SaleNumber sale, const ArchiveMark& mark) const;
  [[nodiscard]] Result<ArchivedCard> read_card(SaleNumber sale, const ArchiveMark& mark) const;
  void keep(SaleNumber sale, uint64_t records, const std::shared_ptr<const ArchivedSale>& archived);
  void read_what_is_wanted();

  const Options options_;
  mutable std::mutex mutex_;
  std::map<SaleNumber, ArchiveMark> marks_;
  std::vector<SaleNumber> waiting_;  // to be written
  std::deque<Kept> kept_;            // the one that was asked for last stands first
  std::deque<std::shared_ptr<const ArchivedCard>> cards_;
  std::deque<SaleNumber> wanted_;
  std::set<SaleNumber> lost_;  // that the thread could not read: said once, and then tried again
  std::condition_variable wants_;
  bool stopping_ = false;
  std::thread reader_;  // from the first large one on
};

}  // namespace doorbuster::sale
