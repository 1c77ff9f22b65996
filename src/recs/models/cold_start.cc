#include "recs/models/cold_start.h"

#include <algorithm>
#include <cmath>

namespace doorbuster::recs {

float ColdItems::weight(float likeness) const { return std::pow(std::max(0.0F, likeness), options_.sharpness); }

bool ColdItems::is_liker(const Alike& a, const Alike& b) {
  return a.likeness != b.likeness ? a.likeness > b.likeness : a.item < b.item;
}

void ColdItems::put(ItemNumber item, std::vector<Alike> alike) {
  remove(item);
  std::ranges::sort(alike, is_liker);
  if (alike.size() > kAlike) alike.resize(kAlike);
  for (const Alike& known : alike) counts_for_[known.item].push_back({item, weight(known.likeness)});
  NewItem& added = items_[item];
  added.alike = std::move(alike);
  measure(added);
}

void ColdItems::measure(NewItem& item) const {
  float weights = 0, popularity = 0;
  for (const Alike& known : item.alike) {
    const float of_known = weight(known.likeness);
    weights += of_known;
    popularity += of_known * known.popularity;
  }
  item.divisor = options_.shrink + weights;
  item.prior = options_.prior * popularity / item.divisor;
}

void ColdItems::stop_counting(ItemNumber known, ItemNumber item) {
  const auto list = counts_for_.find(known);
  std::erase_if(list->second, [&](const ScoredItem& each) { return each.item == item; });
  if (list->second.empty()) counts_for_.erase(list);
}

void ColdItems::remove(ItemNumber item) {
  const auto found = items_.find(item);
  if (found == items_.end()) return;
  for (const Alike& known : found->second.alike) stop_counting(known.item, item);
  items_.erase(found);
}

void ColdItems::add_known(ItemNumber item, const Alike& known) {
  NewItem& changed = items_.at(item);
  if (std::erase_if(changed.alike, [&](const Alike& each) { return each.item == known.item; }) > 0)
    stop_counting(known.item, item);
  if (changed.alike.size() < kAlike || is_liker(known, changed.alike.back())) {
    changed.alike.insert(std::ranges::lower_bound(changed.alike, known, is_liker), known);
    counts_for_[known.item].push_back({item, weight(known.likeness)});
  }
  if (changed.alike.size() > kAlike) {
    stop_counting(changed.alike.back().item, item);
    changed.alike.pop_back();
  }
  measure(changed);
}

std::vector<ItemNumber> ColdItems::counted_for(ItemNumber known) const {
  std::vector<ItemNumber> items;
  if (const auto list = counts_for_.find(known); list != counts_for_.end()) {
    for (const ScoredItem& each : list->second) items.push_back(each.item);
  }
  return items;
}

std::vector<ColdItems::Score> ColdItems::scores(std::span<const ScoredItem> known) const {
  struct Sum {
    float sum = 0, most = 0;
    ItemNumber because = kNoItem;
  };
  std::unordered_map<ItemNumber, Sum> sums;
  for (const ScoredItem& one : known) {
    const auto list = counts_for_.find(one.item);
    if (list == counts_for_.end() || one.score <= 0) continue;
    for (const ScoredItem& each : list->second) {
      Sum& sum = sums[each.item];
      const float more = each.score * one.score;
      sum.sum += more;
      if (more <= sum.most) continue;
      sum.most = more;
      sum.because = one.item;
    }
  }
  std::vector<Score> scores;
  for (const auto& [item, sum] : sums) {
    const NewItem& scored = items_.at(item);
    if (sum.sum > 0) scores.push_back({item, sum.sum / scored.divisor + scored.prior, sum.because});
  }
  std::ranges::sort(scores, {}, &Score::item);
  return scores;
}

}  // namespace doorbuster::recs
