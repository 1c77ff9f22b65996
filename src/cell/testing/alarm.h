// A machine that waits: a command sets a time, and when that has come, time alone makes an event.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "cell/machine.h"

namespace doorbuster::cell::testing {

struct Alarm {
  static constexpr std::string_view kKind = "alarm";
  static constexpr uint32_t kSnapshotVersion = 1;

  struct Command {
    Timestamp ring_at;
  };
  struct Reply {
    uint64_t rung = 0;
  };
  using Publication = uint64_t;

  Result<void> apply(Bytes events, Timestamp) {
    ByteReader reader(events);
    while (reader.left() > 0) become(reader.integer<int64_t>());
    return {};
  }
  [[nodiscard]] Result<void> check_limits() const { return {}; }
  void go_live(Timestamp) {}
  Reply decide(const Command& command, Timestamp, EventSink& events) {
    record(command.ring_at.micros(), events);
    return {rung};
  }
  bool tick(Timestamp now, size_t, EventSink& events) {
    if (now >= next_deadline()) record(kRings, events);
    return true;
  }
  Timestamp next_deadline() const { return Timestamp::from_micros(ring_at); }
  void prefetch(const Command&) const {}
  template <class Take>
  void take_publications(Take&& take) {
    if (rung > published) take(uint64_t{rung});
    published = rung;
  }

  void begin_snapshot() {}
  bool save_part(std::vector<std::byte>&) { return false; }
  void drop_snapshot() {}
  Result<void> load_part(Bytes) { return {}; }
  Result<void> finish_load() { return {}; }

  static constexpr int64_t kRings = 0;
  void record(int64_t event, EventSink& events) {
    ByteWriter(events.payload).integer(event);
    ++events.count;
    become(event);
  }
  void become(int64_t event) {
    if (event == kRings) ++rung;
    ring_at = event == kRings ? INT64_MAX : event;
  }

  int64_t ring_at = INT64_MAX;
  uint64_t rung = 0;
  uint64_t published = 0;
};
static_assert(Machine<Alarm>);

}  // namespace doorbuster::cell::testing
