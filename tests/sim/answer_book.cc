#include "sim/answer_book.h"

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "sale/machine/draw/draw.h"
#include "sim/cells.h"
#include "sim/events_on_disk.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

// What the log says of each sale, by its public id.
class Record {
 public:
  struct Change {
    Sequence at;
    int64_t free = 0;  // units that nobody has, from then on
  };
  struct Sale {
    CellId cell;
    int64_t units = 0;
    int64_t taken = 0;
    std::vector<Change> changes;
    Digest secret{};
    std::vector<Digest> leaves;
  };

  void begin_cell() { sequence_ = 0; }
  [[nodiscard]] Sequence next() { return Sequence(++sequence_); }

  void hear(const sale::SaleCreated& event) {
    ids_[event.sale] = event.settings.id;
    of(event).cell = sale::cell_of(event.sale);
    of(event).units = event.settings.units;
    note(event);
  }
  void hear(const sale::SaleChanged& event) {
    of(event).units = event.settings.units;
    note(event);
  }
  void hear(const sale::Held& event) { take(event, 1); }
  void hear(const sale::HoldReleased& event) { take(event, -1); }
  void hear(const sale::HoldExpired& event) { take(event, -1); }
  void hear(const sale::DrawCommitted& event) { of(event).secret = event.secret; }
  void hear(const sale::Enrolled& event) {
    const auto id = ServerKeys::get().ids().seal({auth::IdKind::kEntry, event.sale.value(), event.entry.packed()});
    auto& leaves = of(event).leaves;
    leaves.push_back(sale::draw_leaf(leaves.size(), auth::view(id), as_bytes(event.nonce)));
  }
  template <class Other>
  void hear(const Other&) {}

  [[nodiscard]] const std::map<std::string, Sale>& sales() const { return sales_; }

 private:
  template <class Event>
  Sale& of(const Event& event) {
    return sales_[ids_[event.sale]];
  }
  template <class Event>
  void take(const Event& event, int64_t units) {
    of(event).taken += units;
    note(event);
  }
  template <class Event>
  void note(const Event& event) {
    Sale& sale = of(event);
    sale.changes.push_back({Sequence(sequence_), sale.units - sale.taken});
  }

  uint64_t sequence_ = 0;
  std::map<sale::SaleNumber, std::string> ids_;
  std::map<std::string, Sale> sales_;
};

// At the beginning of the range, or at some change in it.
bool was_sold_out(const Record::Sale& sale, LogRange range) {
  bool any = false;
  for (const Record::Change& change : sale.changes) {
    if (change.at > range.to) break;
    any = (any && change.at > range.from) || change.free == 0;
  }
  return any;
}

// The state that it had at the beginning of the range, or took at some change in it.
bool stood_so(const EntryBook::Changes& changes, std::optional<sale::EntryState> state, LogRange range) {
  bool any = false;
  for (const EntryBook::Change& change : changes) {
    if (change.at > range.to) break;
    any = (any && change.at > range.from) || (state ? change.to == *state : is_over(change.to));
  }
  return any;
}

bool fits(const Record::Sale& sale, const Receipt& receipt) {
  return receipt.index < sale.leaves.size() && receipt.leaf == to_hex(sale.leaves[receipt.index]) &&
         receipt.commitment == to_hex(sale::draw_commitment(sale.secret));
}

}  // namespace

void AnswerBook::saw(const Heard& heard, const LogRanges& ranges) {
  const sale::Settings& settings = site_.plan.sales[heard.sale.value()];
  // With a line there may be free units that are for others.
  if (heard.problem == "sold-out" && settings.queue == sale::QueueKind::kNone)
    sold_out_.push_back({settings.id, ranges});
  if (heard.entry) saw_entry(heard.entry->number, heard.entry->state, ranges[cell_of(heard.entry->number).value()]);
  if (heard.receipt) enrolments_.push_back({settings.id, text_of(heard.entry->number), *heard.receipt});
}

void AnswerBook::check() const {
  Record record;
  std::vector<EntryBook> books(site_.cells());
  for (uint32_t cell = 0; cell < site_.cells(); ++cell) {
    record.begin_cell();
    for_each_event_on_disk(site_, CellId(cell), [&](const auto& event, Timestamp) {
      books[cell].hear(event, record.next());
      record.hear(event);
    });
  }
  for (const SoldOut& said : sold_out_) {
    const Record::Sale& sale = record.sales().at(said.sale);
    if (!was_sold_out(sale, said.ranges[sale.cell.value()]))
      site_.promises.breaks("somebody was told that " + said.sale + " is sold out, and there was a unit");
  }
  for (const Enrolment& said : enrolments_) {
    if (!fits(record.sales().at(said.sale), said.receipt))
      site_.promises.breaks("the receipt of " + said.entry + " is not what the log says");
  }
  check_entries(books);
}

void AnswerBook::check_entries(const std::vector<EntryBook>& books) const {
  for (const Standing& said : entries_) {
    const auto* changes = books[cell_of(said.entry).value()].changes_of(inside(said.entry));
    if (changes != nullptr && stood_so(*changes, said.state, said.range)) continue;
    const std::string how = said.state ? std::string(sale::name_of(*said.state)) : "over";
    site_.promises.breaks(text_of(said.entry) + " was told to be " + how + ", and the log does not say so");
  }
}

}  // namespace doorbuster::sim
