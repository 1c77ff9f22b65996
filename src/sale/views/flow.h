// How a sale flowed: its counts over time, from its making to its end, in bounded memory.
//
// A point is what the counts were at the end of a stretch of time in which they changed; a stretch without a change has
// no point, so a quiet night costs nothing. Stretches are a second long at first; when a part is full they become twice
// as long, and points fall together. A sale has two parts, before and from its opening, so that a long pre-queue does
// not blur the minute that matters. Time is the events' own: the same log gives the same points.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "sale/views/projection.h"

namespace doorbuster::sale {

struct FlowCounts {
  // As they are. available + offered + held + paying + sold are all units.
  uint32_t available = 0;
  uint32_t waiting = 0;
  uint32_t offered = 0;
  uint32_t held = 0;
  uint32_t paying = 0;
  uint32_t sold = 0;
  // How often it has happened so far.
  uint32_t joined = 0;
  uint32_t left = 0;
  uint32_t removed = 0;
  uint32_t offers = 0;
  uint32_t lapsed = 0;
  uint32_t holds = 0;
  uint32_t released = 0;
  uint32_t expired = 0;
  bool operator==(const FlowCounts&) const = default;
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.available, self.waiting, self.offered, self.held, self.paying, self.sold, self.joined, self.left,
            self.removed, self.offers, self.lapsed, self.holds, self.released, self.expired);
  }
};

struct FlowColumn {
  std::string_view name;
  uint32_t FlowCounts::* count;
};
inline constexpr std::array<FlowColumn, 14> kFlowColumns = {{{"available", &FlowCounts::available},
                                                             {"waiting", &FlowCounts::waiting},
                                                             {"offered", &FlowCounts::offered},
                                                             {"held", &FlowCounts::held},
                                                             {"paying", &FlowCounts::paying},
                                                             {"sold", &FlowCounts::sold},
                                                             {"joined", &FlowCounts::joined},
                                                             {"left", &FlowCounts::left},
                                                             {"removed", &FlowCounts::removed},
                                                             {"offers", &FlowCounts::offers},
                                                             {"lapsed", &FlowCounts::lapsed},
                                                             {"holds", &FlowCounts::holds},
                                                             {"released", &FlowCounts::released},
                                                             {"expired", &FlowCounts::expired}}};

// Those that say how often something has happened so far.
inline constexpr auto kFlowSums = std::span(kFlowColumns).last<8>();

struct FlowPoint {
  int64_t second = 0;  // since 1970: where its stretch begins
  FlowCounts counts;   // at the stretch's end
  bool operator==(const FlowPoint&) const = default;
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.second, self.counts);
  }
};

// One part of a sale.
class FlowSeries {
 public:
  explicit FlowSeries(size_t most) : most_(most) {}

  // The counts at a moment that is not before the last one.
  void note(Timestamp at, const FlowCounts& counts);

  [[nodiscard]] const std::vector<FlowPoint>& points() const { return points_; }
  [[nodiscard]] int64_t stretch_seconds() const { return stretch_seconds_; }

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.stretch_seconds_, self.points_);
  }

 private:
  [[nodiscard]] int64_t begin_of(int64_t second) const { return second - second % stretch_seconds_; }
  void double_stretches();

  const size_t most_;
  int64_t stretch_seconds_ = 1;
  std::vector<FlowPoint> points_;
};

// How often something happened in the last sixty seconds.
class LastMinute {
 public:
  void note(Timestamp at);
  [[nodiscard]] uint32_t count(Timestamp now) const;

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.counts_, self.newest_);
  }

 private:
  static constexpr int64_t kSeconds = 60;
  std::array<uint32_t, kSeconds> counts_{};  // by second modulo sixty
  int64_t newest_ = 0;                       // the second that was counted last
};

struct SaleFlow {
  static constexpr size_t kPointsBefore = 200;
  static constexpr size_t kPointsFromOpening = 600;
  static_assert((kPointsBefore + kPointsFromOpening) * sizeof(FlowPoint) < size_t{64} << 10);

  FlowCounts now;
  Timestamp opened_at;  // 0: not yet
  LastMinute offers;
  LastMinute holds;
  FlowSeries before{kPointsBefore};
  FlowSeries from_opening{kPointsFromOpening};
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.now, self.opened_at, self.offers, self.holds, self.before, self.from_opening);
  }
};

class Flow final : public SavedProjection<Flow> {
 public:
  using Projection::on;
  void on(const SaleCreated& event, const EventPlace& place) override;
  void on(const SaleChanged& event, const EventPlace& place) override;
  void on(const SaleMoved& event, const EventPlace& place) override;
  void on(const Joined& event, const EventPlace& place) override;
  void on(const Enrolled& event, const EventPlace& place) override;
  void on(const JoinDelayed& event, const EventPlace& place) override;
  void on(const Offered& event, const EventPlace& place) override;
  void on(const OfferLapsed& event, const EventPlace& place) override;
  void on(const EntryLeft& event, const EventPlace& place) override;
  void on(const EntryRemoved& event, const EventPlace& place) override;
  void on(const Held& event, const EventPlace& place) override;
  void on(const HoldReleased& event, const EventPlace& place) override;
  void on(const HoldExpired& event, const EventPlace& place) override;
  void on(const PaymentStarted& event, const EventPlace& place) override;
  void on(const PaymentSucceeded& event, const EventPlace& place) override;
  void on(const PaymentFailed& event, const EventPlace& place) override;

  // Valid until the next event.
  [[nodiscard]] const SaleFlow& of(SaleNumber sale) const;

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.sales_, self.offered_, self.paying_);
  }
  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  SaleFlow& flow_of(SaleNumber sale);
  void note(SaleFlow& flow, const EventPlace& place);
  void arrive(SaleNumber sale, EntryNumber entry, const EventPlace& place);
  // An entry that waits or has an offer, or a hold, ends without a unit; `how` counts such ends.
  void end_entry(SaleNumber sale, EntryNumber entry, uint32_t FlowCounts::* how, const EventPlace& place);
  void end_hold(SaleNumber sale, HoldNumber hold, uint32_t FlowCounts::* how, const EventPlace& place);
  [[nodiscard]] uint32_t& count_with(SaleFlow& flow, HoldNumber hold);

  std::map<SaleNumber, SaleFlow> sales_;
  // What an event does not say, by slot: whether the entry has an offer, whether the hold is being paid.
  std::vector<bool> offered_;
  std::vector<bool> paying_;
};

}  // namespace doorbuster::sale
