// Copy on write for snapshots: what a snapshot consists of, in pieces that are written one by one while the state goes
// on changing.
//
// From begin() on, a piece is written when its turn comes. One whose turn has not come is written just before it first
// changes, and its bytes are kept until then: so all pieces together are the state at begin(). Whoever can change what
// a piece is made of has to call before_change() first; table.h and sale_table.h see to that, by giving a reference
// that can be written to in no other way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "base/assert.h"
#include "base/bug_zoo.h"

namespace doorbuster::sale {

class SnapshotPieces {
 public:
  // Appends the bytes of a piece, as it was at begin() in how much of it there was, and as it is now in the rest.
  using Write = std::function<void(uint32_t piece, std::vector<std::byte>& out)>;

  explicit SnapshotPieces(Write write) : write_(std::move(write)) {}

  void begin(uint32_t pieces) {
    ASSERT(left_ == 0);
    next_ = 0;
    left_ = pieces;
    is_kept_.assign(pieces, false);
  }

  // Pieces that are not part of the snapshot may change as they like.
  void before_change(uint32_t piece) {
    if (piece - next_ < left_) [[unlikely]]
      keep(piece);
  }

  // Appends the piece whose turn it is; false if there is none left.
  bool save_next(std::vector<std::byte>& out) {
    if (left_ == 0) return false;
    if (is_kept_[next_]) {
      const auto kept = kept_.extract(next_);
      out.insert(out.end(), kept.mapped().begin(), kept.mapped().end());
    } else {
      write_(next_, out);
    }
    ++next_;
    --left_;
    return true;
  }

  void drop() {
    left_ = 0;
    kept_.clear();
  }

 private:
  void keep(uint32_t piece) {
    if (is_kept_[piece] || bug_planted(Bug::kCopyOnWriteSkipped)) return;
    is_kept_[piece] = true;
    write_(piece, kept_[piece]);
  }

  const Write write_;
  uint32_t next_ = 0;
  uint32_t left_ = 0;  // from next_ on
  std::vector<bool> is_kept_;
  std::map<uint32_t, std::vector<std::byte>> kept_;
};

}  // namespace doorbuster::sale
