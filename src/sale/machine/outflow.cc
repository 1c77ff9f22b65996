#include "sale/machine/outflow.h"

#include <algorithm>

namespace doorbuster::sale {
namespace {

constexpr uint32_t kMicrosPerMinute = 60'000'000;

// A late tick may catch up on at most this much.
constexpr Duration kBurst = Duration::seconds(1);

}  // namespace

Timestamp Outflow::next_paced(uint32_t per_minute) const {
  return last_offer_at_ + Duration::micros((kMicrosPerMinute + remainder_) / per_minute);
}

bool Outflow::has_given_back(Timestamp now) const { return !given_back_.empty() && given_back_.back().until > now; }

Timestamp Outflow::next_offer_at(PerMinute per_minute, Timestamp now) const {
  return !per_minute || has_given_back(now) ? Timestamp() : next_paced(*per_minute);
}

void Outflow::forget_until(Timestamp now) {
  while (!given_back_.empty() && given_back_.front().until <= now) given_back_.pop_front();
}

// What a minute can't be divided into evenly is carried over, so that no outflow drifts, however long it runs.
void Outflow::note_offer(PerMinute per_minute, Timestamp at) {
  forget_until(at);
  if (!given_back_.empty()) {
    if (--given_back_.front().places == 0) given_back_.pop_front();
    return;
  }
  if (!per_minute || next_paced(*per_minute) < at - kBurst) {
    last_offer_at_ = std::max(at - kBurst, Timestamp());
    remainder_ = 0;
    return;
  }
  last_offer_at_ = next_paced(*per_minute);
  remainder_ = (kMicrosPerMinute + remainder_) % *per_minute;
}

void Outflow::give_back(PerMinute per_minute, Timestamp at, uint32_t claim_seconds) {
  if (!per_minute) return;
  forget_until(at);
  Timestamp until = at + Duration::seconds(claim_seconds);
  if (!given_back_.empty()) until = std::max(until, given_back_.back().until);
  if (given_back_.empty() || given_back_.back().until != until) given_back_.push_back({until, 0});
  ++given_back_.back().places;
}

void Outflow::change(PerMinute per_minute) {
  remainder_ = 0;
  if (!per_minute) given_back_.clear();
}

bool Outflow::is_sound(PerMinute per_minute, uint32_t offers) const {
  uint64_t places = 0;
  Timestamp before;
  for (const GivenBack& given : given_back_) {
    if (given.until <= before || given.places == 0) return false;
    places += given.places;
    before = given.until;
  }
  return remainder_ < per_minute.value_or(1) && (per_minute || given_back_.empty()) && places <= offers;
}

}  // namespace doorbuster::sale
