// How recommendations look in an answer.
#pragma once

#include <string>
#include <vector>

#include "platform/api/call.h"
#include "platform/views/follower.h"
#include "recs/api/answer_ids.h"
#include "recs/views/recommender.h"
#include "recs/views/recs_view.h"

namespace doorbuster::recs {

// How old what is not in the tables yet may be: 0 where they know all that is durable.
struct Freshness {
  const RecsView& view;
  const platform::Follower& follower;
  const std::atomic<uint64_t>& durable;  // the tail of the log
  CellId cell;
  [[nodiscard]] uint64_t millis(Timestamp now) const;
};

// The members of an answer, in an object that is open. Within look().
void write_recommendations(JsonWriter& json, const RecsTables& tables, const std::vector<Recommended>& items,
                           const std::vector<std::string>& variants = {});
// Which experiment it is part of, if it is of one.
void write_experiment(JsonWriter& json, const GivenAnswer& given);

// The same of why an answer was what it was.
void write_explanation(JsonWriter& json, const RecsTables& tables, const GivenAnswer& given);

// Answers 200 to anybody's page, wherever it comes from.
void respond_public(net::Exchange& exchange, std::string_view body);

}  // namespace doorbuster::recs
