// What came of an experiment: of each variant its impressions and clicks by day, and how many visitors saw, clicked and
// bought; of an interleaving which variant was preferred in how many answers.
//
// Sums hold nothing of a visitor. To count each visitor once there are a few bits of each, which go when the visitor is
// forgotten; the sums stay. Bounds: 90 days, 2,000,000 visitors of an experiment (who comes then still counts in
// impressions and clicks), the newest 100,000 interleaved answers that were clicked in.
#pragma once

#include <deque>
#include <functional>
#include <unordered_map>

#include "recs/views/experiment.h"
#include "recs/views/surface_counts.h"

namespace doorbuster::recs {

struct VariantCounts {
  std::map<int32_t, Responses> days = {};
  uint64_t visitors = 0;
  uint64_t exposed = 0;
  uint64_t clicked = 0;
  uint64_t bought = 0;
  uint64_t purchases = 0;
  uint64_t purchases_attributed = 0;
  uint64_t wins = 0;
  bool operator==(const VariantCounts&) const = default;
  [[nodiscard]] Responses all() const;
};

// Of one experiment.
class ExperimentCounts {
 public:
  static constexpr size_t kVisitorsMax = 2'000'000;
  static constexpr size_t kAnswersMax = 100'000;

  explicit ExperimentCounts(Timestamp since = {}, size_t variants = 0) : since_(since), variants_(variants) {}

  [[nodiscard]] Timestamp since() const { return since_; }
  [[nodiscard]] const std::vector<VariantCounts>& variants() const { return variants_; }

  // A visitor, as a number of their own, is of a variant; the first that is said stays.
  using VisitorKey = uint64_t;
  void saw_visitor(VisitorKey visitor, size_t variant);
  void bought(VisitorKey visitor, size_t variant, bool is_attributed);
  // An impression or a click that names an answer of this variant. Of an interleaving there is no visitor.
  void responded(std::optional<VisitorKey> visitor, size_t variant, EventKind kind, int32_t day);
  // A click in an interleaved answer, on what this one of two variants had put there.
  void preferred(uint64_t recommendation, size_t variant);
  [[nodiscard]] size_t bytes() const;
  // Nothing is kept of them.
  void forget(VisitorKey visitor) { visitors_.erase(visitor); }

  bool operator==(const ExperimentCounts&) const = default;

  // Entries behind each other: the head, then visitors, then answers.
  void save(const std::function<void(const std::function<void(ByteWriter&)>&)>& write_one) const;
  void load_one(ByteReader& in);

 private:
  enum Mark : uint8_t { kExposed = 1, kClicked = 2, kBought = 4 };
  struct Visitor {
    uint8_t variant = 0;
    uint8_t marks = 0;
    bool operator==(const Visitor&) const = default;
  };
  struct Clicks {
    uint32_t first = 0;
    uint32_t second = 0;
    bool operator==(const Clicks&) const = default;
  };

  Visitor* visitor_of(VisitorKey visitor, size_t variant);
  void mark(VisitorKey visitor, size_t variant, Mark mark, uint64_t VariantCounts::* counter);
  void count_win(const Clicks& clicks, bool is_added);

  Timestamp since_;
  std::vector<VariantCounts> variants_;
  std::unordered_map<VisitorKey, Visitor> visitors_;
  std::unordered_map<uint64_t, Clicks> answers_;  // by recommendation
  std::deque<uint64_t> order_;                    // the oldest first
};

}  // namespace doorbuster::recs
