// What each customer of the crowd does is drawn from a table of shares; they are made up, to show every way that a
// hold can end, and measured nowhere.
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "app/demo/demo_options.h"
#include "app/demo/shop_visit.h"
#include "app/exit_code.h"
#include "app/shop_signer.h"
#include "base/crypto.h"
#include "base/prng.h"

namespace doorbuster::app {
namespace {

enum class Habit { kPays, kIsDeclinedFirst, kChangesMind, kForgetsToPay, kLeavesWhilePaying };
constexpr std::array<uint64_t, 5> kShareInHundred = {72, 6, 8, 9, 5};
constexpr uint32_t kAtOnce = 32;
constexpr Duration kPatience = Duration::seconds(1);  // in a queue

using SteadyClock = std::chrono::steady_clock;

struct Tally {
  std::atomic<uint32_t> came{0};
  std::atomic<uint32_t> paid{0};
  std::atomic<uint32_t> declined{0};
  std::atomic<uint32_t> released{0};
  std::atomic<uint32_t> forgot{0};
  std::atomic<uint32_t> left_paying{0};
  std::atomic<uint32_t> too_late{0};
  std::atomic<uint32_t> troubles{0};
};

class Crowd {
 public:
  Crowd(const DemoOptions& options, const auth::JwtSigner& signer, uint64_t seed)
      : options_(options), signer_(signer), seed_(seed), http_(options.server, kAtOnce + 1) {}

  Result<void> run();

 private:
  void worker();
  void customer(uint32_t number);
  Result<void> visit(ShopVisit& visit, Prng& random);
  Result<bool> gets_a_turn(ShopVisit& visit);
  Result<void> pay(ShopVisit& visit, const std::string& hold, Habit habit, Prng& random);
  Result<void> watch();
  void show(const SaleSeen& sale) const;
  void sum_up(const SaleSeen& sale) const;

