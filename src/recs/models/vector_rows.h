// The vectors of items as they were handed in, a row each, numbered as the items are. They lie in a file that has no
// name, mapped piece by piece, so that the system may put on disk what is not asked for; without a folder, in memory.
// They are gone with the process.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

class VectorRows {
 public:
  static constexpr size_t kPieceBytes = size_t{4} << 20;

  VectorRows(size_t dimensions, const std::string& folder);
  ~VectorRows();
  VectorRows(const VectorRows&) = delete;
  VectorRows& operator=(const VectorRows&) = delete;

  [[nodiscard]] size_t dimensions() const { return dimensions_; }
  // Of a row in floats: the dimensions, and zeros up to whole lanes.
  [[nodiscard]] size_t stride() const { return stride_; }
  void set(ItemNumber row, std::span<const float> vector);
  // It has to have been set.
  [[nodiscard]] const float* operator[](ItemNumber row) const {
    return pieces_[row / rows_a_piece_] + (row % rows_a_piece_) * stride_;
  }
  [[nodiscard]] bool is_in_file() const { return file_ >= 0; }

 private:
  void map_piece(size_t piece);

  const size_t dimensions_;
  const size_t stride_;
  const size_t rows_a_piece_;
  int file_ = -1;
  std::vector<float*> pieces_;  // null: nothing was set there
};

}  // namespace doorbuster::recs
