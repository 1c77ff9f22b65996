#include "sim/server.h"

#include <algorithm>
#include <iterator>

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

std::vector<sale::Projection*> all_of(sale::PaymentOutboxes& outboxes, uint32_t cells) {
  std::vector<sale::Projection*> all;
  for (uint32_t cell = 0; cell < cells; ++cell) all.push_back(&outboxes.of(CellId(cell)));
  return all;
}

// The audit trail is in memory: no promise of the sale rests on it.
platform::OperatorFiles files_in(const std::filesystem::path& folder) {
  auto ended = auth::EndedSessions::open(folder / "ended-sessions.json");
  ASSERT(ended.has_value());
  return {.ended = *std::move(ended)};
}

}  // namespace

Server::Server(Site& site, uint32_t number, Bank& bank, Receiver& receiver, ServerHooks hooks)
    : site_(site),
      number_(number),
      hooks_(std::move(hooks)),
      time_(site),
      line_(site, bank),
      receiver_(receiver),
      log_(site.disk),
      operators_(ServerKeys::get().store(), auth::CookieTransport::kHttp, files_in(site.files.folder())),
      outboxes_(site.cells(),
                {.wall = &site.clock,
                 .return_url = "https://shop/",
                 .on_trouble = [](const auto&) {},
                 .commands_under_way = kUnderWay},
                {ServerKeys::get().payment_secret()}, line_, directory_, ServerKeys::get().ids(), time_.clock()),
      engine_({.capacity = site.plan.capacity,
               .cell = {.commands_a_turn = site.plan.commands_a_turn,
                        .timers_a_turn = 64,
                        .events_a_batch = site.plan.events_a_batch,
                        .events_a_snapshot = site.plan.events_a_snapshot},
               .cells = site.cells(),
               .requests_a_reactor = kUnderWay,
               .gate = &gate_,
               .wall = &site.clock,
               .view_store = &site.view_store,
               .archive_store = &site.archive_store,
               .on_trouble =
                   [this](const std::string& trouble) {
                     site_.trace.note("server ", number_, ": ", site_.files.without_folder(trouble));
                   },
               .threads = cell::Host::Threads::kNone},
              log_, operators_, directory_, outboxes_, time_.clock(), all_of(outboxes_, site.cells())),
      host_(engine_.parts(CellId(0)).host),
      edge_(
          site,
          [this](uint64_t ticket, const Edge::Tails& came_at, const std::string& answer) {
            hooks_.answered(ticket, answer, logs_since(came_at));
          },
          [this](uint64_t ticket, const Edge::Tails& came_at, const std::string& part) {
            hooks_.streamed(ticket, part, logs_since(came_at));
          }),
      seen_versions_(size_t{kSimCapacity.sales} * site.cells()) {
  for (uint32_t cell = 0; cell < site.cells(); ++cell) {
    ids_.emplace_back(cell);
    cells_.push_back(&engine_.parts(CellId(cell)).cell);
    engine_.attach(CellId(cell), outboxes_.of(CellId(cell)).port());
  }
  platform::Routes routes;
  platform::add_operator_routes(routes, operators_, platform::Operators::kServed);
  engine_.add_routes(routes, edge_.loop(), platform::Operators::kServed);
  edge_.serve(std::move(routes), time_.clock());
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

bool Server::is_owner() const {
  return std::ranges::all_of(ids_, [&](CellId cell) { return is_owner(cell); });
}

bool Server::is_fenced() const {
  return std::ranges::any_of(cells_, [](const auto* cell) { return cell->ownership() == cell::Ownership::kFenced; });
}

bool Server::is_quiet() const {
  return is_owner() && std::ranges::all_of(cells_, [](const auto* cell) { return cell->is_quiet(); });
}

// Nothing is under way that the disk has to hear of.
bool Server::is_settled() const {
  return std::ranges::all_of(ids_, [&](CellId cell) { return at(cell).is_quiet() || !is_owner(cell); });
}

Timestamp Server::next_deadline() const {
  const auto deadline = [](const auto* cell) { return cell->next_deadline(); };
  return deadline(*std::ranges::min_element(cells_, {}, deadline));
}

CellStates Server::states() const {
  CellStates states;
  for (const auto* cell : cells_) states.add(cell->machine().state(), cell->now());
  return states;
}

std::vector<std::byte> Server::saved_states() const {
  std::vector<std::byte> saved;
  for (const auto* cell : cells_) cell->machine().save(saved);
  return saved;
}

LogRanges Server::logs_since(const Edge::Tails& came_at) const {
  LogRanges logs;
  for (const CellId cell : ids_) {
    const log::Lease& lease = at(cell).lease();
    logs.push_back({lease.epoch, came_at[cell.value()], lease.tail});
  }
  return logs;
}

void Server::start() {
  const auto recovered = engine_.start();
  if (recovered) return begin();
  site_.trace.note("server ", number_, " can't start: ", recovered.error().message);
  if (recovered.error().code == ErrorCode::kCorrupt) {
    site_.promises.breaks("the log can't be replayed: " + recovered.error().message);
  }
  hooks_.could_not_start();
}

void Server::begin() {
  for (const CellId cell : ids_) {
    owns(cell, "replayed");
    site_.trace.note("server ", number_, " has views up to ", views(cell).position().value());
  }
  hooks_.recovered();
  if (!start_webhooks()) return hooks_.could_not_start();
  started_ = true;
  go_on();
  later(kPaymentRound, [this] { tend_payments(); });
}

// The store did not know of some cells' batches.
void Server::reopen() {
  reopening_ = false;
  edge_.turn();  // what was decided is answered before
  const auto in_doubt = [&](CellId cell) { return at(cell).ownership() == cell::Ownership::kRecovering; };
  std::vector<uint64_t> replays;
  std::vector<CellId> opened;
  std::ranges::copy_if(ids_, std::back_inserter(opened), in_doubt);
  for (const CellId cell : opened) replays.push_back(engine_.probe(cell).replays.value());
  (void)host_.recoverer().round();
  bool any = false;
  for (size_t i = 0; i < opened.size(); ++i) {
    if (!is_owner(opened[i])) continue;
    owns(opened[i], engine_.probe(opened[i]).replays.value() == replays[i] ? "as it was" : "replayed");
    any = true;
  }
  if (any) hooks_.recovered();
  if (any) go_on();
  reopening_ = std::ranges::any_of(ids_, in_doubt);
  if (reopening_) later(Duration::micros(host_.recoverer().patience().count()), [this] { reopen(); });
}

void Server::owns(CellId cell, std::string_view how) {
  has_been_busy_ = true;
  const log::Lease& lease = at(cell).lease();
  epochs_[cell.value()] = lease.epoch;
  site_.trace.note("server ", number_, " owns the log of cell ", cell.value(), ", epoch ", lease.epoch.value(),
                   ", tail ", lease.tail.value(), ", ", how);
  follower(cell).note_durable(cell, lease.tail);
  time_.not_before(at(cell).now());
  hooks_.claimed(cell, lease.epoch);
}

void Server::go_on() {
  turn_soon(Duration());
  later(site_.up_to(Duration::millis(50)), [this] { follow(); });
}

void Server::take(uint64_t ticket, std::string request) {
  later(site_.up_to(Duration::micros(100)), [this, ticket, request = std::move(request)] {
    if (!started_ || stopping_ || !edge_.take(ticket, durable_tails(), request)) return;
    turn_soon(site_.up_to(Duration::micros(100)));
  });
}

void Server::take_stream(uint64_t ticket, std::string request) {
  later(site_.up_to(Duration::micros(100)), [this, ticket, request = std::move(request)] {
    if (!started_ || stopping_ || !edge_.take_stream(ticket, durable_tails(), request)) return;
    turn_soon(site_.up_to(Duration::micros(100)));
  });
}

// What is durable but not told yet is not known to the handlers either.
Edge::Tails Server::durable_tails() const {
  Edge::Tails tails;
  for (const CellId cell : ids_) tails.emplace_back(engine_.probe(cell).durable_tail.load());
  return tails;
}

void Server::pause(Duration how_long) { paused_until_ = std::max(paused_until_, site_.events.now() + how_long); }

void Server::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  edge_.drain();
  turn_soon(Duration());
}

