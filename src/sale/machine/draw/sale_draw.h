// One sale's draw, from the first entry of its pre-queue to the last that came late.
//
// Who comes is numbered by arrival, from 1. Closing it fixes who takes part; where it waits for a beacon, the draw
// itself comes later, with the beacon's value. Before the draw nobody has a place. With it all who take part get one of
// 1 to drawn(), computed whenever it is asked for; who came later has the place of their arrival.
#pragma once

#include <optional>
#include <vector>

#include "sale/machine/draw/beacon.h"
#include "sale/machine/draw/draw.h"
#include "sale/machine/draw/merkle.h"

namespace doorbuster::sale {

class SaleDraw {
 public:
  explicit SaleDraw(const Digest& secret) : secret_(secret), commitment_(draw_commitment(secret)) {}
  // As it was saved: `tree` over those who take part, or may yet. Where a beacon is named, what is drawn has its value.
  struct Saved {
    Digest secret{};
    bool is_closed = false;
    bool is_drawn = false;
    std::optional<Beacon> beacon;
    std::string value;
  };
  SaleDraw(const Saved& saved, MerkleFrontier tree);
  [[nodiscard]] Saved saved() const;

  // Before anybody came: the draw waits for it.
  void name(const Beacon& beacon);
  // Somebody came before it was closed; the leaf is draw_leaf(arrival - 1, ...).
  void enrol(uint32_t slot, const Digest& leaf);
  // Somebody came: `slot` is where their entry is.
  void arrive(uint32_t slot) { slots_.push_back(slot); }
  // Who came at `arrival` has gone before the draw.
  void note_gone(uint32_t arrival) { early_leavers_.push_back(arrival); }
  // Nobody takes part any more who has not come. Asserts that it was not done before.
  void close();
  // The named beacon's. Asserts that it was not given before.
  void give(Bytes value);
  // Asserts that it is closed, was not drawn before, and has the value of its beacon, if one is named.
  void draw();
  // The sale is archived: nobody's place is asked for any more.
  void forget_entries();

  [[nodiscard]] bool is_closed() const;
  [[nodiscard]] bool is_drawn() const { return permutation_.has_value(); }
  [[nodiscard]] const std::optional<Beacon>& beacon() const { return beacon_; }
  [[nodiscard]] const BeaconValue& value() const { return value_; }
  [[nodiscard]] uint32_t place_of(uint32_t arrival) const;  // asserts is_drawn()
  // Whose entry stands there; nothing before the first place and behind the last.
  [[nodiscard]] std::optional<uint32_t> slot_at(uint32_t place) const;  // asserts is_drawn()
  [[nodiscard]] const std::vector<uint32_t>& early_leavers() const { return early_leavers_; }
  [[nodiscard]] uint32_t drawn() const { return static_cast<uint32_t>(tree_.size()); }
  [[nodiscard]] Digest root() const { return tree_.root(); }
  [[nodiscard]] const Digest& secret() const { return secret_; }
  [[nodiscard]] const Digest& commitment() const { return commitment_; }
  [[nodiscard]] const MerkleFrontier& tree() const { return tree_; }

 private:
  void permute(Bytes value);

  Digest secret_;
  Digest commitment_;
  MerkleFrontier tree_;
  bool is_closed_ = false;
  std::optional<Beacon> beacon_;
  BeaconValue value_;
  std::optional<DrawPermutation> permutation_;
  std::vector<uint32_t> slots_;          // by arrival
  std::vector<uint32_t> early_leavers_;  // arrivals
};

}  // namespace doorbuster::sale
