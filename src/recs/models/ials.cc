#include "recs/models/ials.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/assert.h"
#include "base/prng.h"
#include "recs/models/model_bytes.h"
#include "recs/models/parallel_for.h"

namespace doorbuster::recs {
namespace {

constexpr uint64_t kSeed = 20'080'101;  // of the vectors that training begins with
constexpr size_t kGramRows = 4'096;     // turned at a time, so that no second copy of all is needed

std::span<const ItemNumber> last_of(std::span<const ItemNumber> list) {
  return list.last(std::min(list.size(), Ials::kHistoryMax));
}

std::vector<float> random_rows(size_t count, size_t dimensions) {
  Prng random(kSeed);
  std::vector<float> rows(count * dimensions);
  const float scale = 0.2F / std::sqrt(static_cast<float>(dimensions));
  for (float& value : rows) value = (static_cast<float>(random.below(1 << 20)) / (1 << 19) - 1) * scale;
  return rows;
}

// (D + V^T V)^-1 V^T 1 = D^-1 V^T (I + V D^-1 V^T)^-1 1, with the n rows V of the list.
bool solve_short(std::span<const float> rows, size_t n, std::span<const float> inverse_diagonal,
                 const LinearAlgebra& algebra, std::span<float> into) {
  const size_t dimensions = into.size();
  std::vector<float> scaled(n * dimensions), small(n * n), ones(n, 1.0F);
  for (size_t i = 0; i < n; ++i) {
    for (size_t d = 0; d < dimensions; ++d) scaled[i * dimensions + d] = rows[i * dimensions + d] * inverse_diagonal[d];
  }
  algebra.multiply_transposed(scaled, rows, small, n, dimensions, n);
  for (size_t i = 0; i < n; ++i) small[i * n + i] += 1;
  if (!algebra.solve(small, n, ones)) return false;
  algebra.multiply(ones, scaled, into, 1, n, dimensions);
  return true;
}

// Of a list that may be long: some rows at a time.
bool solve_long(const TurnedFactors& fixed, std::span<const ItemNumber> list, std::span<const float> inverse_diagonal,
                const LinearAlgebra& algebra, std::span<float> into) {
  const size_t dimensions = into.size();
  std::vector<float> gram(dimensions * dimensions, 0.0F), rows(std::min(list.size(), kGramRows) * dimensions);
  std::ranges::fill(into, 0.0F);
  for (size_t begin = 0; begin < list.size(); begin += kGramRows) {
    const size_t some = std::min(kGramRows, list.size() - begin);
    for (size_t i = 0; i < some; ++i) {
      const std::span<const float> row = fixed.row(list[begin + i]);
      std::ranges::copy(row, rows.begin() + static_cast<std::ptrdiff_t>(i * dimensions));
      for (size_t d = 0; d < dimensions; ++d) into[d] += row[d];
    }
    algebra.gram(rows, some, dimensions, 1, gram);
  }
  for (size_t d = 0; d < dimensions; ++d) gram[d * dimensions + d] += 1 / inverse_diagonal[d];
  return algebra.solve(gram, dimensions, into);
}

float regularization_of(const IalsOptions& options, size_t list, size_t others) {
  return options.l2 * (static_cast<float>(list) + options.unobserved * static_cast<float>(others));
}

// The vectors of one side, from those of the other; of a list its last ones, no more than `longest`.
Result<TurnedFactors> half_step(const Interactions& lists, const TurnedFactors& fixed, const IalsOptions& options,
                                const LinearAlgebra& algebra, uint32_t threads, size_t longest) {
  std::vector<float> rows(lists.users() * options.dimensions, 0.0F);
  std::atomic<bool> is_failed = false;
  parallel_for(
      lists.users(), threads, [] { return 0; },
      [&](int, size_t i) {
        const auto list = lists[i].last(std::min(lists[i].size(), longest));
        if (list.empty()) return;
        const std::span<float> into = std::span(rows).subspan(i * options.dimensions, options.dimensions);
        const float regularization = regularization_of(options, list.size(), fixed.count());
        if (!solve_factor(fixed, list, options.unobserved, regularization, algebra, into)) is_failed = true;
      });
  if (is_failed) return fail(ErrorCode::kInvalid, "a system of iALS can't be solved: more regularization is needed");
  return turned(std::move(rows), options.dimensions, algebra);
}

}  // namespace

Result<TurnedFactors> turned(std::vector<float> rows, size_t dimensions, const LinearAlgebra& algebra) {
  TurnedFactors factors{.dimensions = dimensions, .rows = std::move(rows), .spectrum = std::vector<float>(dimensions)};
  const size_t count = factors.count();
  std::vector<float> gram(dimensions * dimensions, 0.0F);
  algebra.gram(factors.rows, count, dimensions, 0, gram);
  if (!algebra.eigen(gram, dimensions, factors.spectrum)) {
    return fail(ErrorCode::kInvalid, "the Gram matrix of iALS has no eigenvectors: its numbers are not finite");
  }
  for (float& value : factors.spectrum) value = std::max(0.0F, value);
  std::vector<float> block(std::min(count, kGramRows) * dimensions);
  for (size_t begin = 0; begin < count; begin += kGramRows) {
    const size_t some = std::min(kGramRows, count - begin);
    const std::span<float> place = std::span(factors.rows).subspan(begin * dimensions, some * dimensions);
    algebra.multiply_transposed(place, gram, block, some, dimensions, dimensions);
    std::copy_n(block.begin(), place.size(), place.begin());
  }
  return factors;
}

bool solve_factor(const TurnedFactors& fixed, std::span<const ItemNumber> list, float unobserved, float regularization,
                  const LinearAlgebra& algebra, std::span<float> into) {
  ASSERT(!list.empty() && into.size() == fixed.dimensions && regularization > 0);
  std::vector<float> inverse_diagonal(fixed.dimensions);
  for (size_t d = 0; d < fixed.dimensions; ++d) {
    inverse_diagonal[d] = 1 / (unobserved * fixed.spectrum[d] + regularization);
  }
  if (list.size() >= fixed.dimensions) return solve_long(fixed, list, inverse_diagonal, algebra, into);
  std::vector<float> rows(list.size() * fixed.dimensions);
  for (size_t i = 0; i < list.size(); ++i) {
    std::ranges::copy(fixed.row(list[i]), rows.begin() + static_cast<std::ptrdiff_t>(i * fixed.dimensions));
  }
  return solve_short(rows, list.size(), inverse_diagonal, algebra, into);
}

Result<Ials> Ials::train(const Interactions& users, const IalsOptions& options, const LinearAlgebra& algebra,
                         uint32_t threads) {
  ASSERT(options.dimensions > 0 && options.l2 > 0 && options.unobserved > 0);
  Ials model(options, algebra);
  const Interactions by_item = users.by_item();
  model.items_ = TRY(turned(random_rows(users.items(), options.dimensions), options.dimensions, algebra));
  for (int i = 0; i < options.iterations; ++i) {
    const TurnedFactors of_users = TRY(half_step(users, model.items_, options, algebra, threads, kHistoryMax));
    model.items_ = TRY(half_step(by_item, of_users, options, algebra, threads, SIZE_MAX));
  }
  return model;
}

std::vector<float> Ials::fold_in(std::span<const ItemNumber> history) const {
  std::vector<ItemNumber> known;
  std::ranges::copy_if(last_of(history), std::back_inserter(known),
                       [this](ItemNumber item) { return item < items_.count(); });
  if (known.empty()) return {};
  std::vector<float> user(options_.dimensions);
  const float regularization = regularization_of(options_, known.size(), items_.count());
  const bool is_solved = solve_factor(items_, known, options_.unobserved, regularization, algebra_, user);
  return is_solved ? user : std::vector<float>();
}

void Ials::score(std::span<const float> user, std::span<float> scores) const {
  if (user.empty()) return;
  ASSERT(scores.size() >= items_.count());
  algebra_.multiply_transposed(user, items_.rows, scores, 1, options_.dimensions, items_.count());
}

void Ials::score_all(std::span<const std::vector<float>> users, std::span<float> scores) const {
  const size_t items = items_.count();
  ASSERT(scores.size() == users.size() * items);
  std::vector<float> rows(users.size() * options_.dimensions, 0.0F);
  for (size_t user = 0; user < users.size(); ++user)
    std::ranges::copy(users[user], rows.begin() + static_cast<std::ptrdiff_t>(user * options_.dimensions));
  algebra_.multiply_transposed(rows, items_.rows, scores, users.size(), options_.dimensions, items);
}

void Ials::save(ByteWriter& out) const {
  out.integer(uint64_t{options_.dimensions});
  write_number(out, options_.unobserved);
  write_number(out, options_.l2);
  write_numbers(out, items_.rows);
  write_numbers(out, items_.spectrum);
}

std::optional<Ials> Ials::load(ByteReader& in, const LinearAlgebra& algebra) {
  IalsOptions options;
  options.dimensions = static_cast<size_t>(in.integer<uint64_t>());
  options.unobserved = read_number(in);
  options.l2 = read_number(in);
  Ials model(options, algebra);
  model.items_.dimensions = options.dimensions;
  read_numbers(in, model.items_.rows);
  read_numbers(in, model.items_.spectrum);
  const bool fits = in.ok() && options.dimensions > 0 && model.items_.spectrum.size() == options.dimensions &&
                    model.items_.rows.size() % options.dimensions == 0;
  return fits ? std::optional(std::move(model)) : std::nullopt;
}

}  // namespace doorbuster::recs