void Server::release(CellId cell) {
  if (!started_ || stopping_ || !is_owner(cell)) return;
  if (appending_) return later(Duration::millis(1), [this, cell] { release(cell); });
  std::vector<Sequence> before;
  for (auto* each : cells_) before.push_back(each->lease().tail);
  engine_.parts(cell).runner.release();
  has_been_busy_ = true;
  check_fences(before);
  const bool is_released = at(cell).ownership() == cell::Ownership::kReleased;
  site_.trace.note("server ", number_, is_released ? " gives cell " : " could not give back cell ", cell.value());
  tell_published();
  const auto in_doubt = [](const auto* each) { return each->ownership() == cell::Ownership::kRecovering; };
  if (std::ranges::any_of(cells_, in_doubt) && !reopening_) return reopen();
  go_on();
}

void Server::claim(CellId cell) {
  if (!started_ || stopping_ || at(cell).ownership() != cell::Ownership::kReleased) return;
  const auto claimed = engine_.parts(cell).runner.claim();
  if (!claimed) {
    site_.trace.note("server ", number_, " could not take a cell again: ", claimed.error().message);
    return later(Duration::seconds(1), [this, cell] { this->claim(cell); });
  }
  owns(cell, "taken again");
  hooks_.recovered();
  go_on();
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
  next_turn_ = kNever;
  edge_.turn();
  time_.check();
  const bool busy = host_.timekeeper().round();
  has_been_busy_ = has_been_busy_ || busy;
  if (edge_.is_notified()) edge_.turn();
  tell_published();
  append_soon();
  save_soon();
  for (const auto* cell : cells_) site_.furthest = std::max(site_.furthest, cell->now());
  if (busy) return turn_soon(Duration::micros(5));
  if (stopping_ && !appending_ && is_settled() && !edge_.has_streams()) return finish_stopping();
  // A clock that was set is noticed after a while, as by the timekeeper.
  const Duration until_due = next_deadline() - time_.clock().now();
  const Duration most = edge_.is_waited_for() ? kTick : edge_.has_streams() ? kTick * 2 : Duration::seconds(2);
  turn_soon(std::clamp(until_due, Duration::millis(1), most));
}

