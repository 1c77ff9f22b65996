#include "sim/world.h"

#include <algorithm>

#include "sale/machine/invariants.h"
#include "sim/random.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
World::World(const Plan& plan, TraceMode mode, size_t keep_lines)
    : site_(plan, mode, keep_lines),
      history_(site_),
      readings_(site_),
      answer_book_(site_),
      clients_(site_, history_, answer_book_,
               [this](uint64_t ticket, std::string request) { deliver(ticket, std::move(request)); }),
      watchers_(site_, history_, answer_book_, clients_.ids(), network_of_watchers()),
      browser_(site_, clients_.ids(),
               [this](uint64_t ticket, std::string request) { deliver(ticket, std::move(request)); }),
      bank_(site_, clients_),
      receiver_(site_),
      shop_{.site = site_,
            .clients = clients_,
            .bank = bank_,
            .watchers = watchers_,
            .sales = {},
            .known_holds = {},
            .known_entries = {}},
      operators_(shop_) {
  (void)ServerKeys::get();
  seed_random(plan.seed * 2 + 4);
}

RunResult World::run() {
  begin();
  const Timestamp end = start_of_time() + site_.plan.length;
  while (site_.events.now() < end && go_on()) {
  }
  if (!site_.promises.broken()) become_calm();
  const Timestamp patience = site_.events.now() + Duration::seconds(4 * 3600);
  while (!site_.promises.broken() && !is_drained() && go_on()) {
    if (site_.events.now() > patience) break;
  }
  if (!site_.promises.broken()) inspect_end();
  if (!site_.promises.broken() && site_.plan.is_archived) let_a_month_pass();
  RunResult result{.broken = site_.promises.sentence(),
                   .steps = site_.events.steps(),
                   .disk_operations = site_.disk.operations(),
                   .recoveries = recoveries_,
                   .acknowledged = history_.acknowledged(),
                   .trace = site_.trace.digest()};
  if (Server* server = owner()) result.log_end = sha256(server->saved_states());
  return result;
}

void World::begin() {
  const Plan& plan = site_.plan;
  for (const uint64_t operation : plan.power_loss_at) site_.disk.fail_at(operation, log::Fault::kCrash);
  plan_disk_fault();
  add_server();
  operators_.open_shop();
  for (uint32_t number = 1; number <= plan.customers; ++number) {
    Customer& customer = customers_.emplace_back(shop_, number, site_.random.below(plan.sales.size()));
    site_.events.in(site_.up_to(Duration::micros(plan.length.micros() * 2 / 3)), [&customer] { customer.arrive(); });
  }
  if (plan.cells > plan.cells_at_first)
    site_.events.in(site_.up_to(Duration::micros(plan.length.micros() * 2 / 3)), [this] { raise_cells(); });
  every(plan.kill_every, &World::kill_server);
  every(plan.pause_every, &World::pause_server);
  every(plan.takeover_every, &World::take_over);
  every(plan.hand_over_every, &World::hand_over);
  every(plan.graceful_restart_every, &World::restart_gracefully);
  every(plan.clock_jump_every, &World::jump_clock);
  every(plan.operator_every, &World::meddle);
  every(Duration::seconds(60), &World::enable_webhooks);
  if (plan.has_sessions) every(Duration::seconds(6), &World::use_browser);
  every(Duration::seconds(20), &World::inspect_now);
}

bool World::go_on() {
  if (!site_.events.step()) return false;
  check_step();
  return !site_.promises.broken();
}

void World::check_step() {
  if (site_.disk.crashed() && !power_is_off_) {
    site_.trace.note("the power is off");
    power_is_off_ = true;
    servers_.clear();
    site_.files.lose_power();
    site_.events.in(site_.seconds_from_to(0, 20), [this] { power_back(); });
  }
  if (!site_.calm && next_fault_at_ != 0 && site_.disk.operations() >= next_fault_at_) plan_disk_fault();
  if (site_.events.steps() % 16 != 0) return;
  for (Server& server : servers_) {
    watchers_.check(server);
    if (!server.has_been_busy()) continue;
    for (const CellId cell : server.cells()) {
      if (!server.is_owner(cell)) continue;
      for (std::string& sentence : sale::broken_invariants(server.machine(cell).state())) {
        site_.promises.breaks(std::move(sentence));
      }
    }
  }
}

