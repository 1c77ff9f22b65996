#include "recs/models/vector_index.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.h"
#include "recs/models/best_of.h"
#include "recs/models/float_lanes.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kListSizeMin = 64;
constexpr size_t kSampled = 12'000;  // vectors that codes are learnt from
constexpr size_t kLearnAgainAt = 4;  // times as many vectors
constexpr size_t kPutsAList = 16;    // so many vectors come for each list that takes newer codes over

// Room for an eighth more, instead of for as many again.
template <class T>
void make_room(std::vector<T>& values, size_t more) {
  if (values.size() + more <= values.capacity()) return;
  values.reserve(values.size() + std::max(more * 4, values.size() / 8));
}

}  // namespace

struct VectorIndex::Query {
  std::vector<float> unit;  // with zeros up to the stride
  const Accept& accept;
};

VectorIndex::VectorIndex(size_t dimensions, const std::string& folder)
    : rows_(dimensions, folder), centres_(rows_.stride()) {
  std::vector<float> middle(rows_.stride());
  middle[0] = 1;
  centres_.add_first(middle.data());
  lists_.emplace_back();
}

// Ten million vectors lie in some ten thousand lists.
size_t VectorIndex::list_size() const {
  const auto wanted = static_cast<size_t>(std::sqrt(static_cast<double>(size_)) / 5);
  return std::max({kListSizeMin, wanted, size_ / (VectorCentres::kListsMax / 2)});
}

void VectorIndex::unit_of(ItemNumber item, float* into) const {
  std::copy(rows_[item], rows_[item] + rows_.stride(), into);
  make_unit(into, rows_.stride());
}

void VectorIndex::put(ItemNumber item, std::span<const float> vector) {
  if (has(item)) remove(item);
  if (item >= list_of_.size()) {
    make_room(list_of_, item + 1 - list_of_.size());
    list_of_.resize(size_t{item} + 1, kNoList);
  }
  rows_.set(item, vector);
  std::vector<float> unit(rows_.stride());
  unit_of(item, unit.data());
  const ListNumber list = codes_[0] ? centres_.nearest(unit.data()) : 0;
  append(list, item, unit.data());
  ++size_;
  if (!codes_[0]) {
    if (size_ < kExactVectorsMin || size_ * rows_.stride() < kExactFloats) return;
    halve_long_lists();
    learn_codes();
    return;
  }
  if (lists_[list].items.size() > std::max(2 * list_size(), lists_[list].halved_at)) halve_list(list);
  take_over_codes();
}

void VectorIndex::append(ListNumber number, ItemNumber item, const float* unit) {
  List& list = lists_[number];
  list_of_[item] = number;
  make_room(list.items, 1);
  list.items.push_back(item);
  if (!codes_[0]) return;
  const VectorCodes& codes = codes_of(list);
  std::vector<float> difference(rows_.stride());
  for (size_t d = 0; d < difference.size(); ++d) difference[d] = unit[d] - centres_[number][d];
  make_room(list.codes, codes.bytes());
  list.codes.resize(list.codes.size() + codes.bytes());
  codes.encode(difference.data(), &list.codes[list.codes.size() - codes.bytes()]);
}

void VectorIndex::remove(ItemNumber item) {
  ASSERT(has(item));
  const ListNumber number = std::exchange(list_of_[item], kNoList);
  List& list = lists_[number];
  const auto place = static_cast<size_t>(std::ranges::find(list.items, item) - list.items.begin());
  ASSERT(place < list.items.size());
  list.items[place] = list.items.back();
  list.items.pop_back();
  --size_;
  if (!codes_[0]) return;
  const size_t bytes = codes_of(list).bytes();
  std::copy_n(list.codes.end() - static_cast<ptrdiff_t>(bytes), bytes, &list.codes[place * bytes]);
  list.codes.resize(list.codes.size() - bytes);
  if (!list.items.empty() || centres_.size() == 1) return;
  centres_.remove(number);
  list = {};
}

void VectorIndex::halve_long_lists() {
  for (size_t list = 0; list < lists_.size();) {
    const size_t before = lists_.size();
    if (lists_[list].items.size() > 2 * list_size()) halve_list(static_cast<ListNumber>(list));
    if (lists_.size() == before) ++list;
  }
}

void VectorIndex::halve_list(ListNumber number) {
  if (centres_.size() == VectorCentres::kListsMax) return;
  const size_t stride = rows_.stride();
  const std::vector<ItemNumber> items = lists_[number].items;
  std::vector<float> units(items.size() * stride);
  for (size_t i = 0; i < items.size(); ++i) unit_of(items[i], &units[i * stride]);
  Halves halves;
  if (!halve(units, stride, halves)) {
    lists_[number].halved_at = 2 * items.size();
    return;
  }
  centres_.move(number, halves.first.data());
  const ListNumber other = centres_.add(halves.second.data(), number);
  if (other >= lists_.size()) lists_.resize(size_t{other} + 1);
  for (const ListNumber each : {number, other}) {
    lists_[each] = {.items = {}, .codes = {}, .halved_at = 0, .version = version_};
    lists_[each].items.reserve(items.size() / 2 + items.size() / 8);
  }
  for (size_t i = 0; i < items.size(); ++i) append(halves.is_second[i] ? other : number, items[i], &units[i * stride]);
}

