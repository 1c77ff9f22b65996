// What becomes of those who ask for short links on one reactor, counted: for metrics, and for whoever looks for abuse.
// Where visitors are sent is counted by registered domain, and codes that are nobody's as they were asked for; who
// asked is not kept.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/assessment.h"
#include "base/time.h"
#include "links/views/daily_top.h"
#include "ops/metrics/histogram.h"
#include "ops/metrics/registry.h"

namespace doorbuster::links {

// Of a visit, or of who asks for a preview or a QR code and gets none.
enum class VisitResult : uint8_t {
  kSentOn,
  kUnknown,  // 404
  kOver,     // 410
  kBlocked,  // 451 and 403
  kRefused,  // 429: too many that were unknown
  kFailed,   // 503
};
inline constexpr std::array<std::string_view, 6> kVisitResultNames = {"sent_on", "unknown", "over",
                                                                      "blocked", "refused", "failed"};

class LinkTraffic {
 public:
  // Which outlives it.
  explicit LinkTraffic(const Clock& clock) : clock_(clock) {}

  // --- The reactor. ---

  void note(VisitResult result) { results_[static_cast<size_t>(result)].add(); }
  // A visitor who came at that time.
  void note_sent_on(Timestamp since);
  void note_click(Country country, std::string_view domain, Timestamp now);
  void note_unknown(std::string_view code, Timestamp now);
  // A link that leads there was made.
  void note_made(std::string_view domain, Timestamp now) { made_.note(domain, now); }

  // --- Any thread. ---

  [[nodiscard]] uint64_t results(VisitResult result) const { return results_[static_cast<size_t>(result)].value(); }
  [[nodiscard]] const ops::Histogram& latency() const { return latency_; }
  // By index_of().
  [[nodiscard]] uint64_t clicks_from(size_t country) const { return countries_[country].value(); }
  [[nodiscard]] const DailyTop& clicked_domains() const { return clicked_; }
  [[nodiscard]] const DailyTop& made_domains() const { return made_; }
  [[nodiscard]] const DailyTop& unknown_codes() const { return unknown_; }

  static constexpr size_t kCountries = size_t{26} * 26;
  // kCountries for what is no two capital letters.
  [[nodiscard]] static size_t index_of(Country country);
  [[nodiscard]] static Country country_at(size_t index);

 private:
  const Clock& clock_;
  std::array<ops::Counter, kVisitResultNames.size()> results_;
  std::array<ops::Counter, kCountries> countries_;
  ops::Histogram latency_;
  DailyTop clicked_;
  DailyTop made_;
  DailyTop unknown_;
};

// That of all reactors, and of what makes links beside them.
class AllTraffic {
 public:
  explicit AllTraffic(const Clock& clock) : since_(clock.now()) {}

  // Before anybody reads.
  void add(const LinkTraffic& part) { parts_.push_back(&part); }

  [[nodiscard]] Timestamp since() const { return since_; }
  [[nodiscard]] const std::vector<const LinkTraffic*>& parts() const { return parts_; }
  void add_metrics(ops::Metrics& metrics) const;

 private:
  const Timestamp since_;
  std::vector<const LinkTraffic*> parts_;
};

}  // namespace doorbuster::links
