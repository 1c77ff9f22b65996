#include <gtest/gtest.h>

#include <algorithm>

#include "sale/machine/model_test_commands.h"

namespace doorbuster::sale {

Timestamp Commands::moment_near(Timestamp now) {
  const auto span = static_cast<uint64_t>(profile_.longest_step.micros() / 1'000);
  const auto ahead = static_cast<int64_t>(random_.below(span)) - static_cast<int64_t>(span / 8);
  return Timestamp::from_micros((now.micros() / 1'000 + ahead) * 1'000);
}

CustomerHash Commands::someone() {
  const uint64_t who = from_one_to(profile_.customers);
  return {who, who * 0x9E3779B97F4A7C15};
}

std::optional<CustomerHash> Commands::someone_or_operator() {
  return random_.chance(3) ? std::nullopt : std::optional(someone());
}

Idempotency Commands::some_key() {
  if (random_.chance(2)) return {};
  const uint64_t key = from_one_to(20);
  return {key, random_.chance(8) ? key + 1 : key};
}

Annotations Commands::some_annotations() {
  Annotations annotations;
  if (random_.chance(2)) return annotations;
  if (random_.chance(2)) annotations.client_reference = "r" + std::to_string(below(4));
  if (random_.chance(3)) annotations.metadata = R"({"k":")" + std::string(below(120), 'v') + R"("})";
  if (random_.chance(4)) annotations.customer_id = "c" + std::to_string(below(2));
  return annotations;
}

// Most who are looked at are not delayed.
Assessment Commands::some_assessment() {
  if (random_.chance(2)) return {};
  return {.score = static_cast<uint8_t>(below(kScoreMax + 1)),
          .reasons = {static_cast<Signal>(below(kSignalNames.size()))},
          .network = static_cast<NetworkClass>(below(kNetworkClassNames.size())),
          .device = static_cast<DeviceClass>(below(kDeviceClassNames.size())),
          .is_delayed = random_.chance(3)};
}

template <class Number>
Number Commands::some(const std::vector<Number>& numbers) {
  if (numbers.empty() || random_.chance(40)) return {below(6), below(3)};
  // The newest are the ones that still live.
  const size_t recent = random_.chance(3) ? numbers.size() : std::min<size_t>(numbers.size(), 6);
  return numbers[numbers.size() - 1 - below(recent)];
}

CreateSale Commands::create(Timestamp now) {
  Settings settings;
  settings.id = "sale-" + std::to_string(below(12));
  settings.units = from_one_to(profile_.units_most);
  if (random_.chance(2)) settings.price = Money{100, Currency("EUR")};
  settings.per_customer = random_.chance(2) ? 1 : from_one_to(3);
  settings.queue = random_.chance(2) ? QueueKind::kDraw : QueueKind::kFifo;
  if (!profile_.queues && random_.chance(2)) settings.queue = QueueKind::kNone;
  if (random_.chance(profile_.passes ? 1 : 8)) settings.queue = QueueKind::kPass;
  if (settings.queue == QueueKind::kPass && !random_.chance(10)) settings.per_customer = 1;
  settings.opens_at = moment_near(now + profile_.notice);
  if (random_.chance(4)) settings.closes_at = settings.opens_at + Duration::seconds(from_one_to(100'000));
  if (settings.queue == QueueKind::kDraw || random_.chance(4)) {
    settings.prequeue_opens_at = settings.opens_at - Duration::seconds(below(100));
  }
  settings.claim_seconds = from_one_to(90);
  settings.hold_seconds = from_one_to(400);
  settings.payment_grace_seconds = below(200);
  if (random_.chance(3)) settings.outflow_per_minute = from_one_to(random_.chance(2) ? 20 : 1'000'000);
  settings.entry_rules.review = random_.chance(settings.queue == QueueKind::kNone ? 20 : 5);
  if (random_.chance(10)) settings.entry_rules.denied_countries = {kUnknownCountry};
  const Digest secret = sha256(as_bytes(std::to_string(below(1'000'000))));
  auto named = random_.chance(profile_.beacons ? 1 : 4) ? beacon(settings) : nullptr;
  return {std::make_unique<Settings>(std::move(settings)), random_.chance(8), some_cause(), secret, std::move(named)};
}

// Now and then one that does not go with the sale.
std::unique_ptr<Beacon> Commands::beacon(const Settings& settings) {
  if (settings.queue != QueueKind::kDraw && !random_.chance(10)) return nullptr;
  const Duration later = Duration::millis(random_.chance(10) ? below(1'200) : 1'000 + below(60'000));
  return std::make_unique<Beacon>(Beacon{random_.chance(30) ? "A" : "drand", below(30), settings.opens_at + later});
}

SettingsPatch Commands::patch(Timestamp now) {
  SettingsPatch patch;
  if (random_.chance(4)) {
    patch.more_units = static_cast<int32_t>(below(2 * profile_.units_most)) - static_cast<int32_t>(profile_.units_most);
  }
  if (!patch.more_units && random_.chance(2)) patch.units = from_one_to(profile_.units_most + 2);
  if (random_.chance(6)) patch.per_customer = below(4);
  if (random_.chance(8)) patch.opens_at = moment_near(now);
  if (random_.chance(8)) patch.closes_at = moment_near(now + profile_.longest_step);
  if (random_.chance(20)) patch.closes_at = std::optional<Timestamp>();
  if (random_.chance(8)) patch.claim_seconds = from_one_to(90);
  if (random_.chance(8)) patch.hold_seconds = below(400);
  if (random_.chance(12)) patch.payment_grace_seconds = below(200);
  if (random_.chance(4)) patch.outflow_per_minute = std::optional(from_one_to(100'000));
  if (random_.chance(12)) patch.outflow_per_minute = std::optional<uint32_t>();
  if (random_.chance(12)) patch.review = random_.chance(2);
  if (random_.chance(12)) patch.allowed_countries = std::vector<Country>(below(2), Country{'D', 'E'});
  return patch;
}

ChangeSale Commands::change(const Known& known, Timestamp now) {
  ChangeSale change{some_sale(known), std::make_unique<SettingsPatch>(patch(now)), some_cause()};
  if (random_.chance(4)) change.message = std::string(below(3), random_.chance(20) ? '\t' : 'm');
  if (change.message && random_.chance(2)) *change.patch = {};
  if (!known.terms.empty() && random_.chance(3)) change.of_terms = known.terms[below(known.terms.size())];
  return change;
}

Command Commands::next(const Known& known, Timestamp now) {
  const int all = profile_.reserve + profile_.line + profile_.payment + profile_.operators;
  int pick = static_cast<int>(below(static_cast<uint64_t>(all)));
  if ((pick -= profile_.reserve) < 0) return of_customer(known);
  if ((pick -= profile_.line) < 0) return of_line(known);
  if ((pick -= profile_.payment) < 0) return of_payment(known);
  return of_operator(known, now);
}

Command Commands::of_customer(const Known& known) {
  switch (below(8)) {
    case 0:
      return LookUpHold{some(known.holds), someone_or_operator()};
    case 1:
      return Release{some(known.holds), someone_or_operator(), some_cause()};
    default:
      const CustomerHash customer = someone();
      return Reserve{some_sale(known), customer, some_key(), some_annotations(), kind_of(customer)};
  }
}

Command Commands::of_line(const Known& known) {
  switch (below(8)) {
    case 0:
      return LookUpEntry{some(known.entries), someone_or_operator()};
    case 1:
      return Leave{some(known.entries), someone()};
    default:
      const CustomerHash customer = someone();
      return Join{some_sale(known),   customer,          some_key(),       std::string(below(3), 'n'),
                  some_annotations(), kind_of(customer), some_assessment()};
  }
}

Command Commands::of_payment(const Known& known) {
  const auto attempt = static_cast<uint8_t>(random_.chance(4) ? below(10) : from_one_to(2));
  const HoldNumber hold = some(known.holds);
  switch (below(8)) {
    case 0:
      return SettleRefund{hold, attempt, random_.chance(3) ? "r" : some_reference(),
                          random_.chance(2) ? std::optional(some_money()) : std::nullopt, sale_of(known, hold)};
    case 1:
    case 2:
      return SettlePayment{.hold = hold,
                           .attempt = attempt,
                           .result = PaymentResult::kSucceeded,
                           .reference = some_reference(),
                           .paid = some_money(),
                           .sale = sale_of(known, hold),
                           .is_unknown_to_archive = random_.chance(2)};
    case 3:
    case 4:
      return SettlePayment{hold, attempt, PaymentResult::kFailed, "f"};
    default:
      return StartPayment{hold, someone(), some_key()};
  }
}

// Of a hold that there was: whoever tells of money for it knows that.
SaleNumber Commands::sale_of(const Known& known, HoldNumber hold) {
  const auto found = std::ranges::find(known.holds, hold);
  if (found == known.holds.end()) return some_sale(known);
  return known.sales_of_holds[static_cast<size_t>(found - known.holds.begin())];
}

Command Commands::of_operator(const Known& known, Timestamp now) {
  if (random_.chance(profile_.beacons ? 2 : 8)) {
    return GiveBeacon{some_sale(known), std::string(from_one_to(2), 'v'), some_cause()};
  }
  switch (below(10)) {
    case 0:
      return create(now);
    case 1:
      return RemoveEntry{some(known.entries), some_cause()};
    case 2:
      return Release{some(known.holds), std::nullopt, some_cause()};
    case 3:
    case 4:
    case 5:
      return change(known, now);
    default: {
      static constexpr SaleAction kActions[] = {SaleAction::kPublish, SaleAction::kPause,  SaleAction::kPause,
                                                SaleAction::kResume,  SaleAction::kResume, SaleAction::kResume,
                                                SaleAction::kResume,  SaleAction::kClose};
      ActOnSale act{some_sale(known), kActions[below(std::size(kActions))], some_cause()};
      if (!known.terms.empty() && random_.chance(8)) act.of_terms = known.terms[below(known.terms.size())];
      return act;
    }
  }
}

}  // namespace doorbuster::sale
