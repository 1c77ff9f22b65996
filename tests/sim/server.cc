#include "sim/server.h"

#include "cell/frames.h"
#include "platform/operators/operator_calls.h"
#include "sim/events_on_disk.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

constexpr size_t kUnderWay = 64;
constexpr Duration kPaymentRound = Duration::seconds(1);

// How often a loop looks what is due while somebody waits for an answer.
constexpr Duration kTick = Duration::millis(50);

std::unique_ptr<sale::Machine> fresh_machine() {
  return std::make_unique<sale::Machine>(kSimCapacity, sale::sealed_entry_name(ServerKeys::get().ids()));
}

}  // namespace

Server::Server(Site& site, uint32_t number, Bank& bank, ServerHooks hooks)
    : site_(site),
      number_(number),
      hooks_(std::move(hooks)),
      line_(site, bank),
      log_(site.disk),
      operators_(ServerKeys::get().store(), auth::CookieTransport::kHttp),
      outboxes_(1, {.return_url = "https://shop/", .on_trouble = [](const std::string&) {}},
                {ServerKeys::get().payment_secret()}, line_, directory_, ServerKeys::get().ids(), site.clock),
      outbox_(outboxes_.of(kCell)),
      engine_(
          {.capacity = kSimCapacity,
           .cell = {.commands_a_turn = site.plan.commands_a_turn,
                    .timers_a_turn = 64,
                    .events_a_batch = site.plan.events_a_batch,
                    .events_a_snapshot = site.plan.events_a_snapshot},
           .requests_a_reactor = kUnderWay,
           .view_store = &site.view_store,
           .on_trouble = [this](const std::string& trouble) { site_.trace.note("server ", number_, ": ", trouble); },
           .threads = cell::Host::Threads::kNone},
          log_, operators_, directory_, outboxes_, site.clock, {&outbox_}),
      cell_(engine_.parts(kCell).cell),
      runner_(engine_.parts(kCell).runner),
      host_(engine_.parts(kCell).host),
      follower_(engine_.parts(kCell).follower),
      edge_(site, [this](uint64_t ticket, Sequence came_at, const std::string& answer) {
        hooks_.answered(ticket, answer, cell_.lease().epoch, {came_at, cell_.lease().tail});
      }) {
  engine_.attach(kCell, outbox_.port());
  platform::Routes routes;
  platform::add_operator_routes(routes, operators_, platform::Operators::kServed);
  engine_.add_routes(routes, edge_.loop(), platform::Operators::kServed);
  edge_.serve(std::move(routes));
}

// Whatever is put off dies with the process, and stands still while it is stopped.
void Server::later(Duration wait, std::function<void()> act) {
  const std::weak_ptr<bool> alive = alive_;
  site_.events.in(wait, [this, alive, act = std::move(act)] {
    if (alive.lock() == nullptr) return;
    if (site_.events.now() < paused_until_) return later(paused_until_ - site_.events.now(), act);
    act();
  });
}

void Server::start() {
  recover();
  later(kPaymentRound, [this] { tend_payments(); });
}

void Server::recover() {
  if (started_) edge_.turn();  // what was decided is answered before
  const auto start = [&]() -> Result<cell::Recovered> { return TRY(engine_.start()).front(); };
  const auto recovered = started_ ? runner_.claim() : start();
  if (!recovered) {
    site_.trace.note("server ", number_, " can't recover: ", recovered.error().message);
    if (recovered.error().code == ErrorCode::kCorrupt) {
      site_.promises.breaks("the log can't be replayed: " + recovered.error().message);
    }
    later(Duration::seconds(1), [this] { recover(); });
    return;
  }
  epoch_ = recovered->lease.epoch;
  site_.trace.note("server ", number_, " owns the log, epoch ", epoch_.value(), ", tail ",
                   recovered->lease.tail.value(), ", snapshot at ", recovered->snapshot_at.value(), ", ",
                   cell::kResumedNames[static_cast<size_t>(recovered->resumed)]);
  if (!std::exchange(started_, true)) {
    site_.trace.note("server ", number_, " has views up to ", views().position().value());
  }
  follower_.note_durable(kCell, recovered->lease.tail);
  hooks_.recovered();
  turn_soon(Duration());
  later(site_.up_to(Duration::millis(50)), [this] { follow(); });
}

void Server::take(uint64_t ticket, std::string request) {
  later(site_.up_to(Duration::micros(100)), [this, ticket, request = std::move(request)] {
    // What is durable but not told yet is not known to the handlers either.
    const Sequence known(engine_.probe().durable_tail.load());
    if (!started_ || stopping_ || !edge_.take(ticket, known, request)) return;
    turn_soon(site_.up_to(Duration::micros(100)));
  });
}

void Server::pause(Duration how_long) { paused_until_ = site_.events.now() + how_long; }

