#include "recs_sim/world.h"

#include <algorithm>
#include <array>

#include "recs_sim/log_check.h"

namespace doorbuster::recs::sim {
namespace {

constexpr uint32_t kShops = 3;
constexpr int kPatience = 2'000;  // rounds until everybody is answered once nothing fails any more

log::SimulatedDisk::Options disk_options(uint64_t seed, Prng& random) {
  return {.seed = seed, .tear = random.chance(2), .reorder = random.chance(2)};
}

}  // namespace

World::World(uint64_t seed, uint64_t steps)
    : random_(seed),
      steps_(steps),
      machine_{.disk = log::SimulatedDisk(disk_options(seed, random_)),
               .capacity = {.items = kItems, .users = 2'000, .sessions = 2'000, .event_ids = 1'000'000},
               .events_a_snapshot = 50 + random_.below(500),
               .events_a_save = 50 + random_.below(500)},
      fault_one_in_(random_.chance(3) ? 0 : 20 + random_.below(300)),
      is_asked_(kShops) {
  for (uint32_t shop = 0; shop < kShops; ++shop) shops_.emplace_back(shop, seed * 31 + shop);
}

Outcome World::run() {
  start();
  for (uint64_t step = 0; step < steps_ && outcome_.broken.empty(); ++step) this->step();
  if (outcome_.broken.empty()) settle();
  if (outcome_.broken.empty()) check_log();
  for (const Shop& shop : shops_) outcome_.answers += shop.answers();
  return outcome_;
}

void World::breaks(const std::string& promise) {
  if (outcome_.broken.empty()) outcome_.broken = promise;
}

// Nobody hears what the process had to say.
void World::crash() {
  ++outcome_.crashes;
  kept_.clear();
  is_asked_.assign(kShops, false);
  server_.reset();
  if (!machine_.disk.crashed()) machine_.disk.crash();
  machine_.disk.restart();
  if (random_.chance(10)) machine_.store.lose_all();
}

void World::start() {
  for (int tries = 0; tries < kPatience; ++tries) {
    server_ = std::make_unique<Server>(machine_, clock_);
    if (server_->start()) return;
    crash();
  }
  breaks("a process does not start");
}

void World::step() {
  clock_.advance(random_.chance(50) ? Duration::seconds(static_cast<int64_t>(random_.below(200)) * 86'400)
                                    : Duration::micros(static_cast<int64_t>(random_.below(200'000))));
  if (fault_one_in_ > 0 && random_.chance(fault_one_in_)) {
    constexpr std::array kFaults = {log::Fault::kFailsDone, log::Fault::kFailsUndone, log::Fault::kCrash};
    machine_.disk.fail_at(1 + random_.below(3), kFaults[random_.below(kFaults.size())]);
  }
  if (machine_.disk.crashed() || random_.chance(150)) {
    crash();
    return start();
  }
  switch (random_.below(8)) {
    case 0:
    case 1:
    case 2:
      ask(static_cast<uint32_t>(random_.below(kShops)));
      break;
    case 3:
      server_->decide();
      break;
    case 4:
    case 5:
      server_->append();
      break;
    case 6:
      server_->follow();
      break;
    default:
      if (random_.chance(4)) server_->save_snapshot();
      if (random_.chance(20)) server_->save_tables();
  }
  give_answers();
}

void World::ask(uint32_t shop) {
  if (is_asked_[shop]) return;
  if (!server_->port().submit({shop}, shops_[shop].next(clock_.now()))) return;
  is_asked_[shop] = true;
  server_->port().flush();
}

// As RecsCommands: what was decided is told once the tables know it, and what nobody knows is asked again.
void World::give_answers() {
  server_->port().drain([&](Server::PortType::Answer&& answer) {
    const auto shop = static_cast<uint32_t>(answer.ticket.value);
    if (answer.status == cell::ReplyStatus::kDecided)
      kept_.push_back({.shop = shop, .reply = std::move(answer.reply)});
    else
      is_asked_[shop] = false;
  });
  std::erase_if(kept_, [&](const Kept& kept) {
    if (kept.reply.sequence > server_->heard()) return false;
    is_asked_[kept.shop] = false;
    const auto complaint =
        server_->view().look([&](const RecsTables& tables) { return shops_[kept.shop].take(kept.reply, tables); });
    if (complaint) breaks(*complaint);
    return true;
  });
}

// From now on nothing more fails: everybody gets their answer, by a process that was started anew.
void World::settle() {
  crash();
  start();
  for (int round = 0; round < kPatience && outcome_.broken.empty(); ++round) {
    if (machine_.disk.crashed()) {  // a fault that was planned before
      crash();
      start();
    }
    bool is_waited_for = false;
    for (uint32_t shop = 0; shop < kShops; ++shop) {
      if (shops_[shop].is_waiting()) ask(shop);
      is_waited_for = is_waited_for || shops_[shop].is_waiting();
    }
    server_->decide();
    server_->append();
    server_->follow();
    give_answers();
    if (!is_waited_for && server_->heard() == server_->durable()) return;
  }
  breaks("somebody is never answered");
}

std::vector<NameHash> World::forgotten() const {
  std::vector<NameHash> all;
  for (const Shop& shop : shops_) all.insert(all.end(), shop.forgotten().begin(), shop.forgotten().end());
  return all;
}

// Both halves of a hash, as they are written.
void World::check_bytes(const std::vector<std::byte>& bytes, const std::string& where) {
  for (const NameHash& hash : forgotten()) {
    std::vector<std::byte> wanted;
    ByteWriter out(wanted);
    out.integer(hash.high);
    out.integer(hash.low);
    if (std::ranges::search(bytes, wanted).begin() != bytes.end())
      breaks("user " + std::to_string(hash.low) + " is forgotten and stands in " + where);
  }
}

void World::check_log() {
  const auto check = read_again(server_->log(), machine_.capacity, machine_.history);
  if (!check) return breaks("the log can't be read: " + check.error().message);
  outcome_.events = check->events;
  for (const auto& [id, times] : check->ids) {
    if (times > 1) breaks("event " + std::to_string(id) + " is in the log " + std::to_string(times) + " times");
  }
  for (const Shop& shop : shops_) {
    for (const uint64_t id : shop.acknowledged()) {
      if (!check->ids.contains(id)) breaks("event " + std::to_string(id) + " was answered and is not in the log");
    }
  }
  server_->view().look([&](const RecsTables& tables) {
    for (const Shop& shop : shops_) {
      if (const auto complaint = shop.complaint_about(tables)) breaks("at the end, " + *complaint);
    }
    if (!tables.counts_as(*check->whole)) breaks("the tables are not those of the log alone");
    if (!tables.counts_as(*check->without)) breaks("the tables know of what was cancelled or forgotten");
  });
  check_bytes(check->snapshot, "a snapshot");
  server_->save_tables();
  for (const auto& [name, parts] : machine_.store.states()) {
    for (const auto& part : parts) check_bytes(part, "the saved " + name);
  }
}

}  // namespace doorbuster::recs::sim
