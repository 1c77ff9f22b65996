#include "recs/training/trainer.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <new>

#include "base/this_thread.h"

namespace doorbuster::recs {
Trainer::Trainer(Ports ports, const Options& options)
    : ports_(std::move(ports)),
      options_(options),
      store_(ports_.store, [this](const std::string& trouble) { ports_.logger.warning(trouble); }) {}

void Trainer::start() {
  {
    const std::lock_guard lock(store_mutex_);
    store_.open();
    const std::lock_guard state(mutex_);
    kept_ = store_.kept();
    next_version_ = store_.next_version();
  }
  if (const std::string active = store_.active(); active != LearntModel::kUntrained) load_and_serve(active);
  // Where the one that served is lost, it is learnt anew at once.
  is_asked_ = store_.active() != in_service_->version && options_.every_seconds > 0;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Trainer::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  if (activation_.joinable()) activation_.join();
}

void Trainer::train_soon() {
  const std::lock_guard lock(mutex_);
  is_asked_ = true;
  changed_.notify_all();
}

std::shared_ptr<const LearntModel> Trainer::in_service() const {
  const std::lock_guard lock(mutex_);
  return in_service_;
}

void Trainer::run(const std::stop_token& stop) {
  begin_thread("recs-training", Urgency::kCanWait);  // and so those that it starts
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto is_asked = [this] { return is_asked_; };
    if (options_.every_seconds == 0) {
      changed_.wait(lock, stop, is_asked);
    } else {
      changed_.wait_for(lock, stop, std::chrono::seconds(options_.every_seconds), is_asked);
    }
    if (stop.stop_requested()) return;
    const bool was_asked = std::exchange(is_asked_, false);
    if (!was_asked && ports_.interactions() < interactions_trained_ + kNewsMin) continue;
    is_training_ = true;
    lock.unlock();
    train(stop);
    lock.lock();
    is_training_ = false;
  }
}

// What it took goes back to the system: it is a hundred times what the model takes.
void Trainer::train(const std::stop_token& stop) {
  const auto began = std::chrono::steady_clock::now();
  const auto before = in_service();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
  interactions_trained_ = ports_.interactions();
  try {
    const TrainingData data = ports_.copy(stop);
    TrainedModel trained = train_model(data, *before, {.threads = options_.threads, .stop = stop});
    if (trained.outcome != TrainingOutcome::kStopped) conclude(std::move(trained), before, seconds());
  } catch (const std::bad_alloc&) {
    note({.at = ports_.clock.now(),
          .outcome = AttemptOutcome::kFailed,
          .version = {},
          .reason = "there is not enough memory to learn",
          .seconds = seconds()});
  }
  malloc_trim(0);
}

void Trainer::conclude(TrainedModel&& trained, const std::shared_ptr<const LearntModel>& before, double seconds) {
  TrainingAttempt attempt{.at = ports_.clock.now(),
                          .outcome = AttemptOutcome::kTooLittle,
                          .version = {},
                          .reason = trained.reason,
                          .seconds = seconds,
                          .figures = trained.figures,
                          .figures_in_service = trained.figures_in_service};
  if (trained.outcome == TrainingOutcome::kWorse) attempt.outcome = AttemptOutcome::kRefused;
  if (trained.outcome != TrainingOutcome::kBetter) return note(std::move(attempt));
  const std::lock_guard store_lock(store_mutex_);
  trained.model->version = attempt.version = store_.next_version();
  trained.model->from.trained_at = attempt.at;
  trained.model->from.seconds = seconds;
  const auto keep = [&]() -> Result<void> {
    TRY(store_.save(*trained.model));
    return store_.activate(trained.model->version);
  };
  if (in_service() != before) {
    attempt.outcome = AttemptOutcome::kRefused;
    attempt.reason = "another model was put into service while it learnt";
  } else if (const auto kept = keep(); !kept) {
    attempt.outcome = AttemptOutcome::kFailed;
    attempt.reason = "it can't be kept: " + kept.error().message;
  } else {
    attempt.outcome = AttemptOutcome::kInService;
    attempt.reason.clear();
    serve(std::move(trained.model));
  }
  {
    const std::lock_guard lock(mutex_);
    kept_ = store_.kept();
  }
  note(std::move(attempt));
}

