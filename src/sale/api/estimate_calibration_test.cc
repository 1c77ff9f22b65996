// Whether estimates are honest: what people in line are told, against what becomes of them, in sales that the machine
// runs with crowds of whom some do not come and some do not pay.
#include <gtest/gtest.h>

#include "base/prng.h"
#include "sale/api/estimate.h"
#include "sale/machine/machine.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kCapacity = {
    .sales = 1, .holds = 20'000, .entries = 20'000, .operator_keys = 4, .sale_share_percent = 100};
constexpr SaleNumber kSale{0};
constexpr Timestamp kOpens = Timestamp::from_micros(1'700'000'000'000'000);
constexpr int kTicksASecond = 2;

struct Crowd {
  uint64_t seed;
  uint32_t units;
  uint32_t people;
  double comes;
  double pays;
  std::optional<uint32_t> outflow_per_minute;
};

// What one person was told at one moment, and what became of it.
struct Told {
  uint32_t who;
  int64_t at_seconds;
  Estimate estimate;
  bool has_bought = false;
  std::optional<int64_t> waited_seconds;
};

class Day {
 public:
  explicit Day(const Crowd& crowd) : crowd_(crowd), random_(crowd.seed), people_(crowd.people + 1) {
    machine_.go_live(kOpens);
    settings_.id = "drop";
    settings_.units = crowd.units;
    settings_.queue = QueueKind::kFifo;
    settings_.opens_at = kOpens;
    settings_.outflow_per_minute = crowd.outflow_per_minute;
    decide(CreateSale{std::make_unique<Settings>(settings_), false, {}});
    for (uint32_t who = 1; who <= crowd.people; ++who) decide(Join{kSale, hash_of(who), {}});
  }

  std::vector<Told> told_in(int64_t seconds) {
    std::vector<Told> told;
    for (int64_t tick = 0; tick < seconds * kTicksASecond; ++tick) {
      now_ = kOpens + Duration::millis(tick * 1'000 / kTicksASecond);
      move(tick);
      if (tick % (20 * kTicksASecond) == 15) tell(told);
    }
    for (Told& one : told) conclude(one);
    return told;
  }

 private:
  struct Person {
    EntryNumber entry;
    std::optional<int64_t> offered_second;
    std::optional<HoldNumber> hold;
    bool has_bought = false;
  };
  using Plan = std::vector<std::vector<uint32_t>>;  // who acts, by tick

  static CustomerHash hash_of(uint64_t who) { return {who, who * 0x9E3779B97F4A7C15}; }

  Reply decide(const Command& command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    return machine_.decide(command, now_, sink);
  }

  bool chance(double share) { return static_cast<double>(random_.below(1'000'000)) < share * 1e6; }
  void plan(Plan& acts, int64_t tick, uint64_t within_seconds, uint32_t who) {
    const auto at = static_cast<size_t>(tick) + 1 + random_.below(within_seconds * kTicksASecond);
    if (acts.size() <= at) acts.resize(at + 1);
    acts[at].push_back(who);
  }

  void move(int64_t tick) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    while (!machine_.tick(now_, 1'000, sink)) {
    }
    const auto now = static_cast<size_t>(tick);
    const uint32_t now_serving = machine_.state().status_of(kSale).now_serving;
    while (served_ < now_serving) {
      people_[++served_].offered_second = tick / kTicksASecond;
      if (chance(crowd_.comes)) plan(claims_, tick, settings_.claim_seconds - 2, served_);
    }
    for (size_t i = 0; now < claims_.size() && i < claims_[now].size(); ++i) claim(claims_[now][i], tick);
    for (size_t i = 0; now < payments_.size() && i < payments_[now].size(); ++i) pay(payments_[now][i]);
  }
  void claim(uint32_t who, int64_t tick) {
    people_[who].hold = decide(Reserve{kSale, hash_of(who), {}}).hold->number;
    if (chance(crowd_.pays)) plan(payments_, tick, settings_.hold_seconds - 2, who);
  }
  void pay(uint32_t who) {
    decide(StartPayment{*people_[who].hold, hash_of(who), {}});
    decide(SettlePayment{*people_[who].hold, 1, PaymentResult::kSucceeded, {}});
    people_[who].has_bought = true;
  }

  // Every few of those who wait.
  void tell(std::vector<Told>& told) {
    const PublicStatus status = machine_.state().status_of(kSale);
    for (uint32_t who = served_ + 1; who <= crowd_.people; who += 17) {
      const uint32_t slot = machine_.state().entry_of(kSale, hash_of(who));
      const EntryView entry = *decide(LookUpEntry{machine_.state().number_of_entry(slot), std::nullopt}).entry;
      told.push_back({who, (now_ - kOpens).whole_seconds(), estimate(entry, settings_, status, now_), false, {}});
    }
  }
  void conclude(Told& told) {
    const Person& person = people_[told.who];
    told.has_bought = person.has_bought;
    if (person.offered_second) told.waited_seconds = *person.offered_second - told.at_seconds;
  }

  Crowd crowd_;
  Prng random_;
  Settings settings_;
  Machine machine_{kCapacity};
  Timestamp now_ = kOpens;
  std::vector<Person> people_;
  uint32_t served_ = 0;
  Plan claims_;
  Plan payments_;
};

struct Counted {
  double hits = 0;
  double all = 0;
  [[nodiscard]] double share() const { return hits / all; }
};

// Of those who were told odds of about so much: who was offered a unit. (Whether they then take and pay it is theirs.)
Counted offered_of(const std::vector<Told>& told, double from, double to) {
  Counted counted;
  for (const Told& one : told) {
    if (one.estimate.odds < from || one.estimate.odds >= to) continue;
    ++counted.all;
    counted.hits += one.waited_seconds.has_value();
  }
  return counted;
}

TEST(Calibration, of_odds_holds_in_sales_of_many_kinds) {
  std::vector<Told> told;
  Prng random(4711);
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const Crowd crowd{.seed = seed,
                      .units = 300,
                      .people = 900,
                      .comes = 0.5 + static_cast<double>(random.below(50)) / 100,
                      .pays = 0.6 + static_cast<double>(random.below(40)) / 100,
                      .outflow_per_minute = random.chance(2) ? std::nullopt : std::optional<uint32_t>(200)};
    const auto day = Day(crowd).told_in(3'600);
    told.insert(told.end(), day.begin(), day.end());
  }
  for (const auto& [from, to] :
       {std::pair(0.0, 0.05), {0.05, 0.2}, {0.2, 0.4}, {0.4, 0.6}, {0.6, 0.8}, {0.8, 0.95}, {0.95, 1.01}}) {
    const Counted counted = offered_of(told, from, to);
    std::printf("told %.2f to %.2f: %.0f times, %.3f were offered one\n", from, to, counted.all, counted.share());
    EXPECT_NEAR(counted.share(), (from + std::min(to, 1.0)) / 2, 0.12) << from;
  }
}

void expect_honest_waits(const std::string& what, const std::vector<Told>& told) {
  Counted near;
  Counted p90;
  double width = 0;
  for (const Told& one : told) {
    if (!one.estimate.wait || !one.waited_seconds) continue;
    const auto waited = static_cast<double>(*one.waited_seconds);
    const double p50 = one.estimate.wait->p50_seconds;
    ++near.all;
    ++p90.all;
    near.hits += std::abs(waited - p50) <= 0.25 * p50 + 2;
    p90.hits += waited <= one.estimate.wait->p90_seconds;
    width += one.estimate.wait->p90_seconds / p50;
  }
  std::printf("%s: %.0f told, %.3f waited p50 within a quarter, %.3f not longer than p90, which is %.2f times p50\n",
              what.c_str(), near.all, near.share(), p90.share(), width / near.all);
  EXPECT_GT(near.all, 500);
  EXPECT_GE(near.share(), 0.6);  // in the first minute nobody can know how few will come
  EXPECT_GE(p90.share(), 0.88);
  EXPECT_LE(width / near.all, 1.6);
}

TEST(Calibration, of_the_wait_holds_under_an_outflow_with_no_shows) {
  for (const double comes : {1.0, 0.9, 0.7, 0.4}) {
    const auto told =
        Day({.seed = 7, .units = 8'000, .people = 8'000, .comes = comes, .pays = 0.9, .outflow_per_minute = 500})
            .told_in(1'500);
    expect_honest_waits(std::to_string(static_cast<int>(comes * 100)) + " % come", told);
  }
}

}  // namespace
}  // namespace doorbuster::sale
