// How fast the line moves where an operator limits it: a token bucket in virtual time (GCRA, ITU-T I.371), and what
// those who do not come give back.
//
// An offer that nobody takes has brought nobody. So its place in the outflow goes to the next in line at once, beyond
// the pace: at a target of 500 a minute 500 a minute come, however many stay away (docs/decisions/0054). What can't be
// passed on at once, because nobody waits or the sale is paused, is good for one time to claim and then forgotten: a
// long drought does not end in a flood.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/time.h"

namespace doorbuster::sale {

class Outflow {
 public:
  using PerMinute = std::optional<uint32_t>;  // none: as fast as units are there

  // The earliest moment of the next offer, as it looks at `now`; long past where there is no limit.
  [[nodiscard]] Timestamp next_offer_at(PerMinute per_minute, Timestamp now) const;
  void note_offer(PerMinute per_minute, Timestamp at);
  // An offer ended at `at` without having been claimed.
  void give_back(PerMinute per_minute, Timestamp at, uint32_t claim_seconds);
  // The operator wants another pace from now on. Without a limit there is nothing to give back.
  void change(PerMinute per_minute);
  void forget_given_back() { given_back_.clear(); }

  // Whether it is one that there can be at this pace, given so many offers so far; for what is read from disk.
  [[nodiscard]] bool is_sound(PerMinute per_minute, uint32_t offers) const;

  template <class Archive>
  void save(Archive& archive) const;
  template <class Archive>
  void load(Archive& archive);

 private:
  friend struct Tampering;  // tests break promises on purpose, to see that it is noticed

  // Places that were given back and are good until then: those of one moment together, in the order of `until`.
  struct GivenBack {
    Timestamp until;
    uint32_t places = 0;
  };

  [[nodiscard]] Timestamp next_paced(uint32_t per_minute) const;
  [[nodiscard]] bool has_given_back(Timestamp now) const;
  void forget_until(Timestamp now);

  Timestamp last_offer_at_;  // as the outflow counts: not before the offer's turn, and not long before it was made
  uint32_t remainder_ = 0;   // what the division of a minute has left over, in 1 / outflow microseconds
  std::deque<GivenBack> given_back_;
};

template <class Archive>
void Outflow::save(Archive& archive) const {
  Timestamp last = last_offer_at_;
  uint32_t remainder = remainder_;
  auto moments = static_cast<uint32_t>(given_back_.size());
  archive(last, remainder, moments);
  for (GivenBack given : given_back_) archive(given.until, given.places);
}

template <class Archive>
void Outflow::load(Archive& archive) {
  uint32_t moments = 0;
  archive(last_offer_at_, remainder_, moments);
  for (uint32_t i = 0; i < moments && archive.ok(); ++i) {
    GivenBack& given = given_back_.emplace_back();
    archive(given.until, given.places);
  }
}

}  // namespace doorbuster::sale
