// A score by gradient boosted trees (XGBoost, Chen and Guestrin 2016): how probable a bot is, as far as the decisions
// tell that it was trained on.
//
// A model is a file of libxgboost's (JSON or UBJSON) with the objective binary:logistic and this build's features.
// libxgboost trusts such a file: take none from strangers.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "guard/score_model.h"

namespace doorbuster::guard {

class XgboostLibrary;

class XgboostModel final : public ScoreModel {
 public:
  // kInvalid: it can't be read, is no such model, or has other features; kUnavailable: there is no libxgboost.
  [[nodiscard]] static Result<std::unique_ptr<const XgboostModel>> load(const std::string& path);
  // The same of a file's content, which the errors call `name`.
  [[nodiscard]] static Result<std::unique_ptr<const XgboostModel>> read(std::string_view content,
                                                                        const std::string& name);
  ~XgboostModel() override;

  // Where libxgboost fails, the card's.
  [[nodiscard]] Score score(const Evidence& evidence, const Scorecard& card) const override;

  // From 0, a person, to 1. Nothing where libxgboost fails.
  [[nodiscard]] std::optional<float> chance_of_bot(const Features& features) const;

  // What each feature adds to the log-odds of a bot (SHAP values for trees, Lundberg et al. 2018), and last what it
  // starts from. Costs many times what a score does.
  using Contributions = std::array<float, kFeatures + 1>;
  [[nodiscard]] Result<Contributions> contributions(const Features& features) const;

 private:
  struct Loaded;
  explicit XgboostModel(std::unique_ptr<Loaded> loaded);
  [[nodiscard]] static Result<std::unique_ptr<Loaded>> load_content(std::string_view content);

  const std::unique_ptr<Loaded> loaded_;
};

}  // namespace doorbuster::guard
