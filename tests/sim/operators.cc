#include "sim/operators.h"

namespace doorbuster::sim {
namespace {

constexpr uint64_t kFirstKey = 1'000'000'000;  // customers' keys are below

std::unique_ptr<sale::Beacon> make_beacon(Timestamp public_at) {
  return std::make_unique<sale::Beacon>(sale::Beacon{"drand", 1, public_at});
}

sale::CreateSale creation(const sale::Settings& settings, std::optional<Timestamp> public_at,
                          const sale::Cause& cause) {
  return {std::make_unique<sale::Settings>(settings), false, cause, sha256(as_bytes(settings.id)),
          public_at ? make_beacon(*public_at) : nullptr};
}

}  // namespace

sale::Cause Operators::cause() {
  ++keys_;
  return {.actor = {}, .reason = "because", .idempotency = {kFirstKey + keys_, 1}};
}

void Operators::open_shop() {
  shop_.sales.resize(shop_.site.plan.sales.size());
  const Plan& plan = shop_.site.plan;
  const Duration latest = plan.cells == plan.cells_at_first ? Duration() : Duration::micros(plan.length.micros() / 2);
  for (size_t sale = 0; sale < shop_.sales.size(); ++sale)
    shop_.site.events.in(shop_.site.up_to(latest), [this, sale] { create(sale); });
}

// Not before now, where everything has taken so long, and not before the server's now, whose clock may be ahead.
std::optional<Timestamp> Operators::next_beacon(size_t sale) const {
  const Plan& plan = shop_.site.plan;
  if (!plan.beacons[sale]) return std::nullopt;
  const sale::Settings& settings = plan.sales[sale];
  const Timestamp now = std::max(shop_.site.events.now(), shop_.site.furthest);
  const Timestamp at = std::max(settings.opens_at, now) + *plan.beacons[sale];
  const bool is_in_time = !settings.closes_at || at < *settings.closes_at;
  return is_in_time ? std::optional(at) : std::nullopt;
}

// Until its round is public on the server's clock, too.
void Operators::give_beacon(size_t sale, const sale::Cause& cause) {
  const auto number = shop_.sales[sale];
  shop_.clients.ask({.make = [number, cause] { return sale::GiveBeacon{*number, "a value", cause}; },
                     .done =
                         [this, sale, cause](const Heard& reply) {
                           if (reply.outcome == sale::Outcome::kBeaconGiven) {
                             shop_.site.promises.breaks("a draw has another value than the one it was given");
                           }
                           if (!sale::refused(reply.outcome)) give_another_value(sale);
                           if (reply.outcome != sale::Outcome::kBeaconNotDue) return;
                           shop_.site.events.in(Duration::seconds(5),
                                                [this, sale, cause] { give_beacon(sale, cause); });
                         },
                     .gave_up = nullptr,
                     .tries = UINT32_MAX});
}

// Somebody has read another round, or wants other places.
void Operators::give_another_value(size_t sale) {
  const auto number = shop_.sales[sale];
  shop_.clients.ask({.make = [number, cause = cause()] { return sale::GiveBeacon{*number, "another value", cause}; },
                     .done =
                         [this](const Heard& reply) {
                           if (!sale::refused(reply.outcome)) shop_.site.promises.breaks("a draw took a second value");
                         }});
}

void Operators::create(size_t sale) { create(sale, {.public_at = next_beacon(sale), .cause = cause()}, {}); }

// Where its beacon is public by then it is given a later one. But those who said so may be servers that do not know yet
// that another has taken over: then the sale may be there, made by one of the requests before, and that finds it.
void Operators::create(size_t sale, const Creation& creates, const std::vector<Creation>& before) {
  const Plan& plan = shop_.site.plan;
  shop_.clients.ask(
      {.make = [&plan, sale, creates] { return creation(plan.sales[sale], creates.public_at, creates.cause); },
       .done =
           [this, sale, creates, before](const Heard& reply) {
             std::vector<Creation> others = before;
             if (reply.outcome == sale::Outcome::kBeaconPassed) {
               others.push_back(creates);
               return create(sale, {.public_at = next_beacon(sale), .cause = cause()}, others);
             }
             if (reply.outcome == sale::Outcome::kIdTaken && !others.empty()) {
               const Creation earlier = others.back();
               others.pop_back();
               return create(sale, earlier, others);
             }
             if (creates.public_at)
               shop_.site.events.at(*creates.public_at, [this, sale] { give_beacon(sale, cause()); });
             if (sale::refused(reply.outcome)) {
               shop_.site.promises.breaks("a sale could not be created: " + std::string(text_of(reply.outcome)));
             }
             shop_.sales[sale] = reply.sale;
             create_again(sale, creates);
           },
       .gave_up = nullptr,
       .tries = UINT32_MAX});
}

// Somebody finds the request that was sent long ago, and sends it once more.
void Operators::create_again(size_t sale, const Creation& creates) {
  const Duration latest = shop_.site.plan.length;
  shop_.site.events.in(shop_.site.up_to(latest), [this, sale, creates] {
    if (shop_.site.calm) return;
    const Plan& plan = shop_.site.plan;
    shop_.clients.ask(
        {.make = [&plan, sale, creates] { return creation(plan.sales[sale], creates.public_at, creates.cause); },
         .done = [](const Heard&) {}});  // History looks whether the sale is found
  });
}

void Operators::meddle() {
  Prng& random = shop_.site.random;
  const auto& sale = shop_.sales[random.below(shop_.sales.size())];
  if (!sale) return;
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      act(*sale, sale::SaleAction::kPause);
      return shop_.site.events.in(shop_.site.seconds_from_to(1, 60),
                                  [this, sale] { act(*sale, sale::SaleAction::kResume); });
    case 3:
      if (random.chance(3)) act(*sale, sale::SaleAction::kClose);
      return;
    case 4:
    case 5:
      return remove_somebody();
    case 6:
    case 7:
      return release_something();
    default:
      return change_units(*sale);
  }
}