void Server::append_soon() {
  if (appending_ || !host_.committer().collect()) return;
  appending_ = true;
  later(site_.up_to(site_.plan.write_max), [this] { append(); });
}

void Server::append() {
  std::vector<Sequence> before;
  for (auto* cell : cells_) before.push_back(cell->lease().tail);
  host_.committer().append();
  check_fences(before);
  later(site_.up_to(Duration::micros(500)), [this] { tell_outcome(); });
}

void Server::check_fences(const std::vector<Sequence>& before) {
  for (const CellId cell : ids_) {
    const bool appended = at(cell).lease().tail != before[cell.value()];
    if (appended && epochs_[cell.value()] < site_.newest_epochs[cell.value()])
      site_.promises.breaks("a server appended to a log that another one had taken over");
  }
}

void Server::tell_outcome() {
  const std::vector<log::Appended> outcomes = host_.committer().outcomes();
  appending_ = false;
  host_.committer().tell();
  has_been_busy_ = true;
  tell_published();
  turn_soon(Duration());
  bool any_durable = false, any_unknown = false;
  for (const log::Appended outcome : outcomes) {
    any_durable = any_durable || outcome == log::Appended::kDurable;
    any_unknown = any_unknown || outcome == log::Appended::kUnknown;
    if (outcome != log::Appended::kDurable)
      site_.trace.note("server ", number_, " appended: ", log::kAppendedNames[static_cast<size_t>(outcome)]);
  }
  if (any_durable) later(site_.up_to(Duration::millis(500)), [this] { follow(); });
  if (any_unknown && !stopping_ && !reopening_) reopen();
}

// A part of a snapshot now and then, whatever the cell does meanwhile.
void Server::save_soon() {
  const bool any = std::ranges::any_of(cells_, [](const auto* cell) { return cell->snapshot_to_write().has_value(); });
  if (saving_ || (host_.snapshot_saver().is_idle() && !any)) return;
  saving_ = true;
  later(site_.up_to(site_.plan.write_max), [this] {
    const auto sum = [&](auto which) {
      uint64_t all = 0;
      for (const CellId cell : ids_) all += (engine_.probe(cell).*which).value();
      return all;
    };
    const uint64_t saved = sum(&cell::CellProbe::snapshots), failed = sum(&cell::CellProbe::snapshots_failed);
    (void)host_.snapshot_saver().round();
    has_been_busy_ = true;
    if (sum(&cell::CellProbe::snapshots) != saved) site_.trace.note("server ", number_, " saved a snapshot");
    if (sum(&cell::CellProbe::snapshots_failed) != failed)
      site_.trace.note("server ", number_, " could not save a snapshot");
    saving_ = false;
    if (!host_.snapshot_saver().is_idle()) save_soon();
  });
}

void Server::follow() {
  follow_to_the_end();
  for (const CellId cell : ids_) outboxes_.of(cell).turn();
  webhooks_soon(Duration());
  turn_soon(Duration());
}

void Server::follow_to_the_end() {
  for (const CellId cell : ids_) {
    while (follower(cell).turn()) {
    }
  }
}

void Server::tend_payments() {
  for (const CellId cell : ids_) outboxes_.of(cell).turn();
  turn_soon(Duration());
  const auto backlog = outboxes_.backlog();
  const bool idle = backlog.payments_open + backlog.refunds_due == 0;
  later(idle ? kPaymentRound * 5 : kPaymentRound, [this] { tend_payments(); });
}

void Server::finish_stopping() {
  if (!stopped_) return;
  host_.stop();
  for (const CellId cell : ids_) follower(cell).save();
  if (webhooks_ != nullptr) webhooks_->stop();
  webhooks_.reset();
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

}  // namespace doorbuster::sim
