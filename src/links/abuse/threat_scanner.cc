#include "links/abuse/threat_scanner.h"

#include <algorithm>
#include <chrono>

#include "base/this_thread.h"

namespace doorbuster::links {
namespace {

// At most some ten thousand links a second, each of some hundred bytes: nobody else should notice.
constexpr size_t kLinksAPageOfScan = 128;
constexpr Duration kBetweenPages = Duration::millis(10);
constexpr Duration kBetweenScans = Duration::seconds(24 * 3600);

}  // namespace

void ThreatScanner::start() {
  ASSERT(!thread_.joinable());
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void ThreatScanner::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Whether to go on.
bool ThreatScanner::wait(Duration duration) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::microseconds(duration.micros()), [this] { return stopping_; });
}

void ThreatScanner::run() {
  begin_thread("links-threats", Urgency::kCanWait);
  begin_scan(deps_.clock.now());
  Timestamp looked_at = deps_.clock.now();
  while (wait(is_scanning_ ? kBetweenPages : deps_.pause)) {
    const Timestamp now = deps_.clock.now();
    const bool is_time_to_look = !is_scanning_ || now - looked_at >= deps_.pause;
    if (is_time_to_look) looked_at = now;
    if (is_time_to_look && deps_.lists.refresh(deps_.on_trouble)) {
      deps_.writer.have_read_again();
      begin_scan(now);
    } else if (!is_scanning_ && now - *state_.began >= kBetweenScans) {
      begin_scan(now);
    }
    is_scanning_ ? scan_page() : scan_new();
  }
}

void ThreatScanner::begin_scan(Timestamp now) {
  before_ = Place();
  newest_seen_ = {.created_at = Timestamp(), .number = 0};
  is_scanning_ = true;
  const std::lock_guard lock(mutex_);
  state_ = {.is_scanning = true, .began = now};
}

// A store that fails has said so elsewhere: the next scan comes by again.
std::vector<Link> ThreatScanner::page_before(const Place& place) {
  if (deps_.lists.are_empty()) return {};
  auto links = deps_.store.list(place, kLinksAPageOfScan);
  return links ? *std::move(links) : std::vector<Link>();
}

void ThreatScanner::scan_page() {
  const std::vector<Link> links = page_before(before_);
  if (links.empty()) return end_scan();
  newest_seen_ = std::max(newest_seen_, place_of(links.front()));
  for (const Link& link : links) judge(link);
  before_ = place_of(links.back());
}

// Those that have come since, in one page or several.
void ThreatScanner::scan_new() {
  const Place seen = newest_seen_;
  for (Place before;;) {
    const std::vector<Link> links = page_before(before);
    for (const Link& link : links) {
      if (place_of(link) <= seen) return;
      newest_seen_ = std::max(newest_seen_, place_of(link));
      judge(link);
    }
    if (links.empty() || !wait(kBetweenPages)) return;
    before = place_of(links.back());
  }
}

void ThreatScanner::judge(const Link& link) {
  scanned_total_.add();
  ThreatLists::Found found;
  std::string worst;  // of the addresses that it leads to
  for (std::string& destination : deps_.destinations(link)) {
    ThreatLists::Found one = deps_.lists.find(destination);
    if (one.threat <= found.threat) continue;
    found = std::move(one);
    worst = std::move(destination);
  }
  const std::lock_guard lock(mutex_);
  ++state_.scanned;
  if (found.threat == Threat::kNone) {
    flagged_.erase(link.code);
    return;
  }
  is_cut_ = is_cut_ || (flagged_.size() >= kFlaggedMax && !flagged_.contains(link.code));
  if (flagged_.size() >= kFlaggedMax && !flagged_.contains(link.code)) return;
  flagged_[link.code] = {.code = link.code,
                         .long_url = std::move(worst),
                         .threat = found.threat,
                         .list = std::move(found.list),
                         .found_at = deps_.clock.now()};
}

// What it has not come by is gone, or leads elsewhere.
void ThreatScanner::end_scan() {
  is_scanning_ = false;
  const std::lock_guard lock(mutex_);
  std::erase_if(flagged_, [this](const auto& one) { return one.second.found_at < *state_.began; });
  is_cut_ = is_cut_ && flagged_.size() >= kFlaggedMax;
  state_.is_scanning = false;
  state_.ended = deps_.clock.now();
}

ThreatScanner::Report ThreatScanner::report() const {
  const std::lock_guard lock(mutex_);
  Report report = state_;
  report.is_cut = is_cut_;
  report.flagged.reserve(flagged_.size());
  for (const auto& [code, flagged] : flagged_) report.flagged.push_back(flagged);
  return report;
}

size_t ThreatScanner::flagged() const {
  const std::lock_guard lock(mutex_);
  return flagged_.size();
}

}  // namespace doorbuster::links
