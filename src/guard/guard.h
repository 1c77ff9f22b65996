// The guard: the gate that makes a bot's volume worth nothing, without locking out people who share an address.
//
// Its rungs are asked the cheapest first, and the first that refuses answers. The rates: a request is charged by GCRA
// to whoever asks. That is the customer where a token of the shop names one, wherever they are; all others are charged
// to their address, to the network beside it, and, if they have one, to their session; where many customers of the shop
// share the address, its strangers may ask that much more. Looking at what a session has is its own. Proof of work:
// whoever has no such token may, or has to, let their machine work before they join or reserve, and is not charged to
// their address then. Then, for those who join or reserve, whether the country that they are in is one that it is for;
// and what speaks for a bot, summed up to a score (scorer.h), and what the policy does at that score.
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
#include "guard/counts.h"
#include "guard/decision_log.h"
#include "guard/key_hasher.h"
#include "guard/origins.h"
#include "guard/policy.h"
#include "guard/rate_table.h"
#include "guard/score_model.h"
#include "guard/scorer.h"
#include "guard/settings.h"
#include "net/networks.h"
#include "ops/metrics/registry.h"
#include "platform/api/gate.h"
#include "platform/api/routes.h"

namespace doorbuster::guard {

class Guard final : public platform::Gate {
 public:
  // kInvalid: the policy, its model, the list of proxies or a database says what it must not; kUnavailable, kIo: there
  // is no libxgboost for the model, or no place for the decision log. Challenges are signed with what follows from the
  // secret. The clock outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Guard>> make(const GuardSettings& settings, Bytes secret,
                                                           const Clock& clock);

  // GET /api/v1/guard/challenge, for ALTCHA's widget. The guard outlives the routes.
  void add_routes(platform::Routes& routes);

  [[nodiscard]] std::optional<Assessment> pass(const platform::Call& call,
                                               const platform::GateQuestion& question) override;

  void note_not_taken(const platform::Taker& taker, Timestamp now) override;
  void note_paid(const platform::Taker& taker, uint64_t number, Timestamp now) override;

  [[nodiscard]] std::optional<Duration> wait_before_guess(const platform::Call& call) override;
  void note_miss(const platform::Call& call) override;

  [[nodiscard]] Country country_of(const net::Request& request) const override;
  [[nodiscard]] net::PeerAddress sender_of(const net::Request& request) const override;

  // Reads the policy, its model and the databases again, and opens the decision log again; on any thread. On an error
  // the old ones go on.
  [[nodiscard]] Result<void> reload();
  [[nodiscard]] Policy policy() const { return current_.load(std::memory_order_acquire)->policy; }

  void add_metrics(ops::Metrics& metrics) const;

 private:
  static constexpr Duration kChallengeLife = Duration::seconds(300);  // from when it is given
  static constexpr size_t kWhom = kChargedToNames.size();
  static constexpr size_t kActions = platform::kActionNames.size();
  using Prices = std::array<std::array<Price, kActions>, kWhom>;
  struct Compiled {
    Policy policy;
    Prices prices;
    Origins origins;
    std::unique_ptr<const ScoreModel> model;
    std::optional<Timestamp> replaced_at = {};
  };

  // What a request is charged to, and how much.
  struct Bill {
    std::array<Charge, kWhom> charges;
    std::array<ChargedTo, kWhom> whom{};
    size_t size = 0;
  };

  // Whether a challenge was solved for a request. kOwed: it should have been, and whoever asks can't: they are delayed.
  enum class WorkStatus : uint8_t { kNone, kDone, kOwed, kRefused };
  struct Worked {
    WorkStatus status = WorkStatus::kNone;
    uint32_t cost = 0;  // of what was done
  };

  Guard(const GuardSettings& settings, net::Networks proxies, Bytes secret, const Clock& clock);

  // Who would take something of which there is little.
  [[nodiscard]] static bool takes(platform::Action action);
  // Customers never are, and a session is not for looking at what it has.
  [[nodiscard]] static bool is_charged_to_address(const platform::Asker& asker, platform::Action action);
  [[nodiscard]] static bool may_be_delayed(const platform::GateQuestion& question, const Policy& policy);

