#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "auth/shop_signer.h"
#include "base/crypto.h"
#include "base/exit_code.h"
#include "demo/calendar.h"
#include "demo/demo_options.h"
#include "demo/demo_sales.h"
#include "demo/person.h"

namespace doorbuster::demo {
namespace {

constexpr uint32_t kHands = 8;        // calls at once, however many people there are
constexpr double kEarlyShare = 0.85;  // come before a sale that is not open yet opens
constexpr double kEarlySecondsMax = 600;
constexpr double kComeInSecond = 40;  // to a sale that is open

using SteadyClock = std::chrono::steady_clock;

std::chrono::microseconds real(Duration duration) { return std::chrono::microseconds(duration.micros()); }
Duration seconds_of(double seconds) { return Duration::micros(static_cast<int64_t>(seconds * 1e6)); }

class Crowd {
 public:
  Crowd(const DemoOptions& options, const auth::JwtSigner& signer, uint64_t seed, DemoHttp& http, SaleSeen seen)
      : options_(options),
        signer_(signer),
        seed_(seed),
        context_{.http = http, .sale = options.sale, .seen = std::move(seen), .pace = options.pace} {}

  Result<void> run();

 private:
  void invite();
  [[nodiscard]] Duration arrival_of(Prng& random) const;
  [[nodiscard]] std::string link_for(Prng& random) const;
  [[nodiscard]] std::string token_of(uint32_t number) const;
  void work();
  Result<void> watch();
  void show(const SaleSeen& sale) const;
  void sum_up(const SaleSeen& sale) const;
  [[nodiscard]] unsigned ended(End how) const { return context_.ends[static_cast<size_t>(how)].load(); }

