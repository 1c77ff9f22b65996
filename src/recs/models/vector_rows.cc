#include "recs/models/vector_rows.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "base/assert.h"
#include "recs/models/float_lanes.h"

namespace doorbuster::recs {
namespace {

int unnamed_file(const std::string& folder) {
  return folder.empty() ? -1 : open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

}  // namespace

VectorRows::VectorRows(size_t dimensions, const std::string& folder)
    : dimensions_(dimensions),
      stride_((dimensions + kFloatLanes - 1) / kFloatLanes * kFloatLanes),
      rows_a_piece_(kPieceBytes / (stride_ * sizeof(float))),
      file_(unnamed_file(folder)) {
  ASSERT(dimensions > 0 && rows_a_piece_ > 0);
}

VectorRows::~VectorRows() {
  for (float* piece : pieces_) {
    if (piece != nullptr) munmap(piece, kPieceBytes);
  }
  if (file_ >= 0) close(file_);
}

void VectorRows::set(ItemNumber row, std::span<const float> vector) {
  ASSERT(vector.size() == dimensions_);
  const size_t piece = row / rows_a_piece_;
  if (piece >= pieces_.size()) pieces_.resize(piece + 1);
  if (pieces_[piece] == nullptr) map_piece(piece);
  std::ranges::copy(vector, pieces_[piece] + (row % rows_a_piece_) * stride_);
}

// Blocks of the file are taken before they are written to: a full disk must not end the process at a store into memory.
void VectorRows::map_piece(size_t piece) {
  const auto begin = static_cast<off_t>(piece * kPieceBytes);
  void* at = MAP_FAILED;
  if (file_ >= 0 && posix_fallocate(file_, begin, kPieceBytes) == 0)
    at = mmap(nullptr, kPieceBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_, begin);
  if (at == MAP_FAILED) at = mmap(nullptr, kPieceBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT(at != MAP_FAILED);
  madvise(at, kPieceBytes, MADV_RANDOM);
  pieces_[piece] = static_cast<float*>(at);
}

}  // namespace doorbuster::recs
