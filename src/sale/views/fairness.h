// Whether a sale with a queue was fair, measured from what has happened: who came when, who was offered a unit, who
// bought one.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "platform/views/statistics.h"
#include "sale/views/draw_book.h"
#include "sale/views/projection.h"

namespace doorbuster::sale {

// Of the entries of a sale some that have something in common: such as that they came in the same tenth.
struct Cohort {
  uint32_t entries = 0;
  uint32_t gone = 0;  // left or were removed before they were offered anything
  uint32_t offered = 0;
  uint32_t sold = 0;
  [[nodiscard]] uint32_t stayed() const { return entries - gone; }
  bool operator==(const Cohort&) const = default;
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.entries, self.gone, self.offered, self.sold);
  }
};
inline constexpr size_t kDeciles = 10;

struct SaleFairness {
  std::optional<double> kendall_tau;          // of the offers and their positions; nothing for fewer than two offers
  uint64_t discordant = 0;                    // pairs of offers that went out against the order of positions
  uint64_t drawn = 0;                         // 0: no draw yet, or none at all
  std::array<Cohort, kDeciles> by_arrival{};  // of those who were drawn
};

// Of those who stayed, the share that was offered a unit, by decile; Jain's index of it, and what chance alone would
// bring it to on average if all had the same chance. Nothing without a draw or an offer.
struct ArrivalEvenness {
  std::array<double, kDeciles> shares{};
  double jain = 0;
  double jain_by_chance = 0;
};
[[nodiscard]] std::optional<ArrivalEvenness> evenness_of(const SaleFairness& fairness);

class Fairness final : public SavedProjection<Fairness> {
 public:
  // The book hears of each event before.
  explicit Fairness(const DrawBook& draws) : draws_(draws) {}

  using Projection::on;
  void on(const Enrolled& event, const EventPlace& place) override;
  void on(const Drawn& event, const EventPlace& place) override;
  void on(const Joined& event, const EventPlace& place) override;
  void on(const JoinDelayed& event, const EventPlace& place) override;
  void on(const EntryPlaced& event, const EventPlace& place) override;
  void on(const Offered& event, const EventPlace& place) override;
  void on(const EntryLeft& event, const EventPlace& place) override;
  void on(const EntryRemoved& event, const EventPlace& place) override;
  void on(const Held& event, const EventPlace& place) override;
  void on(const PaymentSucceeded& event, const EventPlace& place) override;

  [[nodiscard]] SaleFairness of(SaleNumber sale) const;
  // The position that was offered a unit last; 0: none yet.
  [[nodiscard]] uint32_t now_serving(SaleNumber sale) const;

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.sales_, self.seen_, self.arrivals_of_holds_);
  }
  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  struct Seen {
    uint32_t arrival = 0;
    bool was_offered = false;
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.arrival, self.was_offered);
    }
  };
  struct Measured {
    platform::KendallTau order;
    uint64_t drawn = 0;
    std::array<Cohort, kDeciles> by_arrival{};
    std::vector<uint32_t> early_leavers;  // until the draw: arrivals that have left
    uint32_t now_serving = 0;
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.order, self.drawn, self.by_arrival, self.early_leavers, self.now_serving);
    }
  };
  void arrive(EntryNumber entry, uint32_t arrival);
  void go(SaleNumber sale, EntryNumber entry);
  // Null for who came after the draw, or where there is none.
  [[nodiscard]] Cohort* decile_of(Measured& measured, uint32_t arrival) const;

  const DrawBook& draws_;
  std::map<SaleNumber, Measured> sales_;
  std::vector<Seen> seen_;                   // by the slot of an entry
  std::vector<uint32_t> arrivals_of_holds_;  // by the slot of a hold; 0: without an entry
};

// Whether a draw looks like chance: Pearson's chi-square of deciles of arrivals against deciles of positions, or of
// fewer and larger shares where a field would expect fewer than five. The margins are fixed, so the sum is scaled to
// have the mean of its distribution.
struct Uniformity {
  uint64_t entries = 0;
  uint64_t tested = 0;  // of a large draw every n-th arrival
  uint32_t bins = 0;    // a side
  double chi_square = 0;
  uint32_t degrees = 0;
  double p = 1;  // the chance that a fair draw looks at least as uneven
};
inline constexpr uint64_t kUniformityTested = 65'536;
// Nothing for fewer than 20 entries.
[[nodiscard]] std::optional<Uniformity> uniformity_of(const DrawPermutation& permutation);

// Those of the sales that were asked for, worked out once. Any thread.
class Uniformities {
 public:
  [[nodiscard]] std::optional<Uniformity> of(SaleNumber sale, const DrawPermutation& permutation);

 private:
  static constexpr size_t kKept = 256;  // sales; then it begins anew

  std::mutex mutex_;
  std::map<SaleNumber, std::optional<Uniformity>> known_;
};

}  // namespace doorbuster::sale
