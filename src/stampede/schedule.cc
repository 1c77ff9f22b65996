#include "stampede/schedule.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/crypto.h"
#include "base/prng.h"

namespace doorbuster::stampede {
namespace {

constexpr uint32_t kLoopback = 127U << 24;
constexpr uint32_t kFirstNetwork = 256;  // 127.1.0.0: servers have their own addresses below
constexpr uint32_t kOldAccountDays = 365;
constexpr uint32_t kOldestAccountDays = 3'650;
constexpr uint32_t kNewAccountDays = 30;

double share(Prng& random) { return static_cast<double>(random.below(1'000'000)) / 1e6; }

bool in_hundred(Prng& random, uint32_t percent) { return random.below(100) < percent; }

// Rising: of twice the time four times as many have come.
Duration arrival(const Cohort& cohort, Prng& random) {
  const double drawn = cohort.arrivals == Arrivals::kRising ? std::sqrt(share(random)) : share(random);
  const double window = cohort.arrive_until_seconds - cohort.arrive_from_seconds;
  return Duration::micros(static_cast<int64_t>((cohort.arrive_from_seconds + drawn * window) * 1e6));
}

uint32_t account_age(const Cohort& cohort, Prng& random) {
  if (!in_hundred(random, cohort.old_accounts_percent)) return static_cast<uint32_t>(random.below(kNewAccountDays));
  return kOldAccountDays + static_cast<uint32_t>(random.below(kOldestAccountDays - kOldAccountDays));
}

// Devices differ by factors, so it is the factor that is drawn evenly.
uint32_t device_speed(const Cohort& cohort, Prng& random) {
  const double least = cohort.device_derivations_min, most = cohort.device_derivations_max;
  return static_cast<uint32_t>(least * std::pow(most / least, share(random)));
}

Visitor make_visitor(const Cohort& cohort, Prng& random) {
  Visitor visitor{.arrives = arrival(cohort, random), .seed = random.next()};
  const std::string& headers = cohort.headers[random.below(cohort.headers.size())];
  visitor.profile = *profile_named(headers);
  visitor.shows_page = in_hundred(random, cohort.page_percent);
  visitor.pays = in_hundred(random, cohort.pays_percent);
  visitor.returns = in_hundred(random, cohort.returns_percent);
  visitor.leaks = in_hundred(random, cohort.leaks_percent);
  visitor.derivations_per_second = device_speed(cohort, random);
  return visitor;
}

// By its name, so that a cohort is the same whoever else comes.
uint64_t seed_of(std::string_view name) {
  const Digest digest = sha256(as_bytes(name));
  uint64_t word = 0;
  std::memcpy(&word, digest.data(), sizeof word);
  return word;
}

// Which clients are signed in is drawn, too, so that it has nothing to do with when they come or where from.
void give_accounts(const Cohort& cohort, std::vector<Visitor>& visitors, size_t first, Prng& random) {
  std::vector<uint32_t> order(cohort.clients);
  std::iota(order.begin(), order.end(), 0U);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  for (uint32_t account = 0; account < cohort.accounts; ++account) {
    Visitor& visitor = visitors[first + order[account]];
    visitor.has_account = true;
    visitor.account_age_days = account_age(cohort, random);
    visitor.instrument = account % cohort.instruments;
  }
}

}  // namespace

std::vector<Visitor> make_schedule(const Scenario& scenario, uint64_t seed) {
  std::vector<Visitor> visitors;
  visitors.reserve(scenario.clients());
  for (uint32_t cohort = 0; cohort < scenario.cohorts.size(); ++cohort) {
    const Cohort& of = scenario.cohorts[cohort];
    Prng random(mixed64(seed) ^ seed_of(of.name));
    const size_t first = visitors.size();
    for (uint32_t number = 0; number < of.clients; ++number) {
      visitors.push_back(make_visitor(of, random));
      visitors.back().cohort = cohort;
      visitors.back().number = number;
    }
    give_accounts(of, visitors, first, random);
  }
  return visitors;
}

Duration time_before_opening(const std::vector<Visitor>& visitors) {
  Duration first;
  for (const Visitor& visitor : visitors) first = std::min(first, visitor.arrives);
  return Duration() - first;
}

AddressBook::AddressBook(const Scenario& scenario) {
  uint32_t network = kFirstNetwork;
  for (const Cohort& cohort : scenario.cohorts) {
    blocks_.push_back({.first_network = network,
                       .networks = cohort.networks,
                       .addresses = cohort.addresses,
                       .clients = cohort.clients,
                       .refused_until = std::vector<Timestamp>(cohort.addresses)});
    network += cohort.networks;
  }
}

uint32_t AddressBook::number_of(uint32_t cohort, uint32_t client, uint32_t choice) const {
  const Block& block = blocks_[cohort];
  const uint64_t step = block.addresses > block.clients ? block.clients : 1;
  return static_cast<uint32_t>((client + choice * step) % block.addresses);
}

uint32_t AddressBook::address_of(uint32_t cohort, uint32_t number) const {
  const Block& block = blocks_[cohort];
  const uint32_t network = block.first_network + number % block.networks;
  return kLoopback + network * 256 + 1 + number / block.networks;
}

void AddressBook::is_refused(uint32_t cohort, uint32_t number, Timestamp until) {
  Timestamp& known = blocks_[cohort].refused_until[number];
  known = std::max(known, until);
}

bool AddressBook::is_free(uint32_t cohort, uint32_t number, Timestamp now) const {
  return blocks_[cohort].refused_until[number] <= now;
}

uint32_t AddressBook::choices(uint32_t cohort) const {
  const Block& block = blocks_[cohort];
  return block.addresses > block.clients ? (block.addresses + block.clients - 1) / block.clients : block.addresses;
}

}  // namespace doorbuster::stampede
