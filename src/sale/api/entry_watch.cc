#include "sale/api/entry_watch.h"

#include <algorithm>

#include "sale/api/refusals.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kSilenceMax = 15 * kSecond;

// Nothing will change any more.
bool is_final(EntryState state) {
  return state == EntryState::kBought || state == EntryState::kLapsed || state == EntryState::kLeft ||
         state == EntryState::kRemoved || state == EntryState::kMissed;
}

}  // namespace

std::string entry_json(Desk& desk, const EntryView& entry) {
  const Listing* listing = desk.directory().find(entry.sale);
  ASSERT(listing != nullptr);
  const PublicStatus status = desk.shared().board.read(entry.sale).status;
  std::string body;
  JsonWriter json(body);
  write_entry(json, desk.shared().ids, *listing, entry,
              estimate(entry, listing->settings, status, desk.shared().clock.now()));
  return body;
}

void EntryWatch::begin(net::Exchange& exchange, const EntryView& entry) {
  if (watches_.size() - free_.size() >= kWatchesMax) {
    return respond_busy(exchange, {}, "too-many-watchers",
                        "Too many entries are being watched: poll the entry instead.");
  }
  uint32_t index = static_cast<uint32_t>(watches_.size());
  if (free_.empty()) {
    watches_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Watch& watch = watches_[index];
  watch = {.stream =
               exchange.begin_stream({.content_type = "text/event-stream", .headers = {{"Cache-Control", "no-store"}}}),
           .entry = entry.number,
           .sent = {},
           .in_use = true};
  if (loop_.resume(watch.stream) == nullptr) return end(watch);  // a HEAD request
  send(watch, exchange, entry);
}

void EntryWatch::send(Watch& watch, net::Exchange& exchange, const EntryView& entry) {
  std::string piece = "event: entry\ndata: " + entry_json(desk_, entry) + "\n\n";
  const int64_t now = loop_.now_us();
  if (piece != watch.sent) {
    exchange.stream(piece);
    watch.sent = std::move(piece);
    watch.last_sent_us = now;
  } else if (now - watch.last_sent_us > kSilenceMax) {
    exchange.stream(": still here\n\n");
    watch.last_sent_us = now;
  }
  watch.next_look_us = now + std::clamp<int64_t>(entry.people_ahead / 500, 1, 10) * kSecond / 2;
  if (!is_final(entry.state)) return;
  exchange.end_stream();
  end(watch);
}

void EntryWatch::end(Watch& watch) {
  watch = {};
  free_.push_back(static_cast<uint32_t>(&watch - watches_.data()));
}

void EntryWatch::take(const SaleAnswer& answer) {
  Watch& watch = watches_[answer.ticket & ~kTicketBit];
  watch.asking = false;
  net::Exchange* exchange = loop_.resume(watch.stream);
  if (exchange == nullptr) return end(watch);
  if (answer.verdict == cell::Verdict::kDecided && answer.reply.entry)
    return send(watch, *exchange, *answer.reply.entry);
  watch.next_look_us = loop_.now_us() + kSecond;
  if (answer.verdict != cell::Verdict::kDecided) return;
  exchange->end_stream();  // the entry is gone: its sale was archived
  end(watch);
}

void EntryWatch::tick() {
  const int64_t now = loop_.now_us();
  for (Watch& watch : watches_) {
    if (!watch.in_use || watch.asking || (now < watch.next_look_us && !loop_.draining())) continue;
    net::Exchange* exchange = loop_.resume(watch.stream);
    if (exchange != nullptr && loop_.draining()) exchange->end_stream();  // who watches comes back by themselves
    if (exchange == nullptr || loop_.draining()) {
      end(watch);
      continue;
    }
    const auto index = static_cast<uint64_t>(&watch - watches_.data());
    if (!port_.submit(kTicketBit | index, LookUpEntry{watch.entry, std::nullopt})) return;  // busy: later
    watch.asking = true;
  }
}

}  // namespace doorbuster::sale
