#include "links/api/live_clicks.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "platform/api/event_stream.h"
#include "platform/api/problems.h"

namespace doorbuster::links {

void LiveClicks::begin(net::Exchange& exchange, std::string_view path, const Link& link) {
  if (watches_.size() >= kWatchesMax) {
    return platform::respond_busy(exchange, path, "too-many-watchers",
                                  "Too many links are being watched: ask for the analytics again and again instead.");
  }
  const net::Ticket stream = platform::begin_event_stream(exchange);
  const int64_t now = loop_.now_us();
  watches_.push_back({.stream = stream, .code = link.code, .link = link.number, .began_us = now, .last_sent_us = now});
}

void LiveClicks::tick() {
  if (watches_.empty()) return;
  look();
  std::erase_if(watches_, [&](Watch& watch) { return tell(watch); });
}

// Only at those of which there is something new; what can't be read now is asked for again.
void LiveClicks::look() {
  std::vector<uint64_t> links;
  std::vector<Watch*> asking;
  for (Watch& watch : watches_) {
    const ClickCounts::Edition edition = counts_.edition_of(watch.link);
    if (watch.edition == edition) continue;
    watch.edition = edition;
    links.push_back(watch.link);
    asking.push_back(&watch);
  }
  if (links.empty()) return;
  const auto totals = counts_.totals_of(links);
  for (size_t i = 0; i < asking.size(); ++i) {
    if (totals) {
      asking[i]->seen = (*totals)[i];
    } else {
      asking[i]->edition = {};
    }
  }
}

bool LiveClicks::tell(Watch& watch) {
  const auto& [heard, now, last_at] = watch.seen;
  net::Exchange* exchange = loop_.resume(watch.stream);
  if (exchange == nullptr) return true;  // the peer has gone, or asked for the head only
  const int64_t now_us = loop_.now_us();
  const bool is_seen = watch.edition != ClickCounts::Edition();
  if (is_seen && now.all() < watch.told.all() && !is_there(watch)) {  // its counts have gone with it
    exchange->end_stream();
    return true;
  }
  if (is_seen && (!watch.is_told || now != watch.told)) {
    piece_.clear();
    platform::begin_event(piece_, "clicks");
    const uint64_t people = now.by_visitor[static_cast<size_t>(Visitor::kPerson)];
    JsonWriter json(piece_);
    json.begin_object().member("total_clicks", now.all()).member("people", people).member("bots", now.all() - people);
    json.member("last_at", now.all() > 0 ? std::optional(last_at) : std::nullopt).end_object();
    platform::end_event(piece_);
    exchange->stream(piece_);
    watch.told = now;
    watch.is_told = true;
    watch.last_sent_us = now_us;
    return false;
  }
  if (now_us - watch.last_sent_us < platform::kSilenceMax.micros()) return false;
  const bool is_over = now_us - watch.began_us > kLifeMax.micros() || !is_there(watch);
  if (is_over) {
    exchange->end_stream();
  } else {
    exchange->stream(platform::kStillHere);
  }
  watch.last_sent_us = now_us;
  return is_over;
}

// What can't be read for a moment may be there.
bool LiveClicks::is_there(const Watch& watch) const {
  const auto link = store_.find(watch.code);
  return !link || (*link && (*link)->number == watch.link);
}

}  // namespace doorbuster::links
