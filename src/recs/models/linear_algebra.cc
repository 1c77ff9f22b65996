#include "recs/models/linear_algebra.h"

#include <dlfcn.h>

#include <array>
#include <vector>

#include "base/assert.h"

namespace doorbuster::recs {
namespace {

// Debian's name for it, and that of a development package.
constexpr std::array<const char*, 2> kBlasNames = {"libopenblas.so.0", "libopenblas.so"};

template <class Function>
bool find_in(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

void mirror_lower(std::span<float> matrix, size_t n) {
  constexpr size_t kTile = 32;  // of both triangles fit into a cache of the first level
  for (size_t top = 0; top < n; top += kTile) {
    for (size_t left = 0; left <= top; left += kTile) {
      for (size_t row = top; row < std::min(top + kTile, n); ++row) {
        for (size_t column = left; column < std::min({left + kTile, n, row}); ++column) {
          matrix[column * n + row] = matrix[row * n + column];
        }
      }
    }
  }
}

}  // namespace

Result<LinearAlgebra> LinearAlgebra::load() {
  void* opened = nullptr;
  for (const char* name : kBlasNames) {
    // It stays once it is there: its threads can't be taken back.
    if (opened == nullptr) opened = ::dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  }
  if (opened == nullptr) {
    return fail(ErrorCode::kUnavailable,
                "models of taste need OpenBLAS, which is not installed (Debian: apt-get install libopenblas0): " +
                    std::string(::dlerror()));
  }
  LinearAlgebra library;
  decltype(&openblas_set_num_threads) set_threads = nullptr;
  const bool is_whole =
      find_in(opened, "openblas_set_num_threads", set_threads) && find_in(opened, "spotrf_", library.factorize_) &&
      find_in(opened, "spotri_", library.invert_factor_) && find_in(opened, "spotrs_", library.solve_) &&
      find_in(opened, "ssyevd_", library.eigen_) && find_in(opened, "cblas_ssyrk", library.rank_update_) &&
      find_in(opened, "cblas_sgemm", library.multiply_);
  if (!is_whole) return fail(ErrorCode::kUnavailable, "this OpenBLAS comes without LAPACK; models of taste need it");
  set_threads(1);
  return library;
}

// LAPACK counts by columns: our lower triangle is its upper one.
bool LinearAlgebra::invert(std::span<float> matrix, size_t n) const {
  ASSERT(matrix.size() == n * n);
  const int size = static_cast<int>(n);
  int failed = 0;
  factorize_("U", &size, matrix.data(), &size, &failed);
  if (failed == 0) invert_factor_("U", &size, matrix.data(), &size, &failed);
  if (failed == 0) mirror_lower(matrix, n);
  return failed == 0;
}

bool LinearAlgebra::solve(std::span<float> matrix, size_t n, std::span<float> right) const {
  return solve_many(matrix, n, right, 1);
}

bool LinearAlgebra::solve_many(std::span<float> matrix, size_t n, std::span<float> right, size_t columns) const {
  ASSERT(matrix.size() >= n * n && right.size() == n * columns);
  const int size = static_cast<int>(n), count = static_cast<int>(columns);
  int failed = 0;
  factorize_("U", &size, matrix.data(), &size, &failed);
  if (failed == 0) solve_("U", &size, &count, matrix.data(), &size, right.data(), &size, &failed);
  return failed == 0;
}

bool LinearAlgebra::eigen(std::span<float> matrix, size_t n, std::span<float> values) const {
  ASSERT(matrix.size() == n * n && values.size() == n);
  const int size = static_cast<int>(n);
  const int work_size = static_cast<int>(1 + 6 * n + 2 * n * n), whole_size = static_cast<int>(3 + 5 * n);
  std::vector<float> work(static_cast<size_t>(work_size));
  std::vector<int> whole(static_cast<size_t>(whole_size));
  int failed = 0;
  eigen_("V", "U", &size, matrix.data(), &size, values.data(), work.data(), &work_size, whole.data(), &whole_size,
         &failed);
  return failed == 0;
}

void LinearAlgebra::gram(std::span<const float> rows, size_t count, size_t n, float beta, std::span<float> into) const {
  ASSERT(rows.size() >= count * n && into.size() >= n * n);
  const int size = static_cast<int>(n);
  rank_update_(CblasRowMajor, CblasLower, CblasTrans, size, static_cast<int>(count), 1, rows.data(), size, beta,
               into.data(), size);
}

void LinearAlgebra::multiply(std::span<const float> left, std::span<const float> right, std::span<float> into, size_t a,
                             size_t b, size_t c) const {
  ASSERT(left.size() >= a * b && right.size() >= b * c && into.size() >= a * c);
  multiply_(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(a), static_cast<int>(c), static_cast<int>(b), 1,
            left.data(), static_cast<int>(b), right.data(), static_cast<int>(c), 0, into.data(), static_cast<int>(c));
}

void LinearAlgebra::multiply_transposed(std::span<const float> left, std::span<const float> right,
                                        std::span<float> into, size_t a, size_t b, size_t c) const {
  ASSERT(left.size() >= a * b && right.size() >= c * b && into.size() >= a * c);
  multiply_(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(a), static_cast<int>(c), static_cast<int>(b), 1,
            left.data(), static_cast<int>(b), right.data(), static_cast<int>(b), 0, into.data(), static_cast<int>(c));
}

}  // namespace doorbuster::recs
