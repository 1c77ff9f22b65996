#include "recs/models/vector_codes.h"

#include <algorithm>

#include "base/assert.h"
#include "recs/models/float_lanes.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kDimensionsAPart = 4;
constexpr int kRounds = 8;

// Every part has at least one dimension, and there are fours of them.
size_t parts_of(size_t dimensions) {
  const size_t wanted = std::clamp(dimensions / kDimensionsAPart, size_t{8}, VectorCodes::kPartsMax);
  return wanted / 4 * 4;
}

// The nearest centre has the largest product less half of its squared length; of two the one with the lower number.
RECS_LANES_INLINE uint8_t nearest_of(const float* vector, size_t length, const float* centres, const float* halves) {
  FloatLanes best = {}, which = {}, number = {0, 1, 2, 3, 4, 5, 6, 7};
  best -= 1e30F;
  for (size_t i = 0; i < VectorCodes::kCentres; i += kFloatLanes) {
    FloatLanes value, centre;
    load_lanes(value, halves + i);
    value = -value;
    for (size_t d = 0; d < length; ++d) {
      load_lanes(centre, centres + d * VectorCodes::kCentres + i);
      value += vector[d] * centre;
    }
    const auto is_better = value > best;
    best = is_better ? value : best;
    which = is_better ? number : which;
    number += static_cast<float>(kFloatLanes);
  }
  size_t lane = 0;
  for (size_t other = 1; other < kFloatLanes; ++other) {
    if (best[other] > best[lane] || (best[other] == best[lane] && which[other] < which[lane])) lane = other;
  }
  return static_cast<uint8_t>(which[lane]);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] uint8_t nearest_avx2(const float* vector, size_t length, const float* centres,
                                             const float* halves) {
  if (length == 4) return nearest_of(vector, 4, centres, halves);
  return nearest_of(vector, length, centres, halves);
}
#endif

uint8_t nearest_centre(const float* vector, size_t length, const float* centres, const float* halves) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return nearest_avx2(vector, length, centres, halves);
#endif
  return nearest_of(vector, length, centres, halves);
}

}  // namespace

VectorCodes::VectorCodes(size_t dimensions)
    : dimensions_(dimensions),
      parts_(parts_of(dimensions)),
      centres_(dimensions * kCentres),
      halves_(parts_ * kCentres) {
  ASSERT(dimensions >= parts_);
}

void VectorCodes::learn(std::span<const float> vectors, size_t stride) {
  ASSERT(vectors.size() >= kCentres * stride && vectors.size() % stride == 0);
  for (size_t part = 0; part < parts_; ++part) learn_part(part, vectors, stride);
}

// k-means. It begins with vectors that lie evenly among all; a centre that nobody is near to stays where it was.
void VectorCodes::learn_part(size_t part, std::span<const float> vectors, size_t stride) {
  const size_t count = vectors.size() / stride, length = length_of(part);
  const float* first = vectors.data() + begin_of(part);
  float* centres = centres_of(part);
  for (size_t centre = 0; centre < kCentres; ++centre) {
    const float* from = first + centre * count / kCentres * stride;
    for (size_t d = 0; d < length; ++d) centres[d * kCentres + centre] = from[d];
  }
  for (int round = 0; round < kRounds; ++round) {
    measure(part);
    std::vector<float> sums(length * kCentres);
    std::vector<uint32_t> members(kCentres);
    for (size_t i = 0; i < count; ++i) {
      const float* vector = first + i * stride;
      const uint8_t centre = nearest_centre(vector, length, centres, &halves_[part * kCentres]);
      ++members[centre];
      for (size_t d = 0; d < length; ++d) sums[d * kCentres + centre] += vector[d];
    }
    for (size_t centre = 0; centre < kCentres; ++centre) {
      if (members[centre] == 0) continue;
      for (size_t d = 0; d < length; ++d)
        centres[d * kCentres + centre] = sums[d * kCentres + centre] / static_cast<float>(members[centre]);
    }
  }
  measure(part);
}

void VectorCodes::measure(size_t part) {
  const float* centres = centres_of(part);
  for (size_t centre = 0; centre < kCentres; ++centre) {
    float sum = 0;
    for (size_t d = 0; d < length_of(part); ++d) sum += centres[d * kCentres + centre] * centres[d * kCentres + centre];
    halves_[part * kCentres + centre] = sum / 2;
  }
}

void VectorCodes::encode(const float* vector, uint8_t* code) const {
  for (size_t part = 0; part < parts_; ++part)
    code[part] = nearest_centre(vector + begin_of(part), length_of(part), centres_of(part), &halves_[part * kCentres]);
}

std::vector<float> VectorCodes::table_of(const float* query) const {
  std::vector<float> table(parts_ * kCentres);
  for (size_t part = 0; part < parts_; ++part)
    multiply(query + begin_of(part), 1, 1, length_of(part), centres_of(part), kCentres, 1, &table[part * kCentres]);
  return table;
}

}  // namespace doorbuster::recs