void Server::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  turn_soon(Duration());
}

void Server::turn_soon(Duration wait) {
  const Timestamp when = site_.events.now() + wait;
  if (when >= next_turn_) return;
  next_turn_ = when;
  later(wait, [this, when] {
    if (when == next_turn_) turn();
  });
}

void Server::turn() {
  next_turn_ = Timestamp::from_micros(INT64_MAX);
  edge_.turn();
  const bool busy = host_.timekeeper().round();
  if (edge_.is_notified()) edge_.turn();
  tell_published();
  append_soon();
  save_soon();
  site_.furthest = std::max(site_.furthest, cell_.now());
  if (busy) return turn_soon(Duration::micros(5));
  if (stopping_ && !appending_ && (cell_.is_quiet() || !is_owner())) return finish_stopping();
  // A clock that was set is noticed after a while, as by the timekeeper.
  const Duration until_due = cell_.next_deadline() - site_.clock.now();
  const Duration most = edge_.is_waited_for() ? kTick : Duration::seconds(2);
  turn_soon(std::clamp(until_due, Duration::millis(1), most));
}

void Server::append_soon() {
  if (appending_ || !host_.committer().collect()) return;
  appending_ = true;
  later(site_.up_to(site_.plan.write_max), [this] { append(); });
}

void Server::append() {
  host_.committer().append();
  if (host_.committer().outcomes().front() == log::Appended::kDurable && epoch_ < site_.newest_epoch) {
    site_.promises.breaks("a server appended to a log that another one had taken over");
  }
  later(site_.up_to(Duration::micros(500)), [this] { tell_outcome(); });
}

void Server::tell_outcome() {
  const log::Appended outcome = host_.committer().outcomes().front();
  appending_ = false;
  host_.committer().tell();
  tell_published();
  turn_soon(Duration());
  if (outcome == log::Appended::kDurable) {
    later(site_.up_to(Duration::millis(500)), [this] { follow(); });
    return;
  }
  site_.trace.note("server ", number_, " appended: ", log::kAppendedNames[static_cast<size_t>(outcome)]);
  if (cell_.ownership() == cell::Ownership::kRecovering && !stopping_) recover();
}

// A part of a snapshot now and then, whatever the cell does meanwhile.
void Server::save_soon() {
  if (saving_ || (host_.snapshot_saver().is_idle() && !cell_.snapshot_to_write())) return;
  saving_ = true;
  later(site_.up_to(site_.plan.write_max), [this] {
    const uint64_t saved = engine_.probe().snapshots.value(), failed = engine_.probe().snapshots_failed.value();
    (void)host_.snapshot_saver().round();
    if (engine_.probe().snapshots.value() != saved) site_.trace.note("server ", number_, " saved a snapshot");
    if (engine_.probe().snapshots_failed.value() != failed)
      site_.trace.note("server ", number_, " could not save a snapshot");
    saving_ = false;
    if (!host_.snapshot_saver().is_idle()) save_soon();
  });
}

void Server::follow() {
  while (follower_.turn()) {
  }
  outbox_.turn();
  turn_soon(Duration());
}

void Server::follow_to_the_end() {
  while (follower_.turn()) {
  }
}

void Server::tend_payments() {
  outbox_.turn();
  turn_soon(Duration());
  const auto backlog = outbox_.backlog();
  const bool idle = backlog.payments_open + backlog.refunds_due == 0;
  later(idle ? kPaymentRound * 5 : kPaymentRound, [this] { tend_payments(); });
}

void Server::finish_stopping() {
  if (!stopped_) return;
  host_.stop();
  follower_.save();
  later(Duration(), std::exchange(stopped_, nullptr));
}

// What everybody may read of sales, as soon as it is there.
void Server::tell_published() {
  directory_.page()->for_each([&](const sale::Listing& listing) {
    const auto read = listing.live->read();
    const uint64_t seen = std::exchange(seen_versions_.at(listing.slot), read.version);
    if (seen != read.version) hooks_.published(read.status);
  });
}

Result<std::unique_ptr<sale::Machine>> machine_on_disk(log::SimulatedDisk& disk, From from) {
  log::MemoryLog log(disk);
  auto machine = fresh_machine();
  Sequence after;
  if (from == From::kSnapshotAndLog) {
    if (const auto snapshot = TRY(log.read_snapshot(kCell))) {
      TRY(cell::load_snapshot(*snapshot, *machine));
      after = snapshot->head().at;
    }
  }
  Result<void> applied;
  TRY(log.read(kCell, after + 1, [&](const log::Batch& batch) {
    applied = cell::for_each_frame(batch.payload,
                                   [&](Timestamp at, uint32_t, Bytes events) { return machine->apply(events, at); });
    return applied.has_value();
  }));
  TRY(applied);
  return machine;
}

}  // namespace doorbuster::sim
