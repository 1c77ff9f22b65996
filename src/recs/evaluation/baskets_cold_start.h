// The baskets task's cold start: items that were first sold after the models had been learnt, found by their
// descriptions and prices alone.
#pragma once

#include <span>

#include "base/json_writer.h"
#include "recs/evaluation/baskets_format.h"
#include "recs/evaluation/source_run.h"
#include "recs/models/cold_start.h"

namespace doorbuster::recs {

struct ColdStartParts {
  size_t fit = 0, train = 0;  // baskets that were learnt from while choosing, and at last
};

struct ChosenColdStart {
  ColdStartOptions options;
  size_t validation_cases = 0;
};
struct ColdStartSources {
  const ScoreSource& model;
  const ScoreSource& popularity;  // of known items, lately
};
// With what was learnt from the first part.
[[nodiscard]] ChosenColdStart choose_cold_start(const ShopHistory& shop, const ColdStartParts& parts,
                                                const ColdStartSources& fitted, uint32_t threads);

// "cold_start" as a member of the object that is open, with what was learnt from all of the training. Ranks are those
// among the new items; beside ours: how often each new item was sold since the split and before the basket
// ("popularity_since"), and a rank drawn at random. And those among all items ("over_all_items"), beside two
// popularities that count every basket before the one that is asked for.
void write_cold_start(JsonWriter& json, const ShopHistory& shop, const ColdStartParts& parts,
                      const ChosenColdStart& choice, const ColdStartSources& all, uint32_t threads);

}  // namespace doorbuster::recs
