#include "links/views/click_counts.h"

#include <algorithm>
#include <utility>

namespace doorbuster::links {

Result<void> ClickCounts::open(Sequence tail) {
  head_ = TRY(store_->open());
  tail_ = tail;
  publish_total();
  return {};
}

// Without a saved state that names it, nobody knows which log the store has heard.
Result<void> ClickCounts::begin() {
  if (is_believed_.load(std::memory_order_relaxed)) return {};
  if (head_.heard > Sequence()) head_ = TRY(store_->clear());
  publish_total();
  is_believed_.store(true, std::memory_order_release);
  return {};
}

void ClickCounts::publish_total() {
  for (size_t i = 0; i < total_.size(); ++i) total_[i].store(head_.total.by_visitor[i], std::memory_order_relaxed);
}

Tally ClickCounts::total() const {
  Tally total;
  for (size_t i = 0; i < total_.size(); ++i) total.by_visitor[i] = total_[i].load(std::memory_order_relaxed);
  return total;
}

void ClickCounts::note(const Event& event, Timestamp at, Sequence sequence) {
  if (const auto* clicked = std::get_if<Clicked>(&event)) {
    ++head_.total.by_visitor[static_cast<size_t>(clicked->click.visitor)];
    unwritten_->recent.note(clicked->click, at, sequence);
  } else if (const auto* imported = std::get_if<ClicksImported>(&event)) {
    for (const ImportedDay& day : imported->clicks.days) head_.total += {.by_visitor = day.by_visitor};
    unwritten_->recent.note(imported->clicks, sequence);
  } else if (const auto* forgotten = std::get_if<VisitsForgotten>(&event)) {
    unwritten_->recent.forget(forgotten->link);
  }
}

Result<uint64_t> ClickCounts::hear(Bytes events, const platform::EventPlace& first) {
  TRY(begin());
  if (unwritten_->recent.bytes() >= recent_bytes_max_) TRY(write(CountStore::Durable::kSoon));
  if (first.sequence <= head_.heard) return for_each_event(events, [](const Event&) {});
  uint64_t known = 0;
  const uint64_t count =
      TRY(for_each_event(events, [&](const Event& event) { note(event, first.at, first.sequence + known++); }));
  if (count > 0) head_.heard = first.sequence + (count - 1);
  publish_total();
  return count;
}

// What can't be written now is tried again before more is heard.
void ClickCounts::tidy() {
  if (unwritten_->recent.bytes() >= recent_bytes_max_) (void)write(CountStore::Durable::kSoon);
}

// In the order of the links, which is that of the store.
Result<void> ClickCounts::write(CountStore::Durable durable) const {
  std::vector<CountStore::Change> changes;
  changes.reserve(unwritten_->recent.links().size());
  for (const auto& [link, recent] : unwritten_->recent.links())
    changes.push_back({.link = link, .is_gone = recent.is_gone, .parts = recent.parts});
  std::ranges::sort(changes, {}, &CountStore::Change::link);
  const Result<void> written = store_->write(changes, head_, durable);
  unwritten_->is_failing.store(!written, std::memory_order_relaxed);
  if (!written) return written;
  unwritten_->recent.clear();
  unwritten_->writes.fetch_add(1, std::memory_order_release);
  return {};
}

Result<void> ClickCounts::save(platform::StateWriter& out) const {
  ASSERT(is_believed_.load(std::memory_order_relaxed));
  TRY(write(CountStore::Durable::kNow));
  std::vector<std::byte> part;
  ByteWriter writer(part);
  writer.integer(head_.generation);
  writer.integer(head_.heard.value());
  return out.add(part);
}

Result<void> ClickCounts::load(platform::StateReader& in) {
  std::vector<std::byte> part;
  if (!TRY(in.next(part))) return fail(ErrorCode::kCorrupt, "the saved counts of clicks have no beginning");
  ByteReader reader(part);
  const auto generation = reader.integer<uint64_t>();
  const Sequence heard(reader.integer<uint64_t>());
  if (!reader.finished() || TRY(in.next(part)))
    return fail(ErrorCode::kCorrupt, "the saved counts of clicks can't be read");
  if (generation != head_.generation)
    return fail(ErrorCode::kInvalid, "they belong to counts of clicks that are not on the disk any more");
  if (heard > head_.heard)
    return fail(ErrorCode::kInvalid, "of the counts of clicks on the disk the newest are missing");
  if (head_.heard > tail_)
    return fail(ErrorCode::kInvalid, "the counts of clicks on the disk know of more than the log");
  is_believed_.store(true, std::memory_order_release);
  return {};
}

void ClickCounts::clear() {
  is_believed_.store(false, std::memory_order_release);
  unwritten_->recent.clear();
}

Result<std::optional<LinkCounts>> ClickCounts::of(uint64_t link) const {
  if (!is_believed_.load(std::memory_order_acquire)) return std::nullopt;
  // Before the look at the store: should it be written in between, the record has heard it, and does not add it again.
  const auto recent = unwritten_->recent.of(link);
  if (recent && recent->is_gone) return std::nullopt;
  reads_.fetch_add(1, std::memory_order_relaxed);
  auto found = TRY(store_->find(link));
  if (!found && !recent) return std::nullopt;
  CountRecord record = found ? *std::move(found) : CountRecord();
  if (recent) {
    for (const CountRecord& part : recent->parts) record += part;
  }
  return std::move(record.counts);
}

ClickCounts::Edition ClickCounts::edition_of(uint64_t link) const {
  return {.writes = unwritten_->writes.load(std::memory_order_acquire), .heard = unwritten_->recent.heard_of(link)};
}

Result<std::vector<RecordTotal>> ClickCounts::totals_of(std::span<const uint64_t> links) const {
  std::vector<RecordTotal> totals(links.size());
  if (!is_believed_.load(std::memory_order_acquire)) return totals;
  std::vector<std::optional<RecentCounts::OfLink>> recent;
  for (const uint64_t link : links) recent.push_back(unwritten_->recent.of(link));
  reads_.fetch_add(links.size(), std::memory_order_relaxed);
  totals = TRY(store_->find_totals(links));
  for (size_t i = 0; i < links.size(); ++i) {
    if (!recent[i]) continue;
    if (recent[i]->is_gone) totals[i] = {};
    for (const auto& [heard, counts] : recent[i]->parts) {
      if (heard <= totals[i].heard) continue;
      totals[i].heard = heard;
      totals[i].total += counts.total;
      totals[i].last_at = counts.last_at;
    }
  }
  return totals;
}

ClickCounts::Usage ClickCounts::usage() const {
  return {.recent_links = unwritten_->recent.size(),
          .recent_bytes = unwritten_->recent.bytes(),
          .reads = reads_.load(std::memory_order_relaxed),
          .writes = unwritten_->writes.load(std::memory_order_relaxed),
          .is_failing = unwritten_->is_failing.load(std::memory_order_relaxed),
          .store = store_->usage()};
}

}  // namespace doorbuster::links
