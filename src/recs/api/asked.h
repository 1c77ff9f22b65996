// What is asked of recommendations, by names, whatever API it came by, and how it is answered: all of them are answered
// here, so that rules, ids of answers and explanations are the same for all.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "recs/api/answer_ids.h"
#include "recs/api/answers.h"
#include "recs/api/experiment_answers.h"
#include "recs/api/recs_callers.h"

namespace doorbuster::recs {

inline constexpr size_t kItemsDefault = 10;
inline constexpr size_t kHistoryInRequestMax = 100;
inline constexpr size_t kRankedMax = 500;

struct Asked {
  RecsCaller caller;
  size_t n = kItemsDefault;
  std::optional<NameHash> user = {};
  std::optional<NameHash> session = {};
  std::optional<std::string> category = {};
  std::optional<Filter> filter = {};
  std::vector<NameHash> seen = {};  // the newest first
  std::vector<NameHash> bought = {};
  std::vector<std::string> ranked = {};  // the shop's list
  std::string filter_text = {};
  std::string surface = {};
  bool says_n = false;
};

// Within look().
using WriteAnswer = std::function<void(const RecsTables&, const GivenAnswer&)>;
// Recommends, lets the answer be written, and keeps it to be explained.
void give_answer(Timestamp now, const Asked& asked, const Names& names, const Freshness& freshness, AnswerIds& ids,
                 const Recommend& recommend, const WriteAnswer& write);

// What is popular where the question says: everywhere, or in its category.
[[nodiscard]] std::vector<Recommended> popular_for(const Asked& asked, const RecsTables& tables,
                                                   const Question& question);
// The list of the question in the order for whom it is asked. What nobody knows is not in it.
[[nodiscard]] std::vector<Recommended> ranked_for(const Asked& asked, const Names& names, const RecsTables& tables,
                                                  const Question& question);

}  // namespace doorbuster::recs
