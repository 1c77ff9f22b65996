#include "sim/plan.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/jump_hash.h"

namespace doorbuster::sim {
namespace {

uint32_t from_to(Prng& random, uint32_t least, uint32_t most) {
  return least + static_cast<uint32_t>(random.below(most - least + 1));
}

// Mostly never, else one of the periods.
Duration now_and_then(Prng& random, uint64_t one_in, uint32_t least_seconds, uint32_t most_seconds) {
  return random.chance(one_in) ? Duration::seconds(from_to(random, least_seconds, most_seconds)) : Duration();
}

sale::Settings draw_sale(Prng& random, uint32_t number, uint32_t units_most) {
  sale::Settings settings;
  settings.id = "sale-" + std::to_string(number);
  settings.title = "Sale " + std::to_string(number);
  settings.price = Money{4'900, Currency("EUR")};
  settings.units = from_to(random, 1, units_most);
  settings.per_customer = random.chance(3) ? from_to(random, 2, 3) : 1;
  settings.queue = random.chance(2) ? sale::QueueKind::kDraw : sale::QueueKind::kFifo;
  if (random.chance(3)) settings.queue = sale::QueueKind::kNone;
  // A draw later, so that many come in time for it.
  const uint32_t wait_most = settings.queue == sale::QueueKind::kDraw ? 150 : 20;
  settings.opens_at = start_of_time() + Duration::seconds(from_to(random, 0, wait_most));
  if (settings.queue != sale::QueueKind::kNone && random.chance(2)) settings.prequeue_opens_at = start_of_time();
  if (random.chance(4)) settings.closes_at = settings.opens_at + Duration::seconds(from_to(random, 60, 600));
  settings.claim_seconds = from_to(random, 2, 40);
  settings.hold_seconds = from_to(random, 3, 90);
  settings.payment_grace_seconds = from_to(random, 0, 40);
  if (random.chance(3)) settings.outflow_per_minute = from_to(random, 5, 120);
  return settings;
}

// One in so many worlds has several cells, half of those not from the beginning. There are as many sales as cells or
// more then, and some of them share one.
void draw_cells(Plan& plan, uint64_t one_in, uint32_t cells_most, uint32_t units_most) {
  Prng random(plan.seed * 2 + 5);
  if (!random.chance(one_in)) return;
  plan.cells = plan.cells_at_first = from_to(random, 2, cells_most);
  if (random.chance(2)) plan.cells_at_first = from_to(random, 1, plan.cells - 1);
  while (plan.sales.size() < plan.cells)
    plan.sales.push_back(draw_sale(random, static_cast<uint32_t>(plan.sales.size()), units_most));
}

// A cell is given back now and then, and taken again.
void draw_hand_overs(Plan& plan) {
  Prng random(plan.seed * 2 + 12);
  plan.hand_over_every = now_and_then(random, 4, 10, 90);
}

// Known soon after the opening, so that now and then a server that was away comes too late for it.
void draw_beacons(Plan& plan) {
  Prng random(plan.seed * 2 + 3);
  for (const sale::Settings& sale : plan.sales) {
    const bool waits = sale.queue == sale::QueueKind::kDraw && random.chance(2);
    plan.beacons.push_back(waits ? std::optional(Duration::seconds(from_to(random, 1, 30))) : std::nullopt);
  }
}

// One in so many sales takes guests.
void draw_guests(Plan& plan, uint64_t one_in) {
  Prng random(plan.seed * 2 + 10);
  for (sale::Settings& sale : plan.sales) sale.guests = random.chance(one_in);
}

// One in so many worlds has room for a few customers only, of whom guests may have less than they need.
void draw_limits(Plan& plan, uint64_t one_in) {
  plan.capacity = kSimCapacity;
  Prng random(plan.seed * 2 + 13);
  if (!random.chance(one_in)) return;
  plan.is_tight = true;
  plan.capacity.holds = from_to(random, 4, 24);
  plan.capacity.entries = from_to(random, 4, 24);
  plan.capacity.sale_share_percent = from_to(random, 50, 100);
  plan.capacity.guest_share_percent = from_to(random, 30, 100);
  plan.length = plan.length + Duration::seconds(from_to(random, 0, 600));  // beyond what came to nothing is kept
  for (sale::Settings& sale : plan.sales) sale.guests = sale.guests || random.chance(2);
}

// A site that is always there, instead.
void make_pass(sale::Settings& settings) {
  settings.queue = sale::QueueKind::kPass;
  settings.price = std::nullopt;
  settings.per_customer = 1;
  settings.closes_at = std::nullopt;
}

void draw_disk_faults(Prng& random, Plan& plan) {
  plan.write_max = random.chance(4) ? Duration::millis(2'000) : Duration::millis(20);
  if (random.chance(3)) plan.disk_failure_every = from_to(random, 10, 200);
  if (random.chance(2)) plan.power_loss_every = from_to(random, 10, 300);
  plan.tear = random.chance(2);
  plan.reorder = random.chance(2);
}

void draw_network_faults(Prng& random, Plan& plan) {
  plan.travel_max = random.chance(3) ? Duration::millis(3'000) : Duration::millis(60);
  if (random.chance(2)) plan.lose_one_in = from_to(random, 3, 40);
  if (random.chance(2)) plan.repeat_one_in = from_to(random, 3, 20);
}

}  // namespace

sale::SaleNumber Plan::number_of(std::string_view id) const {
  const auto found = std::ranges::find(sales, id, [](const sale::Settings& sale) { return sale.id; });
  ASSERT(found != sales.end());
  return sale::SaleNumber(static_cast<uint32_t>(found - sales.begin()));
}

bool Plan::may_be_in(sale::SaleNumber number, CellId cell) const {
  const Digest digest = sha256(as_bytes(sales[number.value()].id));
  const auto among = [&](uint32_t count) { return CellId(jump_hash(ByteReader(digest).integer<uint64_t>(), count)); };
  return cell == among(cells_at_first) || cell == among(cells);
}

Timestamp start_of_time() { return Timestamp::from_micros(1'795'773'600'000'000); }  // 2026-11-27T10:00:00Z

Plan draw_plan(uint64_t seed) {
  Prng random(seed);
  Plan plan{.seed = seed};
  const uint32_t units_most = random.chance(3) ? 40 : 4;
  const uint32_t sales = from_to(random, 1, 2);
  for (uint32_t i = 0; i < sales; ++i) plan.sales.push_back(draw_sale(random, i, units_most));
  plan.customers = random.chance(4) ? from_to(random, 20, 50) : from_to(random, 2, 14);
  plan.length = Duration::seconds(from_to(random, 60, 400));
  plan.is_archived = Prng(seed * 2 + 7).chance(3);
  plan.has_webhooks = Prng(seed * 2 + 8).chance(6);
  plan.has_sessions = Prng(seed * 2 + 11).chance(3);
  plan.has_guard = Prng(seed * 2 + 14).chance(2);
  plan.is_about_visits = random.chance(6);
  draw_cells(plan, 2, 4, units_most);
  draw_guests(plan, 3);
  draw_limits(plan, 5);
  draw_hand_overs(plan);
  if (plan.is_about_visits) std::ranges::for_each(plan.sales, make_pass);
  draw_beacons(plan);
  draw_network_faults(random, plan);
  draw_disk_faults(random, plan);
  plan.kill_every = now_and_then(random, 2, 10, 120);
  plan.pause_every = now_and_then(random, 3, 10, 90);
  plan.takeover_every = now_and_then(random, 3, 10, 120);
  plan.graceful_restart_every = now_and_then(random, 4, 20, 120);
  plan.clock_jump_every = now_and_then(random, 3, 10, 90);
  plan.operator_every = now_and_then(random, 2, 5, 60);
  plan.events_a_snapshot = random.chance(2) ? from_to(random, 3, 60) : 1'000'000;
  plan.commands_a_turn = random.chance(3) ? from_to(random, 1, 8) : 256;
  plan.events_a_batch = random.chance(3) ? from_to(random, 1, 8) : 1'000;
  return plan;
}

Plan draw_small_plan(uint64_t seed) {
  Prng random(seed);
  Plan plan{.seed = seed};
  plan.sales.push_back(draw_sale(random, 0, 3));
  plan.capacity = kSimCapacity;
  plan.is_archived = Prng(seed * 2 + 7).chance(6);
  plan.has_webhooks = Prng(seed * 2 + 8).chance(6);
  plan.has_guard = Prng(seed * 2 + 14).chance(3);
  draw_cells(plan, 3, 2, 3);
  draw_guests(plan, 3);
  for (sale::Settings& sale : plan.sales) sale.opens_at = start_of_time();
  draw_beacons(plan);
  plan.customers = from_to(random, 2, 4);
  plan.length = Duration::seconds(from_to(random, 30, 60));
  plan.travel_max = Duration::millis(60);
  plan.write_max = Duration::millis(20);
  plan.tear = random.chance(2);
  plan.reorder = random.chance(2);
  plan.takeover_every = now_and_then(random, 3, 10, 30);
  plan.graceful_restart_every = now_and_then(random, 3, 10, 30);
  plan.events_a_snapshot = from_to(random, 3, 12);
  plan.commands_a_turn = 256;
  plan.events_a_batch = 1'000;
  return plan;
}

}  // namespace doorbuster::sim
