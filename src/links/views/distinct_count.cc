#include "links/views/distinct_count.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr int kHashBits = 64;
constexpr int kRankBits = 6;
constexpr uint32_t kRankMask = (1U << kRankBits) - 1;
constexpr int kBitsBetween = DistinctCount::kSparseBits - DistinctCount::kBits;
constexpr int kDenseRankMax = kHashBits - DistinctCount::kBits + 1;
constexpr int kSparseRankMax = kHashBits - DistinctCount::kSparseBits + 1;
static_assert(DistinctCount::kSparseBits + kRankBits == 32 && kSparseRankMax <= static_cast<int>(kRankMask));

// The position of the first one among the bits behind the register's number, from 1; behind the last: one more.
int rank_of(uint64_t hash, int index_bits) {
  return std::countl_zero(hash << index_bits | uint64_t{1} << (index_bits - 1)) + 1;
}

uint32_t sparse_of(uint64_t hash) {
  const auto index = static_cast<uint32_t>(hash >> (kHashBits - DistinctCount::kSparseBits));
  return index << kRankBits | static_cast<uint32_t>(rank_of(hash, DistinctCount::kSparseBits));
}

// Ertl 2017, algorithm 6: what the empty registers say, and what the full ones.
double sigma(double x) {
  if (x == 1.0) return INFINITY;
  double z = x;
  double before = 0;
  for (double y = 1; z != before; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

double tau(double x) {
  if (x == 0.0 || x == 1.0) return 0;
  double z = 1 - x;
  double before = 0;
  for (double y = 0.5; z != before; y *= 0.5) {
    x = std::sqrt(x);
    before = z;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

double estimate_of(const std::vector<uint8_t>& registers) {
  constexpr auto kCount = static_cast<double>(DistinctCount::kRegisters);
  std::array<uint32_t, kDenseRankMax + 1> with_rank{};
  for (const uint8_t rank : registers) ++with_rank.at(rank);
  double z = kCount * tau(1 - with_rank[kDenseRankMax] / kCount);
  for (int rank = kDenseRankMax - 1; rank >= 1; --rank) z = 0.5 * (z + with_rank[static_cast<size_t>(rank)]);
  z += kCount * sigma(with_rank[0] / kCount);
  return kCount * kCount / (2 * std::numbers::ln2 * z);
}

// Linear counting: how many were thrown into 2^26 boxes if so many are not empty.
double estimate_of(const std::vector<uint32_t>& sparse) {
  constexpr auto kBoxes = static_cast<double>(1U << DistinctCount::kSparseBits);
  return -kBoxes * std::log1p(-static_cast<double>(sparse.size()) / kBoxes);
}

template <class T>
bool read_all(ByteReader& in, std::vector<T>& values, size_t max) {
  const uint64_t count = read_varint(in);
  if (count > max || count * sizeof(T) > in.left()) return false;
  values.resize(count);
  for (T& value : values) value = in.integer<T>();
  return true;
}

// Each greater than the one before.
template <class T>
bool is_strictly_sorted(const std::vector<T>& values) {
  return std::ranges::adjacent_find(values, std::ranges::greater_equal()) == values.end();
}

bool is_entry(uint32_t sparse) {
  const auto rank = static_cast<int>(sparse & kRankMask);
  return rank > 0 && rank <= kSparseRankMax;
}

}  // namespace

void DistinctCount::add(uint64_t hash) {
  if (auto* exact = std::get_if<Exact>(&form_)) {
    const auto at = std::ranges::lower_bound(*exact, hash);
    if (at != exact->end() && *at == hash) return;
    if (exact->size() < kExactMax) {
      exact->insert(at, hash);
      return;
    }
    make_sparse();
  }
  if (std::holds_alternative<Sparse>(form_)) return add(sparse_of(hash));
  raise(std::get<Dense>(form_), hash >> (kHashBits - kBits), rank_of(hash, kBits));
}

// Each form takes what an earlier form holds, and is made first where `more` is of a later one.
DistinctCount& DistinctCount::operator+=(const DistinctCount& more) {
  if (const auto* exact = std::get_if<Exact>(&more.form_)) {
    for (const uint64_t hash : *exact) add(hash);
    return *this;
  }
  if (std::holds_alternative<Exact>(form_)) make_sparse();
  if (const auto* sparse = std::get_if<Sparse>(&more.form_)) {
    for (const uint32_t entry : *sparse) add(entry);
    return *this;
  }
  if (std::holds_alternative<Sparse>(form_)) make_dense();
  const auto& ranks = std::get<Dense>(more.form_);
  for (size_t index = 0; index < ranks.size(); ++index) raise(std::get<Dense>(form_), index, ranks[index]);
  return *this;
}

void DistinctCount::add(uint32_t sparse_entry) {
  if (auto* dense = std::get_if<Dense>(&form_)) return raise(*dense, sparse_entry);
  auto& sparse = std::get<Sparse>(form_);
  add_to(sparse, sparse_entry);
  if (sparse.size() > kSparseMax) make_dense();
}

void DistinctCount::add_to(Sparse& sparse, uint32_t added) {
  const auto index = [](uint32_t entry) { return entry >> kRankBits; };
  const auto at = std::ranges::lower_bound(sparse, index(added), {}, index);
  if (at == sparse.end() || index(*at) != index(added)) {
    sparse.insert(at, added);
  } else {
    *at = std::max(*at, added);
  }
}

void DistinctCount::raise(Dense& dense, size_t index, int rank) {
  dense[index] = std::max(dense[index], static_cast<uint8_t>(rank));
}

void DistinctCount::make_sparse() {
  Sparse sparse;
  for (const uint64_t hash : std::get<Exact>(form_)) add_to(sparse, sparse_of(hash));
  form_ = std::move(sparse);
}

// Of the 26 bits the first 12 name the register; the first one among the other 14 decides, or what came behind them.
void DistinctCount::raise(Dense& dense, uint32_t sparse_entry) {
  constexpr uint32_t kBetween = (1U << kBitsBetween) - 1;
  const uint32_t index = sparse_entry >> kRankBits;
  const uint32_t between = index & kBetween;
  const int rank = between > 0 ? kBitsBetween - static_cast<int>(std::bit_width(between)) + 1
                               : kBitsBetween + static_cast<int>(sparse_entry & kRankMask);
  raise(dense, index >> kBitsBetween, rank);
}

void DistinctCount::make_dense() {
  Dense dense(kRegisters);
  for (const uint32_t entry : std::get<Sparse>(form_)) raise(dense, entry);
  form_ = std::move(dense);
}

uint64_t DistinctCount::estimate() const {
  if (const auto* exact = std::get_if<Exact>(&form_)) return exact->size();
  const auto* sparse = std::get_if<Sparse>(&form_);
  return static_cast<uint64_t>(
      std::llround(sparse != nullptr ? estimate_of(*sparse) : estimate_of(std::get<Dense>(form_))));
}

double DistinctCount::error() const {
  constexpr double kSparseError = 0.0000863;
  constexpr double kDenseError = 0.01625;
  constexpr std::array<double, 3> kErrors = {0, kSparseError, kDenseError};
  return kErrors.at(form_.index());
}

size_t DistinctCount::heap_bytes() const {
  return std::visit([](const auto& values) { return values.capacity() * sizeof(values[0]); }, form_);
}

void DistinctCount::write(ByteWriter& out) const {
  out.integer(static_cast<uint8_t>(form_.index()));
  std::visit(
      [&](const auto& values) {
        write_varint(out, values.size());
        for (const auto value : values) out.integer(value);
      },
      form_);
}

bool DistinctCount::read(ByteReader& in) {
  switch (in.integer<uint8_t>()) {
    case 0: {
      auto& exact = form_.emplace<Exact>();
      return read_all(in, exact, kExactMax) && is_strictly_sorted(exact);
    }
    case 1: {
      auto& sparse = form_.emplace<Sparse>();
      return read_all(in, sparse, kSparseMax) && is_strictly_sorted(sparse) && std::ranges::all_of(sparse, is_entry);
    }
    case 2: {
      auto& dense = form_.emplace<Dense>();
      return read_all(in, dense, kRegisters) && dense.size() == kRegisters &&
             std::ranges::all_of(dense, [](uint8_t rank) { return rank <= kDenseRankMax; });
    }
    default:
      return false;
  }
}

}  // namespace doorbuster::links