  const DemoOptions& options_;
  const auth::JwtSigner& signer_;
  const uint64_t seed_;
  const std::vector<std::string> links_ = links_of(options_.sale, options_.server, options_.data);
  CrowdContext context_;
  Calendar calendar_;
  std::vector<Person> people_;
  const SteadyClock::time_point start_ = SteadyClock::now();
};

// Of the early ones half come at any time, the others more and more towards the opening.
Duration Crowd::arrival_of(Prng& random) const {
  const auto share = [&random] { return static_cast<double>(random.below(1'000'000)) / 1e6; };
  const double opens_in = static_cast<double>((context_.seen.opens_at - SystemClock().now()).micros()) / 1e6;
  const bool is_early = opens_in > 1 && share() < kEarlyShare;
  const double window = std::min(opens_in, kEarlySecondsMax);
  if (is_early) return seconds_of(window * (random.chance(2) ? share() : std::sqrt(share())));
  const double stream = std::clamp(options_.customers / kComeInSecond, 5.0, 120.0) / options_.pace;
  return seconds_of(std::max(0.0, opens_in) + stream * share());
}

// The first link brings the most.
std::string Crowd::link_for(Prng& random) const {
  for (const std::string& link : links_) {
    if (random.chance(2)) return link;
  }
  return {};
}

std::string Crowd::token_of(uint32_t number) const {
  const std::string sub = "crowd-" + std::to_string(seed_) + "-" + std::to_string(number);
  auth::JwtClaims claims;
  claims.sub = std::string_view(sub);
  claims.expires_at = SystemClock().now() + Duration::seconds(4 * 3600);
  return signer_.mint(claims);
}

void Crowd::invite() {
  Prng random(seed_);
  people_.reserve(options_.customers);
  for (uint32_t i = 0; i < options_.customers; ++i) {
    people_.emplace_back(seed_ + i, token_of(i), link_for(random));
    calendar_.add(SteadyClock::now() + real(arrival_of(random)), i);
  }
}

void Crowd::work() {
  while (const auto person = calendar_.take()) {
    const auto pause = people_[*person].step(context_);
    if (pause) {
      calendar_.again(SteadyClock::now() + real(*pause), *person);
    } else {
      calendar_.done();
    }
  }
}

Result<void> Crowd::run() {
  std::printf("%u customers are on their way to '%s' (%s). The same crowd again: --seed %llu\n", options_.customers,
              options_.sale.c_str(), context_.seen.title.c_str(), static_cast<unsigned long long>(seed_));
  invite();
  std::vector<std::thread> hands;
  for (uint32_t i = 0; i < kHands; ++i) hands.emplace_back([this] { work(); });
  Result<void> watched = watch();
  calendar_.stop();
  for (std::thread& each : hands) each.join();
  TRY(std::move(watched));
  // Who still waited for a unit when the last one was sold.
  context_.ends[static_cast<size_t>(End::kTooLate)] += static_cast<uint32_t>(calendar_.people());
  sum_up(TRY(ShopVisit(context_.http, options_.sale, "").look()));
  return {};
}

// Until everybody has gone, or every unit is sold. What was paid for last may take a moment until it is known.
Result<void> Crowd::watch() {
  const bool live = isatty(STDOUT_FILENO) != 0;
  ShopVisit looking(context_.http, options_.sale, "");
  int64_t sold = -1;
  for (int quiet = 0; quiet < 3;) {
    const SaleSeen sale = TRY(looking.look());
    show(sale);
    context_.is_over = sale.sold == sale.units || sale.state == "closed";
    quiet = (calendar_.people() == 0 || sale.sold == sale.units) && sale.sold == sold ? quiet + 1 : 0;
    sold = sale.sold;
    std::this_thread::sleep_for(std::chrono::milliseconds(live ? 250 : 1'000));
  }
  if (live) std::printf("\n");
  return {};
}

void Crowd::show(const SaleSeen& sale) const {
  if (options_.quiet) return;
  const bool live = isatty(STDOUT_FILENO) != 0;
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - start_).count();
  std::printf(
      "%s%6.1f s  %-9s %5u came  %5lld wait  |  available %lld  offered %lld  held %lld  paying %lld  sold %lld%s",
      live ? "\r\033[K" : "", seconds, sale.state.c_str(), context_.came.load(), static_cast<long long>(sale.waiting),
      static_cast<long long>(sale.available), static_cast<long long>(sale.offered), static_cast<long long>(sale.held),
      static_cast<long long>(sale.paying), static_cast<long long>(sale.sold), live ? "" : "\n");
  std::fflush(stdout);
}

void Crowd::sum_up(const SaleSeen& sale) const {
  std::printf(
      "\n%u came: %u paid (%u payments were declined first), %u gave their unit back, %u reserved and never paid,\n"
      "%u went away while paying, %u left the queue, %u missed their turn, %u were too late, %u had trouble.\n",
      context_.came.load(), ended(End::kPaid), context_.declined.load(), ended(End::kGaveBack),
      ended(End::kForgotToPay), ended(End::kLeftWhilePaying), ended(End::kLeftTheQueue), ended(End::kMissedTheirTurn),
      ended(End::kTooLate), ended(End::kTrouble));
  const int64_t sum = sale.available + sale.offered + sale.held + sale.paying + sale.sold;
  std::printf("%lld available + %lld offered + %lld held + %lld paying + %lld sold = %lld; the sale has %lld units.\n",
              static_cast<long long>(sale.available), static_cast<long long>(sale.offered),
              static_cast<long long>(sale.held), static_cast<long long>(sale.paying), static_cast<long long>(sale.sold),
              static_cast<long long>(sum), static_cast<long long>(sale.units));
  if (sale.held + sale.paying > 0)
    std::printf("What is held or being paid goes back on sale by itself when its time is up.\n");
  if (sale.queue == "draw") {
    std::printf("Check the draw: doorbuster verify %s/api/v1/sales/%s/transcript\n", options_.server.c_str(),
                options_.sale.c_str());
  }
  std::fflush(stdout);
}

uint64_t fresh_seed() {
  std::array<std::byte, 4> random{};
  fill_random(random);
  uint32_t seed = 0;
  std::memcpy(&seed, random.data(), sizeof seed);
  return uint64_t{seed} + 1;
}

Result<void> bring_crowd(const DemoOptions& options) {
  const auth::JwtSigner signer = TRY(auth::shop_signer(options.data));
  DemoHttp http(options.server, kHands + 1);
  const SaleSeen seen = TRY(ShopVisit(http, options.sale, "").look());
  return Crowd(options, signer, options.seed == 0 ? fresh_seed() : options.seed, http, seen).run();
}

}  // namespace

int demo_crowd(const DemoOptions& options) { return exit_code_of(bring_crowd(options)); }

}  // namespace doorbuster::demo
