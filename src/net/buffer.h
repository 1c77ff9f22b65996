// Bytes on their way in or out, in blocks of a power of two that a pool lends.
//
// A connection holds a Buffer only while it holds bytes: an idle connection costs none, and the busy ones pass the same
// few blocks, warm in the cache, from one to the next. The pool belongs to one reactor and counts what is lent against
// its budget.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/assert.h"

namespace doorbuster::net {

class BufferPool;

// Holds [begin, end) of a block. Goes back to its pool by BufferPool::release, never by itself.
class Buffer {
 public:
  [[nodiscard]] std::string_view view() const { return {data_ + begin_, size()}; }
  [[nodiscard]] char* begin() { return data_ + begin_; }
  [[nodiscard]] size_t size() const { return end_ - begin_; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] size_t capacity() const { return capacity_; }
  [[nodiscard]] bool has_block() const { return data_ != nullptr; }

  [[nodiscard]] char* free_space() { return data_ + end_; }
  [[nodiscard]] size_t free_size() const { return capacity_ - end_; }
  // Bytes were written into the free space.
  void commit(size_t count) {
    ASSERT(count <= free_size());
    end_ += count;
  }
  // Takes bytes off the front.
  void consume(size_t count) {
    ASSERT(count <= size());
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  // Forgets bytes at the end.
  void truncate(size_t new_size) {
    ASSERT(new_size <= size());
    end_ = begin_ + new_size;
  }

 private:
  friend class BufferPool;
  char* data_ = nullptr;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t capacity_ = 0;
};

class BufferPool {
 public:
  static constexpr size_t kBlockMin = 4096;
  static constexpr size_t kClasses = 15;  // the largest block is 64 MiB
  static constexpr size_t kBlockMax = kBlockMin << (kClasses - 1);

  explicit BufferPool(uint64_t budget_bytes) : budget_(budget_bytes) {}
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // Makes room for `count` more bytes behind what `buffer` holds; false if the budget would be exceeded, and then
  // nothing changes.
  [[nodiscard]] bool reserve(Buffer& buffer, size_t count) {
    if (buffer.free_size() >= count) [[likely]]
      return true;
    return grow(buffer, count, budget_);
  }

  // The same without the budget: for answers, whose size the server itself has chosen. False only beyond kBlockMax.
  [[nodiscard]] bool reserve_for_answer(Buffer& buffer, size_t count) {
    if (buffer.free_size() >= count) [[likely]]
      return true;
    return grow(buffer, count, UINT64_MAX);
  }

  void release(Buffer& buffer);

  [[nodiscard]] uint64_t lent_bytes() const { return lent_; }

 private:
  bool grow(Buffer& buffer, size_t count, uint64_t budget);
  char* take(size_t size_class);
  void give_back(char* block, size_t size_class);

  const uint64_t budget_;
  uint64_t lent_ = 0;
  std::array<std::vector<char*>, kClasses> free_;
};

}  // namespace doorbuster::net
