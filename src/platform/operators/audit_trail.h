// The server's audit trail: who made or revoked keys, logged in and out, turned keys, changed webhooks, when, and from
// where. What was done to a sale stands in the sale's own.
//
// A line is durable before what it tells of is answered. Failed log-ins, which anybody can make, are listed twenty at
// once and then one a minute; the next that is listed says how many are not. docs/formats/audit-trail.md has the file.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace doorbuster::platform {

struct ServerAuditLine {
  uint64_t number = 0;  // from 1, without gaps
  Timestamp at;
  std::string actor;               // the id of an operator's key; empty: nobody's, or the configuration at a start
  std::string action;              // "key made", "logged in", ...
  std::string detail;              // what it was done to
  std::string address;             // from which it came; empty: from nowhere, at a start
  std::string forwarded_for = {};  // what a proxy, or whoever sent the request, says of that
};

class AuditTrail {
 public:
  static constexpr size_t kShown = 10'000;

  // In memory only.
  AuditTrail() = default;
  // Goes on with the file, if there is one. Its last line may be half written, by a crash: it goes. kInvalid: the file
  // is damaged before that, with what to do; kIo.
  [[nodiscard]] static Result<std::unique_ptr<AuditTrail>> open(const std::filesystem::path& folder);
  ~AuditTrail();
  AuditTrail(const AuditTrail&) = delete;
  AuditTrail& operator=(const AuditTrail&) = delete;

  // --- Any thread. ---

  // Its number is given here. kIo: it is not in the trail, and what it tells of must not be done.
  [[nodiscard]] Result<void> add(ServerAuditLine line);
  void add_failed_log_in(ServerAuditLine line);

  struct Page {
    uint64_t total = 0;  // of those that are shown at all: the newest
    std::vector<ServerAuditLine> lines;
  };
  // The newest first.
  [[nodiscard]] Page page(size_t offset, size_t limit) const;

 private:
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "audit-trail.jsonl"; }
  Result<void> load();
  Result<void> begin_file();
  Result<void> add_locked(ServerAuditLine line);
  Result<void> write(std::string_view text);
  void show(ServerAuditLine line);

  std::filesystem::path folder_;  // empty: in memory only
  mutable std::mutex mutex_;
  std::deque<ServerAuditLine> lines_;  // under mutex_, as all below; oldest first
  uint64_t newest_ = 0;
  int descriptor_ = -1;
  uint64_t bytes_ = 0;               // of the file
  Timestamp failures_listed_until_;  // a failed log-in that is listed costs a minute of it (GCRA)
  uint64_t failures_not_listed_ = 0;
};

}  // namespace doorbuster::platform
