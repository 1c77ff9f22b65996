// The same work for each of many numbers, on several threads. Each number's work writes to places of its own, so that
// the result does not depend on how many threads there are.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace doorbuster::recs {

// Calls make() once a thread, for what it works with; and work(that, number) for every number below `count`.
template <class Make, class Work>
void parallel_for(size_t count, uint32_t threads, Make&& make, Work&& work, size_t at_once = 16) {
  std::atomic<size_t> next = 0;
  const auto run = [&] {
    auto scratch = make();
    for (size_t begin = next.fetch_add(at_once); begin < count; begin = next.fetch_add(at_once)) {
      for (size_t i = begin; i < std::min(begin + at_once, count); ++i) work(scratch, i);
    }
  };
  std::vector<std::jthread> others;
  for (uint32_t i = 1; i < threads && i * at_once < count; ++i) others.emplace_back(run);
  run();
}

}  // namespace doorbuster::recs