  const DemoOptions& options_;
  const auth::JwtSigner& signer_;
  const uint64_t seed_;
  DemoHttp http_;
  bool queued_ = false;
  std::atomic<uint32_t> next_{0};
  std::atomic<uint32_t> done_{0};
  std::atomic<bool> unreachable_{false};
  const SteadyClock::time_point start_ = SteadyClock::now();
  Tally tally_;
};

void think(Prng& random) { std::this_thread::sleep_for(std::chrono::milliseconds(20 + random.below(100))); }

Habit habit_of(Prng& random) {
  uint64_t drawn = random.below(100);
  size_t habit = 0;
  while (drawn >= kShareInHundred[habit]) drawn -= kShareInHundred[habit++];
  return static_cast<Habit>(habit);
}

Result<void> Crowd::run() {
  const SaleSeen sale = TRY(ShopVisit(http_, options_.sale, "").look());
  queued_ = sale.queue != "none";
  std::printf("%u customers come to '%s' (%s). The same crowd again: --seed %llu\n", options_.customers,
              options_.sale.c_str(), sale.title.c_str(), static_cast<unsigned long long>(seed_));
  std::vector<std::thread> workers;
  for (uint32_t i = 0; i < kAtOnce; ++i) workers.emplace_back([this] { worker(); });
  Result<void> watched = watch();
  if (!watched) unreachable_ = true;
  for (std::thread& each : workers) each.join();
  TRY(std::move(watched));
  sum_up(TRY(ShopVisit(http_, options_.sale, "").look()));
  return {};
}

void Crowd::worker() {
  for (uint32_t i = next_++; i < options_.customers && !unreachable_; i = next_++) {
    customer(i);
    ++done_;
  }
}

void Crowd::customer(uint32_t number) {
  const std::string sub = "crowd-" + std::to_string(seed_) + "-" + std::to_string(number);
  auth::JwtClaims claims;
  claims.sub = std::string_view(sub);
  claims.expires_at = SystemClock().now() + Duration::seconds(3600);
  Prng random(seed_ + number);
  ++tally_.came;
  ShopVisit shop(http_, options_.sale, signer_.mint(claims));
  const Result<void> visited = visit(shop, random);
  if (visited) return;
  ++(visited.error().code == ErrorCode::kConflict ? tally_.too_late : tally_.troubles);
}

Result<void> Crowd::visit(ShopVisit& visit, Prng& random) {
  think(random);
  if (queued_ && !TRY(gets_a_turn(visit))) return fail(ErrorCode::kConflict, "no offer came");
  const HoldSeen hold = TRY(visit.reserve());
  think(random);
  const Habit habit = habit_of(random);
  if (habit == Habit::kForgetsToPay) {
    ++tally_.forgot;
    return {};
  }
  if (habit == Habit::kChangesMind) {
    TRY(visit.release(hold.id));
    ++tally_.released;
    return {};
  }
  return pay(visit, hold.id, habit, random);
}

Result<bool> Crowd::gets_a_turn(ShopVisit& visit) {
  EntrySeen entry = TRY(visit.join());
  const auto until = SteadyClock::now() + std::chrono::microseconds(kPatience.micros());
  while (entry.state == "waiting" && SteadyClock::now() < until) {
    std::this_thread::sleep_for(std::chrono::seconds(entry.next_poll_seconds));
    entry = TRY(visit.entry(entry.id));
  }
  if (entry.state == "waiting") TRY(visit.leave(entry.id));
  return entry.state == "offered";
}

Result<void> Crowd::pay(ShopVisit& visit, const std::string& hold, Habit habit, Prng& random) {
  OrderSeen order = TRY(visit.start_payment(hold));
  think(random);
  if (habit == Habit::kLeavesWhilePaying) {
    ++tally_.left_paying;
    return {};
  }
  if (habit == Habit::kIsDeclinedFirst) {
    TRY(visit.press(order, "decline"));
    ++tally_.declined;
    for (int polls = 0; polls < 50 && TRY(visit.order(order.id)).state == "paying"; ++polls) think(random);
    order = TRY(visit.start_payment(hold));
  }
  TRY(visit.press(order, "pay"));
  ++tally_.paid;
  return {};
}

// Until everybody has been in, and then until what was paid for has been sold: the provider's word may take a moment.
Result<void> Crowd::watch() {
  const auto pause = std::chrono::milliseconds(isatty(STDOUT_FILENO) != 0 ? 200 : 1'000);
  ShopVisit looking(http_, options_.sale, "");
  int quiet = 0;
  int64_t sold = -1;
  while (quiet < 3) {
    const SaleSeen sale = TRY(looking.look());
    show(sale);
    quiet = done_ >= options_.customers && sale.sold == sold ? quiet + 1 : 0;
    sold = sale.sold;
    std::this_thread::sleep_for(pause);
  }
  if (isatty(STDOUT_FILENO) != 0) std::printf("\n");
  return {};
}

void Crowd::show(const SaleSeen& sale) const {
  const bool live = isatty(STDOUT_FILENO) != 0;
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - start_).count();
  std::printf("%s%6.1f s  %5u been in  |  available %lld  offered %lld  held %lld  paying %lld  sold %lld%s",
              live ? "\r\033[K" : "", seconds, done_.load(), static_cast<long long>(sale.available),
              static_cast<long long>(sale.offered), static_cast<long long>(sale.held),
              static_cast<long long>(sale.paying), static_cast<long long>(sale.sold), live ? "" : "\n");
  std::fflush(stdout);
}

void Crowd::sum_up(const SaleSeen& sale) const {
  std::printf(
      "\n%u came: %u paid (%u of them after a declined attempt), %u gave their unit back, %u reserved and never paid,\n"
      "%u went away while paying, %u were refused (sold out, no turn, not open), %u had trouble.\n",
      tally_.came.load(), tally_.paid.load(), tally_.declined.load(), tally_.released.load(), tally_.forgot.load(),
      tally_.left_paying.load(), tally_.too_late.load(), tally_.troubles.load());
  const int64_t sum = sale.available + sale.offered + sale.held + sale.paying + sale.sold;
  std::printf("%lld available + %lld offered + %lld held + %lld paying + %lld sold = %lld; the sale has %lld units.\n",
              static_cast<long long>(sale.available), static_cast<long long>(sale.offered),
              static_cast<long long>(sale.held), static_cast<long long>(sale.paying), static_cast<long long>(sale.sold),
              static_cast<long long>(sum), static_cast<long long>(sale.units));
  if (tally_.forgot + tally_.left_paying > 0)
    std::printf("What is held or being paid goes back on sale by itself when its time is up.\n");
}

uint64_t fresh_seed() {
  std::array<std::byte, 4> random{};
  fill_random(random);
  uint32_t seed = 0;
  std::memcpy(&seed, random.data(), sizeof seed);
  return uint64_t{seed} + 1;
}

Result<void> bring_crowd(const DemoOptions& options) {
  const auth::JwtSigner signer = TRY(shop_signer(options.data));
  return Crowd(options, signer, options.seed == 0 ? fresh_seed() : options.seed).run();
}

}  // namespace

int demo_crowd(const DemoOptions& options) { return exit_code_of(bring_crowd(options)); }

}  // namespace doorbuster::app
