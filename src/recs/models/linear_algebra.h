// Dense linear algebra in single precision by OpenBLAS, on the thread that asks and no other: the same numbers come out
// however many threads there are. Matrices lie row by row.
//
// The library is loaded when the first model is trained, not linked: it starts threads and reserves memory as soon as
// it is in a process, and a server that recommends nothing has neither.
#pragma once

#include <cblas.h>

#include <cstdint>
#include <span>

#include "base/result.h"

namespace doorbuster::recs {

class LinearAlgebra {
 public:
  // kUnavailable where there is no OpenBLAS.
  [[nodiscard]] static Result<LinearAlgebra> load();

  // Inverts a symmetric positive definite matrix of n x n in its place (Cholesky). Its lower triangle is read; the
  // whole inverse is written. False where it is not positive definite.
  [[nodiscard]] bool invert(std::span<float> matrix, size_t n) const;
  // Solves matrix * x = right in the place of `right`, and leaves the matrix's factor in its place.
  [[nodiscard]] bool solve(std::span<float> matrix, size_t n, std::span<float> right) const;
  // The same for each of the columns that lie behind one another in `right`.
  [[nodiscard]] bool solve_many(std::span<float> matrix, size_t n, std::span<float> right, size_t columns) const;
  // The eigenvalues of a symmetric matrix, ascending; its rows become the eigenvectors.
  [[nodiscard]] bool eigen(std::span<float> matrix, size_t n, std::span<float> values) const;
  // into = rows^T * rows (+ into, where `beta` is 1), of `count` rows of n; only the lower triangle.
  void gram(std::span<const float> rows, size_t count, size_t n, float beta, std::span<float> into) const;
  // into[a x c] = left[a x b] * right[b x c], or right[c x b] transposed.
  void multiply(std::span<const float> left, std::span<const float> right, std::span<float> into, size_t a, size_t b,
                size_t c) const;
  void multiply_transposed(std::span<const float> left, std::span<const float> right, std::span<float> into, size_t a,
                           size_t b, size_t c) const;

 private:
  using Factorize = void (*)(const char*, const int*, float*, const int*, int*);
  using Solve = void (*)(const char*, const int*, const int*, const float*, const int*, float*, const int*, int*);
  using Eigen = void (*)(const char*, const char*, const int*, float*, const int*, float*, float*, const int*, int*,
                         const int*, int*);
  Factorize factorize_ = nullptr;      // spotrf
  Factorize invert_factor_ = nullptr;  // spotri
  Solve solve_ = nullptr;              // spotrs
  Eigen eigen_ = nullptr;              // ssyevd
  decltype(&cblas_ssyrk) rank_update_ = nullptr;
  decltype(&cblas_sgemm) multiply_ = nullptr;
};

}  // namespace doorbuster::recs
