#include "net/testing/manual_loop.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/assert.h"

namespace doorbuster::net::testing {
namespace {

constexpr int64_t kStartUs = 1'000'000'000;
constexpr int64_t kStartUnixSeconds = 1'795'773'600;  // 2026-11-27T10:00:00Z

}  // namespace

ManualLoop::ManualLoop(const Limits& limits, uint8_t id)
    : shared_(id, limits),
      connections_(limits.connections, [this](uint32_t slot) { return Connection(shared_, slot); }) {
  shared_.now_us = kStartUs;
  shared_.date.update(kStartUnixSeconds);
}

ManualLoop::~ManualLoop() {
  for (uint32_t i = 0; i < opened_; ++i) {
    if (connections_[i].channel.is_open()) connections_[i].channel.close();
  }
}

Limits ManualLoop::small_limits() {
  Limits limits;
  limits.connections = 16;
  return limits;
}

uint32_t ManualLoop::connect(const PeerAddress& peer) {
  const auto slot = free_slot();
  ASSERT(slot.has_value());
  Connection& connection = connections_[*slot];
  connection.arriving.clear();
  connection.said.clear();
  connection.peer_ended = false;
  connection.peer_reads = true;
  connection.channel.open(peer);
  opened_ = std::max(opened_, *slot + 1);
  return *slot;
}

std::optional<uint32_t> ManualLoop::free_slot() {
  if (opened_ < connections_.size()) return opened_;
  for (uint32_t slot = 0; slot < opened_; ++slot) {
    if (!connections_[slot].channel.is_open()) return slot;
  }
  return std::nullopt;
}

bool ManualLoop::has_room() { return free_slot().has_value(); }

void ManualLoop::send(uint32_t connection, std::string_view bytes) {
  connections_[connection].arriving += bytes;
  settle(connections_[connection]);
}

void ManualLoop::end(uint32_t connection) {
  connections_[connection].peer_ended = true;
  settle(connections_[connection]);
}

void ManualLoop::reset(uint32_t connection) {
  Channel& channel = connections_[connection].channel;
  if (channel.is_open()) channel.close();
}

std::string ManualLoop::take_output(uint32_t connection) { return std::exchange(connections_[connection].said, {}); }

bool ManualLoop::closed(uint32_t connection) { return !connections_[connection].channel.is_open(); }

void ManualLoop::stop_reading(uint32_t connection, bool stopped) {
  connections_[connection].peer_reads = !stopped;
  settle(connections_[connection]);
}

Exchange* ManualLoop::resume(Ticket ticket) {
  if (ticket.reactor() != id() || ticket.slot() >= opened_) return nullptr;
  return connections_[ticket.slot()].channel.resume(ticket);
}

void ManualLoop::every(Duration period, std::function<void()> callback) {
  periodic_.push_back({period.micros(), shared_.now_us + period.micros(), std::move(callback)});
}

bool ManualLoop::is_notified() const {
  return std::ranges::any_of(inboxes_, [](const Inbox& inbox) { return inbox.pending(); });
}

bool ManualLoop::drain_inboxes() {
  bool drained = false;
  for (Inbox& inbox : inboxes_) drained |= inbox.drain_if_pending();
  return drained;
}

void ManualLoop::run_hooks() {
  for (const auto& hook : hooks_) hook();
}

void ManualLoop::turn() {
  drain_inboxes();
  for (Periodic& periodic : periodic_) {
    if (periodic.due_us > shared_.now_us) continue;
    periodic.due_us = shared_.now_us + periodic.period_us;
    periodic.callback();
  }
  run_hooks();
  if (drain_inboxes()) run_hooks();
  for (uint32_t slot : std::exchange(shared_.dirty, {})) {
    connections_[slot].channel.clear_dirty();
    settle(connections_[slot]);
  }
}

void ManualLoop::advance(Duration by) {
  shared_.now_us += by.micros();
  shared_.date.update(kStartUnixSeconds + (shared_.now_us - kStartUs) / 1'000'000);
  for (uint32_t i = 0; i < opened_; ++i) {
    Connection& connection = connections_[i];
    if (!connection.channel.is_open() || connection.channel.deadline_us() > shared_.now_us) continue;
    connection.channel.expire();
    settle(connection);
  }
  turn();
}

// Reads, goes on and writes until nothing moves any more.
void ManualLoop::settle(Connection& connection) {
  Channel& channel = connection.channel;
  while (channel.is_open()) {
    write_out(connection);
    if (channel.finished() && channel.needs_linger()) channel.begin_linger();
    if (channel.finished()) return channel.close();
    if (channel.wants_turn()) {
      channel.process();
    } else if (channel.wants_input() && (!connection.arriving.empty() || connection.peer_ended)) {
      feed(connection);
    } else {
      return;
    }
  }
}

void ManualLoop::feed(Connection& connection) {
  if (connection.arriving.empty()) return connection.channel.peer_ended();
  const std::span<char> room = connection.channel.prepare_input();
  const size_t count = std::min(room.size(), connection.arriving.size());
  if (room.empty()) return;
  std::copy_n(connection.arriving.data(), count, room.data());
  connection.arriving.erase(0, count);
  connection.channel.received(count);
}

void ManualLoop::write_out(Connection& connection) {
  const std::string_view output = connection.channel.output();
  if (output.empty()) return;
  if (!connection.peer_reads) return connection.channel.send_blocked();
  connection.said += output;
  spoken_to_.push_back(connection.number);
  connection.channel.sent(output.size());
}

}  // namespace doorbuster::net::testing
