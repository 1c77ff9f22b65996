// Learns in the background, at a low priority, and puts into service what is no worse than what
// serves: every so often if enough has happened, or when it is asked to. A thread of its own; all else is for any
// thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "ops/logging.h"
#include "recs/training/model_store.h"
#include "recs/training/train_model.h"

namespace doorbuster::recs {

// What became of one training.
enum class AttemptOutcome : uint8_t { kInService, kRefused, kTooLittle, kFailed };
inline constexpr std::array<std::string_view, 4> kAttemptOutcomeNames = {"in-service", "refused", "too-little",
                                                                         "failed"};
struct TrainingAttempt {
  Timestamp at;  // of its end
  AttemptOutcome outcome = AttemptOutcome::kTooLittle;
  std::string version;  // empty: none was given
  std::string reason;   // empty: it is in service
  double seconds = 0;
  FiguresByKind figures{}, figures_in_service{};
};

struct ModelsReport {
  std::string in_service;
  bool is_training = false;
  std::vector<KeptModel> kept;            // the newest first
  std::vector<TrainingAttempt> attempts;  // the newest first
};

class Trainer {
 public:
  struct Ports {
    std::function<TrainingData(const std::stop_token&)> copy;
    std::function<void(std::shared_ptr<const LearntModel>)> serve;
    std::function<uint64_t()> interactions;  // since the start
    const Clock& clock;
    const ops::Logger& logger;
    platform::StateStore* store = nullptr;
  };
  struct Options {
    uint64_t every_seconds = 0;  // 0: when it is asked to, only
    uint32_t threads = 1;
  };
  static constexpr uint64_t kNewsMin = 1'000;  // interactions, for a training by itself
  static constexpr size_t kAttemptsKept = 20;

  Trainer(Ports ports, const Options& options);
  ~Trainer() { stop(); }

  // Puts the model that served last into service, if it can be read; then learns.
  void start();
  void stop();

  void train_soon();
  // Serves it as soon as it is read, until something is learnt that is no worse. False if no such model is kept.
  [[nodiscard]] bool activate(std::string_view version);
  [[nodiscard]] ModelsReport report() const;

  struct Counts {
    std::array<uint64_t, kAttemptOutcomeNames.size()> attempts{};
    uint64_t refused_in_a_row = 0;
    double seconds = 0;                   // spent
    std::optional<Timestamp> trained_at;  // of the model in service
    uint64_t bytes = 0;                   // of the model in service
  };
  [[nodiscard]] Counts counts() const;

 private:
  void run(const std::stop_token& stop);
  void train(const std::stop_token& stop);
  void conclude(TrainedModel&& trained, const std::shared_ptr<const LearntModel>& before, double seconds);
  void note(TrainingAttempt attempt);
  void serve(std::shared_ptr<const LearntModel> model);
  void load_and_serve(const std::string& version);
  void activate_all();
  [[nodiscard]] std::shared_ptr<const LearntModel> in_service() const;

  const Ports ports_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // --- Under the mutex. ---
  std::shared_ptr<const LearntModel> in_service_ = std::make_shared<LearntModel>();
  std::deque<TrainingAttempt> attempts_;
  Counts counts_;
  std::vector<KeptModel> kept_;
  std::string next_version_;
  bool is_asked_ = false;
  bool is_training_ = false;
  bool is_activating_ = false;
  std::string to_activate_;  // empty: nothing
  // --- Whoever reads or writes models on disk. ---
  std::mutex store_mutex_;
  ModelStore store_;

  uint64_t interactions_trained_ = 0;  // the trainer's own
  std::jthread activation_;
  std::jthread thread_;
};

}  // namespace doorbuster::recs
