// The last few models that were put into service, where views keep their states (docs/formats/recs-models.md): which
// there are, which one serves, and each of them as it was. A model that is damaged is told, and as if it were not
// there.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/views/state_store.h"
#include "recs/models/learnt_model.h"

namespace doorbuster::recs {

// What is known of a model that is kept without reading it.
struct KeptModel {
  std::string version;
  LearntFrom from;
  TasteFamily taste = TasteFamily::kNone;
  std::array<BlendWeights, kQuestionKinds> weights{};
  uint64_t bytes = 0;

  [[nodiscard]] static KeptModel of(const LearntModel& model);
};

// One thread at a time.
class ModelStore {
 public:
  static constexpr size_t kModelsKept = 3;
  using OnTrouble = std::function<void(const std::string&)>;

  // Without a store nothing is kept. Both outlive it.
  ModelStore(platform::StateStore* store, OnTrouble on_trouble);

  // Reads which models there are. What can't be read is set aside.
  void open();
  // The newest first.
  [[nodiscard]] const std::vector<KeptModel>& kept() const { return kept_; }
  // "untrained" if none is.
  [[nodiscard]] const std::string& active() const { return active_; }
  // Of the next model; no version is given twice.
  [[nodiscard]] std::string next_version() const { return "learnt-" + std::to_string(next_); }

  // Keeps it in the place of the oldest that does not serve.
  [[nodiscard]] Result<void> save(const LearntModel& model);
  [[nodiscard]] Result<LearntModel> load(std::string_view version);
  [[nodiscard]] Result<void> activate(std::string_view version);

 private:
  void read_index();
  void read_head(size_t slot);
  [[nodiscard]] Result<void> write_index();
  void set_aside(const std::string& name, const Error& error);

  platform::StateStore* const store_;
  const OnTrouble on_trouble_;
  std::vector<KeptModel> kept_;
  std::array<std::string, kModelsKept> versions_;  // by slot; empty: free
  std::string active_{LearntModel::kUntrained};
  uint64_t next_ = 1;
};

}  // namespace doorbuster::recs
