// Work in parts that do not know of each other, on so many threads; which thread does which part changes nothing.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace doorbuster::recs {

template <class Work>
void in_parallel(size_t parts, uint32_t threads, const Work& work) {
  std::atomic<size_t> next = 0;
  const auto run = [&] {
    for (size_t part = next++; part < parts; part = next++) work(part);
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < std::min<size_t>(threads, parts); ++i) others.emplace_back(run);
  run();
}

}  // namespace doorbuster::recs
