// Scores for items that nobody, or hardly anybody, has had to do with yet: what the known items with the most similar
// words, attributes and vectors score for the same basket or visitor, the more alike the more. An item like one that is
// in the basket itself counts as if that one scored `direct`, where the best of all scores 1.
//
// Nothing is learnt: a new item takes part as soon as put() has returned.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

struct ColdStartOptions {
  float sharpness = 2;  // of likeness: a neighbour's weight is likeness ^ sharpness
  float direct = 1;
  float shrink = 0.1F;  // the sum is divided by (shrink + weights): one neighbour that is little alike proves little
  float prior = 0.3F;   // what a neighbour's popularity adds to its score
  bool operator==(const ColdStartOptions&) const = default;
};

class ColdItems {
 public:
  static constexpr size_t kAlike = 100;  // of a new item so many known ones count
  struct Alike {
    ItemNumber item;
    float likeness;
    float popularity;  // of the most popular item 1
  };

  explicit ColdItems(const ColdStartOptions& options = {}) : options_(options) {}

  [[nodiscard]] const ColdStartOptions& options() const { return options_; }
  [[nodiscard]] size_t size() const { return items_.size(); }
  [[nodiscard]] bool has(ItemNumber item) const { return items_.contains(item); }
  // How like known items are to a new one: the kAlike best count. Replaces what there was of it.
  void put(ItemNumber item, std::vector<Alike> alike);
  void remove(ItemNumber item);
  // One more is known, and so like a new one that is here.
  void add_known(ItemNumber item, const Alike& known);
  // Which new items it counted for; what they are like has to be put again.
  [[nodiscard]] std::vector<ItemNumber> counted_for(ItemNumber known) const;

  struct Score {
    ItemNumber item;
    float score;
    ItemNumber because;  // the known item that contributes the most
  };
  // Of the new items that are like any of these; in the order of their numbers. Of a basket's items the score is
  // `direct`, of others 1 at most.
  [[nodiscard]] std::vector<Score> scores(std::span<const ScoredItem> known) const;

 private:
  struct NewItem {
    std::vector<Alike> alike;  // the best first
    float divisor = 1;
    float prior = 0;
  };
  [[nodiscard]] static bool is_liker(const Alike& a, const Alike& b);
  [[nodiscard]] float weight(float likeness) const;
  void measure(NewItem& item) const;
  void stop_counting(ItemNumber known, ItemNumber item);

  ColdStartOptions options_;
  std::unordered_map<ItemNumber, NewItem> items_;
  std::unordered_map<ItemNumber, std::vector<ScoredItem>> counts_for_;  // by known item: weights of new ones
};

}  // namespace doorbuster::recs
