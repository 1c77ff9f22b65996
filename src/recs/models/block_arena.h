// Blocks of 32-bit words in one piece of address space: a freed block waits in the list of its size for the next that
// needs one. No block moves; memory is taken as blocks are first touched.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "base/reserved_array.h"

namespace doorbuster::recs {

class BlockArena {
 public:
  using Offset = uint32_t;
  static constexpr Offset kNone = 0;

  // `sizes`: how many words a block of each class has, at least one.
  BlockArena(size_t words_max, std::vector<uint32_t> sizes)
      : words_(words_max), sizes_(std::move(sizes)), free_(sizes_.size(), kNone) {
    ASSERT(words_max > 0 && words_max <= UINT32_MAX);
    words_.grow();  // offset 0 means none
  }

  // What the next block of this class takes of words_left(): nothing if one waits that was freed.
  [[nodiscard]] size_t new_words_of(size_t size_class) const {
    return free_[size_class] == kNone ? sizes_[size_class] : 0;
  }
  [[nodiscard]] size_t words_left() const { return words_.capacity() - words_.size(); }
  [[nodiscard]] size_t bytes() const { return words_.size() * sizeof(uint32_t); }

  // Its words hold anything. There has to be room.
  Offset allocate(size_t size_class) {
    if (const Offset found = free_[size_class]; found != kNone) {
      free_[size_class] = words_[found];
      return found;
    }
    const size_t begin = words_.size();
    words_.grow_to(begin + sizes_[size_class]);
    return static_cast<Offset>(begin);
  }
  void release(Offset block, size_t size_class) {
    words_[block] = free_[size_class];
    free_[size_class] = block;
  }

  uint32_t* at(Offset block) { return &words_[block]; }
  [[nodiscard]] const uint32_t* at(Offset block) const { return &words_[block]; }
  void prefetch(Offset block) const { words_.prefetch(block); }

 private:
  ReservedArray<uint32_t> words_;
  std::vector<uint32_t> sizes_;
  std::vector<Offset> free_;  // by class: the first block; each holds the offset of the next in its first word
};

}  // namespace doorbuster::recs
