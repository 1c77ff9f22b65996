#include "recs/views/promotions.h"

#include <algorithm>
#include <cmath>

namespace doorbuster::recs {
namespace {

constexpr size_t kPopularLookedAt = 5'000;

}  // namespace

std::vector<size_t> positions_of(const Rule& rule, size_t n) {
  if (rule.position > 0) return {rule.position - 1};
  const auto wanted = static_cast<size_t>(std::lround(rule.share * static_cast<double>(n)));
  const size_t count = std::clamp<size_t>(wanted, 1, std::max<size_t>(n, 1));
  std::vector<size_t> positions;
  for (size_t each = 0; each < count; ++each) positions.push_back(each * n / count);
  return positions;
}

std::vector<uint32_t> promoted_by(const Rule& rule, const std::vector<uint32_t>& named,
                                  const std::vector<Recommended>& picked, size_t n, const Catalogue& catalogue,
                                  const std::function<bool(uint32_t item)>& may_promote) {
  const size_t count = positions_of(rule, n).size();
  std::vector<uint32_t> found;
  const auto add = [&](uint32_t item) {
    if (found.size() < count && std::ranges::find(found, item) == found.end() && may_promote(item))
      found.push_back(item);
  };
  for (const uint32_t item : named) add(item);
  if (!rule.filter) return found;
  for (const Recommended& each : picked) {
    if (!each.is_promoted) add(each.item);
  }
  const auto popular = catalogue.popular();
  for (const uint32_t item : popular.first(std::min(popular.size(), kPopularLookedAt))) {
    if (found.size() >= count) break;
    add(item);
  }
  return found;
}

void place_promoted(std::vector<Recommended>& picked, const Rule& rule, const std::vector<uint32_t>& promoted,
                    size_t n) {
  const std::vector<size_t> positions = positions_of(rule, n);
  std::vector<Recommended> moved;
  for (const uint32_t item : promoted) {
    const auto known = std::ranges::find(picked, item, &Recommended::item);
    moved.push_back(known == picked.end() ? Recommended{.item = item, .source = Source::kPromoted} : *known);
    if (known != picked.end()) picked.erase(known);
  }
  for (size_t each = 0; each < moved.size(); ++each) {
    Recommended& one = moved[each];
    // Where it stands was not drawn.
    one.is_promoted = true;
    one.pool = 0;
    one.propensity = 1;
    size_t place = std::min(positions[each], picked.size());
    while (place < picked.size() && picked[place].source == Source::kPinned) ++place;
    if (place > 0 && place == picked.size()) one.score = std::min(one.score, picked.back().score);
    if (place < picked.size()) one.score = std::max(one.score, picked[place].score);
    picked.insert(picked.begin() + static_cast<ptrdiff_t>(place), one);
  }
  if (picked.size() > n) picked.resize(n);
}

}  // namespace doorbuster::recs
