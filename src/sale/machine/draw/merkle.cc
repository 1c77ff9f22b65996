#include "sale/machine/draw/merkle.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.h"

namespace doorbuster::sale {
namespace {

constexpr uint64_t kKeptLeaves = 32;  // over so many, a node is kept

// The largest power of two below `count`: where RFC 6962 splits a tree.
uint64_t split_of(uint64_t count) { return std::bit_floor(count - 1); }

}  // namespace

Digest merkle_node(const Digest& left, const Digest& right) {
  std::array<std::byte, 1 + 2 * sizeof(Digest)> bytes;
  bytes[0] = std::byte{1};
  std::ranges::copy(left, bytes.begin() + 1);
  std::ranges::copy(right, bytes.begin() + 1 + sizeof(Digest));
  return sha256(bytes);
}

MerkleFrontier::MerkleFrontier(uint64_t size, std::vector<Digest> subtrees)
    : size_(size), subtrees_(std::move(subtrees)) {
  ASSERT(subtrees_.size() == static_cast<size_t>(std::popcount(size_)));
}

void MerkleFrontier::add(const Digest& leaf) {
  Digest root = leaf;
  for (int level = 0; level < std::countr_one(size_); ++level) {
    root = merkle_node(subtrees_.back(), root);
    subtrees_.pop_back();
  }
  subtrees_.push_back(root);
  ++size_;
}

Digest MerkleFrontier::root() const {
  if (subtrees_.empty()) return sha256(Bytes());
  Digest root = subtrees_.back();
  for (size_t i = subtrees_.size() - 1; i-- > 0;) root = merkle_node(subtrees_[i], root);
  return root;
}

void MerkleTree::add(const Digest& leaf) {
  leaves_.push_back(leaf);
  if (leaves_.size() % kKeptLeaves != 0) return;
  Digest node = range(leaves_.size() - kKeptLeaves, kKeptLeaves);
  uint64_t over = leaves_.size() / kKeptLeaves;  // nodes of this level, the new one included
  for (size_t level = 0;; ++level, over /= 2) {
    if (level == perfect_.size()) perfect_.emplace_back();
    perfect_[level].push_back(node);
    if (over % 2 != 0) return;
    node = merkle_node(perfect_[level][over - 2], node);
  }
}

Digest MerkleTree::root() const { return leaves_.empty() ? sha256(Bytes()) : range(0, leaves_.size()); }

// The root over `count` leaves from `first` on, which is a multiple of the power of two that holds `count`.
Digest MerkleTree::range(uint64_t first, uint64_t count) const {
  if (count == 1) return leaves_[first];
  if (std::has_single_bit(count) && count >= kKeptLeaves) {
    const auto level = static_cast<size_t>(std::countr_zero(count / kKeptLeaves));
    if (level < perfect_.size() && first / count < perfect_[level].size()) return perfect_[level][first / count];
  }
  const uint64_t left = split_of(count);
  return merkle_node(range(first, left), range(first + left, count - left));
}

std::vector<Digest> MerkleTree::proof(uint64_t index) const {
  ASSERT(index < leaves_.size());
  std::vector<Digest> path;
  uint64_t first = 0;
  uint64_t count = leaves_.size();
  while (count > 1) {
    const uint64_t left = split_of(count);
    const bool goes_left = index - first < left;
    path.push_back(goes_left ? range(first + left, count - left) : range(first, left));
    first += goes_left ? 0 : left;
    count = goes_left ? left : count - left;
  }
  std::ranges::reverse(path);
  return path;
}

bool proves_inclusion(const Digest& leaf, uint64_t index, uint64_t size, std::span<const Digest> proof,
                      const Digest& root) {
  if (index >= size) return false;
  uint64_t node = index;
  uint64_t last = size - 1;
  Digest reached = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) == 1 || node == last) {
      reached = merkle_node(sibling, reached);
      const int skipped = (node & 1) == 1 ? 0 : std::countr_zero(node);
      node >>= skipped;
      last >>= skipped;
    } else {
      reached = merkle_node(reached, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && reached == root;
}

}  // namespace doorbuster::sale
