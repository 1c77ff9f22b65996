// What came of a stampede, as its clients saw it: every answer, every wait, every unit, by cohort.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "stampede/answer.h"

namespace doorbuster::stampede {

// How somebody got past the guard on their way to a unit: the dearest of what it took.
enum class Way : uint8_t { kUnhindered, kWaited, kMoved, kSolved, kAccount };
inline constexpr std::array<std::string_view, 5> kWayNames = {"unhindered", "waited", "moved", "solved", "account"};

struct CohortTally {
  uint64_t arrivals = 0;
  uint64_t requests = 0;
  uint64_t refusals = 0;  // by the guard
  uint64_t sessions = 0;
  uint64_t places = 0;  // in line
  uint64_t holds = 0;
  uint64_t units = 0;  // paid for
  std::array<uint64_t, kWayNames.size()> units_by_way{};
};

// What a thief tried, and what came of it.
struct TrickTally {
  uint64_t tries = 0;
  uint64_t answered_yes = 0;
  uint64_t units = 0;
};

class Tally {
 public:
  Tally(size_t cohorts, size_t clients) : cohorts_(cohorts), longest_waits_(clients) {}

  CohortTally& of(size_t cohort) { return cohorts_[cohort]; }
  [[nodiscard]] const CohortTally& of(size_t cohort) const { return cohorts_[cohort]; }

  // An answer of the server, to a request that was meant for that moment.
  void answered(size_t cohort, const Answer& answer, Timestamp intended);
  void unit_sold(size_t cohort, Way way);
  // Somebody has pressed "Pay", and has not heard yet what came of it; or now they have.
  void payment_pressed() { ++payments_open_; }
  void payment_heard() { --payments_open_; }
  // How long a client waited from when they wanted something until the server did it, or said no for a reason that is
  // not the guard's. Of each client the longest counts.
  void waited(size_t client, Duration wait);
  // They wanted something, and the guard let them have it never.
  void refused_for_good(size_t client) { longest_waits_[client] = kForGood; }
  void tricked(std::string_view trick, bool answered_yes, bool gained_unit);

  [[nodiscard]] const std::map<uint32_t, uint64_t>& statuses() const { return statuses_; }
  [[nodiscard]] const std::map<std::string, TrickTally, std::less<>>& tricks() const { return tricks_; }
  [[nodiscard]] uint64_t answers() const { return latencies_us_.size(); }
  [[nodiscard]] double answers_per_second() const;
  // Of the ten seconds in a row that had most of them; of the whole time where that is shorter.
  [[nodiscard]] double answers_per_second_busiest() const;
  [[nodiscard]] uint64_t payments_open() const { return payments_open_; }
  // Of the requests, how many went out more than a second later than they were meant to: because the machine has more
  // to do than it can, so that what it says of the server and the guard is not to be believed.
  [[nodiscard]] double sent_late_ratio() const;
  // 5xx, but for a 503 with Retry-After; and answers that never came.
  [[nodiscard]] uint64_t server_errors() const { return server_errors_; }
  [[nodiscard]] uint64_t stolen_units() const;
  // In milliseconds. Sorts them.
  [[nodiscard]] double latency_ms(double quantile);
  // Nothing for whoever wanted nothing; kForGood for whoever was refused for good.
  [[nodiscard]] const std::vector<Duration>& longest_waits() const { return longest_waits_; }
  static constexpr Duration kForGood = Duration::micros(INT64_MAX);

 private:
  std::vector<CohortTally> cohorts_;
  std::map<uint32_t, uint64_t> statuses_;
  std::map<std::string, TrickTally, std::less<>> tricks_;
  std::vector<uint32_t> latencies_us_;
  std::vector<uint32_t> answers_by_second_;  // since the first request
  std::vector<Duration> longest_waits_;
  uint64_t server_errors_ = 0;
  uint64_t payments_open_ = 0;
  uint64_t sent_late_ = 0;
  Timestamp first_, last_;
};

// By the nearest rank; 0 of none. Sorts them.
template <class T>
[[nodiscard]] T quantile_of(std::vector<T>& values, double quantile);

// Jain's index of fairness (Jain, Chiu, Hawe 1984): 1 where all are equal, 1/n where one of n has all. 1 of none, and
// where nobody has anything.
[[nodiscard]] double jain_index(const std::vector<double>& shares);

}  // namespace doorbuster::stampede
