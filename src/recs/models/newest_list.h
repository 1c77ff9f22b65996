// Numbers in order of time, of which the newest are wanted: each came at some second, and may go again. Short lists are
// one piece of memory; long ones are in pieces of at most kPieceMax, so that to add or to remove one costs the same
// however many there are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace doorbuster::recs {

class NewestList {
 public:
  static constexpr size_t kPieceMax = 1'024;

  [[nodiscard]] bool empty() const { return newest_.empty(); }
  [[nodiscard]] size_t size() const {
    size_t all = newest_.size();
    if (older_) {
      for (const auto& piece : *older_) all += piece.size();
    }
    return all;
  }
  // Of the one behind which so many came; an earlier one, or 0, where that is not known at once.
  [[nodiscard]] uint32_t second_of(size_t count) const {
    if (newest_.size() >= count) return static_cast<uint32_t>(newest_[newest_.size() - count] >> 32);
    return 0;
  }

  void add(uint32_t second, uint32_t number) {
    const uint64_t word = word_of(second, number);
    std::vector<uint64_t>& piece = piece_of(word);
    if (piece.size() == piece.capacity()) piece.reserve(piece.size() + piece.size() / 4 + 2);
    piece.insert(std::ranges::upper_bound(piece, word), word);
    if (piece.size() > kPieceMax) split(piece);
  }
  // It is there.
  void remove(uint32_t second, uint32_t number) {
    const uint64_t word = word_of(second, number);
    std::vector<uint64_t>& piece = piece_of(word);
    const auto place = std::ranges::lower_bound(piece, word);
    ASSERT(place != piece.end() && *place == word);
    piece.erase(place);
    if (piece.empty() && older_) join(piece);
  }
  // In any order, and put into order by finish().
  void append(uint32_t second, uint32_t number) { newest_.push_back(word_of(second, number)); }
  void finish() {
    std::ranges::sort(newest_);
    newest_.shrink_to_fit();
    if (newest_.size() <= kPieceMax) return;
    const std::vector<uint64_t> all = std::exchange(newest_, {});
    older_ = std::make_unique<std::vector<std::vector<uint64_t>>>();
    constexpr size_t kPiece = kPieceMax / 2;
    for (size_t begin = 0; begin < all.size(); begin += kPiece) {
      const auto first = all.begin() + static_cast<ptrdiff_t>(begin);
      older_->emplace_back(first, first + static_cast<ptrdiff_t>(std::min(kPiece, all.size() - begin)));
    }
    newest_ = std::move(older_->back());
    older_->pop_back();
  }

  // Calls each(second, number) for the newest of them, the newest first.
  template <class Each>
  void each_newest(size_t count, Each&& each) const {
    const auto visit = [&](const std::vector<uint64_t>& piece) {
      for (auto word = piece.rbegin(); word != piece.rend() && count > 0; ++word, --count)
        each(static_cast<uint32_t>(*word >> 32), static_cast<uint32_t>(*word));
    };
    visit(newest_);
    if (!older_) return;
    for (auto piece = older_->rbegin(); piece != older_->rend() && count > 0; ++piece) visit(*piece);
  }

 private:
  using Piece = std::vector<uint64_t>;

  static uint64_t word_of(uint32_t second, uint32_t number) { return uint64_t{second} << 32 | number; }
  // Where it is, or has to be: in the newest piece, or in the last of the older ones that begins before it.
  Piece& piece_of(uint64_t word) {
    if (!older_ || (!newest_.empty() && word >= newest_.front())) return newest_;
    const auto later = std::ranges::upper_bound(*older_, word, {}, [](const Piece& piece) { return piece.front(); });
    return later == older_->begin() ? *later : *std::prev(later);
  }
  void split(Piece& piece) {
    const auto middle = piece.begin() + static_cast<ptrdiff_t>(piece.size() / 2);
    Piece first(piece.begin(), middle);
    piece.erase(piece.begin(), middle);
    if (!older_) older_ = std::make_unique<std::vector<Piece>>();
    const auto at = &piece == &newest_ ? older_->end() : older_->begin() + (&piece - older_->data());
    older_->insert(at, std::move(first));
  }
  // An empty piece goes.
  void join(Piece& piece) {
    if (&piece == &newest_) {
      newest_ = std::move(older_->back());
      older_->pop_back();
    } else {
      older_->erase(older_->begin() + (&piece - older_->data()));
    }
    if (older_->empty()) older_.reset();
  }

  Piece newest_;
  std::unique_ptr<std::vector<Piece>> older_;  // the oldest first; none is empty
};

}  // namespace doorbuster::recs
