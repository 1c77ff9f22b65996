// How many offers and claims there had been at each moment lately: from it, and from what is open now, follows when
// open offers and holds end. One a reactor and sale; it knows what it was shown.
#pragma once

#include <array>
#include <cstdint>

#include "sale/machine/settings.h"
#include "sale/machine/status.h"

namespace doorbuster::sale {

class OfferHistory {
 public:
  // As it is now. What comes too soon after the one before replaces it, so that as many as are kept reach back over a
  // whole hold.
  void note(const Settings& settings, const PublicStatus& status, Timestamp now);
  void forget() { size_ = 0; }

  // How far back it reaches, in seconds before the newest.
  [[nodiscard]] double seconds() const {
    return size_ == 0 ? 0 : static_cast<double>((newest().at - oldest().at).micros()) / 1e6;
  }

  struct Counts {
    double offers = 0;
    double claims = 0;
  };
  // So many seconds before the newest; between two moments in proportion, and before the oldest what was then.
  [[nodiscard]] Counts before(double seconds) const;
  // Between so many seconds before the newest and fewer.
  [[nodiscard]] Counts made(double from, double to) const;

 private:
  static constexpr size_t kMoments = 256;
  struct Moment {
    Timestamp at;
    uint32_t offers = 0;
    uint32_t claims = 0;
  };
  [[nodiscard]] const Moment& nth(size_t number) const { return moments_[(first_ + number) % kMoments]; }
  [[nodiscard]] const Moment& oldest() const { return nth(0); }
  [[nodiscard]] const Moment& newest() const { return nth(size_ - 1); }

  std::array<Moment, kMoments> moments_;
  size_t first_ = 0;
  size_t size_ = 0;
};

}  // namespace doorbuster::sale
