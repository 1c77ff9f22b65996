// The tables as a view of the log, for one thread that hears and many that ask.
//
// Who asks waits for a few dozen events at most, however many are heard; who hears waits for those who ask at this
// moment, not for those who come.
#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>

#include "platform/views/follower.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {

class RecsView final : public platform::EventAudience {
 public:
  explicit RecsView(size_t history, const SessionIndexLimits& visits = RecsTables::kVisitsUsual,
                    std::string folder = {})
      : tables_(history, visits, std::move(folder)) {
    tables_.count_later();
  }

  [[nodiscard]] Result<uint64_t> hear(Bytes events, const platform::EventPlace& first) override;
  void on_caught_up() override;
  [[nodiscard]] std::string state_format() const override { return "recs-tables-2"; }
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override { return tables_.save(out); }
  [[nodiscard]] bool hears_while_saving() const override { return true; }
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override;

  // Runs `ask(tables)` while nothing changes. Any thread. Keep it short.
  template <class Ask>
  auto look(Ask&& ask) const {
    std::unique_lock turn(turn_);
    const std::shared_lock lock(mutex_);
    turn.unlock();
    return ask(tables_);
  }
  // Answers are made by it from now on. Any thread.
  void serve(std::shared_ptr<const LearntModel> model);
  // When the newest event that is in the tables was decided. Any thread.
  [[nodiscard]] Timestamp heard_at() const { return Timestamp::from_micros(heard_at_.load(std::memory_order_relaxed)); }
  // Whether the shop has put an item. Any thread.
  [[nodiscard]] const std::atomic<bool>& has_catalogue() const { return has_catalogue_; }
  // Before anything is heard.
  void set_own_kinds(OwnKinds kinds) { tables_.set_own_kinds(std::move(kinds)); }
  void on_forgotten(RecsTables::OnForgotten tell) { tables_.on_forgotten(std::move(tell)); }
  [[nodiscard]] uint64_t interactions_heard() const { return interactions_heard_.load(std::memory_order_relaxed); }

 private:
  // Whoever changes has the turn while they wait for those who read.
  mutable std::mutex turn_;
  mutable std::shared_mutex mutex_;
  RecsTables tables_;
  std::atomic<int64_t> heard_at_{0};
  std::atomic<uint64_t> interactions_heard_{0};
  std::atomic<bool> has_catalogue_{false};
};

}  // namespace doorbuster::recs
