#include "recs/views/exploration.h"

#include <algorithm>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPartThatIsDrawn = 5;

double uniform(Prng& random) { return static_cast<double>(random.next() >> 11) * 0x1p-53; }

// Draws the one that stands at `position` and moves it there; the others keep their order.
void draw(std::vector<Recommended>& picked, size_t position, const Exploration& explore, Prng& random) {
  const size_t pool = std::min<size_t>(explore.pool, picked.size() - position);
  if (pool < 2) return;
  const size_t drawn = uniform(random) < explore.share ? random.below(pool) : 0;
  const auto first = picked.begin() + static_cast<ptrdiff_t>(position);
  std::rotate(first, first + static_cast<ptrdiff_t>(drawn), first + static_cast<ptrdiff_t>(drawn) + 1);
  Recommended& one = picked[position];
  one.pool = static_cast<uint8_t>(pool);
  one.is_best = drawn == 0;
  const double evenly = explore.share / static_cast<double>(pool);
  one.propensity = static_cast<float>(one.is_best ? 1 - explore.share + evenly : evenly);
}

}  // namespace

size_t drawn_of(const Exploration& explore, size_t n) {
  if (explore.share <= 0) return 0;
  return std::min(n, explore.positions > 0 ? explore.positions : std::max<size_t>(1, n / kPartThatIsDrawn));
}

size_t picked_for(const Exploration& explore, size_t n) { return drawn_of(explore, n) == 0 ? n : n + explore.pool - 1; }

void explore(std::vector<Recommended>& picked, const Exploration& explore, size_t n, size_t fixed, uint64_t seed) {
  Prng random(seed);
  const size_t end = std::min(n, picked.size());
  for (size_t position = std::max(fixed, n - drawn_of(explore, n)); position < end; ++position)
    draw(picked, position, explore, random);
  if (picked.size() > n) picked.resize(n);
}

}  // namespace doorbuster::recs
