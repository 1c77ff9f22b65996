#include "sale/views/archived_sales.h"

#include <algorithm>
#include <utility>

#include "base/this_thread.h"

namespace doorbuster::sale {
namespace {

constexpr std::string_view kFormat = "archived sale 3";
constexpr size_t kKeptMax = 8;
constexpr uint64_t kKeptRecordsMax = 2'000'000;  // of all that are kept together, if it is more than one
constexpr size_t kCardsMax = 256;

std::string name_of(SaleNumber sale) { return "sale-" + std::to_string(sale.value()); }

template <class Archive, class Status>
void status_fields(Archive& archive, Status& status) {
  archive(status.published, status.units, status.available, status.sold, status.now_serving, status.last_position,
          status.offers, status.claims, status.all_held_at, status.all_sold_at, status.has_draw, status.is_draw_closed,
          status.is_drawn, status.drawn, status.commitment, status.draw_secret, status.draw_root);
  std::string beacon(as_text(status.beacon.bytes()));
  archive(beacon);
  if constexpr (Archive::kLoads) {
    if (beacon.size() > kDrawBeaconBytesMax) return archive.refuse("a beacon's value is too long");
    status.beacon = BeaconValue(as_bytes(beacon));
  }
}

// What a state begins with: a part of its own.
struct Head {
  std::string format = std::string(kFormat);
  ArchiveMark mark;
  ArchivedCard card;
};

template <class Archive, class Fields>
void head_fields(Archive& archive, Fields& head) {
  archive(head.format, head.card.number, head.mark.id, head.mark.at, head.mark.records, head.card.said);
  status_fields(archive, head.card.status);
}

// It must be the state of this very sale.
Result<Head> read_head(StateLoader& in, SaleNumber sale, const ArchiveMark& mark) {
  Head head;
  head_fields(in, head);
  head.card.status.sale = sale;
  head.card.status.state = SaleState::kClosed;
  const bool is_it = in.ok() && head.format == kFormat && head.card.number == sale && head.mark.id == mark.id &&
                     head.mark.at == mark.at;
  if (!is_it) return fail(ErrorCode::kCorrupt, name_of(sale) + " is not the archive of sale '" + mark.id + "'");
  return head;
}

}  // namespace

ArchivedCard card_of(const SaleViews& views, SaleNumber sale) {
  return {.number = sale, .said = views.descriptions.of(sale), .status = final_status_of(views, sale)};
}

ArchivedSales::~ArchivedSales() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wants_.notify_all();
  if (reader_.joinable()) reader_.join();
}

void ArchivedSales::add(SaleNumber sale, const SaleViews& views, Timestamp at) {
  if (options_.store == nullptr) return;
  const uint64_t records = views.orders.count(sale) + views.flow.of(sale).now.joined + views.audit.lines(sale).size();
  const std::lock_guard lock(mutex_);
  const std::string& id = views.descriptions.of(sale).settings.id;
  marks_[sale] = {.id = id, .at = at, .records = records, .is_filed = false};
  waiting_.push_back(sale);
}

std::vector<SaleNumber> ArchivedSales::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

bool ArchivedSales::write(SaleNumber sale, const SaleViews& views) {
  const auto mark = mark_of(sale);
  ASSERT(mark && options_.store != nullptr);
  if (is_written(sale, *mark)) return true;
  const Result<void> written = try_write(sale, *mark, views);
  if (written) return true;
  options_.on_trouble("sale '" + mark->id + "' can't be archived, and stays in memory: " + written.error().message);
  return false;
}

Result<void> ArchivedSales::try_write(SaleNumber sale, const ArchiveMark& mark, const SaleViews& views) {
  const auto out = TRY(options_.store->write(name_of(sale)));
  StateSaver saver(*out);
  const Head head{.mark = mark, .card = card_of(views, sale)};
  head_fields(saver, head);
  saver.end_part();
  for (const Projection* view : views.all()) view->save_sale(sale, saver);
  TRY(saver.finish());
  return out->commit();
}

// All of it: a state that is damaged somewhere is written anew.
bool ArchivedSales::is_written(SaleNumber sale, const ArchiveMark& mark) const {
  auto in = options_.store->read(name_of(sale));
  if (!in || *in == nullptr) return false;
  std::vector<std::byte> part;
  {
    StateLoader loader(**in);
    if (!read_head(loader, sale, mark)) return false;
  }
  while (true) {
    const Result<bool> more = (*in)->next(part);
    if (!more || !*more) return more.has_value();
  }
}

void ArchivedSales::set_filed(SaleNumber sale) {
  const std::lock_guard lock(mutex_);
  marks_.at(sale).is_filed = true;
  std::erase(waiting_, sale);
}

void ArchivedSales::save(StateSaver& out) const {
  const std::lock_guard lock(mutex_);
  out(marks_);
}

void ArchivedSales::load(StateLoader& in) {
  const std::lock_guard lock(mutex_);
  in(marks_);
  for (const auto& [sale, mark] : marks_) {
    if (!mark.is_filed) waiting_.push_back(sale);
  }
}

void ArchivedSales::clear() {
  const std::lock_guard lock(mutex_);
  marks_.clear();
  waiting_.clear();
}

