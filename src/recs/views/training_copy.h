// What models learn from, copied from the tables in many short looks, between which events come in as always. What is
// changed meanwhile is in it or not.
#pragma once

#include <stop_token>

#include "recs/training/training_data.h"
#include "recs/views/recs_view.h"

namespace doorbuster::recs {

// At most that much: of visits the newest, of histories those of users first.
inline constexpr size_t kTrainingClicksMax = 20'000'000;
inline constexpr size_t kTrainingTouchesMax = 20'000'000;

[[nodiscard]] TrainingData copy_for_training(const RecsView& view, const std::stop_token& stop);

}  // namespace doorbuster::recs
