// Nearest neighbours among ten million vectors of 64 dimensions, put one after the other, on one core: how long that
// takes, what they need in memory, how many look-ups a second, and how many of the 20 nearest (by looking at all) are
// found, without a filter and with one that one in a hundred passes.
//
// Two kinds of vectors. Such as models make of items: each lies near one of 20,000 places in 32 dimensions, of which
// each says less than the one before, seen in 64, with a little noise in all of them. And the worst case: 64 numbers at
// random, where no vector says anything of another. Those that are asked for are drawn as those that are there.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/prng.h"
#include "recs/models/best_of.h"
#include "recs/models/float_lanes.h"
#include "recs/models/vector_index.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kDimensions = 64;
constexpr size_t kInner = 32;
constexpr size_t kPlaces = 20'000;
constexpr size_t kNearest = 20;
constexpr size_t kCompared = 100;  // look-ups of which the truth is known
constexpr uint64_t kPasses = 100;  // one in so many

using Vector = std::vector<float>;

// About normal, of variance 1.
float normal(Prng& random) {
  float sum = -6;
  for (int i = 0; i < 12; ++i) sum += static_cast<float>(random.next() >> 40) / static_cast<float>(1 << 24);
  return sum;
}

class SomeVectors {
 public:
  explicit SomeVectors(bool is_clustered) : is_clustered_(is_clustered) {
    for (size_t i = 0; i < kDimensions * kInner; ++i) seen_in_.push_back(normal(random_));
    for (size_t i = 0; i < kPlaces * kInner; ++i) places_.push_back(normal(random_) * spread(i % kInner));
  }
  Vector next() {
    Vector vector(kDimensions);
    if (!is_clustered_) {
      for (float& number : vector) number = normal(random_);
      return vector;
    }
    const size_t place = random_.below(kPlaces);
    Vector inner(kInner);
    for (size_t i = 0; i < kInner; ++i) inner[i] = places_[place * kInner + i] + normal(random_) * spread(i) / 2;
    for (size_t d = 0; d < kDimensions; ++d)
      vector[d] = product(inner.data(), &seen_in_[d * kInner], kInner) + normal(random_) / 5;
    return vector;
  }

 private:
  static float spread(size_t i) { return std::pow(static_cast<float>(i + 1), -0.25F); }

  const bool is_clustered_;
  Prng random_{1};
  Vector seen_in_, places_;
};

bool accept_every(ItemNumber) { return true; }
bool accept_few(ItemNumber item) { return mixed64(item) % kPasses == 0; }

// How many of the nearest of each of these are found.
double recall_of(const VectorIndex& index, const std::vector<Vector>& queries, const VectorIndex::Accept& accept) {
  std::vector<Vector> units = queries;
  std::vector<BestOf> best(queries.size(), BestOf(kNearest));
  for (Vector& unit : units) make_unit(unit.data(), kDimensions);
  for (ItemNumber item = 0; item < index.size(); ++item) {
    if (!accept(item)) continue;
    Vector vector(index[item].begin(), index[item].end());
    make_unit(vector.data(), kDimensions);
    for (size_t i = 0; i < units.size(); ++i)
      best[i].offer({item, product(vector.data(), units[i].data(), kDimensions)});
  }
  size_t found = 0;
  for (size_t i = 0; i < queries.size(); ++i) {
    const auto right = std::move(best[i]).sorted();
    for (const ScoredItem& each : index.near(queries[i], kNearest, accept))
      found += static_cast<size_t>(std::ranges::count(right, each.item, &ScoredItem::item));
  }
  return static_cast<double>(found) / static_cast<double>(queries.size() * kNearest);
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double lookups_a_second(const VectorIndex& index, const std::vector<Vector>& queries,
                        const VectorIndex::Accept& accept) {
  const double begin = cpu_seconds();
  for (const Vector& query : queries) benchmark::DoNotOptimize(index.near(query, kNearest, accept));
  return static_cast<double>(queries.size()) / (cpu_seconds() - begin);
}

void nearest_of_many(benchmark::State& state, bool is_clustered) {
  const char* count = std::getenv("DOORBUSTER_RECS_VECTORS");
  const size_t vectors = count == nullptr ? 10'000'000 : std::strtoul(count, nullptr, 10);
  SomeVectors some(is_clustered);
  VectorIndex index(kDimensions, std::filesystem::temp_directory_path().string());
  double seconds = 0, longest = 0;
  for (ItemNumber item = 0; item < vectors; ++item) {
    const Vector vector = some.next();
    const double begin = cpu_seconds();
    index.put(item, vector);
    const double put = cpu_seconds() - begin;
    seconds += put;
    longest = std::max(longest, put);
  }
  std::vector<Vector> queries;
  while (queries.size() < kCompared) queries.push_back(some.next());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(index.near(queries[next++ % kCompared], kNearest, accept_every));
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes_a_vector"] = static_cast<double>(index.memory()) / static_cast<double>(vectors);
  state.counters["build_seconds"] = seconds;
  state.counters["longest_put_ms"] = longest * 1'000;
  state.counters["recall"] = recall_of(index, queries, accept_every);
  state.counters["recall_filtered"] = recall_of(index, queries, accept_few);
  state.counters["filtered_per_second"] = lookups_a_second(index, queries, accept_few);
}

void vectors_of_items(benchmark::State& state) { nearest_of_many(state, true); }
void vectors_at_random(benchmark::State& state) { nearest_of_many(state, false); }
BENCHMARK(vectors_of_items)->Iterations(2'000);
BENCHMARK(vectors_at_random)->Iterations(2'000);

}  // namespace
}  // namespace doorbuster::recs
