#include "guard/scorer.h"

#include <algorithm>
#include <functional>

#include "guard/page_use.h"
#include "guard/program.h"

namespace doorbuster::guard {
namespace {

using platform::Asker;

// Behind the kinds of keys that rates are charged to.
constexpr uint64_t kFirstKind = 256;
constexpr uint64_t kMemberKind = 512;
constexpr uint64_t kCustomersKind = 768;
constexpr uint64_t kStrangersKind = 1'024;
constexpr uint32_t kCustomersAStranger = 5;

// A customer counts once an hour, and is forgotten after the others before them: one of a thousand every 86 seconds.
constexpr Duration kCustomerCountsFor = Duration::seconds(3'600);
constexpr Duration kCustomersWindow = Duration::seconds(86'400);
constexpr uint32_t kCustomersMax = 1'000;

bool is_customer(const Requester& requester) { return requester.asker.kind == Asker::Kind::kCustomer; }

// Of the many that a rule says are too many; of nobody, where nobody counts.
void weigh(std::optional<uint64_t> counted, const SignalRule& rule, Signal signal, Fact fact, Evidence& evidence) {
  if (!counted) return;
  evidence.features.set(fact, static_cast<float>(*counted));
  if (*counted > rule.limit) evidence.signals.add(signal);
}

void look_at_program(const Requester& requester, Assessment& assessment, Evidence& evidence) {
  SignalSet& signals = evidence.signals;
  const Program program = program_of(requester.request.headers());
  assessment.device = program.device;
  evidence.features.set(program.device);
  if (!program.is_browser) signals.add(Signal::kNoBrowser);
  if (program.contradicts) signals.add(Signal::kHeadersContradict);
  if (program.is_out_of_order) signals.add(Signal::kHeaderOrder);
}

void look_at_origin(const Requester& requester, Assessment& assessment, Evidence& evidence) {
  SignalSet& signals = evidence.signals;
  evidence.features.set(requester.origin.network);
  assessment.network = requester.origin.network;
  assessment.country = requester.origin.country;
  if (assessment.network == NetworkClass::kDataCentre) signals.add(Signal::kDataCentre);
  if (assessment.network == NetworkClass::kAnonymizer) signals.add(Signal::kAnonymizer);
  if (assessment.country == kUnknownCountry) signals.add(Signal::kUnknownCountry);
  if (requester.has_tool_fingerprint) signals.add(Signal::kTlsFingerprint);
}

}  // namespace

Scorer::Scorer(const KeyHasher& hasher, RateTable& table, size_t actors, Timestamp start)
    : hasher_(hasher),
      customers_price_(Price::counting(kCustomersMax, kCustomersWindow)),
      table_(table),
      timing_(actors, start) {}

void Scorer::prefetch(const Requester& requester, bool takes) const {
  const AddressKeys keys = keys_of(requester.address);
  if (requester.asker.kind != Asker::Kind::kNew) {
    const uint64_t speed = key_of(Signal::kFastSession, requester.asker.id, 0);
    table_.prefetch(speed);
    if (takes) timing_.prefetch(speed);
  }
  if (!is_customer(requester)) table_.prefetch(key_of(Signal::kFastAddress, keys.address_high, keys.address_low));
  if (!takes) return;
  table_.prefetch(customers_key(keys));
  if (is_customer(requester)) return table_.prefetch(hasher_(kMemberKind, kCustomersKind, requester.asker.id));
  table_.prefetch(key_of(Signal::kSessionsOfAddress, keys.address_high, keys.address_low));
  table_.prefetch(key_of(Signal::kSessionsOfPrefix, keys.prefix_high, keys.prefix_low));
}

uint64_t Scorer::customers_key(const AddressKeys& keys) const {
  return hasher_(kCustomersKind, keys.address_high, keys.address_low);
}

Charge Scorer::customers_charge(const net::PeerAddress& address) const {
  return {.key = customers_key(keys_of(address)), .price = customers_price_};
}

uint32_t Scorer::customers_at(const net::PeerAddress& address, Timestamp now) const {
  return static_cast<uint32_t>(std::min<uint64_t>(table_.used(customers_charge(address), now), kCustomersMax));
}

void Scorer::note_customer(const Requester& requester, const Scorecard& card) {
  const Asker& asker = requester.asker;
  if (asker.account_age_days && *asker.account_age_days < card.of(Signal::kYoungAccount).limit) return;
  const Charge charge = customers_charge(requester.address);
  const uint64_t once = hasher_(kMemberKind, kCustomersKind, asker.id);
  if (table_.claim(once, requester.now + kCustomerCountsFor, requester.now))
    (void)table_.charge({&charge, 1}, requester.now);
}

bool Scorer::comes_with_customers(const Requester& requester) {
  if (requester.customers_at_address < kCustomersOfSharedAddress) return false;
  const AddressKeys keys = keys_of(requester.address);
  const Charge charge{.key = hasher_(kStrangersKind, keys.address_high, keys.address_low), .price = customers_price_};
  if (table_.used(charge, requester.now) * kCustomersAStranger >= requester.customers_at_address) return false;
  return table_.charge({&charge, 1}, requester.now).passes();
}

void Scorer::note_request(Requester& requester, const Scorecard& card) {
  const Asker& asker = requester.asker;
  const auto counted = [&](Signal signal, uint64_t high, uint64_t low) {
    return count(card.of(signal), key_of(signal, high, low), requester.now, Counting::kCount);
  };
  if (asker.kind != Asker::Kind::kNew) requester.session_requests = counted(Signal::kFastSession, asker.id, 0);
  if (is_customer(requester)) return;
  const AddressKeys keys = keys_of(requester.address);
  requester.address_requests = counted(Signal::kFastAddress, keys.address_high, keys.address_low);
}

Scored Scorer::assess(const Requester& requester, const Scorecard& card, const ScoreModel& model) {
  Scored scored;
  auto& [assessment, evidence] = scored;
  look_at_account(requester, card, evidence);
  look_at_origin(requester, assessment, evidence);
  look_at_address(requester, card, evidence);
  look_at_program(requester, assessment, evidence);
  look_at_page(requester, card, evidence);
  look_at_timing(requester, card, evidence);
  evidence.features.set(evidence.signals);
  for (size_t i = 0; i < kSignals; ++i) {
    if (card.signals[i].points == 0) evidence.signals.remove(static_cast<Signal>(i));
  }
  const Score score = model.score(evidence, card);
  assessment.score = score.hundredths;
  assessment.reasons = score.reasons;
  return scored;
}

void Scorer::look_at_account(const Requester& requester, const Scorecard& card, Evidence& evidence) {
  const Asker& asker = requester.asker;
  evidence.features.set(Fact::kNewSession, asker.kind == Asker::Kind::kNew ? 1 : 0);
  if (!is_customer(requester)) return evidence.signals.add(Signal::kNoAccount);
  if (asker.account_age_days) {
    evidence.features.set(Fact::kAccountAgeDays, static_cast<float>(*asker.account_age_days));
    if (*asker.account_age_days < card.of(Signal::kYoungAccount).limit) evidence.signals.add(Signal::kYoungAccount);
  }
  if (asker.instrument == 0) return;
  const SignalRule& rule = card.of(Signal::kSharedInstrument);
  weigh(count_once(rule, key_of(Signal::kSharedInstrument, asker.instrument, 0), asker.id, requester.now), rule,
        Signal::kSharedInstrument, Fact::kInstrumentCustomers, evidence);
}

// A carrier's addresses are those of thousands of people: how many come from one says nothing.
void Scorer::look_at_address(const Requester& requester, const Scorecard& card, Evidence& evidence) {
  if (is_customer(requester)) return;
  evidence.features.set(Fact::kAddressCustomers, static_cast<float>(requester.customers_at_address));
  if (requester.origin.network == NetworkClass::kMobile || requester.customers_at_address >= kCustomersOfSharedAddress)
    return;
  const AddressKeys keys = keys_of(requester.address);
  const Counting begun = requester.asker.kind == Asker::Kind::kNew ? Counting::kCount : Counting::kLook;
  const auto look = [&](Signal signal, Fact fact, uint64_t high, uint64_t low) {
    const SignalRule& rule = card.of(signal);
    weigh(count(rule, key_of(signal, high, low), requester.now, begun), rule, signal, fact, evidence);
  };
  look(Signal::kSessionsOfAddress, Fact::kAddressSessions, keys.address_high, keys.address_low);
  look(Signal::kSessionsOfPrefix, Fact::kPrefixSessions, keys.prefix_high, keys.prefix_low);
  weigh(requester.address_requests, card.of(Signal::kFastAddress), Signal::kFastAddress, Fact::kAddressRequests,
        evidence);
}

void Scorer::look_at_page(const Requester& requester, const Scorecard& card, Evidence& evidence) {
  SignalSet& signals = evidence.signals;
  const auto field = requester.request.header(kPageUseField);
  const auto use = field ? read_page_use(*field) : std::nullopt;
  if (!use) return signals.add(Signal::kNoPage);
  evidence.features.set(*use);
  if (!use->was_used()) signals.add(Signal::kNoBehaviour);
  if (use->was_used() && use->first_ms < card.of(Signal::kInstantAction).limit) signals.add(Signal::kInstantAction);
  if (use->device.empty()) return;
  const uint64_t device = key_of(Signal::kDeviceReused, std::hash<std::string_view>()(use->device), 0);
  const uint64_t session = requester.asker.kind == Asker::Kind::kNew
                               ? device ^ static_cast<uint64_t>(requester.now.micros())
                               : requester.asker.id;
  const SignalRule& rule = card.of(Signal::kDeviceReused);
  weigh(count_once(rule, device, session, requester.now), rule, Signal::kDeviceReused, Fact::kDeviceSessions, evidence);
}

void Scorer::look_at_timing(const Requester& requester, const Scorecard& card, Evidence& evidence) {
  if (requester.asker.kind == Asker::Kind::kNew) return;
  const uint64_t key = key_of(Signal::kFastSession, requester.asker.id, 0);
  weigh(requester.session_requests, card.of(Signal::kFastSession), Signal::kFastSession, Fact::kSessionRequests,
        evidence);
  const SignalRule& even = card.of(Signal::kRegularTiming);
  if (even.points == 0) return;
  weigh(timing_.note(key, requester.now), even, Signal::kRegularTiming, Fact::kEvenIntervals, evidence);
}

std::optional<uint64_t> Scorer::count(const SignalRule& rule, uint64_t key, Timestamp now, Counting counting) {
  if (rule.points == 0) return std::nullopt;
  const Charge charge{.key = key, .price = Price::counting(rule.limit, Duration::seconds(60 * int64_t{rule.minutes}))};
  return counting == Counting::kCount ? table_.count(charge, now) : table_.used(charge, now);
}

std::optional<uint64_t> Scorer::count_once(const SignalRule& rule, uint64_t key, uint64_t member, Timestamp now) {
  if (rule.points == 0) return std::nullopt;
  const Duration remembered = Duration::seconds(60 * int64_t{rule.minutes});
  const bool is_first = table_.claim(hasher_(kMemberKind, key, member), now + remembered, now);
  return count(rule, key, now, is_first ? Counting::kCount : Counting::kLook);
}

uint64_t Scorer::key_of(Signal signal, uint64_t high, uint64_t low) const {
  return hasher_(kFirstKind + static_cast<uint64_t>(signal), high, low);
}

}  // namespace doorbuster::guard
