#include "sale/machine/draw/sale_draw.h"

#include <utility>

#include "base/assert.h"
#include "base/bug_zoo.h"

namespace doorbuster::sale {

SaleDraw::SaleDraw(const Saved& saved, MerkleFrontier tree)
    : secret_(saved.secret),
      commitment_(draw_commitment(saved.secret)),
      tree_(std::move(tree)),
      is_closed_(saved.is_closed),
      beacon_(saved.beacon),
      value_(as_bytes(saved.value)) {
  if (saved.is_drawn) permute(bug_planted(Bug::kBeaconLostByTheSnapshot) ? Bytes() : value_.bytes());
}

SaleDraw::Saved SaleDraw::saved() const {
  return {.secret = secret_,
          .is_closed = is_closed_,
          .is_drawn = is_drawn(),
          .beacon = beacon_,
          .value = std::string(as_text(value_.bytes()))};
}

void SaleDraw::name(const Beacon& beacon) {
  ASSERT(!beacon_ && slots_.empty());
  beacon_ = beacon;
}

void SaleDraw::enrol(uint32_t slot, const Digest& leaf) {
  ASSERT(!is_closed() && slots_.size() == tree_.size());
  tree_.add(leaf);
  arrive(slot);
}

void SaleDraw::close() {
  ASSERT(!is_closed_);
  is_closed_ = true;
}

void SaleDraw::give(Bytes value) {
  ASSERT(beacon_ && is_closed_ && value_.empty());
  value_ = BeaconValue(value);
}

void SaleDraw::draw() { permute(bug_planted(Bug::kBeaconLeftOutOfTheDraw) ? Bytes() : value_.bytes()); }

void SaleDraw::permute(Bytes value) {
  ASSERT(is_closed_ && !is_drawn() && beacon_.has_value() != value_.empty());
  permutation_.emplace(draw_key(secret_, tree_.root(), tree_.size(), value), tree_.size());
}

void SaleDraw::forget_entries() {
  slots_ = {};
  early_leavers_ = {};
}

bool SaleDraw::is_closed() const {
  if (bug_planted(Bug::kListOpenUntilBeacon)) return is_drawn();
  return is_closed_;
}

uint32_t SaleDraw::place_of(uint32_t arrival) const {
  ASSERT(is_drawn());
  return arrival > drawn() ? arrival : 1 + static_cast<uint32_t>(permutation_->position_of(arrival - 1));
}

std::optional<uint32_t> SaleDraw::slot_at(uint32_t place) const {
  ASSERT(is_drawn());
  if (place == 0 || place > slots_.size()) return std::nullopt;
  if (place > drawn()) return slots_[place - 1];
  if (bug_planted(Bug::kOffersAgainstTheDraw)) return slots_[permutation_->position_of(place - 1)];
  return slots_[permutation_->index_at(place - 1)];
}

}  // namespace doorbuster::sale
