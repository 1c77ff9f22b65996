#include "ops/settings/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace doorbuster::ops {
namespace {

constexpr size_t kLongest = 64;  // beyond it nobody has mistyped a name of ours

// Levenshtein (1966), one row at a time.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({changed, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row[b.size()];
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

std::string nearest(std::string_view name, std::span<const std::string> known) {
  if (name.size() > kLongest) return {};
  for (const std::string& candidate : known) {
    if (last_part(candidate) == last_part(name)) return candidate;
  }
  std::string best;
  size_t best_distance = std::max<size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const size_t changes = distance(name, candidate);
    if (changes < best_distance) best = candidate, best_distance = changes;
  }
  return best;
}

}  // namespace doorbuster::ops
