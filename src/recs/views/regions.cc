#include "recs/views/regions.h"

#include "base/json.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {
namespace {

// A place in the order, and a node and a bucket of the hash table.
constexpr size_t kRankedBytes = 52;

}  // namespace

uint16_t country_in_profile(std::string_view json) {
  JsonDocument document(json, {.max_bytes = kContentBytesMax});
  const JsonValue value = document.root().optional("country");
  return value.present() && value.is_string() ? country_of_text(value.string()) : uint16_t{0};
}

void Regions::add(uint16_t country, uint32_t item, Timestamp at, uint64_t weight) {
  const auto [place, is_new] = regions_.try_emplace(country);
  Region& region = place->second;
  if (is_new) region.recent.advance(now_);
  region.popular.grow(item, weight);
  region.recent.add(item, at, weight);
}

void Regions::remove(uint16_t country, uint32_t item, Timestamp at, uint64_t weight) {
  Region& region = regions_.at(country);
  region.popular.shrink(item, weight);
  region.recent.remove(item, at, weight);
  if (region.popular.count_of(item) == 0) region.popular.remove(item);
}

void Regions::advance(Timestamp now) {
  now_ = now;
  for (auto& [country, region] : regions_) region.recent.advance(now);
}

void Regions::clear() {
  now_ = {};
  regions_.clear();
}

size_t Regions::bytes() const {
  size_t all = 0;
  for (const auto& [country, region] : regions_)
    all += sizeof(Region) + region.popular.size() * kRankedBytes + region.recent.bytes();
  return all;
}

bool Regions::counts_as(const Regions& other) const {
  const auto includes = [](const Regions& all, const Regions& some) {
    for (const auto& [country, region] : some.regions_) {
      const Region* known = all.find(country);
      if (known == nullptr && region.popular.size() == 0) continue;
      if (known == nullptr || !region.recent.counts_as(known->recent)) return false;
      if (region.popular.size() != known->popular.size()) return false;
      for (const uint32_t item : region.popular.items()) {
        if (region.popular.count_of(item) != known->popular.count_of(item)) return false;
      }
    }
    return true;
  };
  return includes(other, *this) && includes(*this, other);
}

}  // namespace doorbuster::recs
