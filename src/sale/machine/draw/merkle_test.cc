#include "sale/machine/draw/merkle.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace doorbuster::sale {
namespace {

Digest leaf_of(std::string_view data) {
  const std::string text = std::string(1, '\0') + std::string(data);
  return sha256(as_bytes(text));
}

std::vector<Digest> leaves(uint64_t count) {
  std::vector<Digest> all;
  for (uint64_t i = 0; i < count; ++i) all.push_back(leaf_of(std::to_string(i)));
  return all;
}

// RFC 6962 section 2.1, word for word.
Digest root_by_definition(std::span<const Digest> all) {
  if (all.empty()) return sha256(Bytes());
  if (all.size() == 1) return all[0];
  size_t split = 1;
  while (split * 2 < all.size()) split *= 2;
  return merkle_node(root_by_definition(all.first(split)), root_by_definition(all.subspan(split)));
}

// The inputs and roots that the Certificate Transparency project tests its own trees with.
TEST(Merkle, has_the_known_roots_of_known_leaves) {
  const std::vector<std::string> inputs = {std::string(),
                                           std::string(1, '\0'),
                                           "\x10",
                                           "\x20\x21",
                                           "\x30\x31",
                                           "\x40\x41\x42\x43",
                                           "\x50\x51\x52\x53\x54\x55\x56\x57",
                                           "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  MerkleFrontier tree;
  EXPECT_EQ(to_hex(tree.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  tree.add(leaf_of(inputs[0]));
  EXPECT_EQ(to_hex(tree.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  for (size_t i = 1; i < inputs.size(); ++i) tree.add(leaf_of(inputs[i]));
  EXPECT_EQ(to_hex(tree.root()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Merkle, a_growing_tree_and_a_whole_one_have_the_root_of_the_definition) {
  const auto all = leaves(300);
  MerkleFrontier growing;
  MerkleTree whole;
  for (uint64_t count = 0; count <= all.size(); ++count) {
    const std::span<const Digest> some = std::span(all).first(count);
    ASSERT_EQ(growing.root(), root_by_definition(some)) << count;
    ASSERT_EQ(whole.root(), growing.root()) << count;
    if (count == all.size()) break;
    growing.add(all[count]);
    whole.add(all[count]);
  }
}

TEST(Merkle, a_frontier_goes_on_from_what_was_saved) {
  const auto all = leaves(100);
  MerkleFrontier first;
  for (uint64_t i = 0; i < 77; ++i) first.add(all[i]);
  MerkleFrontier second(first.size(), {first.subtrees().begin(), first.subtrees().end()});
  for (uint64_t i = 77; i < 100; ++i) {
    first.add(all[i]);
    second.add(all[i]);
    EXPECT_EQ(second.root(), first.root());
  }
}

TEST(Merkle, every_proof_leads_to_the_root_and_to_no_other) {
  for (const uint64_t size : {1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 63, 64, 65, 95, 128, 129, 200}) {
    MerkleTree tree;
    for (const Digest& leaf : leaves(size)) tree.add(leaf);
    for (uint64_t index = 0; index < size; ++index) {
      auto proof = tree.proof(index);
      ASSERT_TRUE(proves_inclusion(tree.leaf(index), index, size, proof, tree.root())) << index << " of " << size;
      EXPECT_FALSE(proves_inclusion(leaf_of("x"), index, size, proof, tree.root()));
      EXPECT_FALSE(proves_inclusion(tree.leaf(index), index, size, proof, leaf_of("x")));
      EXPECT_FALSE(proves_inclusion(tree.leaf(index), size, size, proof, tree.root()));
      EXPECT_TRUE(size == 1 || !proves_inclusion(tree.leaf(index), index ^ 1, size, proof, tree.root()));
      proof.push_back(leaf_of("x"));
      EXPECT_FALSE(proves_inclusion(tree.leaf(index), index, size, proof, tree.root()));
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_FALSE(proves_inclusion(tree.leaf(index), index, size, proof, tree.root()));
    }
  }
}

}  // namespace
}  // namespace doorbuster::sale
