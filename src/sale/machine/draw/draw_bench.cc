// What the draw costs: a position on read, an entry at the join, and the moment of the opening.
#include <benchmark/benchmark.h>

#include "sale/machine/draw/draw.h"
#include "sale/machine/draw/merkle.h"

namespace doorbuster::sale {
namespace {

void position(benchmark::State& state) {
  const auto count = static_cast<uint64_t>(state.range(0));
  const DrawPermutation permutation(Digest{}, count);
  uint64_t index = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(permutation.position_of(index));
    index = (index + 7'919) % count;
  }
}
BENCHMARK(position)->Arg(1'000)->Arg(1'000'000)->Arg(1'100'000)->Arg(10'000'000);

void leaf_into_the_tree(benchmark::State& state) {
  const std::string id(kEntryIdBytes, 'a');
  MerkleFrontier tree;
  for (auto _ : state) tree.add(draw_leaf(tree.size(), id, {}));
  benchmark::DoNotOptimize(tree.root());
}
BENCHMARK(leaf_into_the_tree);

void the_moment_of_the_draw(benchmark::State& state) {
  const auto count = static_cast<uint64_t>(state.range(0));
  MerkleFrontier tree;
  for (uint64_t i = 0; i < 1'000; ++i) tree.add(Digest{});
  for (auto _ : state) {
    const DrawPermutation permutation(draw_key(Digest{}, tree.root(), count, {}), count);
    benchmark::DoNotOptimize(permutation.position_of(0));
  }
}
BENCHMARK(the_moment_of_the_draw)->Arg(1'000)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMillisecond);

void proof(benchmark::State& state) {
  MerkleTree tree;
  for (int i = 0; i < 1'000'000; ++i) tree.add(Digest{});
  uint64_t index = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(tree.proof(index));
    index = (index + 7'919) % tree.size();
  }
}
BENCHMARK(proof);

}  // namespace
}  // namespace doorbuster::sale
