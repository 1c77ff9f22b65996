// About how many different values were seen, in at most 4 KiB: exactly while they are few, then by HyperLogLog
// (Flajolet, Fusy, Gandouet and Meunier 2007) with the improved estimator of Ertl 2017 ("New cardinality estimation
// algorithms for HyperLogLog sketches", algorithm 6), which needs no tables and is good over the whole range.
//
// Values are hashes of 64 bits that nobody can choose: they have to be spread evenly.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace doorbuster::links {

class DistinctCount {
 public:
  // As they are, up to here.
  static constexpr size_t kExactMax = 64;
  // Then the registers of a sketch of 2^26 that are not empty, up to so many: more take as much room as all of the
  // small one (Heule, Nunkesser and Hall 2013, section 5.3).
  static constexpr int kSparseBits = 26;
  static constexpr size_t kSparseMax = 768;
  // Then 2^12 registers of a byte each.
  static constexpr int kBits = 12;
  static constexpr size_t kRegisters = size_t{1} << kBits;

  void add(uint64_t hash);
  // The same as if each hash that `more` was given had been added here.
  DistinctCount& operator+=(const DistinctCount& more);

  [[nodiscard]] uint64_t estimate() const;
  // The standard error of the estimate, as a share of it: 0 while it is exact; in the sparse form 0.0000863, from
  // counting the empty ones of 2^26 (1 / sqrt(2 * 2^26), Whang, Vander-Zanden and Taylor 1990, for few of them); then
  // 0.01625 (1.04 / sqrt(2^12)).
  [[nodiscard]] double error() const;

  // Bytes in memory beside the object itself.
  [[nodiscard]] size_t heap_bytes() const;

  void write(ByteWriter& out) const;
  // False if the bytes are not what was written.
  [[nodiscard]] bool read(ByteReader& in);

  friend bool operator==(const DistinctCount&, const DistinctCount&) = default;

 private:
  using Exact = std::vector<uint64_t>;   // in order
  using Sparse = std::vector<uint32_t>;  // a register's number (26 bits) and its rank (6), in order
  using Dense = std::vector<uint8_t>;    // ranks; 0: empty

  // Not while it is exact.
  void add(uint32_t sparse_entry);
  static void add_to(Sparse& sparse, uint32_t added);
  static void raise(Dense& dense, size_t index, int rank);
  static void raise(Dense& dense, uint32_t sparse_entry);
  void make_sparse();
  void make_dense();

  std::variant<Exact, Sparse, Dense> form_;
};

}  // namespace doorbuster::links
