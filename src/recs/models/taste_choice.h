// The models of taste as sources, and what is chosen for them on validation: EASE where the catalogue is small enough,
// neighbours and iALS for all.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "recs/models/ease.h"
#include "recs/models/ials.h"
#include "recs/models/interactions.h"
#include "recs/models/neighbours.h"
#include "recs/models/score_sources.h"

namespace doorbuster::recs {

struct TasteParameters {
  std::optional<EaseOptions> ease;  // none where there are too many items
  NeighbourOptions neighbours;
  IalsOptions ials;
};

// Some users' items held out of the rest, which is learnt from. Which ones depends on their numbers alone.
struct TasteValidation {
  Interactions users;
  std::vector<RecommendationCase> cases;
};
[[nodiscard]] TasteValidation hold_out(const Interactions& users);

// How much is tried is decided by how large the data are, never by the time that it takes. EASE takes part up to so
// many items. `stop` ends it early, with what has been found so far.
[[nodiscard]] TasteParameters choose_taste(const TasteValidation& validation, const LinearAlgebra& algebra,
                                           uint32_t threads, size_t ease_items = Ease::kItemsMax,
                                           const std::stop_token& stop = {});
// "popularity", "own_items" (which finds nothing: a user's own items are not recommended here), "cosine_neighbours",
// "neighbours", "ials", and "ease" where it takes part.
[[nodiscard]] Result<std::vector<ScoreSource>> taste_sources(const Interactions& users,
                                                             const TasteParameters& parameters,
                                                             const LinearAlgebra& algebra, uint32_t threads);

}  // namespace doorbuster::recs
