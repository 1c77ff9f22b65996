#include "sale/machine/draw/sale_draw.h"

#include <utility>

#include "base/assert.h"

namespace doorbuster::sale {

SaleDraw::SaleDraw(const Digest& secret, MerkleFrontier tree, bool is_drawn)
    : secret_(secret), commitment_(draw_commitment(secret)), tree_(std::move(tree)) {
  if (is_drawn) draw();
}

void SaleDraw::enrol(uint32_t slot, const Digest& leaf) {
  ASSERT(!is_drawn() && slots_.size() == tree_.size());
  tree_.add(leaf);
  arrive(slot);
}

void SaleDraw::draw() {
  ASSERT(!is_drawn());
  permutation_.emplace(draw_key(secret_, tree_.root(), tree_.size(), {}), tree_.size());
}

void SaleDraw::forget_entries() {
  slots_ = {};
  gone_early_ = {};
}

uint32_t SaleDraw::place_of(uint32_t arrival) const {
  ASSERT(is_drawn());
  return arrival > drawn() ? arrival : 1 + static_cast<uint32_t>(permutation_->position_of(arrival - 1));
}

std::optional<uint32_t> SaleDraw::slot_at(uint32_t place) const {
  ASSERT(is_drawn());
  if (place == 0 || place > slots_.size()) return std::nullopt;
  return slots_[(place > drawn() ? place : 1 + permutation_->index_at(place - 1)) - 1];
}

}  // namespace doorbuster::sale