  [[nodiscard]] Result<std::unique_ptr<Compiled>> compile() const;
  void use(std::unique_ptr<Compiled> compiled);
  [[nodiscard]] Requester requester_of(const platform::Call& call, const platform::Asker& asker) const;
  [[nodiscard]] Origin origin_of(const net::Request& request, const net::PeerAddress& sender,
                                 const Compiled& now) const;
  void add_origin_to(Requester& requester, const Compiled& now) const;

  [[nodiscard]] std::optional<Assessment> pass_taker(const platform::Call& call, const platform::GateQuestion& question,
                                                     Requester& requester, const Compiled& now);
  // kRefused has been answered.
  [[nodiscard]] Worked look_at_work(const platform::Call& call, const platform::GateQuestion& question,
                                    const Requester& requester, const Policy& policy);
  // Of whoever brings no solution.
  [[nodiscard]] Worked ask_for_work(const platform::Call& call, const platform::GateQuestion& question,
                                    ChallengePool::For whom, const Policy& policy);
  // The same for a place that is drawn, which nobody of them gets long before.
  [[nodiscard]] Worked ask_for_work_of_draw(const platform::Call& call, const platform::GateQuestion& question,
                                            const Policy& policy);
  // Who once has a place in a draw may ask for it again.
  [[nodiscard]] uint64_t draw_key(const platform::GateQuestion& question) const;
  void remember_for_draw(const platform::Call& call, const platform::GateQuestion& question);
  [[nodiscard]] bool comes_from_where_it_may(const platform::Call& call, const platform::GateQuestion& question,
                                             const Requester& requester, const Policy& policy);
  [[nodiscard]] std::optional<Assessment> score(const platform::Call& call, const platform::GateQuestion& question,
                                                const Requester& requester, const Compiled& now, const Worked& worked);
  void log(const platform::GateQuestion& question, const Requester& requester, const Policy& policy,
           const Scored& scored, Verdict verdict);

  [[nodiscard]] Bill bill_of(const Requester& requester, const Compiled& now, const platform::GateQuestion& question,
                             const Worked& worked) const;
  // For what is reserved, until it is paid for.
  [[nodiscard]] Bill unpaid_bill_of(const Requester& requester, const Compiled& now,
                                    const platform::GateQuestion& question) const;
  [[nodiscard]] static platform::Taker taker_of(const Requester& requester, const platform::GateQuestion& question);
  [[nodiscard]] static bool may_owe_more(const Worked& worked, const Policy& policy);
  [[nodiscard]] bool may_reserve_next(const platform::Call& call, const platform::GateQuestion& question,
                                      const Requester& requester, const Compiled& now);
  void add_unpaid(Bill& bill, const platform::Taker& taker, uint32_t customers_at_address, const Prices& prices) const;
  void give_unpaid_back(const platform::Taker& taker, Timestamp now);
  [[nodiscard]] Bill bill_of_miss(const net::Request& request, const Prices& prices) const;
  // Nothing where it is free. At so many times the rate.
  void add_to(Bill& bill, ChargedTo whom, uint64_t high, uint64_t low, const Prices& prices, platform::Action action,
              uint32_t times = 1) const;
  // `may_solve`: a solved challenge would do in place of the wait.
  [[nodiscard]] bool pays(const Bill& bill, const platform::Call& call, platform::Action action, const Policy& policy,
                          bool may_solve);
  // In the shadow; otherwise it answers.
  [[nodiscard]] bool passes_all_the_same(const RateDecision& decision, const Bill& bill, const platform::Call& call,
                                         platform::Action action, const Policy& policy, bool may_solve);
  void give_challenge(const platform::Call& call);

  const GuardSettings settings_;
  const net::Networks proxies_;
  const KeyHasher hasher_;
  const Clock& clock_;
  RateTable table_;
  Scorer scorer_;
  Challenges challenges_;
  std::mutex mutex_;  // guards what follows
  // Whoever reads one may still do so when the next comes, so it is kept for a while.
  std::vector<std::unique_ptr<Compiled>> policies_;
  std::atomic<const Compiled*> current_{nullptr};
  Counts counts_;
  std::unique_ptr<DecisionLog> decisions_;  // null: nobody wants them
  std::atomic<uint64_t> reloads_{0};
  std::atomic<uint64_t> bad_reloads_{0};
  ChallengePool pool_;  // the last, because its thread makes challenges_
};

}  // namespace doorbuster::guard
