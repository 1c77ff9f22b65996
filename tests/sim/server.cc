#include "sim/server.h"

#include "cell/frames.h"

namespace doorbuster::sim {
namespace {

constexpr size_t kUnderWay = 64;
constexpr Duration kPaymentRound = Duration::seconds(1);

std::unique_ptr<sale::Machine> fresh_machine() { return std::make_unique<sale::Machine>(kSimCapacity); }

}  // namespace

Server::Server(Site& site, uint32_t number, Bank& bank, const auth::IdSealer& ids, ServerHooks hooks)
    : site_(site),
      number_(number),
      hooks_(std::move(hooks)),
      line_(site, bank),
      log_(site.disk),
      board_(kSimCapacity.sales),
      outbox_({.return_url = "https://shop/", .on_trouble = [](const std::string&) {}}, line_, directory_, ids,
              site.clock),
      views_(log_, kCell, sale::plain_entry_name, {&outbox_},
             {.store = &site.view_store,
              .events_a_save = site.plan.events_a_snapshot,
              .on_trouble =
                  [this](const std::string& trouble) { site_.trace.note("server ", number_, ": ", trouble); }}),
      cell_(kCell, log_, fresh_machine, [this](auto&& publication) { publish(std::move(publication)); },
            {.commands_a_turn = site.plan.commands_a_turn,
             .timers_a_turn = 64,
             .events_a_batch = site.plan.events_a_batch,
             .events_a_snapshot = site.plan.events_a_snapshot}),
      edge_(kUnderWay,
            [this] {
              edge_.drain([this](auto&& answer) {
                hooks_.answered(answer.ticket.value, answer.status, answer.reply, cell_.lease().epoch);
              });
            }),
      host_(log_, site.clock),
      runner_(host_, cell_, probe_,
              {.on_durable = [this](Sequence tail) { views_.follower().note_durable(kCell, tail); },
               .on_trouble = {}}) {
  cell_.attach(edge_);
  cell_.attach(outbox_.port());
}

// Whatever is put off dies with the process, and stands still while it is stopped.
void Server::later(Duration wait, std::function<void()> act) {
  const std::weak_ptr<bool> alive = alive_;
  site_.agenda.in(wait, [this, alive, act = std::move(act)] {
    if (alive.lock() == nullptr) return;
    if (site_.agenda.now() < paused_until_) return later(paused_until_ - site_.agenda.now(), act);
    act();
  });
}

void Server::start() {
  host_.start(cell::Host::Threads::kNone);
  recover();
  later(kPaymentRound, [this] { tend_payments(); });
}

void Server::recover() {
  const auto recovered = runner_.claim();
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
  if (!std::exchange(has_restored_, true)) {
    views_.follower().restore({recovered->lease.tail});
    site_.trace.note("server ", number_, " has views up to ", views_.position().value());
  }
  views_.follower().note_durable(kCell, recovered->lease.tail);
  hooks_.recovered();
  turn_soon(Duration());
  later(site_.up_to(Duration::millis(50)), [this] { follow(); });
}

bool Server::submit(uint64_t ticket, sale::Command&& command) {
  if (stopping_ || !edge_.submit(ticket, std::move(command))) return false;
  turn_soon(site_.up_to(Duration::micros(200)));
  return true;
}

void Server::pause(Duration how_long) { paused_until_ = site_.agenda.now() + how_long; }

void Server::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  turn_soon(Duration());
}

void Server::turn_soon(Duration wait) {
  const Timestamp when = site_.agenda.now() + wait;
  if (when >= next_turn_) return;
  next_turn_ = when;
  later(wait, [this, when] {
    if (when == next_turn_) turn();
  });
}

void Server::turn() {
  next_turn_ = Timestamp::from_micros(INT64_MAX);
  edge_.flush();
  const bool busy = host_.timekeeper().round();
  append_soon();
  save_soon();
  site_.furthest = std::max(site_.furthest, cell_.now());
  if (busy) return turn_soon(Duration::micros(5));
  if (stopping_ && !appending_ && (cell_.is_quiet() || !is_owner())) return finish_stopping();
  // A clock that was set is noticed after a while, as by the timekeeper.
  const Duration until_due = cell_.next_deadline() - site_.clock.now();
  turn_soon(std::clamp(until_due, Duration::millis(1), Duration::seconds(2)));
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
    const uint64_t saved = probe_.snapshots.value(), failed = probe_.snapshots_failed.value();
    (void)host_.snapshot_saver().round();
    if (probe_.snapshots.value() != saved) site_.trace.note("server ", number_, " saved a snapshot");
    if (probe_.snapshots_failed.value() != failed) site_.trace.note("server ", number_, " could not save a snapshot");
    saving_ = false;
    if (!host_.snapshot_saver().is_idle()) save_soon();
  });
}

void Server::follow() {
  while (views_.follower().turn()) {
  }
  outbox_.turn();
  turn_soon(Duration());
}

void Server::follow_to_the_end() {
  while (views_.follower().turn()) {
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
  views_.follower().save();
  later(Duration(), std::exchange(stopped_, nullptr));
}

void Server::publish(sale::Machine::Publication&& publication) {
  board_.publish(publication.status);
  if (publication.settings) {
    directory_.publish(publication.status.sale, *publication.settings, publication.message);
  }
  hooks_.published(publication.status);
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
