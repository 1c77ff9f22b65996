#include "guard/guard.h"

#include <algorithm>

#include "guard/address_keys.h"
#include "guard/answers.h"
#include "platform/api/problems.h"

namespace doorbuster::guard {
namespace {

using platform::Action;
using platform::Asker;

// Nobody reads a policy for so long: it is looked at while one request is decided.
constexpr Duration kKeptAfterReload = Duration::seconds(60);
// Of keys that are remembered, those who act: fewer than half are sessions or customers.
constexpr size_t kKeysAnActor = 2;

bool is_listed(std::span<const Country> countries, Country country) {
  return std::ranges::find(countries, country) != countries.end();
}

}  // namespace

Result<std::unique_ptr<Guard>> Guard::make(const GuardSettings& settings, Bytes secret, const Clock& clock) {
  net::Networks proxies = TRY(net::Networks::make(settings.trusted_proxies));
  std::unique_ptr<Guard> guard(new Guard(settings, std::move(proxies), secret, clock));
  guard->use(TRY(guard->compile()));
  if (!settings.decision_log.empty()) guard->decisions_ = TRY(DecisionLog::open(settings.decision_log));
  return guard;
}

Guard::Guard(const GuardSettings& settings, net::Networks proxies, Bytes secret, const Clock& clock)
    : settings_(settings),
      proxies_(std::move(proxies)),
      hasher_(random_number(), random_number()),
      clock_(clock),
      table_(settings.keys, clock.now()),
      scorer_(hasher_, table_, settings.keys / kKeysAnActor, clock.now()),
      challenges_(secret, settings.keys, clock.now()),
      pool_(challenges_, clock, {.size = settings.challenges, .life = kChallengeLife}) {}

Result<std::unique_ptr<Guard::Compiled>> Guard::compile() const {
  Policy policy = TRY(load_policy(settings_.policy));
  Origins origins = TRY(
      Origins::make({.countries = settings_.country_database, .systems = settings_.network_database}, policy.networks));
  auto model = TRY(model_of(policy));
  std::ranges::sort(policy.tool_fingerprints);
  auto compiled = std::make_unique<Compiled>(
      Compiled{.policy = std::move(policy), .prices = {}, .origins = std::move(origins), .model = std::move(model)});
  for (size_t whom = 0; whom < kWhom; ++whom) {
    const bool is_by_action = is_weighed(static_cast<ChargedTo>(whom));
    for (size_t action = 0; action < kActions; ++action) {
      const uint32_t weight = is_by_action ? compiled->policy.weights[action] : 1;
      compiled->prices[whom][action] = Price(compiled->policy.rates[whom], weight);
    }
  }
  return compiled;
}

void Guard::use(std::unique_ptr<Compiled> compiled) {
  const Policy& policy = compiled->policy;
  pool_.set_works(policy.mode == Mode::kOff || !policy.uses_challenges() ? std::nullopt
                                                                         : std::optional(policy.works()));
  const Timestamp now = clock_.now();
  const std::lock_guard lock(mutex_);
  std::erase_if(policies_,
                [&](const auto& old) { return old->replaced_at && now - *old->replaced_at > kKeptAfterReload; });
  if (!policies_.empty()) policies_.back()->replaced_at = now;
  policies_.push_back(std::move(compiled));
  current_.store(policies_.back().get(), std::memory_order_release);
}

Result<void> Guard::reload() {
  const auto reopened = decisions_ == nullptr ? Result<void>() : decisions_->reopen();
  auto compiled = reopened ? compile() : tl::unexpected(reopened.error());
  (compiled ? reloads_ : bad_reloads_).fetch_add(1, std::memory_order_relaxed);
  if (!compiled) return tl::unexpected(compiled.error());
  use(std::move(*compiled));
  return {};
}

bool Guard::takes(Action action) { return action == Action::kJoin || action == Action::kReserve; }

bool Guard::is_charged_to_address(const Asker& asker, Action action) {
  return asker.kind == Asker::Kind::kNew || (asker.kind == Asker::Kind::kSession && takes(action));
}

std::optional<Assessment> Guard::pass(const platform::Call& call, const platform::GateQuestion& question) {
  const Compiled& now = *current_.load(std::memory_order_acquire);
  if (now.policy.mode == Mode::kOff) return Assessment();
  Requester requester = requester_of(call, question.asker);
  scorer_.prefetch(requester, takes(question.action));
  scorer_.note_request(requester, now.policy.scorecard);
  if (is_charged_to_address(question.asker, question.action)) {
    requester.customers_at_address = scorer_.customers_at(requester.address, call.now);
  } else if (takes(question.action)) {
    scorer_.note_customer(requester, now.policy.scorecard);
  }
  if (takes(question.action)) return pass_taker(call, question, requester, now);
  const Bill bill = bill_of(requester, now, question, {});
  return pays(bill, call, question.action, now.policy, false) ? std::optional(Assessment()) : std::nullopt;
}

std::optional<Assessment> Guard::pass_taker(const platform::Call& call, const platform::GateQuestion& question,
                                            Requester& requester, const Compiled& now) {
  const Policy& policy = now.policy;
  const Worked worked = look_at_work(call, question, requester, policy);
  if (worked.status == WorkStatus::kRefused) return std::nullopt;
  const bool may_solve = question.asker.kind != Asker::Kind::kCustomer && policy.challenge != ChallengeWhen::kNever;
  if (!may_reserve_next(call, question, requester, now)) return std::nullopt;
  if (!pays(bill_of(requester, now, question, worked), call, question.action, policy, may_solve)) return std::nullopt;
  if (question.action == Action::kReserve && may_owe_more(worked, policy)) {
    const Bill owed = unpaid_bill_of(requester, now, question);
    table_.charge_beyond(std::span(owed.charges).first(owed.size), call.now);
  }
  add_origin_to(requester, now);
  std::optional<Assessment> assessment;
  if (comes_from_where_it_may(call, question, requester, policy))
    assessment = score(call, question, requester, now, worked);
  if (!assessment && question.action == Action::kReserve) give_unpaid_back(taker_of(requester, question), call.now);
  return assessment;
}

// Each of them is one, whatever was asked for.
Guard::Bill Guard::bill_of_miss(const net::Request& request, const Prices& prices) const {
  Bill bill;
  const AddressKeys keys = keys_of(net::sender_of(request, proxies_));
  add_to(bill, ChargedTo::kMisses, keys.address_high, keys.address_low, prices, Action::kPoll);
  add_to(bill, ChargedTo::kPrefixMisses, keys.prefix_high, keys.prefix_low, prices, Action::kPoll);
  return bill;
}

std::optional<Duration> Guard::wait_before_guess(const platform::Call& call) {
  const Compiled& now = *current_.load(std::memory_order_acquire);
  if (now.policy.mode == Mode::kOff) return std::nullopt;
  const Bill bill = bill_of_miss(call.request, now.prices);
  const RateDecision decision = table_.judge(std::span(bill.charges).first(bill.size), call.now);
  if (decision.passes()) return std::nullopt;
  counts_.note(Miss::kRefused);
  return now.policy.mode == Mode::kShadow ? std::nullopt : std::optional(decision.retry_after);
}

// Where several ask at once, the last of them may be one too many: it is not counted, and makes no difference.
void Guard::note_miss(const platform::Call& call) {
  const Compiled& now = *current_.load(std::memory_order_acquire);
  if (now.policy.mode == Mode::kOff) return;
  const Bill bill = bill_of_miss(call.request, now.prices);
  if (table_.charge(std::span(bill.charges).first(bill.size), call.now).passes()) counts_.note(Miss::kCounted);
}

Requester Guard::requester_of(const platform::Call& call, const Asker& asker) const {
  return {.request = call.request,
          .asker = asker,
          .address = net::sender_of(call.request, proxies_),
          .origin = {},
          .has_tool_fingerprint = false,
          .now = call.now};
}

// What a proxy says is believed if it is one of ours.
Origin Guard::origin_of(const net::Request& request, const net::PeerAddress& sender, const Compiled& now) const {
  Origin origin = now.origins.of(sender);
  if (settings_.country_header.empty() || !proxies_.contain(request.peer())) return origin;
  const auto told = request.header(settings_.country_header);
  origin.country = (told ? country_in(*told) : std::nullopt).value_or(kUnknownCountry);
  return origin;
}

Country Guard::country_of(const net::Request& request) const {
  const Compiled& now = *current_.load(std::memory_order_acquire);
  return origin_of(request, net::sender_of(request, proxies_), now).country;
}

net::PeerAddress Guard::sender_of(const net::Request& request) const { return net::sender_of(request, proxies_); }

void Guard::add_origin_to(Requester& requester, const Compiled& now) const {
  requester.origin = origin_of(requester.request, requester.address, now);
  if (!proxies_.contain(requester.request.peer())) return;
  if (settings_.fingerprint_header.empty()) return;
  const auto fingerprint = requester.request.header(settings_.fingerprint_header);
  requester.has_tool_fingerprint =
      fingerprint && std::ranges::binary_search(now.policy.tool_fingerprints, *fingerprint);
}

bool Guard::comes_from_where_it_may(const platform::Call& call, const platform::GateQuestion& question,
                                    const Requester& requester, const Policy& policy) {
  const Country country = requester.origin.country;
  const bool is_allowed = question.allowed_countries.empty() || is_listed(question.allowed_countries, country);
  if (is_allowed && !is_listed(question.denied_countries, country)) return true;
  counts_.refuse_country();
  if (policy.mode == Mode::kShadow) return true;
  respond_country(call, country, policy.country_refusal);
  return false;
}

// Whoever has worked is not asked again, and is as suspect as before: what is softer than a challenge holds for them.
std::optional<Assessment> Guard::score(const platform::Call& call, const platform::GateQuestion& question,
                                       const Requester& requester, const Compiled& now, const Worked& worked) {
  const Policy& policy = now.policy;
  const bool has_worked = worked.status == WorkStatus::kDone && worked.cost >= policy.suspects_cost();
  Scored scored = scorer_.assess(requester, policy.scorecard, *now.model);
  const Judgement judgement = judge(scored.assessment.score, policy.scorecard);
  counts_.note(scored.assessment, scored.evidence.signals, judgement);
  if (decisions_ != nullptr) log(question, requester, policy, scored, judgement.verdict);
  if (policy.mode == Mode::kShadow) return scored.assessment;
  switch (judgement.verdict) {
    case Verdict::kDeny:
      respond_denied(call);
      return std::nullopt;
    case Verdict::kTarpit:
      question.stall != nullptr ? question.stall->answer() : respond_tarpit(call);
      return std::nullopt;
    case Verdict::kChallenge:
      if (has_worked || may_be_delayed(question, policy)) break;
      counts_.note(kNeeded);
      respond_challenge_needed(call, ChallengePool::For::kSuspect);
      return std::nullopt;
    case Verdict::kDelay:
    case Verdict::kAllow:
      break;
  }
  const bool owes_work =
      worked.status == WorkStatus::kOwed || (judgement.verdict == Verdict::kChallenge && !has_worked);
  scored.assessment.is_delayed =
      question.action == Action::kJoin && (owes_work || policy.scorecard.delays(scored.assessment.score));
  return scored.assessment;
}

void Guard::log(const platform::GateQuestion& question, const Requester& requester, const Policy& policy,
                const Scored& scored, Verdict verdict) {
  decisions_->note({.at = requester.now,
                    .action = question.action,
                    .scope = question.scope.substr(0, kScopeBytesMax),
                    .who = question.asker.id,
                    .is_by_model = !policy.model.empty(),
                    .mode = policy.mode,
                    .score = scored.assessment.score,
                    .reasons = scored.assessment.reasons,
                    .verdict = verdict,
                    .features = scored.evidence.features});
}

void Guard::add_metrics(ops::Metrics& metrics) const {
  counts_.add_metrics(metrics);
  metrics.gauge("doorbuster_guard_challenges_ready", "Challenges that are made and wait to be given.",
                [this] { return static_cast<double>(pool_.size()); });
  metrics.counter("doorbuster_guard_keys_forgotten_total",
                  "Addresses, networks, sessions and customers that were forgotten before they had rested: raise "
                  "guard.keys.",
                  [this] { return static_cast<double>(table_.forgotten()); });
  metrics.counters("doorbuster_guard_decisions_total",
                   "Decisions for the decision log, by what became of them: written, or lost because it could not "
                   "keep up or the disk took no more.",
                   [this](ops::Series& series) {
                     series.add({{"result", "written"}}, decisions_ == nullptr ? 0 : decisions_->written());
                     series.add({{"result", "lost"}}, decisions_ == nullptr ? 0 : decisions_->lost());
                   });
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
