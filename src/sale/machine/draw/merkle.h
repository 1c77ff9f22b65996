// Merkle trees over leaf hashes: RFC 6962 section 2.1 (the same in RFC 9162 section 2.1), with SHA-256.
//
// A leaf's hash is made by whoever knows what a leaf is (draw.h); its prefix 0x00 and the 0x01 of the nodes here keep a
// node from passing as a leaf.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/crypto.h"

namespace doorbuster::sale {

// SHA-256(0x01 || left || right)
[[nodiscard]] Digest merkle_node(const Digest& left, const Digest& right);

// The root of a tree that grows, without the tree: the roots of its perfect subtrees, at most one a size, from the
// largest to the smallest. Adding a leaf costs one node on average.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;
  // What subtrees() gave for a tree of `size` leaves. Asserts that there are as many as the size has ones.
  MerkleFrontier(uint64_t size, std::vector<Digest> subtrees);

  void add(const Digest& leaf);
  // Of no leaves: SHA-256 of nothing.
  [[nodiscard]] Digest root() const;
  [[nodiscard]] uint64_t size() const { return size_; }
  [[nodiscard]] std::span<const Digest> subtrees() const { return subtrees_; }

 private:
  uint64_t size_ = 0;
  std::vector<Digest> subtrees_;
};

// A tree that grows and gives proofs. Besides the leaves it keeps the nodes that stand over 32 leaves or more (a
// sixteenth more memory), and computes the others anew.
class MerkleTree {
 public:
  void add(const Digest& leaf);

  [[nodiscard]] uint64_t size() const { return leaves_.size(); }
  [[nodiscard]] const Digest& leaf(uint64_t index) const { return leaves_[index]; }
  [[nodiscard]] Digest root() const;
  // The audit path of a leaf, from the leaf's sibling upwards (RFC 6962 section 2.1.1). Asserts that the leaf exists.
  [[nodiscard]] std::vector<Digest> proof(uint64_t index) const;

 private:
  [[nodiscard]] Digest range(uint64_t first, uint64_t count) const;

  std::vector<Digest> leaves_;
  std::vector<std::vector<Digest>> perfect_;  // [k][i]: the root over the 32 * 2^k leaves from i * 32 * 2^k
};

// Whether `proof` leads from the leaf to the root of a tree of `size` leaves (RFC 9162 section 2.1.3.2).
[[nodiscard]] bool proves_inclusion(const Digest& leaf, uint64_t index, uint64_t size, std::span<const Digest> proof,
                                    const Digest& root);

}  // namespace doorbuster::sale