void World::plan_disk_fault() {
  const uint64_t failures = site_.plan.disk_failure_every;
  const uint64_t losses = site_.plan.power_loss_every;
  if (failures + losses == 0) return;
  const bool loses_power = failures == 0 || (losses != 0 && site_.random.chance(2));
  const auto kinds = std::array{log::Fault::kFailsDone, log::Fault::kFailsUndone};
  const log::Fault fault = loses_power ? log::Fault::kCrash : kinds[site_.random.below(2)];
  const uint64_t wait = 1 + site_.random.below(2 * (loses_power ? losses : failures));
  next_fault_at_ = site_.disk.operations() + wait;
  site_.disk.fail_at(wait, fault);
}

void World::power_back() {
  site_.trace.note("the power is back");
  site_.disk.restart();
  power_is_off_ = false;
  add_server();
}

void World::add_server() {
  if (servers_.empty() && std::exchange(cells_are_to_be_raised_, false)) {
    site_.trace.note("from now on servers have ", site_.plan.cells, " cells");
    site_.newest_epochs.resize(site_.plan.cells);
  }
  const uint32_t number = ++servers_made_;
  Server& server = servers_.emplace_back(site_, number, bank_, receiver_, hooks_of(number));
  site_.trace.note("server ", number, " starts");
  browser_.server_starts(number);
  server.start();
}

ServerHooks World::hooks_of(uint32_t number) {
  return {.answered =
              [this, number](uint64_t ticket, const std::string& answer, const LogRanges& logs) {
                if (Browser::is_ticket(ticket)) return browser_.answered(ticket, answer, number);
                clients_.answered(ticket, answer, logs);
              },
          .streamed = [this](uint64_t ticket, const std::string& part,
                             const LogRanges& logs) { watchers_.streamed(ticket, part, logs); },
          .published = [this](const sale::PublicStatus& status) { history_.saw(status); },
          .claimed = [this](CellId cell, Epoch epoch) { claimed(cell, epoch); },
          .recovered =
              [this, number] {
                for (Server& each : servers_) {
                  if (each.number() == number) recovered(each);
                }
              },
          .could_not_start = [this, number] { start_again(number); }};
}

// Its process has ended, and is started again.
void World::start_again(uint32_t number) {
  site_.events.in(Duration::seconds(1), [this, number] {
    const bool was_there = servers_.remove_if([&](const Server& each) { return each.number() == number; }) > 0;
    if (was_there && !power_is_off_) add_server();
  });
}

void World::claimed(CellId cell, Epoch epoch) {
  Epoch& newest = site_.newest_epochs[cell.value()];
  if (epoch <= newest) site_.promises.breaks("two owners of the log have the same epoch");
  newest = epoch;
}

void World::recovered(Server& server) {
  ++recoveries_;
  // It has what it had decided, and is about to append that again; or has lost another cell, and does not know yet.
  if (!server.is_quiet() || owner() != &server) return;
  history_.check(server.states());
  inspect_replay(site_, readings_, server);
  inspect_logs(site_, readings_);
  inspect_lines(readings_, server);
}

void World::remove_servers_but(const Server* keep) {
  std::erase_if(servers_, [&](const Server& server) { return &server != keep; });
}

Server* World::owner() {
  for (Server& server : servers_) {
    if (server.is_owner() && server.epochs() == site_.newest_epochs) return &server;
  }
  return nullptr;
}

Server& World::somebody() {
  return *std::next(servers_.begin(), static_cast<std::ptrdiff_t>(site_.random.below(servers_.size())));
}

void World::deliver(uint64_t ticket, std::string request) {
  if (!servers_.empty()) somebody().take(ticket, std::move(request));
}

