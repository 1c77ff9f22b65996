#include "recs/models/float_lanes.h"

#include "base/assert.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kGroups = 8;  // of lanes, whose sums stay in registers

struct Product {
  const float* a;
  size_t a_row, a_step, inner;
  const float* b;
  size_t columns, rows;
  float* out;
};

RECS_LANES_INLINE void multiply_all(const Product& p) {
  for (size_t begin = 0; begin < p.columns; begin += kGroups * kFloatLanes) {
    for (size_t r = 0; r < p.rows; ++r) {
      FloatLanes sums[kGroups] = {};
      for (size_t i = 0; i < p.inner; ++i) {
        const float factor = p.a[r * p.a_row + i * p.a_step];
        const float* row = p.b + i * p.columns + begin;
        for (size_t g = 0; g < kGroups; ++g) {
          FloatLanes lanes;
          std::memcpy(&lanes, row + g * kFloatLanes, sizeof lanes);
          sums[g] += factor * lanes;
        }
      }
      std::memcpy(p.out + r * p.columns + begin, sums, sizeof sums);
    }
  }
}

RECS_LANES_INLINE float product_of(const float* a, const float* b, size_t n) {
  FloatLanes even = {}, odd = {}, x, y;
  size_t i = 0;
  for (; i + 2 * kFloatLanes <= n; i += 2 * kFloatLanes) {
    load_lanes(x, a + i);
    load_lanes(y, b + i);
    even += x * y;
    load_lanes(x, a + i + kFloatLanes);
    load_lanes(y, b + i + kFloatLanes);
    odd += x * y;
  }
  if (i < n) {
    load_lanes(x, a + i);
    load_lanes(y, b + i);
    even += x * y;
  }
  even += odd;
  return ((even[0] + even[4]) + (even[1] + even[5])) + ((even[2] + even[6]) + (even[3] + even[7]));
}

RECS_LANES_INLINE void products_of(const float* a, const float* rows, size_t count, size_t n, float* out) {
  for (size_t i = 0; i < count; ++i) out[i] = product_of(a, rows + i * n, n);
}

void multiply_plain(const Product& product) { multiply_all(product); }
#if defined(__x86_64__)
[[gnu::target("avx2")]] void multiply_avx2(const Product& product) { multiply_all(product); }
[[gnu::target("avx2")]] float product_avx2(const float* a, const float* b, size_t n) { return product_of(a, b, n); }
[[gnu::target("avx2")]] void products_avx2(const float* a, const float* rows, size_t count, size_t n, float* out) {
  products_of(a, rows, count, n, out);
}
#endif

}  // namespace

void multiply(const float* a, size_t a_row, size_t a_step, size_t inner, const float* b, size_t columns, size_t rows,
              float* out) {
  ASSERT(columns % (kGroups * kFloatLanes) == 0);
  const Product product{a, a_row, a_step, inner, b, columns, rows, out};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return multiply_avx2(product);
#endif
  multiply_plain(product);
}

float product(const float* a, const float* b, size_t n) {
  ASSERT(n % kFloatLanes == 0);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return product_avx2(a, b, n);
#endif
  return product_of(a, b, n);
}

void products(const float* a, const float* rows, size_t count, size_t n, float* out) {
  ASSERT(n % kFloatLanes == 0);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return products_avx2(a, rows, count, n, out);
#endif
  products_of(a, rows, count, n, out);
}

}  // namespace doorbuster::recs
