#include "guard/xgboost_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/file.h"
#include "base/json.h"
#include "guard/xgboost_library.h"

namespace doorbuster::guard {
namespace {

constexpr size_t kModelBytesMax = size_t{64} << 20;  // two hundred trees of sixteen leaves are half a megabyte
constexpr size_t kConfigBytesMax = size_t{1} << 20;
constexpr const char* kObjective = "binary:logistic";

constexpr const char* kPredictConfig =
    R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "missing": NaN, )"
    R"("strict_shape": false, "cache_id": 0})";
constexpr const char* kContributionsConfig =
    R"({"type": 2, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})";

Result<void> check_names(const XgboostLibrary& library, BoosterHandle booster) {
  bst_ulong count = 0;
  const char** names = nullptr;
  TRY(library.check(library.booster_texts(booster, "feature_name", &count, &names)));
  for (size_t i = 0; i < std::max<size_t>(count, kFeatures); ++i) {
    const std::string_view theirs = i < count ? names[i] : "nothing";
    const std::string_view ours = i < kFeatures ? kFeatureNames[i] : "nothing";
    if (theirs == ours) continue;
    return fail(ErrorCode::kInvalid, "it was trained on other features than this build has: feature " +
                                         std::to_string(i + 1) + " is '" + std::string(theirs) + "', not '" +
                                         std::string(ours) + "'. Train it again");
  }
  return {};
}

Result<void> check_objective(const XgboostLibrary& library, BoosterHandle booster) {
  bst_ulong size = 0;
  const char* config = nullptr;
  TRY(library.check(library.booster_config(booster, &size, &config)));
  JsonDocument document(std::string_view(config, size), {.max_bytes = kConfigBytesMax});
  const JsonObject learner = document.root().required("learner").object();
  const std::string_view objective = learner.required("objective").object().required("name").string();
  if (document.ok() && objective == kObjective) return {};
  return fail(ErrorCode::kInvalid,
              "its objective is '" + std::string(objective) + "', and has to be '" + kObjective + "'");
}

}  // namespace

struct XgboostModel::Loaded {
  XgboostLibrary library;
  Booster booster;
};

XgboostModel::XgboostModel(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
XgboostModel::~XgboostModel() = default;

Result<std::unique_ptr<const XgboostModel>> XgboostModel::load(const std::string& path) {
  const auto content = read_file(path, kModelBytesMax);
  if (content) return read(*content, path);
  return fail(ErrorCode::kInvalid, "the model '" + path + "' can't be read: " + content.error().message);
}

Result<std::unique_ptr<const XgboostModel>> XgboostModel::read(std::string_view content, const std::string& name) {
  Result<std::unique_ptr<Loaded>> loaded;
  on_own_thread([&] { loaded = load_content(content); });
  if (!loaded) return fail(loaded.error().code, "the model '" + name + "' can't be used: " + loaded.error().message);
  std::unique_ptr<XgboostModel> model(new XgboostModel(std::move(*loaded)));
  const auto chance = model->chance_of_bot(Features());
  if (chance && *chance >= 0 && *chance <= 1) return model;
  return fail(ErrorCode::kInvalid, "the model '" + name + "' can't be used: what it says is no probability");
}

Result<std::unique_ptr<XgboostModel::Loaded>> XgboostModel::load_content(std::string_view content) {
  XgboostLibrary library = TRY(XgboostLibrary::load());
  Booster booster = TRY(make_booster(library));
  TRY(library.check(library.booster_load(booster.get(), content.data(), content.size())));
  TRY(library.check(library.booster_set(booster.get(), "nthread", "1")));  // a file may say otherwise
  TRY(check_names(library, booster.get()));
  TRY(check_objective(library, booster.get()));
  return std::make_unique<Loaded>(Loaded{.library = std::move(library), .booster = std::move(booster)});
}

Score XgboostModel::score(const Evidence& evidence, const Scorecard& card) const {
  Score score = score_of(evidence.signals, card);
  if (const auto chance = chance_of_bot(evidence.features))
    score.hundredths = static_cast<uint8_t>(std::lround(std::clamp(*chance, 0.0F, 1.0F) * kScoreMax));
  return score;
}

// In place: no matrix is made of the one row. The row is told as NumPy's array interface, version 3.
std::optional<float> XgboostModel::chance_of_bot(const Features& features) const {
  std::array<char, 128> row{};
  std::snprintf(row.data(), row.size(), R"({"data": [%zu, true], "shape": [1, %zu], "typestr": "<f4", "version": 3})",
                reinterpret_cast<size_t>(features.values().data()), kFeatures);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* chance = nullptr;
  const int returned = loaded_->library.booster_predict_in_place(loaded_->booster.get(), row.data(), kPredictConfig,
                                                                 nullptr, &shape, &dimensions, &chance);
  return returned == 0 && dimensions == 1 && shape[0] == 1 ? std::optional(*chance) : std::nullopt;
}

Result<XgboostModel::Contributions> XgboostModel::contributions(const Features& features) const {
  const XgboostLibrary& library = loaded_->library;
  DMatrixHandle handle = nullptr;
  TRY(library.check(library.matrix_create(features.values().data(), 1, kFeatures, kMissing, &handle, 1)));
  const Matrix matrix(handle, library.matrix_free);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* added = nullptr;
  TRY(library.check(
      library.booster_predict(loaded_->booster.get(), handle, kContributionsConfig, &shape, &dimensions, &added)));
  Contributions contributions{};
  if (dimensions != 2 || shape[1] != contributions.size())
    return fail(ErrorCode::kInvalid, "libxgboost tells of other features than it was asked for");
  std::copy_n(added, contributions.size(), contributions.begin());
  return contributions;
}

}  // namespace doorbuster::guard