std::optional<ArchiveMark> ArchivedSales::mark_of(SaleNumber sale) const {
  const std::lock_guard lock(mutex_);
  const auto found = marks_.find(sale);
  return found == marks_.end() ? std::nullopt : std::optional(found->second);
}

size_t ArchivedSales::count() const {
  const std::lock_guard lock(mutex_);
  return marks_.size();
}

std::vector<ArchiveMark> ArchivedSales::page(size_t offset, size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<ArchiveMark> page;
  if (offset >= marks_.size()) return page;
  auto next = std::next(marks_.rbegin(), static_cast<std::ptrdiff_t>(offset));
  for (; next != marks_.rend() && page.size() < limit; ++next) page.push_back(next->second);
  return page;
}

bool ArchivedSales::is_filed(SaleNumber sale) const {
  const std::lock_guard lock(mutex_);
  const auto found = marks_.find(sale);
  return found != marks_.end() && found->second.is_filed;
}

std::shared_ptr<const ArchivedSale> ArchivedSales::kept(SaleNumber sale) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(kept_, sale, &Kept::number);
  if (found == kept_.end()) return nullptr;
  std::rotate(kept_.begin(), found, found + 1);
  return kept_.front().sale;
}

void ArchivedSales::keep(SaleNumber sale, uint64_t records, const std::shared_ptr<const ArchivedSale>& archived) {
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [&](const Kept& each) { return each.number == sale; });
  kept_.push_front({.number = sale, .records = records, .sale = archived});
  uint64_t sum = 0;
  for (const Kept& each : kept_) sum += each.records;
  while (kept_.size() > 1 && (kept_.size() > kKeptMax || sum > kKeptRecordsMax)) {
    sum -= kept_.back().records;
    kept_.pop_back();
  }
}

ArchivedSales::Ready ArchivedSales::prepare(SaleNumber sale) {
  const auto mark = mark_of(sale);
  if (!mark || !mark->is_filed || kept(sale) != nullptr) return Ready::kYes;
  if (mark->records <= options_.read_at_once) return find(sale) == nullptr ? Ready::kLost : Ready::kYes;
  if (card(sale) == nullptr) return Ready::kLost;
  const std::lock_guard lock(mutex_);
  if (lost_.erase(sale) > 0) return Ready::kLost;
  if (std::ranges::find(wanted_, sale) == wanted_.end()) wanted_.push_back(sale);
  if (!reader_.joinable()) reader_ = std::thread([this] { read_what_is_wanted(); });
  wants_.notify_all();
  return Ready::kSoon;
}

void ArchivedSales::read_what_is_wanted() {
  begin_thread("archive");
  std::unique_lock lock(mutex_);
  while (true) {
    wants_.wait(lock, [&] { return stopping_ || !wanted_.empty(); });
    if (stopping_) return;
    const SaleNumber sale = wanted_.front();
    lock.unlock();
    const bool is_read = find(sale) != nullptr;
    lock.lock();
    if (!is_read) lost_.insert(sale);
    wanted_.pop_front();
  }
}

std::shared_ptr<const ArchivedSale> ArchivedSales::find(SaleNumber sale) {
  const auto mark = mark_of(sale);
  if (!mark || !mark->is_filed) return nullptr;
  if (auto known = kept(sale)) return known;
  auto archived = read(sale, *mark);
  if (!archived) {
    options_.on_trouble("the archive of sale '" + mark->id + "' can't be read: " + archived.error().message);
    return nullptr;
  }
  keep(sale, mark->records, *archived);
  return *archived;
}

Result<std::shared_ptr<const ArchivedSale>> ArchivedSales::read(SaleNumber sale, const ArchiveMark& mark) const {
  const auto in = TRY(options_.store->read(name_of(sale)));
  if (in == nullptr) return fail(ErrorCode::kNotFound, name_of(sale) + " is missing");
  StateLoader loader(*in);
  (void)TRY(read_head(loader, sale, mark));
  loader.next_part();
  auto archived = std::make_shared<ArchivedSale>(options_.namer);
  for (Projection* view : archived->views.all()) view->load_sale(sale, loader);
  TRY(loader.finish());
  return archived;
}

std::shared_ptr<const ArchivedCard> ArchivedSales::card(SaleNumber sale) {
  const auto mark = mark_of(sale);
  if (!mark || !mark->is_filed) return nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(cards_, sale, [](const auto& each) { return each->number; });
    if (found != cards_.end()) return *found;
  }
  auto head = read_card(sale, *mark);
  if (!head) {
    options_.on_trouble("the archive of sale '" + mark->id + "' can't be read: " + head.error().message);
    return nullptr;
  }
  auto found = std::make_shared<const ArchivedCard>(std::move(*head));
  const std::lock_guard lock(mutex_);
  cards_.push_front(found);
  if (cards_.size() > kCardsMax) cards_.pop_back();
  return found;
}

Result<ArchivedCard> ArchivedSales::read_card(SaleNumber sale, const ArchiveMark& mark) const {
  const auto in = TRY(options_.store->read(name_of(sale)));
  if (in == nullptr) return fail(ErrorCode::kNotFound, name_of(sale) + " is missing");
  StateLoader loader(*in);
  return TRY(read_head(loader, sale, mark)).card;
}

}  // namespace doorbuster::sale
