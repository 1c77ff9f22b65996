// A vector in a few bytes: it is cut into short parts, and each part is named by which of 256 it is nearest to (product
// quantisation: Jegou, Douze, Schmid, IEEE PAMI 2011). The product of a query with all that could stand in a part is
// worked out once; the product with a vector is then a sum of looked up numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace doorbuster::recs {

class VectorCodes {
 public:
  static constexpr size_t kCentres = 256;
  static constexpr size_t kPartsMax = 64;

  explicit VectorCodes(size_t dimensions);

  // Of a vector, a multiple of 4.
  [[nodiscard]] size_t bytes() const { return parts_; }
  // From `count` vectors of `stride` floats, one behind the other; stride may be larger than the dimensions.
  void learn(std::span<const float> vectors, size_t stride);
  void encode(const float* vector, uint8_t* code) const;
  // What product() needs of a query: kCentres floats a part.
  [[nodiscard]] std::vector<float> table_of(const float* query) const;
  [[nodiscard]] static float product(const float* table, const uint8_t* code, size_t bytes) {
    float sums[4] = {};
    for (size_t part = 0; part < bytes; part += 4) {
      for (size_t i = 0; i < 4; ++i) sums[i] += table[(part + i) * kCentres + code[part + i]];
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
  [[nodiscard]] size_t memory() const { return (centres_.size() + halves_.size()) * sizeof(float); }

 private:
  [[nodiscard]] size_t begin_of(size_t part) const { return part * dimensions_ / parts_; }
  [[nodiscard]] size_t length_of(size_t part) const { return begin_of(part + 1) - begin_of(part); }
  [[nodiscard]] float* centres_of(size_t part) { return &centres_[begin_of(part) * kCentres]; }
  [[nodiscard]] const float* centres_of(size_t part) const { return &centres_[begin_of(part) * kCentres]; }
  void learn_part(size_t part, std::span<const float> vectors, size_t stride);
  void measure(size_t part);

  const size_t dimensions_;
  const size_t parts_;
  std::vector<float> centres_;  // by part: by its dimensions: by centre
  std::vector<float> halves_;   // by part: by centre: half of its squared length
};

}  // namespace doorbuster::recs
