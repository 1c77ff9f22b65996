// What happens in a stampede: a sale, a policy of the guard, who comes, and what has to come of it. A TOML file that
// can be read aloud (docs/stampede.md); what it must not say is told with its line.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::stampede {

// Who a cohort is. All but people are bots; the first four differ in what they have, not in how they go about it.
enum class Kind : uint8_t {
  kPeople,
  kScript,         // no browser
  kHeadless,       // a browser that nobody sits at, or what passes for one
  kManySessions,   // behind few addresses
  kManyAddresses,  // of residential proxies, with few sessions each
  kThief,          // tries with what belongs to others
  kHoarder,        // takes units, and never pays
};
inline constexpr std::array<std::string_view, 7> kKindNames = {"people",         "script", "headless", "many_sessions",
                                                               "many_addresses", "thief",  "hoarder"};

enum class Queue : uint8_t { kNone, kFifo, kDraw };
inline constexpr std::array<std::string_view, 3> kQueueNames = {"none", "fifo", "draw"};

enum class Arrivals : uint8_t { kEven, kRising };
inline constexpr std::array<std::string_view, 2> kArrivalsNames = {"even", "rising"};

struct SaleSpec {
  uint32_t units = 100;
  Queue queue = Queue::kDraw;
  uint32_t prequeue_seconds = 20;
  uint32_t claim_seconds = 10;
  uint32_t hold_seconds = 20;
  uint32_t payment_grace_seconds = 10;
  uint32_t outflow_per_minute = 0;  // 0: as fast as units are there
};

// The machines that all bots of the scenario share to solve challenges with.
struct SolverSpec {
  uint32_t cores = 8;
  uint32_t derivations_per_second = 4'000;  // of each
};

struct Cohort {
  std::string name;
  Kind kind = Kind::kPeople;
  uint32_t clients = 0;
  Arrivals arrivals = Arrivals::kEven;
  int32_t arrive_from_seconds = -10;  // from the opening
  int32_t arrive_until_seconds = 10;
  uint32_t addresses = 0;  // 0: one each
  uint32_t networks = 0;   // of 256 addresses, over which the addresses are spread; 0: one for each address
  uint32_t accounts = 0;   // clients who are signed in at the shop; the others are guests
  uint32_t old_accounts_percent = 0;
  uint32_t instruments = 0;  // to pay with, of all the accounts together; 0: one for each account
  std::vector<std::string> headers = {"chromium_desktop"};
  uint32_t page_percent = 100;  // whose requests tell of a visitor who moves and reads
  uint32_t pays_percent = 100;
  uint32_t returns_percent = 0;           // close the tab and come back; people only
  bool solves = true;                     // challenges
  uint32_t device_derivations_min = 700;  // a second, of people's devices
  uint32_t device_derivations_max = 3'000;
  uint32_t leaks_percent = 0;  // whose tokens and ids a thief has; people only
};

// What a run is held to. 0: not held to that.
struct Objectives {
  uint32_t human_share_of_units_percent_min = 0;
  uint32_t human_share_of_traffic_percent_max = 0;
  uint32_t honest_refused_percent_max = 0;
  uint32_t bot_units_per_human_percent_max = 0;
  uint32_t slowdown_percent_max = 0;
  uint32_t jain_percent_min = 98;
};

struct Scenario {
  std::string title;
  std::string policy = "drop";
  uint32_t challenges = 1'024;  // that the server has made before anybody comes (guard.challenges)
  uint32_t seconds = 60;        // from the opening, at most
  uint32_t storm_seconds = 0;   // everybody goes on asking for so long after all is sold
  SaleSpec sale;
  SolverSpec solver;
  Objectives objectives;
  std::vector<Cohort> cohorts;

  [[nodiscard]] size_t clients() const;
};

[[nodiscard]] inline bool is_bot(const Cohort& cohort) { return cohort.kind != Kind::kPeople; }

// kInvalid lists all that is wrong, a line each, beginning with NAME:LINE where it has one.
[[nodiscard]] Result<Scenario> parse_scenario(std::string_view text, std::string_view name);

// kNotFound, or what parse_scenario says. A policy that is a file is looked for beside the scenario.
[[nodiscard]] Result<Scenario> load_scenario(const std::string& path);

}  // namespace doorbuster::stampede
