#include "recs/models/taste_model.h"

#include <algorithm>

namespace doorbuster::recs {
namespace {

template <class Model>
std::shared_ptr<const Model> shared(Model model) {
  return std::make_shared<const Model>(std::move(model));
}

}  // namespace

Result<TasteModel> TasteModel::train(TasteFamily family, const Interactions& users, const TasteParameters& parameters,
                                     const LinearAlgebra& algebra, uint32_t threads) {
  TasteModel trained;
  trained.items_ = users.items();
  if (family == TasteFamily::kNeighbours)
    trained.model_ = shared(Neighbours::train(users, {}, parameters.neighbours, threads));
  if (family == TasteFamily::kEase && parameters.ease)
    trained.model_ = shared(TRY(Ease::train(users, {}, *parameters.ease, algebra)));
  if (family == TasteFamily::kIals) trained.model_ = shared(TRY(Ials::train(users, parameters.ials, algebra, threads)));
  return trained;
}

size_t TasteModel::bytes() const {
  if (const auto* neighbours = std::get_if<1>(&model_)) return (*neighbours)->pairs() * sizeof(ScoredItem);
  if (const auto* ease = std::get_if<2>(&model_)) return (*ease)->bytes();
  if (const auto* ials = std::get_if<3>(&model_)) return (*ials)->bytes();
  return 0;
}

void TasteModel::add_scores(std::span<const ItemNumber> history, std::span<float> scores) const {
  if (const auto* neighbours = std::get_if<1>(&model_)) {
    for (const ItemNumber item : history) (*neighbours)->add_scores(item, 1, scores);
  } else if (const auto* ease = std::get_if<2>(&model_)) {
    for (const ItemNumber item : history) (*ease)->add_scores(item, 1, scores);
  } else if (const auto* ials = std::get_if<3>(&model_)) {
    (*ials)->score((*ials)->fold_in(history), scores);
  }
}

void TasteModel::save(ByteWriter& out) const {
  out.integer(static_cast<uint8_t>(family()));
  out.integer(uint64_t{items_});
  if (const auto* neighbours = std::get_if<1>(&model_)) (*neighbours)->save(out);
  if (const auto* ease = std::get_if<2>(&model_)) (*ease)->save(out);
  if (const auto* ials = std::get_if<3>(&model_)) (*ials)->save(out);
}

std::optional<TasteModel> TasteModel::load(ByteReader& in) {
  TasteModel loaded;
  const auto family = static_cast<TasteFamily>(in.integer<uint8_t>());
  loaded.items_ = static_cast<size_t>(in.integer<uint64_t>());
  if (!in.ok()) return std::nullopt;
  if (family == TasteFamily::kNone) return loaded;
  if (family == TasteFamily::kNeighbours) {
    auto neighbours = Neighbours::load(in);
    if (!neighbours || neighbours->items() > loaded.items_) return std::nullopt;
    loaded.model_ = shared(*std::move(neighbours));
  } else if (family == TasteFamily::kEase) {
    auto ease = Ease::load(in);
    if (!ease || ease->items() > loaded.items_) return std::nullopt;
    loaded.model_ = shared(*std::move(ease));
  } else if (family == TasteFamily::kIals) {
    const auto algebra = LinearAlgebra::load();
    auto ials = algebra ? Ials::load(in, *algebra) : std::nullopt;
    if (!ials || ials->items().count() > loaded.items_) return std::nullopt;
    loaded.model_ = shared(*std::move(ials));
  } else {
    return std::nullopt;
  }
  return loaded;
}

TasteFamily choose_family(const TasteValidation& validation, const TasteParameters& parameters,
                          const LinearAlgebra& algebra, uint32_t threads) {
  const RunOptions run{.items = validation.users.items(), .threads = threads};
  TasteFamily best = TasteFamily::kNone;
  double best_value = 0;
  for (const TasteFamily family : {TasteFamily::kNeighbours, TasteFamily::kEase, TasteFamily::kIals}) {
    if (family == TasteFamily::kEase && !parameters.ease) continue;
    if (family == TasteFamily::kIals && parameters.ials.dimensions == 0) continue;
    const auto model = TasteModel::train(family, validation.users, parameters, algebra, threads);
    if (!model) continue;
    const ScoreSource source{.name = std::string(kTasteFamilyNames[static_cast<size_t>(family)]),
                             .add_scores = [&](const RecommendationCase& one, std::span<float> scores) {
                               model->add_scores(one.given, scores);
                             }};
    const double value = value_of_source(source, validation.cases, run);
    if (value <= best_value) continue;
    best = family;
    best_value = value;
  }
  return best;
}

}  // namespace doorbuster::recs
