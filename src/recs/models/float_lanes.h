// Eight floats side by side, and products of matrices in them: with AVX2 where the machine has it, and the same digits
// where not, because each lane does the same operations in the same order.
#pragma once

#include <cstddef>
#include <cstring>

namespace doorbuster::recs {

inline constexpr size_t kFloatLanes = 8;

// Without the alignment of its size: it lies in vectors.
using FloatLanes = float __attribute__((vector_size(kFloatLanes * sizeof(float)), aligned(alignof(float))));

#define RECS_LANES_INLINE [[gnu::always_inline]] inline

RECS_LANES_INLINE void load_lanes(FloatLanes& into, const float* from) { std::memcpy(&into, from, sizeof into); }

// out[r][c] = sum over i of a[r * a_row + i * a_step] * b[i][c], for `rows` rows r, `inner` i and `columns` c, a
// multiple of 64.
void multiply(const float* a, size_t a_row, size_t a_step, size_t inner, const float* b, size_t columns, size_t rows,
              float* out);

// The product of two vectors of n numbers, a multiple of kFloatLanes.
[[nodiscard]] float product(const float* a, const float* b, size_t n);
// out[i] = the product of `a` with the i-th of `count` rows of n numbers that lie behind one another.
void products(const float* a, const float* rows, size_t count, size_t n, float* out);

}  // namespace doorbuster::recs
