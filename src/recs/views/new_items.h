// The items that hardly anybody has had to do with yet: the newest of them, and which known items each is like. By them
// new items take part in what is recommended (cold_start.h).
//
// An item is known from kKnownFrom visitors on. What is asked here follows the catalogue: an item is new as soon as it
// was put, and like known ones as soon as they are known. Only what is counted decides, but for one thing: when an item
// leaves, none that is older takes its place until the next start.
#pragma once

#include <set>
#include <unordered_map>
#include <utility>

#include "recs/models/cold_start.h"
#include "recs/views/catalogue.h"
#include "recs/views/content_index.h"

namespace doorbuster::recs {

class NewItems {
 public:
  static constexpr size_t kItemsMax = 1'000;
  static constexpr uint32_t kKnownFrom = 3;

  // Both outlive it.
  NewItems(const Catalogue& catalogue, const ContentIndex& contents) : catalogue_(catalogue), contents_(contents) {}

  [[nodiscard]] const ColdItems& cold() const { return cold_; }
  // After the item was put, removed, or found by one visitor more or less.
  void put(uint32_t item);
  void remove(uint32_t item);
  void count(uint32_t item);
  // While everything is loaded nothing is compared, and at the end all at once.
  void hold_back() { is_held_back_ = true; }
  void make_anew();
  void clear();

 private:
  [[nodiscard]] bool is_known(uint32_t item) const { return catalogue_[item].viewed_by >= kKnownFrom; }
  [[nodiscard]] ColdItems::Alike alike_to(uint32_t item, uint32_t known) const;
  void note_known(uint32_t item);
  void enter(uint32_t item);
  void leave(uint32_t item);
  void compare(uint32_t item);
  void become_known(uint32_t item);

  const Catalogue& catalogue_;
  const ContentIndex& contents_;
  ContentIndex own_{{}};  // of those that are new
  ColdItems cold_;
  std::set<std::pair<Timestamp, uint32_t>> by_age_;
  std::unordered_map<uint32_t, Timestamp> ages_;  // as in by_age_
  std::vector<bool> was_known_;                   // by item
  size_t known_ = 0;                              // items
  bool is_held_back_ = false;
};

}  // namespace doorbuster::recs
