// What an outflow brings where some do not come: as many as it says, once the first of them could have come.
#include <cmath>

#include "base/prng.h"
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kCrowd = {
    .sales = 1, .holds = 18'000, .entries = 42'000, .operator_keys = 4, .sale_share_percent = 100};
constexpr SaleNumber kSale{0};
constexpr int kTicksASecond = 20;

// A crowd that has joined before the opening and takes its offers, or not, each after a while.
class Crowd {
 public:
  Crowd(double no_shows, uint64_t seed, uint32_t outflow, uint32_t people) : no_shows_(no_shows), random_(seed) {
    machine_.go_live(kStart);
    auto settings = std::make_unique<Settings>();
    settings->id = "ps5";
    settings->units = 1'000'000;
    settings->queue = QueueKind::kFifo;
    settings->opens_at = kStart;
    settings->hold_seconds = 3'600;
    settings->outflow_per_minute = outflow;
    decide(CreateSale{std::move(settings), false, {}});
    for (uint32_t who = 1; who <= people; ++who) decide(Join{kSale, customer(who), {}});
  }

  // Claims in each second from the opening on.
  std::vector<uint32_t> claims(size_t minutes) {
    std::vector<uint32_t> claims(minutes * 60);
    const size_t ticks = minutes * 60 * kTicksASecond;
    for (size_t i = 0; i < ticks; ++i) {
      now_ = kStart + Duration::micros(static_cast<int64_t>(i) * 1'000'000 / kTicksASecond);
      tick();
      call_those_whose_turn_it_is(i);
      for (const uint32_t who : coming_[i]) {
        EXPECT_EQ(decide(Reserve{kSale, customer(who), {}}).outcome, Outcome::kDone);
        ++claims[i / kTicksASecond];
      }
    }
    return claims;
  }

 private:
  Reply decide(const Command& command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    return machine_.decide(command, now_, sink);
  }
  void tick() {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    while (!machine_.tick(now_, 1'000, sink)) {
    }
  }
  // Positions are those of the arrival, and so are the customers.
  void call_those_whose_turn_it_is(size_t tick) {
    const uint32_t now_serving = machine_.state().status_of(kSale).now_serving;
    coming_.resize(std::max(coming_.size(), tick + 1 + 60 * kTicksASecond));
    while (served_ < now_serving) {
      ++served_;
      if (random_.below(1'000) < static_cast<uint64_t>(no_shows_ * 1'000)) continue;
      coming_[tick + random_.below(60 * kTicksASecond)].push_back(served_);
    }
  }

  double no_shows_;
  Prng random_;
  Machine machine_{kCrowd};
  Timestamp now_ = kStart;
  uint32_t served_ = 0;
  std::vector<std::vector<uint32_t>> coming_;  // customers, by tick
};

uint32_t sum(const std::vector<uint32_t>& seconds, size_t from, size_t to) {
  uint32_t all = 0;
  for (size_t i = from; i < to; ++i) all += seconds[i];
  return all;
}

// The ramp is as long as it takes until next to all of the first have either come or been replaced: one time to claim
// for each further place that somebody lets pass.
void expect_the_outflow(double no_shows, size_t ramp_minutes, size_t minutes) {
  const auto seconds = Crowd(no_shows, 4711, 500, 42'000).claims(minutes);
  const size_t ramp = ramp_minutes * 60;
  const size_t end = minutes * 60;
  const double a_minute = sum(seconds, ramp, end) / static_cast<double>(minutes - ramp_minutes);
  uint32_t most = 0;
  for (size_t from = 0; from + 60 <= end; ++from) most = std::max(most, sum(seconds, from, from + 60));
  std::printf("%2.0f %% stay away: %.1f claims a minute from minute %zu on, at most %u in any 60 s; first minutes",
              100 * no_shows, a_minute, ramp_minutes, most);
  for (size_t minute = 0; minute < 4; ++minute) std::printf(" %u", sum(seconds, minute * 60, minute * 60 + 60));
  std::printf("\n");
  EXPECT_NEAR(a_minute, 500, 10) << no_shows;
  EXPECT_LE(most, 560U) << no_shows;
}

TEST(NoShows, leave_the_outflow_as_it_is_where_everybody_comes) { expect_the_outflow(0, 2, 15); }

TEST(NoShows, are_made_up_for_where_a_few_stay_away) { expect_the_outflow(0.1, 3, 15); }

TEST(NoShows, are_made_up_for_where_three_in_ten_stay_away) { expect_the_outflow(0.3, 4, 20); }

TEST(NoShows, are_made_up_for_where_more_stay_away_than_come) { expect_the_outflow(0.6, 10, 30); }

}  // namespace
}  // namespace doorbuster::sale
