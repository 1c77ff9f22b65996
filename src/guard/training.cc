#include "guard/training.h"

#include <algorithm>
#include <array>

#include "guard/xgboost_library.h"
#include "guard/xgboost_model.h"

namespace doorbuster::guard {
namespace {

constexpr const char* kGainConfig = R"({"importance_type": "total_gain"})";
constexpr const char* kSaveConfig = R"({"format": "json"})";

Result<void> check_classes(const Classes& classes) {
  if (classes.people >= kWhoMin && classes.bots >= kWhoMin) return {};
  return fail(ErrorCode::kInvalid, "the log has decisions of " + std::to_string(classes.people) + " people and " +
                                       std::to_string(classes.bots) + " bots that are labelled, and needs " +
                                       std::to_string(kWhoMin) + " of each");
}

Result<Matrix> matrix_of(const XgboostLibrary& library, const std::vector<Sample>& samples) {
  std::vector<float> values, labels;
  values.reserve(samples.size() * kFeatures);
  for (const Sample& sample : samples) {
    values.insert(values.end(), sample.features.values().begin(), sample.features.values().end());
    labels.push_back(sample.is_bot ? 1 : 0);
  }
  const std::vector<float> weights = weights_of(samples);
  DMatrixHandle handle = nullptr;
  TRY(library.check(library.matrix_create(values.data(), samples.size(), kFeatures, kMissing, &handle, 1)));
  Matrix matrix(handle, library.matrix_free);
  TRY(library.check(library.matrix_set_floats(handle, "label", labels.data(), labels.size())));
  TRY(library.check(library.matrix_set_floats(handle, "weight", weights.data(), weights.size())));
  return matrix;
}

// Small steps, and no leaf for fewer than a handful: a drop has thousands of decisions, not millions.
Result<void> configure(const XgboostLibrary& library, BoosterHandle booster, const TrainingOptions& options) {
  const std::array<std::pair<const char*, std::string>, 7> parameters = {{{"objective", "binary:logistic"},
                                                                          {"tree_method", "hist"},
                                                                          {"eta", "0.1"},
                                                                          {"min_child_weight", "2"},
                                                                          {"max_depth", std::to_string(options.depth)},
                                                                          {"seed", std::to_string(options.seed)},
                                                                          {"base_score", "0.5"}}};
  for (const auto& [name, value] : parameters) TRY(library.check(library.booster_set(booster, name, value.c_str())));
  std::array<const char*, kFeatures> names{};
  std::ranges::transform(kFeatureNames, names.begin(), [](std::string_view name) { return name.data(); });
  return library.check(library.booster_set_texts(booster, "feature_name", names.data(), names.size()));
}

Result<std::vector<Gain>> gains_of(const XgboostLibrary& library, BoosterHandle booster) {
  bst_ulong count = 0, dimensions = 0;
  const char** names = nullptr;
  const bst_ulong* shape = nullptr;
  const float* gains = nullptr;
  TRY(library.check(library.booster_feature_score(booster, kGainConfig, &count, &names, &dimensions, &shape, &gains)));
  std::vector<Gain> all;
  double sum = 0;
  for (size_t i = 0; i < count; ++i) {
    all.push_back({.feature = names[i], .share = static_cast<double>(gains[i])});
    sum += static_cast<double>(gains[i]);
  }
  for (Gain& gain : all) gain.share = sum > 0 ? gain.share / sum : 0;
  std::ranges::stable_sort(all, std::ranges::greater(), &Gain::share);
  return all;
}

Result<Training> train_on(const std::vector<Sample>& samples, const TrainingOptions& options) {
  const XgboostLibrary library = TRY(XgboostLibrary::load());
  const Matrix matrix = TRY(matrix_of(library, samples));
  const Booster booster = TRY(make_booster(library, matrix.get()));
  TRY(configure(library, booster.get(), options));
  for (uint32_t round = 0; round < options.rounds; ++round)
    TRY(library.check(library.booster_update(booster.get(), static_cast<int>(round), matrix.get())));
  Training training{.library = library.version(), .gains = TRY(gains_of(library, booster.get()))};
  bst_ulong size = 0;
  const char* content = nullptr;
  TRY(library.check(library.booster_save(booster.get(), kSaveConfig, &size, &content)));
  training.model.assign(content, size);
  return training;
}

std::vector<Judged> judged_by_card(const std::vector<Sample>& samples, const Scorecard& card) {
  const std::vector<float> weights = weights_of(samples);
  std::vector<Judged> judged;
  for (size_t i = 0; i < samples.size(); ++i) {
    const uint8_t score = score_of(samples[i].features.signals(), card).hundredths;
    judged.push_back({.chance = static_cast<double>(score) / kScoreMax,
                      .score = score,
                      .is_bot = samples[i].is_bot,
                      .weight = static_cast<double>(weights[i])});
  }
  return judged;
}

// By the model as it will be read, from what was written.
Result<std::vector<Judged>> judged_by_model(const std::string& content, const std::vector<Sample>& samples,
                                            const Scorecard& card) {
  const auto model = TRY(XgboostModel::read(content, "that was just trained"));
  std::vector<Judged> judged = judged_by_card(samples, card);
  for (size_t i = 0; i < samples.size(); ++i) {
    const Evidence evidence{.signals = {}, .features = samples[i].features};
    const auto chance = model->chance_of_bot(evidence.features);
    if (!chance) return fail(ErrorCode::kInvalid, "the model that was just trained can't be asked");
    judged[i].chance = static_cast<double>(*chance);
    judged[i].score = model->score(evidence, card).hundredths;
  }
  return judged;
}

std::vector<Judged> judged_by_mix(std::vector<Judged> judged, const Classes& mix) {
  const double chance = static_cast<double>(mix.bots) / static_cast<double>(mix.people + mix.bots);
  for (Judged& one : judged) one.chance = chance;
  return judged;
}

}  // namespace

Result<Training> train(const std::vector<Sample>& samples, const Scorecard& card, const TrainingOptions& options) {
  TRY(check_classes(classes_of(samples)));
  const Split split = split_by_who(samples, options.holdout_percent, options.seed);
  Result<Training> training;
  on_own_thread([&] { training = train_on(split.training, options); });
  TRY(Result<Training>(training));
  training->decisions = samples.size();
  training->trained = classes_of(split.training);
  training->held_out = classes_of(split.holdout);
  const std::vector<Judged> by_card = judged_by_card(split.holdout, card);
  training->by_card = evaluate(by_card, card);
  training->by_model = evaluate(TRY(judged_by_model(training->model, split.holdout, card)), card);
  training->log_loss_of_mix = evaluate(judged_by_mix(by_card, training->trained), card).log_loss;
  return training;
}

}  // namespace doorbuster::guard
