// Implicit alternating least squares: every user and every item is a vector, and what a user has had to do with has a
// product near 1, all else near 0 (Hu, Koren, Volinsky, ICDM 2008; in the form, and with the frequency-scaled
// regularization, of Rendle, Krichene, Zhang, Koren: "Revisiting the Performance of iALS on Item Recommendation
// Benchmarks", RecSys 2022):
//
//   sum over what is there of (1 - u.v)^2 + unobserved * sum over all pairs of (u.v)^2
//     + l2 * (sum over users of (n_u + unobserved * items) |u|^2 + the same of items)
//
// In a half-step the Gram matrix of the vectors that stay is diagonalized once and the vectors are turned into its
// axes. A user of n < dimensions items then costs n^2 * dimensions, by Woodbury's identity, and no dimensions^3.
//
// A user's vector is worked out when it is asked for, from the history that is there then (fold-in): it equals the one
// that training would give for the item vectors as they are.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "recs/models/interactions.h"
#include "recs/models/linear_algebra.h"

namespace doorbuster::recs {

struct IalsOptions {
  size_t dimensions = 256;
  int iterations = 12;
  float unobserved = 0.1F;
  float l2 = 0.003F;
  bool operator==(const IalsOptions&) const = default;
};

// Vectors that stay in a half-step, turned so that their Gram matrix is diagonal.
struct TurnedFactors {
  size_t dimensions = 0;
  std::vector<float> rows;
  std::vector<float> spectrum;  // the diagonal

  [[nodiscard]] size_t count() const { return rows.size() / dimensions; }
  [[nodiscard]] std::span<const float> row(size_t i) const {
    return std::span(rows).subspan(i * dimensions, dimensions);
  }
};

class Ials {
 public:
  static constexpr size_t kHistoryMax = 1'000;  // the newest items of a user

  // kInvalid if the numbers don't allow it (a regularization of 0).
  [[nodiscard]] static Result<Ials> train(const Interactions& users, const IalsOptions& options,
                                          const LinearAlgebra& algebra, uint32_t threads);

  [[nodiscard]] const TurnedFactors& items() const { return items_; }
  // The vector of a user with this history; empty if it has none of the items.
  [[nodiscard]] std::vector<float> fold_in(std::span<const ItemNumber> history) const;
  // The products of a vector with all items, in the place of what is in `scores`; nothing where there is no vector.
  void score(std::span<const float> user, std::span<float> scores) const;
  // Of several users, whose scores lie behind each other.
  void score_all(std::span<const std::vector<float>> users, std::span<float> scores) const;

  [[nodiscard]] size_t bytes() const { return items_.rows.size() * sizeof(float); }
  void save(ByteWriter& out) const;
  // Nothing if what was saved is none.
  [[nodiscard]] static std::optional<Ials> load(ByteReader& in, const LinearAlgebra& algebra);

 private:
  Ials(const IalsOptions& options, const LinearAlgebra& algebra) : options_(options), algebra_(algebra) {}

  IalsOptions options_;
  LinearAlgebra algebra_;
  TurnedFactors items_;
};

// The vector that is best for a list of the other side's vectors; `regularization` is that of this one. False where the
// numbers don't allow it.
[[nodiscard]] bool solve_factor(const TurnedFactors& fixed, std::span<const ItemNumber> list, float unobserved,
                                float regularization, const LinearAlgebra& algebra, std::span<float> into);

// Turns rows of so many dimensions.
[[nodiscard]] Result<TurnedFactors> turned(std::vector<float> rows, size_t dimensions, const LinearAlgebra& algebra);

}  // namespace doorbuster::recs
