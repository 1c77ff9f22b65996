// Whether a sale was fair to all kinds of customers: who came, was offered a unit and bought one, by what the gate said
// of them when they came.
//
// Of entries of which it said nothing nothing is counted. It keeps 7 bytes for the slot of an entry, and 4 for that of
// a hold.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assessment.h"
#include "sale/views/fairness.h"
#include "sale/views/projection.h"

namespace doorbuster::sale {

inline constexpr size_t kScoreBands = 10;  // tenths; the last one with 1

struct SaleCohorts {
  uint32_t entries = 0;      // of which something was said
  uint32_t units = 0;        // that they bought
  uint64_t entry_score = 0;  // the sum of all of their scores, in hundredths
  uint64_t unit_score = 0;   // the same, of those who bought, once a unit
  std::array<Cohort, kScoreBands> by_score{};
  std::array<Cohort, kNetworkClassNames.size()> by_network{};
  std::array<Cohort, kDeviceClassNames.size()> by_device{};
  std::map<Country, Cohort> by_country;
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.entries, self.units, self.entry_score, self.unit_score, self.by_score, self.by_network, self.by_device,
            self.by_country);
  }
};

class Cohorts final : public SavedProjection<Cohorts> {
 public:
  using Projection::on;
  void on(const Enrolled& event, const EventPlace& place) override;
  void on(const Joined& event, const EventPlace& place) override;
  void on(const JoinDelayed& event, const EventPlace& place) override;
  void on(const Offered& event, const EventPlace& place) override;
  void on(const EntryLeft& event, const EventPlace& place) override;
  void on(const EntryRemoved& event, const EventPlace& place) override;
  void on(const Held& event, const EventPlace& place) override;
  void on(const PaymentSucceeded& event, const EventPlace& place) override;

  [[nodiscard]] SaleCohorts of(SaleNumber sale) const;

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.sales_, self.seen_, self.entries_of_holds_);
  }
  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  // Of an entry, what its cohorts are.
  struct Seen {
    uint8_t score = 0;
    NetworkClass network{};
    DeviceClass device{};
    Country country = kUnknownCountry;
    bool is_assessed = false;
    bool was_offered = false;
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.score, self.network, self.device, self.country, self.is_assessed, self.was_offered);
    }
  };
  void arrive(SaleNumber sale, EntryNumber entry, const Assessment& assessment);
  void go(SaleNumber sale, EntryNumber entry);
  // One more in each of its cohorts.
  void count(SaleNumber sale, const Seen& seen, uint32_t Cohort::* what);

  std::map<SaleNumber, SaleCohorts> sales_;
  std::vector<Seen> seen_;                  // by the slot of an entry
  std::vector<uint32_t> entries_of_holds_;  // by the slot of a hold: its entry's, or kNoSlot
};

// --- What can be said of them. ---

struct NamedCohort {
  std::string name;
  Cohort counts;
};

// What tells cohorts apart. Small cohorts are taken together until chance would give each at least five winners and
// losers; of the win rates of those, a win being an offer, are Jain's index and the chance that they differ as much
// where nothing makes a difference (Pearson's chi-square). Nothing where fewer than two are left.
struct CohortDimension {
  std::string_view name;
  std::vector<NamedCohort> cohorts;  // in which anybody is
  std::optional<double> jain;
  std::optional<double> p;
};

// By score, network, device and country; of countries the most frequent, and all others as one, "other".
inline constexpr size_t kCountriesShown = 32;
[[nodiscard]] std::array<CohortDimension, 4> dimensions_of(const SaleCohorts& cohorts);

}  // namespace doorbuster::sale