// Of vectors that lie evenly among all lists.
void VectorIndex::learn_codes() {
  const size_t stride = rows_.stride(), step = std::max<size_t>(1, size_ / kSampled);
  std::vector<float> differences;
  size_t seen = 0;
  for (size_t list = 0; list < lists_.size(); ++list) {
    const float* middle = centres_[static_cast<ListNumber>(list)];
    for (const ItemNumber item : lists_[list].items) {
      if (seen++ % step != 0) continue;
      differences.resize(differences.size() + stride);
      float* row = &differences[differences.size() - stride];
      unit_of(item, row);
      for (size_t d = 0; d < stride; ++d) row[d] -= middle[d];
    }
  }
  const bool is_first = !codes_[0];
  if (!is_first) ++version_;
  VectorCodes codes(rows_.dimensions());
  codes.learn(differences, stride);
  codes_[version_ & 1].emplace(std::move(codes));
  learnt_at_ = size_;
  taken_over_ = 0;
  if (!is_first) return;
  for (; taken_over_ < lists_.size(); ++taken_over_) encode(static_cast<ListNumber>(taken_over_));
}

// With the newest codes.
void VectorIndex::encode(ListNumber number) {
  List& list = lists_[number];
  list.version = version_;
  list.codes.clear();
  const std::vector<ItemNumber> items = std::exchange(list.items, {});
  list.items.reserve(items.size() + items.size() / 8);
  list.codes.reserve((items.size() + items.size() / 8) * codes_of(list).bytes());
  std::vector<float> unit(rows_.stride());
  for (const ItemNumber item : items) {
    unit_of(item, unit.data());
    append(number, item, unit.data());
  }
}

void VectorIndex::take_over_codes() {
  ++puts_;
  if (taken_over_ == lists_.size()) {
    if (size_ >= kLearnAgainAt * learnt_at_) learn_codes();
    return;
  }
  if (puts_ % kPutsAList != 0) return;
  while (taken_over_ < lists_.size() && lists_[taken_over_].version == version_) ++taken_over_;
  if (taken_over_ < lists_.size()) encode(static_cast<ListNumber>(taken_over_++));
}

float VectorIndex::cosine_of(const Query& query, ItemNumber item) const {
  const float* row = rows_[item];
  const float squared = product(row, row, rows_.stride());
  return product(query.unit.data(), row, rows_.stride()) / std::sqrt(squared);
}

float VectorIndex::cosine(ItemNumber a, ItemNumber b) const {
  const float of_a = product(rows_[a], rows_[a], rows_.stride()), of_b = product(rows_[b], rows_[b], rows_.stride());
  return product(rows_[a], rows_[b], rows_.stride()) / (std::sqrt(of_a) * std::sqrt(of_b));
}

std::vector<ScoredItem> VectorIndex::near(std::span<const float> vector, size_t n, const Accept& accept,
                                          const VectorSearch& search) const {
  ASSERT(vector.size() == dimensions());
  Query query{.unit = {vector.begin(), vector.end()}, .accept = accept};
  query.unit.resize(rows_.stride());
  make_unit(query.unit.data(), rows_.stride());
  if (!codes_[0]) return near_exactly(query, n);
  VectorSearch wide = search;
  wide.compared = std::max(search.compared, n);
  const std::vector<ScoredItem> candidates = candidates_of(query, wide);
  for (const ScoredItem& each : candidates) __builtin_prefetch(rows_[each.item]);
  BestOf best(n);
  for (const ScoredItem& each : candidates) best.offer({each.item, cosine_of(query, each.item)});
  return std::move(best).sorted();
}

std::vector<ScoredItem> VectorIndex::near_exactly(const Query& query, size_t n) const {
  BestOf best(n);
  for (const ItemNumber item : lists_[0].items) {
    const ScoredItem one{item, cosine_of(query, item)};
    if (best.would_take(one) && query.accept(item)) best.offer(one);
  }
  return std::move(best).sorted();
}

std::vector<ScoredItem> VectorIndex::candidates_of(const Query& query, const VectorSearch& search) const {
  const size_t lists_sorted = 4 * search.lists, bytes = codes_[0]->bytes();
  auto order = centres_.by_product(query.unit.data(), lists_sorted);
  std::vector<float> tables[2];
  for (size_t i = 0; i < 2; ++i) {
    if (codes_[i]) tables[i] = codes_[i]->table_of(query.unit.data());
  }
  const double wanted =
      search.accepted > 0 ? static_cast<double>(search.accepted) : 1.25 * std::sqrt(static_cast<double>(size_));
  BestOf best(search.compared);
  size_t looked_at = 0, asked = 0, accepted = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    const bool is_full = accepted >= search.compared;
    // As many are accepted among those that were passed as among those that were asked for.
    const double passed =
        asked == 0 ? 0 : static_cast<double>(looked_at) * static_cast<double>(accepted) / static_cast<double>(asked);
    const bool is_enough = i >= search.lists && looked_at >= search.vectors && is_full && passed >= wanted;
    if (is_enough || (i >= search.lists && looked_at >= search.looked_at)) break;
    if (i == lists_sorted) std::sort(order.begin() + static_cast<ptrdiff_t>(i), order.end(), std::greater());
    const auto [of_middle, number] = order[i];
    const List& list = lists_[number];
    const float* table = tables[list.version & 1].data();
    for (size_t k = 0; k < list.items.size(); ++k) {
      const ScoredItem one{list.items[k], of_middle + VectorCodes::product(table, &list.codes[k * bytes], bytes)};
      if (!best.would_take(one)) continue;
      ++asked;
      if (!query.accept(one.item)) continue;
      ++accepted;
      best.offer(one);
    }
    looked_at += list.items.size();
  }
  return std::move(best).sorted();
}

size_t VectorIndex::memory() const {
  size_t bytes = list_of_.capacity() * sizeof(ListNumber) + centres_.memory() + lists_.capacity() * sizeof(List);
  for (const List& list : lists_) bytes += list.items.capacity() * sizeof(ItemNumber) + list.codes.capacity();
  for (const auto& codes : codes_) bytes += codes ? codes->memory() : 0;
  return bytes;
}

}  // namespace doorbuster::recs
