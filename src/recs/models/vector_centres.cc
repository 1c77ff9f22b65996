#include "recs/models/vector_centres.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.h"
#include "recs/models/float_lanes.h"

namespace doorbuster::recs {
namespace {

constexpr uint16_t kNoGroup = UINT16_MAX;
constexpr size_t kGroupsTried = 6;
constexpr int kHalvingRounds = 5;

using Ranked = std::pair<float, uint16_t>;
bool is_better_place(const Ranked& a, const Ranked& b) {
  return a.first != b.first ? a.first > b.first : a.second < b.second;
}

size_t least_alike(std::span<const float> vectors, size_t stride, const float* with) {
  std::vector<float> products_with(vectors.size() / stride);
  products(with, vectors.data(), products_with.size(), stride, products_with.data());
  return static_cast<size_t>(std::ranges::min_element(products_with) - products_with.begin());
}

}  // namespace

void make_unit(float* vector, size_t stride) {
  const float squared = product(vector, vector, stride);
  if (!(squared > 0)) return;
  const float factor = 1 / std::sqrt(squared);
  for (size_t i = 0; i < stride; ++i) vector[i] *= factor;
}

bool halve(std::span<const float> vectors, size_t stride, Halves& halves) {
  const size_t count = vectors.size() / stride;
  if (count < 2) return false;
  const auto row = [&](size_t i) { return vectors.subspan(i * stride, stride); };
  const auto from = row(least_alike(vectors, stride, vectors.data()));
  halves.first.assign(from.begin(), from.end());
  const auto to = row(least_alike(vectors, stride, from.data()));
  halves.second.assign(to.begin(), to.end());
  halves.is_second.assign(count, false);
  size_t seconds = 0;
  std::vector<float> with_first(count), with_second(count);
  for (int round = 0; round < kHalvingRounds; ++round) {
    products(halves.first.data(), vectors.data(), count, stride, with_first.data());
    products(halves.second.data(), vectors.data(), count, stride, with_second.data());
    seconds = 0;
    std::vector<float> first(stride), second(stride);
    for (size_t i = 0; i < count; ++i) {
      halves.is_second[i] = with_second[i] > with_first[i];
      seconds += halves.is_second[i] ? 1 : 0;
      std::vector<float>& sum = halves.is_second[i] ? second : first;
      for (size_t d = 0; d < stride; ++d) sum[d] += vectors[i * stride + d];
    }
    if (seconds == 0 || seconds == count) return false;
    halves.first.swap(first);
    halves.second.swap(second);
    make_unit(halves.first.data(), stride);
    make_unit(halves.second.data(), stride);
  }
  return true;
}

ListNumber VectorCentres::add_first(const float* centre) {
  ASSERT(size_ == 0 && groups_.empty());
  groups_.push_back({.centre = std::vector<float>(centre, centre + stride_), .lists = {}});
  rows_.assign(centre, centre + stride_);
  group_of_.assign(1, kNoGroup);
  enter(0, 0);
  return 0;
}

ListNumber VectorCentres::add(const float* centre, ListNumber beside) {
  ASSERT(size_ < kListsMax);
  ListNumber list = 0;
  if (free_.empty()) {
    list = static_cast<ListNumber>(group_of_.size());
    rows_.resize(rows_.size() + stride_);
    group_of_.push_back(kNoGroup);
  } else {
    list = free_.back();
    free_.pop_back();
  }
  move(list, centre);
  enter(list, group_of_[beside]);
  return list;
}

void VectorCentres::move(ListNumber list, const float* centre) {
  std::copy(centre, centre + stride_, &rows_[list * stride_]);
}

void VectorCentres::enter(ListNumber list, size_t group) {
  ++size_;
  group_of_[list] = static_cast<uint16_t>(group);
  groups_[group].lists.push_back(list);
  if (groups_[group].lists.size() > kGroupSize) halve(group);
}

void VectorCentres::remove(ListNumber list) {
  ASSERT(size_ > 1);
  Group& group = groups_[group_of_[list]];
  std::erase(group.lists, list);
  group_of_[list] = kNoGroup;
  free_.push_back(list);
  --size_;
}

void VectorCentres::halve(size_t number) {
  std::vector<float> members;
  for (const ListNumber list : groups_[number].lists)
    members.insert(members.end(), (*this)[list], (*this)[list] + stride_);
  Halves halves;
  if (!recs::halve(members, stride_, halves)) return;
  const auto other = static_cast<uint16_t>(groups_.size());
  groups_.push_back({.centre = std::move(halves.second), .lists = {}});
  Group& group = groups_[number];
  group.centre = std::move(halves.first);
  const std::vector<ListNumber> lists = std::exchange(group.lists, {});
  for (size_t i = 0; i < lists.size(); ++i) {
    groups_[halves.is_second[i] ? other : number].lists.push_back(lists[i]);
    if (halves.is_second[i]) group_of_[lists[i]] = other;
  }
}

ListNumber VectorCentres::nearest(const float* vector) const {
  std::vector<Ranked> groups;
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].lists.empty()) continue;
    groups.emplace_back(product(vector, groups_[i].centre.data(), stride_), static_cast<uint16_t>(i));
  }
  const size_t tried = std::min(kGroupsTried, groups.size());
  std::partial_sort(groups.begin(), groups.begin() + static_cast<ptrdiff_t>(tried), groups.end(), is_better_place);
  Ranked best{-INFINITY, 0};
  for (const Ranked& group : std::span(groups).first(tried)) {
    for (const ListNumber list : groups_[group.second].lists) {
      const Ranked one{product(vector, (*this)[list], stride_), list};
      if (is_better_place(one, best)) best = one;
    }
  }
  return best.second;
}

std::vector<Ranked> VectorCentres::by_product(const float* vector, size_t sorted) const {
  std::vector<float> all(group_of_.size());
  products(vector, rows_.data(), all.size(), stride_, all.data());
  std::vector<Ranked> lists;
  lists.reserve(size_);
  for (size_t list = 0; list < all.size(); ++list) {
    if (group_of_[list] != kNoGroup) lists.emplace_back(all[list], static_cast<ListNumber>(list));
  }
  const auto middle = lists.begin() + static_cast<ptrdiff_t>(std::min(sorted, lists.size()));
  if (middle != lists.end()) std::nth_element(lists.begin(), middle, lists.end(), is_better_place);
  std::sort(lists.begin(), middle, is_better_place);
  return lists;
}

size_t VectorCentres::memory() const {
  size_t bytes = rows_.capacity() * sizeof(float) + group_of_.capacity() * sizeof(uint16_t);
  for (const Group& group : groups_)
    bytes += group.centre.capacity() * sizeof(float) + group.lists.capacity() * sizeof(ListNumber) + sizeof(Group);
  return bytes;
}

}  // namespace doorbuster::recs
