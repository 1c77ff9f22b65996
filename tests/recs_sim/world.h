// A world from a seed: shops that tell a server of recommendations what happens, a disk that fails and loses power, and
// processes that are killed, again and again.
//
// Promises, each looked at whenever an answer is given, and over all of the log at the end:
//   - what was answered is in the tables then, on whatever connection; and after every crash;
//   - an event with an id is in the log at most once, and once if it was answered;
//   - who was forgotten is in no table: not found, and not a byte of their hash in the saved tables or in a snapshot;
//   - the tables count as tables that never heard of what was cancelled or forgotten, and as tables from the log alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "recs_sim/server.h"
#include "recs_sim/shop.h"

namespace doorbuster::recs::sim {

struct Outcome {
  std::string broken = {};  // the first promise that was; empty: none
  uint64_t answers = 0;
  uint64_t crashes = 0;
  uint64_t events = 0;
};

class World {
 public:
  World(uint64_t seed, uint64_t steps);
  [[nodiscard]] Outcome run();

 private:
  void step();
  void start();
  void crash();
  void ask(uint32_t shop);
  void give_answers();
  void settle();
  void check_log();
  void check_bytes(const std::vector<std::byte>& bytes, const std::string& where);
  void breaks(const std::string& promise);
  [[nodiscard]] std::vector<NameHash> forgotten() const;

  struct Kept {
    uint32_t shop = 0;
    RecsMachine::Reply reply;
  };

  Prng random_;
  const uint64_t steps_;
  SimulatedClock clock_;
  Machine machine_;
  uint64_t fault_one_in_ = 0;  // 0: none
  std::vector<Shop> shops_;
  std::vector<bool> is_asked_;  // by shop: this process has its command
  std::unique_ptr<Server> server_;
  std::vector<Kept> kept_;  // answers that rest on what is not in the tables yet
  Outcome outcome_;
};

}  // namespace doorbuster::recs::sim
