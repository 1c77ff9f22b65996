// Naive linear algebra in double precision, to compare with.
#pragma once

#include <cmath>
#include <vector>

#include "base/prng.h"
#include "recs/models/interactions.h"

namespace doorbuster::recs {

using Dense = std::vector<std::vector<double>>;

// By Gauss and Jordan, with pivots.
inline Dense naive_inverse(Dense a) {
  const size_t n = a.size();
  Dense inverse(n, std::vector<double>(n, 0));
  for (size_t i = 0; i < n; ++i) inverse[i][i] = 1;
  for (size_t column = 0; column < n; ++column) {
    size_t pivot = column;
    for (size_t row = column; row < n; ++row) {
      if (std::abs(a[row][column]) > std::abs(a[pivot][column])) pivot = row;
    }
    std::swap(a[pivot], a[column]);
    std::swap(inverse[pivot], inverse[column]);
    const double factor = 1 / a[column][column];
    for (size_t k = 0; k < n; ++k) a[column][k] *= factor, inverse[column][k] *= factor;
    for (size_t row = 0; row < n; ++row) {
      if (row == column) continue;
      const double times = a[row][column];
      for (size_t k = 0; k < n; ++k) {
        a[row][k] -= times * a[column][k];
        inverse[row][k] -= times * inverse[column][k];
      }
    }
  }
  return inverse;
}

// Users with some taste: each likes the items of one of a few kinds, and a few others.
inline Interactions users_with_tastes(size_t users, size_t items, uint64_t seed) {
  constexpr size_t kKinds = 4;
  Prng random(seed);
  Interactions all;
  for (size_t user = 0; user < users; ++user) {
    std::vector<bool> has(items, false);
    std::vector<ItemNumber> list;
    for (size_t i = 0; i < 6; ++i) {
      const bool is_own_kind = !random.chance(5);
      const size_t item = is_own_kind ? random.below(items / kKinds) * kKinds + user % kKinds : random.below(items);
      if (!has[item]) list.push_back(static_cast<ItemNumber>(item));
      has[item] = true;
    }
    all.add_user(list);
  }
  all.at_least_items(items);
  return all;
}

}  // namespace doorbuster::recs
