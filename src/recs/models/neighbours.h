// Item-to-item neighbours of a whole catalogue, learnt at once: how often users had both, corrected for how popular
// either is and how many items the users have.
//
//   weight(x, y) = (sum over users with both of n^-user_power / (|x|^source_power * |y|^target_power)) ^ sharpness
//
// With powers of 0, 1/2, 1/2 and a sharpness of 1 it is the cosine (Sarwar et al., WWW 2001); other powers give the
// random walks P3 and RP3beta (Paudel et al., ACM TiiS 2016). Rows keep their best `row_max`, 8 bytes each.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "recs/models/interactions.h"

namespace doorbuster::recs {

struct NeighbourOptions {
  float user_power = 0.5F;
  float source_power = 0.5F;
  float target_power = 0.5F;
  float sharpness = 1;
  size_t row_max = 200;
  bool operator==(const NeighbourOptions&) const = default;
};

class Neighbours {
 public:
  static constexpr size_t kHistoryMax = 1'000;     // the newest items of a user
  static constexpr size_t kPairsMax = 20'000'000;  // of all rows: those of large catalogues are shorter

  // `weights` of the users multiply what user_power gives; none: all 1.
  [[nodiscard]] static Neighbours train(const Interactions& users, std::span<const float> weights,
                                        const NeighbourOptions& options, uint32_t threads);

  // Of an item, by item.
  [[nodiscard]] std::span<const ScoredItem> row(ItemNumber item) const {
    return item < rows_.size() ? std::span<const ScoredItem>(rows_[item]) : std::span<const ScoredItem>();
  }
  // Adds `factor` times what one item of a history says of others.
  void add_scores(ItemNumber item, float factor, std::span<float> scores) const {
    for (const ScoredItem& other : row(item)) scores[other.item] += factor * other.score;
  }
  [[nodiscard]] size_t pairs() const;
  [[nodiscard]] size_t items() const { return rows_.size(); }

  void save(ByteWriter& out) const;
  // Nothing if what was saved are none.
  [[nodiscard]] static std::optional<Neighbours> load(ByteReader& in);

 private:
  std::vector<std::vector<ScoredItem>> rows_;
};

}  // namespace doorbuster::recs
