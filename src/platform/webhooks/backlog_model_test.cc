// An endpoint's backlog beside a naive model of it, with failures and restarts at random: every delivery arrives, those
// of a key in order and never two at once, nothing is late that may go, the position never passes what is missing, and
// what was saved is not delivered again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/prng.h"
#include "platform/webhooks/backlog.h"
#include "platform/webhooks/lanes_test_helpers.h"

namespace doorbuster::platform {
namespace {

using testing::numbers;
using testing::traced;

constexpr int64_t kLongest = 4 * 3'600;  // seconds between attempts

// What an endpoint is told of one log, as simply as it can be said.
class Model {
 public:
  void happen(uint64_t sequence, std::string key) { all_[sequence] = {.key = std::move(key)}; }

  void take(const std::vector<uint64_t>& request, Timestamp now) {
    std::set<std::string> keys_of_the_request;
    for (const uint64_t sequence : request) {
      Event& event = all_.at(sequence);
      ASSERT_FALSE(event.delivered) << sequence << " is delivered twice";
      ASSERT_FALSE(event.in_flight) << sequence << " is in flight twice";
      if (keys_of_the_request.insert(event.key).second) {
        ASSERT_EQ(first_of(event.key), sequence) << "out of order in " << event.key;
        ASSERT_LE(event.due, now) << sequence << " is tried too early";
      }
      event.in_flight = true;
    }
    for (const uint64_t sequence : request) ASSERT_TRUE(goes_with_all_before(sequence)) << "a gap in a key";
  }
  // The first of some key could go.
  [[nodiscard]] bool something_may_go(Timestamp now, uint64_t read_to) const {
    std::set<std::string> seen;
    for (const auto& [sequence, event] : all_) {
      if (sequence > read_to || event.delivered || !seen.insert(event.key).second) continue;
      if (!event.in_flight && event.due <= now) return true;
    }
    return false;
  }
  void delivered(const std::vector<uint64_t>& request) {
    for (const uint64_t sequence : request) {
      all_[sequence].delivered = true;
      all_[sequence].in_flight = false;
      for (auto& [other, event] : all_) {
        if (event.key == all_[sequence].key && !event.delivered) event.due = {};
      }
    }
  }
  void failed(const std::vector<uint64_t>& request, Timestamp now) {
    for (const uint64_t sequence : request) {
      Event& event = all_[sequence];
      event.in_flight = false;
      event.due = now + Duration::seconds(std::min(int64_t{1} << std::min(event.failed_attempts++, 20), kLongest));
    }
  }
  void hurry(Timestamp latest) {
    for (auto& [sequence, event] : all_) event.due = std::min(event.due, latest);
  }
  // A restart forgets what was in flight, and the pauses.
  void restart() {
    for (auto& [sequence, event] : all_) {
      event.in_flight = false;
      event.due = {};
      event.failed_attempts = 0;
    }
  }
  [[nodiscard]] uint64_t lowest_missing() const {
    for (const auto& [sequence, event] : all_) {
      if (!event.delivered) return sequence;
    }
    return UINT64_MAX;
  }
  [[nodiscard]] const std::string& key_of(uint64_t sequence) const { return all_.at(sequence).key; }
  // Behind `sequence`, or 0.
  [[nodiscard]] uint64_t next(uint64_t sequence) const {
    const auto found = all_.upper_bound(sequence);
    return found == all_.end() ? 0 : found->first;
  }

 private:
  struct Event {
    std::string key;
    bool delivered = false;
    bool in_flight = false;
    Timestamp due = {};
    int failed_attempts = 0;
  };
  [[nodiscard]] uint64_t first_of(const std::string& key) const {
    for (const auto& [sequence, event] : all_) {
      if (event.key == key && !event.delivered) return sequence;
    }
    return 0;
  }
  [[nodiscard]] bool goes_with_all_before(uint64_t sequence) const {
    for (const auto& [other, event] : all_) {
      if (other < sequence && event.key == all_.at(sequence).key && !event.delivered && !event.in_flight) return false;
    }
    return true;
  }