void Operators::act(sale::SaleNumber sale, sale::SaleAction action) {
  shop_.clients.ask({.make = [sale, action, cause = cause()] { return sale::ActOnSale{sale, action, cause}; },
                     .done = [](const Heard&) {}});
}

void Operators::change_units(sale::SaleNumber sale) {
  sale::SettingsPatch change;
  if (shop_.site.random.chance(2)) {
    change.units = static_cast<uint32_t>(1 + shop_.site.random.below(30));
  } else {
    change.more_units = static_cast<int32_t>(1 + shop_.site.random.below(5)) * (shop_.site.random.chance(2) ? 1 : -1);
  }
  shop_.clients.ask({.make =
                         [sale, change, cause = cause()] {
                           auto patch = std::make_unique<sale::SettingsPatch>(change);
                           return sale::ChangeSale{sale, std::move(patch), cause};
                         },
                     .done = [](const Heard&) {}});
}

void Operators::remove_somebody() {
  const auto& entries = shop_.known_entries;
  if (entries.empty()) return;
  const sale::EntryNumber entry = entries[shop_.site.random.below(entries.size())];
  shop_.clients.ask(
      {.make = [entry, cause = cause()] { return sale::RemoveEntry{entry, cause}; }, .done = [](const Heard&) {}});
}

void Operators::release_something() {
  const auto& holds = shop_.known_holds;
  if (holds.empty()) return;
  const sale::HoldNumber hold = holds[shop_.site.random.below(holds.size())];
  shop_.clients.ask({.make = [hold, cause = cause()] { return sale::Release{hold, std::nullopt, cause}; },
                     .done = [](const Heard&) {}});
}

void Operators::close_all() {
  for (const auto& sale : shop_.sales) act(*sale, sale::SaleAction::kClose);
}

void Operators::wind_up(const CellStates& states) {
  states.for_each_sale([&](sale::SaleNumber, const sale::Sale& sale) {
    if (sale.state != sale::SaleState::kPaused) return;
    const bool goes_on = shop_.site.random.chance(2);
    act(shop_.site.plan.number_of(sale.settings.id), goes_on ? sale::SaleAction::kResume : sale::SaleAction::kClose);
  });
}

}  // namespace doorbuster::sim