Watchers::Network World::network_of_watchers() {
  return {.deliver =
              [this](uint64_t ticket, std::string request) {
                if (!servers_.empty()) somebody().take_stream(ticket, std::move(request));
              },
          .hang_up =
              [this](uint64_t ticket) {
                for (Server& server : servers_) server.hang_up(ticket);
              },
          .server_of = [this](uint64_t ticket) -> const Server* {
            for (const Server& server : servers_) {
              if (server.has_open(ticket)) return &server;
            }
            return nullptr;
          }};
}

void World::every(Duration mean, void (World::*act)()) {
  if (mean == Duration()) return;
  site_.events.in(site_.up_to(mean * 2), [this, mean, act] {
    if (site_.calm) return;
    (this->*act)();
    every(mean, act);
  });
}

void World::kill_server() {
  if (servers_.empty()) return;
  Server& server = somebody();
  site_.trace.note("server ", server.number(), " is killed");
  servers_.remove_if([&](const Server& each) { return &each == &server; });
  if (!servers_.empty() || restart_is_due_) return;
  restart_is_due_ = true;
  site_.events.in(site_.seconds_from_to(0, 10), [this] {
    restart_is_due_ = false;
    if (!power_is_off_ && servers_.empty()) add_server();
  });
}

void World::pause_server() {
  if (servers_.empty()) return;
  Server& server = somebody();
  site_.trace.note("server ", server.number(), " is stopped for a while");
  server.pause(site_.seconds_from_to(0, 40));
}

// A second server, while the first one thinks that it is the only one. Later somebody notices.
void World::take_over() {
  if (power_is_off_ || servers_.size() > 2) return;
  add_server();
  site_.events.in(site_.seconds_from_to(1, 60), [this] {
    std::erase_if(servers_, [](const Server& server) { return server.is_fenced(); });
    if (servers_.empty() && !power_is_off_) add_server();
  });
}

// Perhaps to another server, which is there before the first one takes it again.
void World::hand_over() {
  if (servers_.empty()) return;
  Server& server = somebody();
  const CellId cell = server.cells()[site_.random.below(server.cells().size())];
  server.release(cell);
  if (site_.random.chance(3)) take_over();
  site_.events.in(site_.seconds_from_to(0, 20), [this, number = server.number(), cell] {
    for (Server& each : servers_) {
      if (each.number() == number) each.claim(cell);
    }
  });
}

void World::restart_gracefully() {
  if (servers_.size() != 1) return;
  const uint32_t number = servers_.front().number();
  site_.trace.note("server ", number, " is asked to end");
  servers_.front().stop([this, number] {
    site_.events.in(Duration(), [this, number] {
      servers_.remove_if([&](const Server& each) { return each.number() == number; });
      if (servers_.empty() && !power_is_off_) add_server();
    });
  });
}

// Somebody has changed the setting. It is read when a server starts, and none runs on with the old one.
void World::raise_cells() {
  cells_are_to_be_raised_ = true;
  if (servers_.size() == 1 && site_.random.chance(2)) return restart_gracefully();
  servers_.clear();
  if (!power_is_off_) add_server();
}

void World::jump_clock() {
  const Duration most = site_.random.chance(4) ? Duration::seconds(7'200) : Duration::seconds(60);
  const Duration wrong_by = site_.up_to(most * 2) - most;
  site_.trace.note("the clock is wrong by ", wrong_by.micros() / 1'000, " ms");
  site_.clock.set_wrong_by(wrong_by);
}

// Staff have seen that a webhook is disabled, or that it fails.
void World::enable_webhooks() {
  if (!servers_.empty()) somebody().enable_webhooks();
}

void World::inspect_now() {
  Server* server = owner();
  // The power may have gone in the very first step, while the server started, and nobody has seen that yet.
  if (server == nullptr || !server->is_quiet() || power_is_off_ || site_.disk.crashed()) return;
  inspect_replay(site_, readings_, *server);
  inspect_lines(readings_, *server);
}

}  // namespace doorbuster::sim