  std::map<uint64_t, Event> all_;
};

class RandomRun {
 public:
  explicit RandomRun(uint64_t seed) : prng_(seed), options_(options()) { start(EndpointPosition{}); }

  void step(bool receiver_is_well) {
    if (!receiver_is_well && prng_.chance(3)) happen();
    read();
    take();
    if (!in_flight_.empty() && prng_.chance(2)) answer(receiver_is_well || !prng_.chance(3));
    if (!receiver_is_well && prng_.chance(100)) restart();
    now_ = now_ + Duration::seconds(static_cast<int64_t>(prng_.below(20)));
    ASSERT_LT(backlog_->lanes(0).done().position(), model_.lowest_missing());
  }
  [[nodiscard]] bool is_done() const { return model_.lowest_missing() == UINT64_MAX; }
  [[nodiscard]] size_t waiting() const { return backlog_->waiting(); }

 private:
  BacklogOptions options() {
    return {.window_max = 8 + prng_.below(20),
            .in_flight_max = static_cast<uint32_t>(1 + prng_.below(5)),
            .batch_max = static_cast<uint32_t>(1 + prng_.below(4)),
            .trouble_after = UINT32_MAX};
  }
  void start(const EndpointPosition& position) {
    backlog_ = std::make_unique<Backlog>(std::vector<Backlog::Source>{{.id = {.service = "sale"}, .newest = last_}},
                                         position, options_);
  }
  void happen() {
    last_ += 1 + prng_.below(3);
    model_.happen(last_, std::string(1, static_cast<char>('a' + prng_.below(6))));
  }
  void read() {
    Lanes& lanes = backlog_->lanes(0);
    while (lanes.wants_more()) {
      const uint64_t next = model_.next(lanes.read_after());
      if (next == 0) return lanes.skip_to(last_);
      lanes.add(traced(next, model_.key_of(next)));
    }
  }
  void take() {
    const auto request = backlog_->take_due(now_);
    if (request) {
      ASSERT_LE(request->deliveries.size(), options_.batch_max);
      model_.take(numbers(request->deliveries), now_);
      in_flight_.push_back(*request);
    } else if (in_flight_.size() < options_.in_flight_max) {
      ASSERT_FALSE(model_.something_may_go(now_, backlog_->lanes(0).read_after())) << "it keeps something back";
    }
  }
  void answer(bool well) {
    const size_t index = prng_.below(in_flight_.size());
    const Backlog::Request request = in_flight_[index];
    in_flight_.erase(in_flight_.begin() + static_cast<ptrdiff_t>(index));
    const auto sequences = numbers(request.deliveries);
    if (well) {
      const bool was_failing = backlog_->failing_since().has_value();
      backlog_->delivered(request, now_);
      model_.delivered(sequences);
      if (was_failing) model_.hurry(now_ + Duration::seconds(60));
    } else {
      backlog_->failed(request, {.at = now_, .random = 0, .refused = prng_.chance(2)});
      model_.failed(sequences, now_);
    }
  }
  // What is on disk may be a little older than what happened; here it is not.
  void restart() {
    const EndpointPosition position{.sources = backlog_->positions(), .failing_since = backlog_->failing_since()};
    start(decode_position("till", encode_position("till", position), {}).value());
    in_flight_.clear();
    model_.restart();
  }

  Prng prng_;
  uint64_t last_ = 0;
  BacklogOptions options_;
  std::unique_ptr<Backlog> backlog_;
  Model model_;
  std::vector<Backlog::Request> in_flight_;
  Timestamp now_ = testing::kNow;
};

TEST(Backlog, is_what_a_naive_model_of_it_is) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomRun run(seed);
    for (int step = 0; step < 600 && !::testing::Test::HasFatalFailure(); ++step) run.step(false);
    for (int step = 0; step < 6'000 && !run.is_done(); ++step) run.step(true);
    ASSERT_TRUE(run.is_done());
    ASSERT_EQ(run.waiting(), 0U);
  }
}

}  // namespace
}  // namespace doorbuster::platform
