#include "net/buffer.h"

#include <bit>
#include <cstring>
#include <new>

namespace doorbuster::net {
namespace {

// Larger blocks are rare, and are given back to the system rather than kept.
constexpr size_t kKeptClassMax = 6;  // 256 KiB

size_t class_for(size_t bytes) {
  const size_t block = std::bit_ceil(bytes < BufferPool::kBlockMin ? BufferPool::kBlockMin : bytes);
  return static_cast<size_t>(std::countr_zero(block) - std::countr_zero(BufferPool::kBlockMin));
}

}  // namespace

BufferPool::~BufferPool() {
  ASSERT(lent_ == 0);
  for (const auto& blocks : free_) {
    for (char* block : blocks) ::operator delete(block);
  }
}

bool BufferPool::grow(Buffer& buffer, size_t count, uint64_t budget) {
  const size_t held = buffer.size();
  if (buffer.capacity_ >= held + count) {  // moving to the front is enough
    std::memmove(buffer.data_, buffer.data_ + buffer.begin_, held);
    buffer.begin_ = 0;
    buffer.end_ = held;
    return true;
  }
  const size_t size_class = class_for(held + count);
  if (size_class >= kClasses || lent_ + (kBlockMin << size_class) > budget) return false;
  Buffer larger;
  larger.data_ = take(size_class);
  larger.capacity_ = kBlockMin << size_class;
  larger.end_ = held;
  if (held > 0) std::memcpy(larger.data_, buffer.data_ + buffer.begin_, held);
  release(buffer);
  buffer = larger;
  return true;
}

void BufferPool::release(Buffer& buffer) {
  if (!buffer.has_block()) return;
  give_back(buffer.data_, class_for(buffer.capacity_));
  buffer = Buffer();
}

char* BufferPool::take(size_t size_class) {
  lent_ += kBlockMin << size_class;
  auto& blocks = free_[size_class];
  if (blocks.empty()) return static_cast<char*>(::operator new(kBlockMin << size_class));
  char* block = blocks.back();
  blocks.pop_back();
  return block;
}

void BufferPool::give_back(char* block, size_t size_class) {
  ASSERT(lent_ >= kBlockMin << size_class);
  lent_ -= kBlockMin << size_class;
  if (size_class > kKeptClassMax) return ::operator delete(block);
  free_[size_class].push_back(block);
}

}  // namespace doorbuster::net
