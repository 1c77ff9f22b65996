// What people report of short links: how often, why and in what words, kept until an operator has looked at it.
//
// Anybody may report, so all of it has a bound: so many links, of each a few words of the newest. A network counts once
// for a link (until the server starts again; who reported is written nowhere). Where as many links are reported as may
// be, the one that was reported the least, and of those the longest ago, makes room. All is in memory, and in the store
// of links before anybody is told that it is taken.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/siphash.h"
#include "links/store/link_store.h"
#include "net/peer_address.h"

namespace doorbuster::links {

inline constexpr size_t kReportedLinksMax = 2'000;
inline constexpr size_t kReportWordsMax = 5;  // of the newest reports of a link
inline constexpr size_t kReportBytesMax = 250;
inline constexpr std::array<std::string_view, 5> kReportReasons = {"phishing", "malware", "spam", "illegal", "other"};

struct AbuseReport {
  Timestamp at = {};
  uint8_t reason = 0;  // among kReportReasons
  std::string words = {};
  bool operator==(const AbuseReport&) const = default;
};

struct ReportedLink {
  uint64_t count = 0;
  Timestamp first_at = {};
  Timestamp last_at = {};
  std::array<uint64_t, kReportReasons.size()> by_reason = {};
  std::vector<AbuseReport> newest = {};  // that have words, the newest first
  bool operator==(const ReportedLink&) const = default;
};

// Stored bytes. docs/formats/links-store.md
[[nodiscard]] std::vector<std::byte> encode_reported(const ReportedLink& reported);
[[nodiscard]] Result<ReportedLink> decode_reported(std::string_view code, Bytes stored);

class AbuseReports {
 public:
  // Once, when the store is open. kCorrupt, kIo.
  [[nodiscard]] Result<void> load(const LinkStore& store);

  // --- The writer's thread. kIo: as of LinkStore::change(). ---

  // False: this network has reported the link already, and nothing was done.
  [[nodiscard]] Result<bool> note(LinkStore& store, const std::string& code, AbuseReport report,
                                  const net::PeerAddress::Network& network);
  // False: nothing is reported of it.
  [[nodiscard]] Result<bool> dismiss(LinkStore& store, const std::string& code);

  // --- Any thread. ---

  // Those that were reported most often first, and how many there are in all.
  struct Page {
    size_t total = 0;
    std::vector<std::pair<std::string, ReportedLink>> links;
  };
  [[nodiscard]] Page page(size_t offset, size_t limit) const;
  [[nodiscard]] bool has(const std::string& code) const;
  [[nodiscard]] size_t size() const;

 private:
  struct Known {
    ReportedLink reported;
    std::vector<uint64_t> reporters;  // hashes of the newest networks
  };
  [[nodiscard]] Result<void> make_room(LinkStore& store);

  const SipHash networks_{random_number(), random_number()};
  mutable std::mutex mutex_;
  std::map<std::string, Known> links_;
};

}  // namespace doorbuster::links
