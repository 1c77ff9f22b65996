// The middles of the lists that vectors are sorted into, all of length 1, and which of them a vector is nearest to.
// They are in groups of a few dozen, so that the search looks at the middles of groups first: with 10,000 lists at
// about one in fifteen of them. It may miss the nearest by a little; it finds the same one each time.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace doorbuster::recs {

using ListNumber = uint16_t;

class VectorCentres {
 public:
  static constexpr size_t kListsMax = 65'535;
  static constexpr size_t kGroupSize = 128;  // at most

  explicit VectorCentres(size_t stride) : stride_(stride) {}

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] const float* operator[](ListNumber list) const { return &rows_[list * stride_]; }
  // A list in the same group as another one; kListsMax is the limit.
  ListNumber add(const float* centre, ListNumber beside);
  ListNumber add_first(const float* centre);
  void move(ListNumber list, const float* centre);
  // Not the last one. Its number is the next that is given.
  void remove(ListNumber list);
  [[nodiscard]] ListNumber nearest(const float* vector) const;
  // All lists by their product with the vector, the largest first; the first `sorted` of them are in order.
  [[nodiscard]] std::vector<std::pair<float, ListNumber>> by_product(const float* vector, size_t sorted) const;
  [[nodiscard]] size_t memory() const;

 private:
  struct Group {
    std::vector<float> centre;
    std::vector<ListNumber> lists;
  };
  void enter(ListNumber list, size_t group);
  void halve(size_t group);

  const size_t stride_;
  size_t size_ = 0;
  std::vector<float> rows_;         // by list
  std::vector<uint16_t> group_of_;  // by list; kNoGroup: the number is free
  std::vector<ListNumber> free_;
  std::vector<Group> groups_;
};

// Two halves of vectors of length 1 that lie behind one another: which are in the second, by k-means with two middles,
// which become of length 1. False if they can't be told from each other.
struct Halves {
  std::vector<bool> is_second;
  std::vector<float> first, second;
};
[[nodiscard]] bool halve(std::span<const float> vectors, size_t stride, Halves& halves);

// Makes the length 1; of nothing but zeros nothing.
void make_unit(float* vector, size_t stride);

}  // namespace doorbuster::recs
