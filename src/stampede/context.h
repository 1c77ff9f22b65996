// What all clients of a run share.
#pragma once

#include <string>
#include <vector>

#include "auth/jwt.h"
#include "base/time.h"
#include "guard/challenge.h"
#include "guard/policy.h"
#include "stampede/engine.h"
#include "stampede/scenario.h"
#include "stampede/schedule.h"
#include "stampede/solver_pool.h"
#include "stampede/tally.h"
#include "stampede/truth.h"

namespace doorbuster::stampede {

// What somebody has by which the server knows them or their things, and what a thief got hold of.
struct Belongings {
  std::string bearer;
  std::string cookie;
  std::string entry;
  std::string entry_token;
  std::string admission;
  std::string hold;
  std::string reserve_key;  // the Idempotency-Key of the reservation
  std::string solution;     // that was used
};

struct Context {
  Engine& engine;
  const Scenario& scenario;
  AddressBook& addresses;
  const auth::JwtSigner& signer;
  const guard::ChallengeSolver& solver;
  SolverPool& pool;
  Tally& tally;
  Truth& truth;
  const Peer server;
  const std::string host;  // as the field Host has it
  const std::string sale;  // its id
  const uint64_t seed;
  const guard::Policy policy;  // as bots know it
  const Timestamp joins_from;
  const Timestamp opens_at;
  const Timestamp ends_at;
  std::vector<Belongings> stolen = {};
  Timestamp all_sold_at = {};  // once it is

  [[nodiscard]] bool is_all_sold() const { return all_sold_at != Timestamp(); }
  // There is nothing to gain any more.
  [[nodiscard]] bool is_over() const { return is_all_sold() || engine.now() >= ends_at; }
  // Nobody waits for anything any more: payments that were under way at the end have been heard of, and those who ask
  // on after it have had their time.
  [[nodiscard]] bool is_quiet() const {
    const Timestamp now = engine.now();
    const Timestamp sold = all_sold_at + kLastAnswers + Duration::seconds(scenario.storm_seconds);
    return now >= ends_at + kLastPayments || (is_all_sold() && now >= sold);
  }
  static constexpr Duration kLastAnswers = Duration::seconds(3);
  static constexpr Duration kLastPayments = Duration::seconds(12);
};

}  // namespace doorbuster::stampede