void Trainer::note(TrainingAttempt attempt) {
  const std::string_view outcome = kAttemptOutcomeNames[static_cast<size_t>(attempt.outcome)];
  if (attempt.outcome == AttemptOutcome::kInService) {
    ports_.logger.info("a model of recommendations was learnt and is in service",
                       {{"version", attempt.version}, {"seconds", static_cast<uint64_t>(attempt.seconds)}});
  } else if (attempt.outcome == AttemptOutcome::kTooLittle) {
    ports_.logger.info("no model of recommendations was learnt: " + attempt.reason);
  } else {
    ports_.logger.warning("a model of recommendations is not put into service: " + attempt.reason,
                          {{"outcome", outcome}});
  }
  const std::lock_guard lock(mutex_);
  ++counts_.attempts[static_cast<size_t>(attempt.outcome)];
  counts_.seconds += attempt.seconds;
  const bool is_refused = attempt.outcome == AttemptOutcome::kRefused || attempt.outcome == AttemptOutcome::kFailed;
  if (is_refused) ++counts_.refused_in_a_row;
  if (attempt.outcome == AttemptOutcome::kInService) counts_.refused_in_a_row = 0;
  attempts_.push_front(std::move(attempt));
  if (attempts_.size() > kAttemptsKept) attempts_.pop_back();
}

void Trainer::serve(std::shared_ptr<const LearntModel> model) {
  ports_.serve(model);
  const std::lock_guard lock(mutex_);
  in_service_ = std::move(model);
  counts_.trained_at = in_service_->is_trained() ? std::optional(in_service_->from.trained_at) : std::nullopt;
  counts_.bytes = in_service_->bytes();
}

bool Trainer::activate(std::string_view version) {
  const std::lock_guard lock(mutex_);
  const bool is_known =
      version == LearntModel::kUntrained || std::ranges::find(kept_, version, &KeptModel::version) != kept_.end();
  if (!is_known) return false;
  to_activate_ = version;
  if (!std::exchange(is_activating_, true)) activation_ = std::jthread([this] { activate_all(); });
  return true;
}

void Trainer::activate_all() {
  begin_thread("recs-activation");
  std::unique_lock lock(mutex_);
  while (!to_activate_.empty()) {
    const std::string version = std::exchange(to_activate_, {});
    lock.unlock();
    load_and_serve(version);
    lock.lock();
  }
  is_activating_ = false;
}

void Trainer::load_and_serve(const std::string& version) {
  const std::lock_guard store_lock(store_mutex_);
  auto loaded = version == LearntModel::kUntrained ? Result<LearntModel>(LearntModel()) : store_.load(version);
  if (loaded) {
    serve(std::make_shared<const LearntModel>(*std::move(loaded)));
    const bool is_new = store_.active() != version;
    if (const auto noted = is_new ? store_.activate(version) : Result<void>(); !noted)
      ports_.logger.warning("which model serves can't be kept: " + noted.error().message);
    ports_.logger.info("a model of recommendations is in service", {{"version", version}});
  } else {
    ports_.logger.warning("a model of recommendations can't be put into service: " + loaded.error().message,
                          {{"version", version}});
  }
  const std::lock_guard lock(mutex_);
  kept_ = store_.kept();
}

ModelsReport Trainer::report() const {
  const std::lock_guard lock(mutex_);
  return {.in_service = in_service_->version,
          .is_training = is_training_ || is_asked_,
          .kept = kept_,
          .attempts = {attempts_.begin(), attempts_.end()}};
}

Trainer::Counts Trainer::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace doorbuster::recs
