#include "guard/guard.h"

#include <cstring>

#include "base/crypto.h"
#include "net/problem.h"
#include "platform/api/problems.h"

namespace doorbuster::guard {
namespace {

using platform::Asker;

struct AddressKeys {
  uint64_t address_high, address_low;
  uint64_t prefix_high, prefix_low;
};

uint64_t big_endian(const uint8_t* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return __builtin_bswap64(word);
}

// IPv4: the address and its /24. IPv6: its /64, which is the least that a provider gives one customer, and its /56,
// which is what many get (RFC 6177).
AddressKeys keys_of(const net::PeerAddress& address) {
  const uint64_t high = big_endian(address.bytes.data());
  const uint64_t low = big_endian(address.bytes.data() + 8);
  if (address.is_v4()) return {high, low, high, low & ~uint64_t{0xFF}};
  return {high, 0, high & ~uint64_t{0xFF}, 0};
}

constexpr std::array<std::string_view, kChargedToNames.size()> kDetails = {
    "Too many requests came from this address. Slow down; whoever is signed in at the shop is not counted with it.",
    "Too many requests came from the network of this address. Slow down; whoever is signed in at the shop is not "
    "counted with it.",
    "You ask too often. Slow down: nobody gets ahead by asking again.",
    "You ask too often. Slow down: nobody gets ahead by asking again.",
    "This address asks for more challenges than people can solve. Solve the one that you have."};

constexpr std::string_view kChallengePath = "/api/v1/guard/challenge";
constexpr Duration kChallengeLife = Duration::seconds(300);

// By kChallengeResults, behind those of SolutionStatus.
enum ChallengeResult : size_t { kNeeded = 6, kGiven, kNoneLeft };
static_assert(kChallengeResults.size() == kNoneLeft + 1 && static_cast<size_t>(SolutionStatus::kUsed) + 1 == kNeeded);

constexpr std::array<std::string_view, kNeeded> kSolutionDetails = {
    "",
    "The field Altcha has to hold what ALTCHA's widget made of a challenge of this server.",
    "The challenge in the field Altcha is not one of this server's.",
    "The challenge in the field Altcha has expired: ask for a new one.",
    "The solution in the field Altcha is wrong.",
    "The challenge in the field Altcha was used before: ask for a new one."};

// Who would take something of which there is little.
bool takes(platform::Action action) {
  return action == platform::Action::kJoin || action == platform::Action::kReserve;
}

void refuse_rate(const platform::Call& call, ChargedTo whom, Duration retry_after, bool may_solve) {
  const std::string seconds = std::to_string(retry_after.whole_seconds() + 1);
  net::Problem problem{.status = net::Status::kTooManyRequests,
                       .slug = "too-many-requests",
                       .title = "Too many requests",
                       .detail = kDetails[static_cast<size_t>(whom)],
                       .instance = call.request.path(),
                       .members = {}};
  const net::HeaderList headers{{"Retry-After", seconds}, {"Cache-Control", "no-store"}};
  if (!may_solve) return net::respond(call.exchange, problem, headers);
  const std::initializer_list<net::ProblemMember> members = {{"challenge", kChallengePath}};
  problem.members = members;
  net::respond(call.exchange, problem, headers);
}

void ask_for_solution(const platform::Call& call, std::string_view slug, std::string_view title,
                      std::string_view detail) {
  net::respond(call.exchange,
               {.status = net::Status::kForbidden,
                .slug = slug,
                .title = title,
                .detail = detail,
                .instance = call.request.path(),
                .members = {{"challenge", kChallengePath}}},
               {{"Cache-Control", "no-store"}});
}

}  // namespace

Result<std::unique_ptr<Guard>> Guard::make(const GuardSettings& settings, Bytes secret, const Clock& clock) {
  const Policy policy = TRY(load_policy(settings.policy));
  net::Networks proxies = TRY(net::Networks::make(settings.trusted_proxies));
  std::unique_ptr<Guard> guard(new Guard(settings, std::move(proxies), secret, clock));
  guard->use(policy);
  return guard;
}

Guard::Guard(const GuardSettings& settings, net::Networks proxies, Bytes secret, const Clock& clock)
    : settings_(settings),
      proxies_(std::move(proxies)),
      hasher_(random_number(), random_number()),
      table_(settings.keys, clock.now()),
      challenges_(secret, settings.keys, clock.now()),
      pool_(challenges_, clock, {.size = settings.challenges, .life = kChallengeLife}) {}

void Guard::use(const Policy& policy) {
  auto compiled = std::make_unique<Compiled>(Compiled{.policy = policy, .prices = {}});
  for (size_t whom = 0; whom < kWhom; ++whom) {
    const bool is_by_action = static_cast<ChargedTo>(whom) != ChargedTo::kChallenges;  // each of those counts as one
    for (size_t action = 0; action < kActions; ++action)
      compiled->prices[whom][action] = Price(policy.rates[whom], is_by_action ? policy.weights[action] : 1);
  }
  {
    const std::lock_guard lock(mutex_);
    policies_.push_back(std::move(compiled));
    current_.store(policies_.back().get(), std::memory_order_release);
  }
  pool_.set_work(policy.mode == Mode::kOff || policy.challenge == ChallengeWhen::kNever ? std::nullopt
                                                                                        : std::optional(policy.work));
}

Result<void> Guard::reload() {
  const auto policy = load_policy(settings_.policy);
  (policy ? reloads_ : bad_reloads_).fetch_add(1, std::memory_order_relaxed);
  if (!policy) return tl::unexpected(policy.error());
  use(*policy);
  return {};
}

std::optional<Assessment> Guard::pass(const platform::Call& call, const platform::GateQuestion& question) {
  return lets_pass(call, question) ? std::optional(Assessment()) : std::nullopt;
}

bool Guard::lets_pass(const platform::Call& call, const platform::GateQuestion& question) {
  const Compiled& now = *current_.load(std::memory_order_acquire);
  const Policy& policy = now.policy;
  if (policy.mode == Mode::kOff) return true;
  Bill bill;
  if (question.asker.kind == Asker::Kind::kCustomer) {
    add_to(bill, ChargedTo::kCustomer, question.asker.id, 0, now.prices, question.action);
    return pays(bill, call, question.action, policy, false);
  }
  const bool is_challenged = takes(question.action) && policy.challenge != ChallengeWhen::kNever;
  const std::optional<bool> has_worked = is_challenged ? has_solved(call, policy) : false;
  if (!has_worked) return false;
  if (!*has_worked) add_address_to(bill, call, now.prices, question.action);
  if (question.asker.kind == Asker::Kind::kSession)
    add_to(bill, ChargedTo::kSession, question.asker.id, 0, now.prices, question.action);
  return pays(bill, call, question.action, policy, is_challenged);
}

std::optional<bool> Guard::has_solved(const platform::Call& call, const Policy& policy) {
  const auto solution = call.request.header("Altcha");
  const bool is_enforced = policy.mode == Mode::kEnforce;
  if (!solution) {
    if (policy.challenge != ChallengeWhen::kAlways) return false;
    challenge_results_[kNeeded].fetch_add(1, std::memory_order_relaxed);
    if (!is_enforced) return false;
    ask_for_solution(call, "challenge-needed", "Proof of work needed",
                     "Solve the challenge, and ask again with the solution in the field Altcha; whoever is signed in "
                     "at the shop need not.");
    return std::nullopt;
  }
  const SolutionStatus status = challenges_.use(*solution, call.now);
  challenge_results_[static_cast<size_t>(status)].fetch_add(1, std::memory_order_relaxed);
  if (status == SolutionStatus::kGood) return true;
  if (!is_enforced) return false;
  ask_for_solution(call, "solution-refused", "Not a solution", kSolutionDetails[static_cast<size_t>(status)]);
  return std::nullopt;
}

bool Guard::pays(const Bill& bill, const platform::Call& call, platform::Action action, const Policy& policy,
                 bool may_solve) {
  Counts& counts = counts_[static_cast<size_t>(action)];
  const RateDecision decision = table_.charge(std::span(bill.charges).first(bill.size), call.now);
  if (decision.passes()) {
    counts.passed.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  const ChargedTo refused = bill.whom[decision.refused];
  counts.refused[static_cast<size_t>(refused)].fetch_add(1, std::memory_order_relaxed);
  if (policy.mode == Mode::kShadow) return true;
  refuse_rate(call, refused, decision.retry_after, may_solve && refused != ChargedTo::kSession);
  return false;
}

void Guard::add_to(Bill& bill, ChargedTo whom, uint64_t high, uint64_t low, const Prices& prices,
                   platform::Action action) const {
  const Price& price = prices[static_cast<size_t>(whom)][static_cast<size_t>(action)];
  if (price.is_free()) return;
  bill.whom[bill.size] = whom;
  bill.charges[bill.size++] = {.key = hasher_(static_cast<uint64_t>(whom), high, low), .price = price};
}

void Guard::add_address_to(Bill& bill, const platform::Call& call, const Prices& prices,
                           platform::Action action) const {
  const AddressKeys keys = keys_of(net::sender_of(call.request, proxies_));
  add_to(bill, ChargedTo::kAddress, keys.address_high, keys.address_low, prices, action);
  add_to(bill, ChargedTo::kPrefix, keys.prefix_high, keys.prefix_low, prices, action);
}

void Guard::add_routes(platform::Routes& routes) {
  routes.add(net::Method::kGet, kChallengePath, [this](const platform::Call& call) { give_challenge(call); });
}

void Guard::give_challenge(const platform::Call& call) {
  const Compiled& now = *current_.load(std::memory_order_acquire);
  if (now.policy.mode != Mode::kOff) {
    Bill bill;
    const AddressKeys keys = keys_of(net::sender_of(call.request, proxies_));
    add_to(bill, ChargedTo::kChallenges, keys.address_high, keys.address_low, now.prices, platform::Action::kPoll);
    if (!pays(bill, call, platform::Action::kPoll, now.policy, false)) return;
  }
  const auto challenge = pool_.take();
  challenge_results_[challenge ? kGiven : kNoneLeft].fetch_add(1, std::memory_order_relaxed);
  if (!challenge) {
    return platform::respond_busy(call.exchange, call.request.path(), "no-challenge",
                                  "No challenge is ready at the moment, or this server asks for none.");
  }
  call.exchange.respond(net::Response{
      .content_type = "application/json", .body = *challenge, .headers = {{"Cache-Control", "no-store"}}});
}

void Guard::add_metrics(ops::Metrics& metrics) const {
  metrics.counters("doorbuster_guard_passed_total", "Requests that the guard let pass, by what they would do.",
                   [this](ops::Series& series) {
                     for (size_t action = 0; action < kActions; ++action) {
                       series.add({{"action", platform::kActionNames[action]}},
                                  counts_[action].passed.load(std::memory_order_relaxed));
                     }
                   });
  metrics.counters("doorbuster_guard_refused_total",
                   "Requests over a rate, by what they would do and by whose rate it was. In the mode \"shadow\" they "
                   "passed all the same.",
                   [this](ops::Series& series) {
                     for (size_t action = 0; action < kActions; ++action) {
                       for (size_t whom = 0; whom < kWhom; ++whom) {
                         series.add({{"action", platform::kActionNames[action]}, {"rate", kChargedToNames[whom]}},
                                    counts_[action].refused[whom].load(std::memory_order_relaxed));
                       }
                     }
                   });
  metrics.counters(
      "doorbuster_guard_challenges_total",
      "Challenges, by what became of them: given, or none was left; solved, or why a solution was refused; "
      "needed, where a request came without one that has to have one.",
      [this](ops::Series& series) {
        for (size_t result = 0; result < kChallengeResults.size(); ++result) {
          series.add({{"result", kChallengeResults[result]}},
                     challenge_results_[result].load(std::memory_order_relaxed));
        }
      });
  metrics.gauge("doorbuster_guard_challenges_ready", "Challenges that are made and wait to be given.",
                [this] { return static_cast<double>(pool_.size()); });
  metrics.counter("doorbuster_guard_keys_forgotten_total",
                  "Addresses, networks, sessions and customers that were forgotten before they had rested: raise "
                  "guard.keys.",
                  [this] { return static_cast<double>(table_.forgotten()); });
  metrics.gauges("doorbuster_guard_mode", "1 for the mode of the policy.", [this](ops::Series& series) {
    for (size_t mode = 0; mode < kModeNames.size(); ++mode)
      series.add({{"mode", kModeNames[mode]}}, uint64_t{static_cast<size_t>(policy().mode) == mode ? 1U : 0U});
  });
  metrics.counters("doorbuster_guard_policy_reloads_total", "Times the policy was read again, by what came of it.",
                   [this](ops::Series& series) {
                     series.add({{"result", "used"}}, reloads_.load(std::memory_order_relaxed));
                     series.add({{"result", "refused"}}, bad_reloads_.load(std::memory_order_relaxed));
                   });
}

}  // namespace doorbuster::guard
