// What was learnt of how visitors go on, under one version: how the sources of an answer are to be weighed. It knows
// nothing of what happened since; the tables do, and each answer is made of both.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "recs/models/session_model.h"

namespace doorbuster::recs {

// What is blended in an answer.
enum class BlendSource : uint8_t { kSession, kPairs, kPopular };
inline constexpr std::array<std::string_view, 3> kBlendSourceNames = {"session", "pairs", "popular"};
inline constexpr size_t kBlendSources = kBlendSourceNames.size();
using BlendWeights = std::array<float, kBlendSources>;

// Somebody in the middle of a visit, or somebody of whom the past is known.
enum class QuestionKind : uint8_t { kVisit, kHistory };
inline constexpr std::array<std::string_view, 2> kQuestionKindNames = {"visit", "history"};
inline constexpr size_t kQuestionKinds = kQuestionKindNames.size();

// As it is before anything was learnt: weights by hand.
struct LearntModel {
  static constexpr std::string_view kUntrained = "untrained";

  std::string version{kUntrained};
  SessionModel session{.options = small_session_options(), .embeddings = nullptr, .network = std::nullopt};
  std::array<BlendWeights, kQuestionKinds> weights = {BlendWeights{1, 0.7F, 0}, BlendWeights{0.5F, 1, 0}};

  [[nodiscard]] bool is_trained() const { return version != kUntrained; }
};

}  // namespace doorbuster::recs
