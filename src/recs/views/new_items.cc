#include "recs/views/new_items.h"

#include <algorithm>

namespace doorbuster::recs {
namespace {

// So many new items are looked at when one more is known.
constexpr size_t kTold = 30;
// At each new item that is put: a night's import brings many.
constexpr ContentIndex::Effort kEffort{
    .vectors = {.lists = 8, .vectors = 1'000, .compared = 100, .accepted = 200, .looked_at = 20'000}, .words = 2'000};

}  // namespace

void NewItems::put(uint32_t item) {
  if (is_held_back_) return;
  leave(item);
  note_known(item);
  if (is_known(item)) {
    for (const uint32_t each : cold_.counted_for(item)) compare(each);
    become_known(item);
  } else {
    enter(item);
  }
}

void NewItems::remove(uint32_t item) {
  if (is_held_back_) return;
  leave(item);
  for (const uint32_t each : cold_.counted_for(item)) compare(each);
}

void NewItems::count(uint32_t item) {
  if (is_held_back_ || !contents_.has(item)) return;
  if (item < was_known_.size() && was_known_[item] == is_known(item)) return;
  note_known(item);
  if (is_known(item)) {
    leave(item);
    become_known(item);
  } else {
    for (const uint32_t each : cold_.counted_for(item)) compare(each);
    enter(item);
  }
}

void NewItems::note_known(uint32_t item) {
  if (item >= was_known_.size()) was_known_.resize(size_t{item} + 1);
  if (was_known_[item]) --known_;
  was_known_[item] = is_known(item);
  if (was_known_[item]) ++known_;
}

void NewItems::make_anew() {
  clear();
  was_known_.resize(catalogue_.size());
  for (uint32_t item = 0; item < catalogue_.size(); ++item) note_known(item);
  const auto& by_age = catalogue_.by_age();
  for (auto each = by_age.rbegin(); each != by_age.rend() && by_age_.size() < kItemsMax; ++each) enter(each->second);
}

void NewItems::clear() {
  own_.clear();
  cold_ = ColdItems(cold_.options());
  by_age_.clear();
  ages_.clear();
  was_known_.clear();
  known_ = 0;
  is_held_back_ = false;
}

void NewItems::enter(uint32_t item) {
  const Item& known = catalogue_[item];
  if (!known.is_put || known.is_removed || is_known(item) || !contents_.has(item)) return;
  const std::pair place{known.since, item};
  if (by_age_.size() == kItemsMax) {
    if (place < *by_age_.begin()) return;
    leave(by_age_.begin()->second);
  }
  by_age_.insert(place);
  ages_[item] = known.since;
  Content content = known.content;
  contents_.add_vectors(item, content);
  own_.put(item, content);
  compare(item);
}

void NewItems::leave(uint32_t item) {
  const auto age = ages_.find(item);
  if (age == ages_.end()) return;
  by_age_.erase({age->second, item});
  ages_.erase(age);
  own_.remove(item);
  cold_.remove(item);
}

void NewItems::compare(uint32_t item) {
  std::vector<ColdItems::Alike> alike;
  const auto accept_known = [&](uint32_t other) { return is_known(other); };
  if (known_ > 0) {
    for (const uint32_t other : contents_.near(item, ColdItems::kAlike, accept_known, kEffort))
      alike.push_back(alike_to(item, other));
  }
  cold_.put(item, std::move(alike));
}

ColdItems::Alike NewItems::alike_to(uint32_t item, uint32_t known) const {
  const auto most = static_cast<float>(catalogue_.popularity_of(catalogue_.popular().front()));
  return {.item = known,
          .likeness = contents_.mean_likeness(item, known),
          .popularity = static_cast<float>(catalogue_.popularity_of(known)) / std::max(1.0F, most)};
}

void NewItems::become_known(uint32_t item) {
  if (cold_.size() == 0) return;
  Content content = catalogue_[item].content;
  contents_.add_vectors(item, content);
  for (const uint32_t each : own_.near(content, kTold, [](uint32_t) { return true; }))
    cold_.add_known(each, alike_to(each, item));
}

}  // namespace doorbuster::recs
