// Looks through the stored links for those that a list of threats names, on a thread of its own that makes room for
// others: whenever a list has changed, and once a day, from the newest link to the oldest; and new links as they come.
//
// Nobody depends on it to be safe: a link is judged whenever a reactor reads it (Blocks). What is found here is what
// operators look at.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "links/abuse/blocks.h"
#include "links/abuse/threat_lists.h"
#include "links/store/link_writer.h"
#include "ops/metrics/counter.h"

namespace doorbuster::links {

struct FlaggedLink {
  std::string code;
  std::string long_url;  // to which it leads, or may
  Threat threat = Threat::kNone;
  std::string list;
  Timestamp found_at;  // by the last scan that came by it
};

class ThreatScanner {
 public:
  static constexpr size_t kFlaggedMax = 10'000;

  struct Deps {
    ThreatLists& lists;
    const LinkStore& store;
    LinkWriter& writer;
    Blocks::Destinations destinations;
    const Clock& clock;
    std::function<void(const std::string&)> on_trouble;
    Duration pause = Duration::millis(500);  // between looks at the files
  };
  // All outlive it.
  explicit ThreatScanner(Deps deps) : deps_(std::move(deps)) {}
  ~ThreatScanner() { stop(); }
  ThreatScanner(const ThreatScanner&) = delete;
  ThreatScanner& operator=(const ThreatScanner&) = delete;

  // The lists are loaded, and the store is open until stop().
  void start();
  void stop();

  // --- Any thread. ---

  struct Report {
    std::vector<FlaggedLink> flagged;  // by code
    bool is_cut = false;               // there are more than kFlaggedMax
    bool is_scanning = false;
    uint64_t scanned = 0;                 // links, by the scan that is under way or was the last
    std::optional<Timestamp> began = {};  // it
    std::optional<Timestamp> ended = {};
  };
  [[nodiscard]] Report report() const;
  [[nodiscard]] size_t flagged() const;
  [[nodiscard]] uint64_t scanned() const { return scanned_total_.value(); }

 private:
  using Flagged = std::map<std::string, FlaggedLink, std::less<>>;

  void run();
  [[nodiscard]] bool wait(Duration duration);
  void begin_scan(Timestamp now);
  void scan_page();
  void scan_new();
  void judge(const Link& link);
  void end_scan();
  // Links before that place; none if there are none, or the store can't be read.
  [[nodiscard]] std::vector<Link> page_before(const Place& place);

  const Deps deps_;
  std::thread thread_;

  // The thread's.
  Place before_;  // where the scan goes on
  Place newest_seen_ = {.created_at = Timestamp(), .number = 0};
  bool is_scanning_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // under mutex_, as all below
  Report state_;           // without what is flagged
  Flagged flagged_;
  bool is_cut_ = false;
  ops::Counter scanned_total_;
};

}  // namespace doorbuster::links
