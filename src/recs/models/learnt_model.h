// What was learnt of how visitors go on, under one version: how the sources of an answer are to be weighed, and what
// tastes there are. It knows nothing of what happened since; the tables do, and each answer is made of both.
//
// Saved as bytes (docs/formats/recs-models.md).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "recs/models/session_model.h"
#include "recs/models/taste_model.h"

namespace doorbuster::recs {

// What is blended in an answer.
enum class BlendSource : uint8_t { kSession, kTaste, kPairs, kPopular };
inline constexpr std::array<std::string_view, 4> kBlendSourceNames = {"session", "taste", "pairs", "popular"};
inline constexpr size_t kBlendSources = kBlendSourceNames.size();
using BlendWeights = std::array<float, kBlendSources>;

// Somebody in the middle of a visit, or somebody of whom the past is known.
enum class QuestionKind : uint8_t { kVisit, kHistory };
inline constexpr std::array<std::string_view, 2> kQuestionKindNames = {"visit", "history"};
inline constexpr size_t kQuestionKinds = kQuestionKindNames.size();

// What a model reached on cases of a time that it had not learnt from.
struct BlendFigures {
  uint64_t cases = 0;
  double hit_rate = 0, mrr = 0;  // at 20
  // What is compared.
  [[nodiscard]] double value() const { return hit_rate + 2 * mrr; }
};
using FiguresByKind = std::array<BlendFigures, kQuestionKinds>;

// What it was learnt from, and when.
struct LearntFrom {
  uint64_t visits = 0, clicks = 0, histories = 0, touches = 0;
  uint32_t until = 0;  // the newest of it, in seconds since 1970
  Timestamp trained_at;
  double seconds = 0;           // that it took, by the clock
  std::string session_variant;  // chosen on validation; empty: by hand
  FiguresByKind figures{};
};
void save_from(ByteWriter& out, const LearntFrom& from);
[[nodiscard]] LearntFrom load_from(ByteReader& in);

// As it is before anything was learnt: weights by hand.
struct LearntModel {
  static constexpr std::string_view kUntrained = "untrained";

  std::string version{kUntrained};
  LearntFrom from;
  SessionModel session{.options = small_session_options(), .embeddings = nullptr, .network = std::nullopt};
  TasteModel taste;
  std::array<BlendWeights, kQuestionKinds> weights = {BlendWeights{1, 0, 0.7F, 0}, BlendWeights{0.5F, 0, 1, 0}};

  [[nodiscard]] bool is_trained() const { return version != kUntrained; }
  [[nodiscard]] size_t bytes() const;

  void save(ByteWriter& out) const;
  // kCorrupt if what was saved is no model of this release.
  [[nodiscard]] static Result<LearntModel> load(ByteReader& in);
};

}  // namespace doorbuster::recs
