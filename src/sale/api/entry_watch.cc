#include "sale/api/entry_watch.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/bug_zoo.h"
#include "platform/api/event_stream.h"
#include "platform/api/problems.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

constexpr int64_t kSecond = 1'000'000;

// Nothing will change any more.
bool is_final(EntryState state) {
  return state == EntryState::kBought || state == EntryState::kLapsed || state == EntryState::kLeft ||
         state == EntryState::kRemoved || state == EntryState::kMissed;
}

}  // namespace

void write_entry_now(JsonWriter& json, const Reply& reply, const SaleCatalog& catalog, const auth::IdSealer& ids,
                     Timestamp now) {
  const EntryView& entry = *reply.entry;
  const Listing& listing = catalog.at(entry.sale);
  const auth::SealedText id = entry_id(ids, entry.sale, entry.number);
  const PublicStatus status = listing.status();
  const bool waits = entry.state == EntryState::kWaiting;
  const Forecast* forecast = waits ? catalog.forecast(listing, status, now) : nullptr;
  write_entry_members(json, ids, listing, entry, auth::view(id),
                      estimate(entry, listing.settings, status, now, listing.beacon, forecast), *reply.annotations);
}

void respond_too_many_watchers(net::Exchange& exchange) {
  platform::respond_busy(exchange, {}, "too-many-watchers",
                         "Too many entries are being watched: poll the entry instead.");
}

EntryWatch::EntryWatch(SaleCatalog& catalog, const auth::IdSealer& ids, const Clock& clock, net::Loop& loop,
                       SaleClient& cell)
    : catalog_(catalog),
      ids_(ids),
      clock_(clock),
      loop_(loop),
      cell_(cell),
      owner_(cell.add_owner([this](SaleAnswer& answer) {
        catalog_.refresh();
        take(answer);
      })) {}

EntryWatch::Stage EntryWatch::stage_of(SaleNumber sale) {
  const PublicStatus status = catalog_.status(sale);
  return {.listing_version = catalog_.at(sale).version, .state = status.state, .is_drawn = status.is_drawn};
}

// An EventSource comes again when a stream ends, but not after 204 (WHATWG HTML, 9.2.2).
void EntryWatch::begin(net::Exchange& exchange, const Reply& found) {
  const EntryView& entry = *found.entry;
  if (is_final(entry.state) && !bug_planted(Bug::kStreamOfWhatIsOver))
    return exchange.respond(
        net::Response{.status = net::Status::kNoContent, .headers = {{"Cache-Control", "no-store"}}});
  if (watches_.size() - free_.size() >= kWatchesMax) return respond_too_many_watchers(exchange);
  uint32_t index = static_cast<uint32_t>(watches_.size());
  if (free_.empty()) {
    watches_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Watch& watch = watches_[index];
  watch = {
      .stream = platform::begin_event_stream(exchange), .entry = entry.number, .sale = entry.sale, .step = Step::kIdle};
  WatchedSale& sale = sales_[entry.sale];
  if (sale.watchers++ == 0) sale.stage = stage_of(entry.sale);
  if (loop_.resume(watch.stream) == nullptr) return end(watch);  // a HEAD request
  send(watch, exchange, found);
}

void EntryWatch::send(Watch& watch, net::Exchange& exchange, const Reply& found) {
  const EntryView& entry = *found.entry;
  piece_.clear();
  platform::begin_event(piece_, "entry");
  JsonWriter json(piece_);
  json.begin_object();
  write_entry_now(json, found, catalog_, ids_, clock_.now());
  json.end_object();
  platform::end_event(piece_);
  const int64_t now = loop_.now_us();
  const bool is_left_out = is_final(entry.state) && bug_planted(Bug::kStreamEndsUntold);
  if (const uint64_t hash = std::hash<std::string_view>()(piece_); hash != watch.sent_hash && !is_left_out) {
    exchange.stream(piece_);
    watch.sent_hash = hash;
    watch.last_sent_us = now;
  } else if (now - watch.last_sent_us > platform::kSilenceMax.micros()) {
    exchange.stream(platform::kStillHere);
    watch.last_sent_us = now;
  }
  watch.next_look_us = now + std::clamp<int64_t>(entry.people_ahead / 500, 1, 30) * kSecond / 2;
  if (!is_final(entry.state)) return;
  exchange.end_stream();
  end(watch);
}

void EntryWatch::end(Watch& watch) {
  const auto sale = sales_.find(watch.sale);
  if (--sale->second.watchers == 0) sales_.erase(sale);
  watch = {};
  free_.push_back(static_cast<uint32_t>(&watch - watches_.data()));
}

void EntryWatch::take(const SaleAnswer& answer) {
  Watch& watch = watches_[answer.ticket.value];
  const bool again = std::exchange(watch.step, Step::kIdle) == Step::kAskingAgain;
  net::Exchange* exchange = loop_.resume(watch.stream);
  if (exchange == nullptr) return end(watch);
  if (answer.status == cell::ReplyStatus::kDecided && answer.reply.entry) {
    send(watch, *exchange, answer.reply);
    if (again && watch.step == Step::kIdle) make_due(watch);
    return;
  }
  watch.next_look_us = loop_.now_us() + kSecond;
  if (answer.status != cell::ReplyStatus::kDecided) return;
  exchange->end_stream();  // the entry is gone: its sale was archived
  end(watch);
}

void EntryWatch::note_changes() {
  for (auto& [number, sale] : sales_) {
    const Stage stage = stage_of(number);
    if (stage == sale.stage) continue;
    sale.stage = stage;
    make_all_due(number);
  }
  ask_for_due();
}

void EntryWatch::make_all_due(SaleNumber sale) {
  for (Watch& watch : watches_) {
    if (watch.sale != sale) continue;
    if (watch.step == Step::kIdle) make_due(watch);
    if (watch.step == Step::kAsking) watch.step = Step::kAskingAgain;  // the answer may be older than the change
  }
}

void EntryWatch::make_due(Watch& watch) {
  watch.step = Step::kDue;
  due_.push_back(static_cast<uint32_t>(&watch - watches_.data()));
}

void EntryWatch::ask_for_due() {
  while (next_due_ < due_.size() && cell_.under_way() < cell_.capacity() / 2) {
    const uint32_t index = due_[next_due_++];
    Watch& watch = watches_[index];
    ASSERT(watch.step == Step::kDue);
    if (loop_.resume(watch.stream) == nullptr) {
      end(watch);
      continue;
    }
    ASSERT(cell_.submit(cell_of(watch.sale), owner_, index, LookUpEntry{watch.entry, std::nullopt}));
    watch.step = Step::kAsking;
  }
  if (next_due_ < due_.size()) return;
  due_.clear();
  next_due_ = 0;
}

void EntryWatch::tick() {
  if (loop_.draining()) return end_all();
  const int64_t now = loop_.now_us();
  for (Watch& watch : watches_) {
    if (watch.step == Step::kIdle && now >= watch.next_look_us) make_due(watch);
  }
  ask_for_due();
}

// Who watches comes back by themselves.
void EntryWatch::end_all() {
  due_.clear();
  next_due_ = 0;
  for (Watch& watch : watches_) {
    if (watch.step != Step::kIdle && watch.step != Step::kDue) continue;  // whose answer comes is ended then
    if (net::Exchange* exchange = loop_.resume(watch.stream)) exchange->end_stream();
    end(watch);
  }
}

}  // namespace doorbuster::sale
