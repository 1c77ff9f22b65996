// The guard: the gate that makes a bot's volume worth nothing, without locking out people who share an address.
//
// Its rungs are asked the cheapest first, and the first that refuses answers. The rates: a request is charged by GCRA
// to whoever asks. That is the customer where a token of the shop names one, wherever they are; all others are charged
// to their address, to the network beside it, and, if they have one, to their session. Proof of work: whoever has no
// such token may, or has to, let their machine work before they join or reserve, and is not charged to their address
// then.
//
// It never blocks, and its memory has a bound whatever comes. Decisions that pass cost one look at each key.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "guard/challenge.h"
#include "guard/challenge_pool.h"
#include "guard/key_hasher.h"
#include "guard/policy.h"
#include "guard/rate_table.h"
#include "guard/settings.h"
#include "net/networks.h"
#include "ops/metrics/registry.h"
#include "platform/api/gate.h"
#include "platform/api/routes.h"

namespace doorbuster::guard {

// What became of a challenge: given, or none was left; of one that came back, as SolutionStatus says; or there was
// none, and it was asked for.
inline constexpr std::array<std::string_view, 9> kChallengeResults = {
    "solved", "malformed", "forged", "expired", "wrong", "used", "needed", "given", "none_left"};

class Guard final : public platform::Gate {
 public:
  // kInvalid: the policy or the list of proxies says what it must not. Challenges are signed with what follows from the
  // secret. The clock outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Guard>> make(const GuardSettings& settings, Bytes secret,
                                                           const Clock& clock);

  // GET /api/v1/guard/challenge, for ALTCHA's widget. The guard outlives the routes.
  void add_routes(platform::Routes& routes);

  [[nodiscard]] std::optional<Assessment> pass(const platform::Call& call,
                                               const platform::GateQuestion& question) override;

  // Reads the policy again; on any thread. On an error the old one goes on.
  [[nodiscard]] Result<void> reload();
  [[nodiscard]] Policy policy() const { return current_.load(std::memory_order_acquire)->policy; }

  void add_metrics(ops::Metrics& metrics) const;

 private:
  static constexpr size_t kWhom = kChargedToNames.size();
  static constexpr size_t kActions = platform::kActionNames.size();
  using Prices = std::array<std::array<Price, kActions>, kWhom>;
  struct Compiled {
    Policy policy;
    Prices prices;
  };
  // Of one action.
  struct Counts {
    std::atomic<uint64_t> passed{0};
    std::array<std::atomic<uint64_t>, kWhom> refused{};
  };

  // What a request is charged to, and how much.
  struct Bill {
    std::array<Charge, kWhom> charges;
    std::array<ChargedTo, kWhom> whom{};
    size_t size = 0;
  };

  Guard(const GuardSettings& settings, net::Networks proxies, Bytes secret, const Clock& clock);
  void use(const Policy& policy);
  [[nodiscard]] bool lets_pass(const platform::Call& call, const platform::GateQuestion& question);
  // Nothing where it is free.
  void add_to(Bill& bill, ChargedTo whom, uint64_t high, uint64_t low, const Prices& prices,
              platform::Action action) const;
  void add_address_to(Bill& bill, const platform::Call& call, const Prices& prices, platform::Action action) const;
  // Whether a challenge was solved for this request. Nothing: it was refused, and has been answered.
  [[nodiscard]] std::optional<bool> has_solved(const platform::Call& call, const Policy& policy);
  [[nodiscard]] bool pays(const Bill& bill, const platform::Call& call, platform::Action action, const Policy& policy,
                          bool may_solve);
  void give_challenge(const platform::Call& call);

  const GuardSettings settings_;
  const net::Networks proxies_;
  const KeyHasher hasher_;
  RateTable table_;
  Challenges challenges_;
  std::mutex mutex_;  // guards what follows
  // Whoever reads one may still do so when the next comes, so they are kept: a few hundred bytes a reload.
  std::vector<std::unique_ptr<const Compiled>> policies_;
  std::atomic<const Compiled*> current_{nullptr};
  std::array<Counts, kActions> counts_;
  std::array<std::atomic<uint64_t>, kChallengeResults.size()> challenge_results_{};
  std::atomic<uint64_t> reloads_{0};
  std::atomic<uint64_t> bad_reloads_{0};
  ChallengePool pool_;  // the last, because its thread makes challenges_
};

}  // namespace doorbuster::guard
