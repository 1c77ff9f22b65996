// One model of taste, of the family that validation has chosen for the catalogue (decision 0143). Nothing is kept of
// anybody: a history is folded in when it is asked with.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "recs/models/taste_choice.h"

namespace doorbuster::recs {

enum class TasteFamily : uint8_t { kNone, kNeighbours, kEase, kIals };
inline constexpr std::array<std::string_view, 4> kTasteFamilyNames = {"none", "neighbours", "ease", "ials"};

class TasteModel {
 public:
  // Says nothing of anything.
  TasteModel() = default;
  [[nodiscard]] static Result<TasteModel> train(TasteFamily family, const Interactions& users,
                                                const TasteParameters& parameters, const LinearAlgebra& algebra,
                                                uint32_t threads);

  [[nodiscard]] TasteFamily family() const { return static_cast<TasteFamily>(model_.index()); }
  // How many items have to have a place in what is scored.
  [[nodiscard]] size_t items() const { return items_; }
  [[nodiscard]] size_t bytes() const;
  // For a history, the oldest first: into scores that are all 0.
  void add_scores(std::span<const ItemNumber> history, std::span<float> scores) const;

  void save(ByteWriter& out) const;
  // Nothing if what was saved is none, or what it needs is not on this machine.
  [[nodiscard]] static std::optional<TasteModel> load(ByteReader& in);

 private:
  // By TasteFamily.
  std::variant<std::monostate, std::shared_ptr<const Neighbours>, std::shared_ptr<const Ease>,
               std::shared_ptr<const Ials>>
      model_;
  size_t items_ = 0;
};

// The family whose model, learnt from those users, finds the most of what was held out of them.
[[nodiscard]] TasteFamily choose_family(const TasteValidation& validation, const TasteParameters& parameters,
                                        const LinearAlgebra& algebra, uint32_t threads);

}  // namespace doorbuster::recs
