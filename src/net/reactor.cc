#include "net/reactor.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/assert.h"
#include "base/prefetch.h"
#include "net/system_calls.h"

namespace doorbuster::net {
namespace {

constexpr int kEventsMax = 256;        // a turn
constexpr int kReadsMax = 4;           // of one connection in a turn, then the others
constexpr int64_t kSweepUs = 100'000;  // how late a deadline may be noticed
constexpr int64_t kDateUs = 50'000;    // how late a new second may be noticed
constexpr uint64_t kWakerKey = UINT64_MAX - 1;

int64_t read_micros(clockid_t clock) {
  timespec spec{};
  clock_gettime(clock, &spec);
  return spec.tv_sec * 1'000'000 + spec.tv_nsec / 1'000;
}

}  // namespace

Reactor::Reactor(uint8_t id, const Limits& limits, Socket listener)
    : shared_(id, limits),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      listener_(std::move(listener)),
      connections_(limits.connections, [this](uint32_t slot) { return Connection(shared_, slot); }) {
  ASSERT(epoll_.valid());
  for (uint32_t slot = limits.connections; slot-- > 0;) free_slots_.push_back(slot);
  deadlines_us_.assign(limits.connections, INT64_MAX);
  shared_.dirty.reserve(limits.connections);
  runnable_.reserve(limits.connections);
  running_.reserve(limits.connections);
  writing_.reserve(limits.connections);
  watch(waker_.descriptor(), EPOLLIN | EPOLLET, kWakerKey);
  if (listener_.valid()) watch(listener_.descriptor(), EPOLLIN, kListenerKey);
  control_ = &add_inbox([this] {
    if (stop_.load(std::memory_order_acquire)) done_ = true;
    if (drain_patience_us_.load(std::memory_order_acquire) >= 0) begin_drain();
  });
  read_clock();
}

Reactor::~Reactor() { close_all(); }

void Reactor::run() {
  while (!done_) turn();
  close_all();
}

void Reactor::stop() {
  stop_.store(true, std::memory_order_release);
  control_->notify();
}

void Reactor::drain(Duration patience) {
  drain_patience_us_.store(patience.micros(), std::memory_order_release);
  control_->notify();
}

Exchange* Reactor::resume(Ticket ticket) {
  if (ticket.reactor() != id() || ticket.slot() >= connections_.size()) return nullptr;
  return connections_[ticket.slot()].channel.resume(ticket);
}

Inbox& Reactor::add_inbox(std::function<void()> drain) { return inboxes_.emplace_back(waker_, std::move(drain)); }

void Reactor::every(Duration period, std::function<void()> callback) {
  ASSERT(period > Duration());
  periodic_.push_back({period.micros(), shared_.now_us + period.micros(), std::move(callback)});
}

void Reactor::turn() {
  wait();
  run_queued();
  drain_inboxes();
  call_due();
  run_hooks();
  if (drain_inboxes()) run_hooks();
  write_dirty();
  relieve_buffers();
  count_turn();
}

// Sleeps until something happens, unless something has: an inbox notified after going_to_sleep() signals, one notified
// before is seen.
void Reactor::wait() {
  epoll_event events[kEventsMax];
  waker_.going_to_sleep();
  const bool pending =
      std::any_of(inboxes_.begin(), inboxes_.end(), [](const Inbox& inbox) { return inbox.pending(); });
  const int count = epoll_wait(epoll_.descriptor(), events, kEventsMax, pending ? 0 : wait_millis());
  waker_.awake();
  ASSERT(count >= 0 || errno == EINTR);
  read_clock();
  for (int i = 0; i < count; ++i) {
    if (i + 1 < count) prefetch(events[i + 1].data.u64);
    on_event(events[i].data.u64, events[i].events);
  }
}

void Reactor::read_clock() {
  shared_.now_us = read_micros(CLOCK_MONOTONIC);
  if (shared_.now_us < date_due_us_) return;
  date_due_us_ = shared_.now_us + kDateUs;
  shared_.date.update(read_micros(CLOCK_REALTIME) / 1'000'000);
}

int Reactor::wait_millis() const {
  if (!runnable_.empty()) return 0;
  const bool nothing_to_sweep =
      free_slots_.size() == connections_.size() && turned_away_.empty() && accept_again_us_ == 0 && !shared_.draining;
  if (nothing_to_sweep && periodic_.empty()) return -1;
  int64_t due = nothing_to_sweep ? INT64_MAX : next_sweep_us_;
  for (const Periodic& periodic : periodic_) due = std::min(due, periodic.due_us);
  const int64_t left = due - shared_.now_us;
  return left <= 0 ? 0 : static_cast<int>((left + 999) / 1'000);
}

// While one request is in the kernel, the next one's connection comes into the cache.
void Reactor::prefetch(uint64_t key) {
  const auto slot = static_cast<uint32_t>(key);
  if (slot >= connections_.size()) return;
  const char* at = reinterpret_cast<const char*>(&connections_[slot]);
  for (size_t line = 0; line < sizeof(Connection); line += kCacheLine) prefetch_to_write(at + line);
}

void Reactor::on_event(uint64_t key, uint32_t events) {
  if (key == kListenerKey) return accept_some();
  if (key == kWakerKey) return;  // the inboxes are looked at in every turn
  const auto slot = static_cast<uint32_t>(key);
  Connection& connection = connections_[slot];
  if (connection.serial != static_cast<uint32_t>(key >> 32) || !connection.channel.is_open()) return;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return close(connection, slot);
  if ((events & EPOLLRDHUP) != 0) connection.peer_half_closed = true;
  if ((events & (EPOLLIN | EPOLLRDHUP)) != 0) connection.readable = true;
  if (connection.readable && connection.channel.wants_input()) on_readable(connection);
  settle(connection, slot);
}

// Reads first and asks later: the event says that bytes are there. A read that does not fill the room has emptied the
// socket (what comes later is an event of its own), unless the peer has ended, which only one more read tells.
void Reactor::on_readable(Connection& connection) {
  for (int reads = 0; reads < kReadsMax && connection.channel.wants_input(); ++reads) {
    const std::span<char> room = connection.channel.prepare_input();
    if (room.empty()) return;
    const ssize_t count = receive_now(connection.socket.descriptor(), room.data(), room.size());
    if (count > 0) {
      shared_.metrics.bytes_received.add(static_cast<uint64_t>(count));
      const bool emptied = static_cast<size_t>(count) < room.size() && !connection.peer_half_closed;
      connection.channel.received(static_cast<size_t>(count));
      if (!emptied) continue;
      connection.readable = false;
      return;
    }
    connection.channel.received(0);
    if (count < 0 && errno == EINTR) continue;
    connection.readable = false;
    if (count == 0 || errno != EAGAIN) connection.channel.peer_ended();
    return;
  }
}

// After anything happened to a connection: write, then end it, go on with it, or wait with a deadline.
void Reactor::settle(Connection& connection, uint32_t slot) {
  flush(connection);
  if (connection.channel.finished()) return end(connection, slot);
  const bool more = connection.channel.wants_turn() || (connection.readable && connection.channel.wants_input());
  if (more && !connection.queued) {
    connection.queued = true;
    runnable_.push_back(slot);
  }
  deadlines_us_[slot] = connection.channel.deadline_us();
}

void Reactor::flush(Connection& connection) {
  Channel& channel = connection.channel;
  while (!channel.output().empty()) {
    const std::string_view output = channel.output();
    const ssize_t count = send_now(connection.socket.descriptor(), output.data(), output.size());
    if (count >= 0) {
      shared_.metrics.bytes_sent.add(static_cast<uint64_t>(count));
      channel.sent(static_cast<size_t>(count));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return channel.send_blocked();
    return channel.break_off();
  }
}

void Reactor::end(Connection& connection, uint32_t slot) {
  const Channel& channel = connection.channel;
  const bool linger = channel.needs_linger() || (channel.may_linger() && has_unread(connection.socket.descriptor()));
  if (!linger) return close(connection, slot);
  shutdown(connection.socket.descriptor(), SHUT_WR);
  connection.channel.begin_linger();
  settle(connection, slot);
}

void Reactor::close(Connection& connection, uint32_t slot) {
  connection.channel.close();
  connection.socket.reset();
  ++connection.serial;
  deadlines_us_[slot] = INT64_MAX;
  free_slots_.push_back(slot);
  const auto found = per_network_.find(connection.channel.peer().network());
  if (--found->second == 0) per_network_.erase(found);
  shared_.metrics.connections_open.subtract(1);
}

void Reactor::run_queued() {
  running_.swap(runnable_);
  for (const uint32_t slot : running_) {
    Connection& connection = connections_[slot];
    connection.queued = false;
    if (!connection.channel.is_open()) continue;
    if (connection.channel.wants_turn()) connection.channel.process();
    if (connection.readable && connection.channel.wants_input()) on_readable(connection);
    settle(connection, slot);
  }
  running_.clear();
}

bool Reactor::drain_inboxes() {
  bool drained = false;
  for (size_t i = 0; i < inboxes_.size(); ++i) drained |= inboxes_[i].drain_if_pending();
  return drained;
}

void Reactor::run_hooks() {
  for (size_t i = 0; i < hooks_.size(); ++i) hooks_[i]();
}

// By index, here and above: a callback may add another one, and a deque leaves those it has in place.
void Reactor::call_due() {
  for (size_t i = 0; i < periodic_.size(); ++i) {
    if (periodic_[i].due_us > shared_.now_us) continue;
    periodic_[i].due_us = shared_.now_us + periodic_[i].period_us;
    periodic_[i].callback();
  }
  if (next_sweep_us_ <= shared_.now_us) sweep();
}

// Deferred answers, and what the turn has produced outside of a connection's own events.
void Reactor::write_dirty() {
  writing_.swap(shared_.dirty);
  for (const uint32_t slot : writing_) {
    Connection& connection = connections_[slot];
    connection.channel.clear_dirty();
    if (connection.channel.is_open()) settle(connection, slot);
  }
  writing_.clear();
}

void Reactor::count_turn() {
  shared_.metrics.turns.add(1);
  if (shared_.answered_now == 0) return;
  const int64_t took = read_micros(CLOCK_MONOTONIC) - shared_.now_us;
  shared_.metrics.requests.add(shared_.answered_now);
  shared_.metrics.latency_immediate.record(static_cast<uint64_t>(took), shared_.answered_now);
  shared_.answered_now = 0;
}

// A request may lie in the socket already, and this thread had no time to read it, or there were more events than one
// wait tells: it came in time.
void Reactor::expire(Connection& connection, uint32_t slot) {
  if (connection.channel.wants_input() && has_unread(connection.socket.descriptor())) on_readable(connection);
  if (connection.channel.deadline_us() <= shared_.now_us) connection.channel.expire();
  settle(connection, slot);
}

void Reactor::sweep() {
  next_sweep_us_ = shared_.now_us + kSweepUs;
  for (uint32_t slot = 0; slot < deadlines_us_.size(); ++slot) {
    if (deadlines_us_[slot] <= shared_.now_us) expire(connections_[slot], slot);
  }
  close_turned_away(shared_.now_us);
  if (accept_again_us_ != 0 && accept_again_us_ <= shared_.now_us) listen_again();
  if (!shared_.draining) return;
  if (free_slots_.size() == connections_.size() || drain_until_us_ <= shared_.now_us) done_ = true;
}

void Reactor::begin_drain() {
  if (shared_.draining) return;
  if (listener_.valid()) accept_some();  // whoever is in the queue already was let in
  shared_.draining = true;
  listener_.reset();
  drain_until_us_ = shared_.now_us + drain_patience_us_.load(std::memory_order_relaxed);
  next_sweep_us_ = shared_.now_us;
  for (uint32_t slot = 0; slot < connections_.size(); ++slot) {
    Connection& connection = connections_[slot];
    if (connection.channel.is_open() && connection.channel.idle()) drain_idle(connection, slot);
  }
}

// Whoever has asked already, or was just let in with its question, is answered.
void Reactor::drain_idle(Connection& connection, uint32_t slot) {
  if (!has_unread(connection.socket.descriptor())) return close(connection, slot);
  on_readable(connection);
  settle(connection, slot);
}

void Reactor::close_all() {
  listener_.reset();
  turned_away_.clear();
  for (uint32_t slot = 0; slot < connections_.size(); ++slot) {
    if (connections_[slot].channel.is_open()) close(connections_[slot], slot);
  }
}

void Reactor::watch(int descriptor, uint32_t events, uint64_t key) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  const int failure = epoll_ctl(epoll_.descriptor(), EPOLL_CTL_ADD, descriptor, &event);
  ASSERT(failure == 0);
}

}  // namespace doorbuster::net
