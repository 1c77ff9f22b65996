// What a seed draws before anything happens: how large the world is, and how much goes wrong in it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/prng.h"
#include "sale/machine/machine.h"

namespace doorbuster::sim {

// One in so many goes wrong; 0 is never.
struct Plan {
  uint64_t seed = 0;
  std::vector<sale::Settings> sales;
  std::vector<std::optional<Duration>> beacons;  // by sale: how long after the opening the one of its draw is public
  bool is_about_visits = false;                  // all of them are sites to visit, not sales
  uint32_t cells_at_first = 1;                   // of a server
  uint32_t cells = 1;                            // once they have been raised
  bool is_archived = false;                      // a month passes after the quiet end
  bool has_webhooks = false;                     // somebody is told what happens
  bool has_sessions = false;                     // the staff logs in
  bool has_guard = false;                        // at the gate; otherwise it thinks at random
  uint32_t customers = 0;
  Duration length;  // of the lively part; then comes the quiet end

  // Network.
  Duration travel_max;
  uint64_t lose_one_in = 0;
  uint64_t repeat_one_in = 0;

  // Disk. A fault comes about every so many operations.
  Duration write_max;
  uint64_t disk_failure_every = 0;
  uint64_t power_loss_every = 0;
  bool tear = false;
  bool reorder = false;
  // For the sweep that crashes at each operation in turn: exactly these operations, and no random faults.
  std::vector<uint64_t> power_loss_at;

  // Machines and people. Mean time between two of them; 0 is never.
  Duration kill_every;
  Duration pause_every;
  Duration takeover_every;
  Duration hand_over_every;  // a cell
  Duration graceful_restart_every;
  Duration clock_jump_every;
  Duration operator_every;

  sale::Capacity capacity;  // of each cell
  bool is_tight = false;    // so little that people are refused, and what came to nothing is forgotten early
  uint64_t events_a_snapshot = 0;
  size_t commands_a_turn = 0;
  uint64_t events_a_batch = 0;

  // The place in the plan of the sale with this id: by that the world outside numbers sales.
  [[nodiscard]] sale::SaleNumber number_of(std::string_view id) const;
  // Whether that cell may have to decide about a sale of the plan (docs/decisions/0017): who creates it when decides.
  [[nodiscard]] bool may_be_in(sale::SaleNumber number, CellId cell) const;
};

// Of each cell, where there is enough: the tables are never half full.
inline constexpr sale::Capacity kSimCapacity = {.sales = 4, .holds = 2'000, .entries = 2'000, .operator_keys = 1'000};

[[nodiscard]] Timestamp start_of_time();
[[nodiscard]] Plan draw_plan(uint64_t seed);
// A world small enough to be run once for each of its disk operations.
[[nodiscard]] Plan draw_small_plan(uint64_t seed);

}  // namespace doorbuster::sim
