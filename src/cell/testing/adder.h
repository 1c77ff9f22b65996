// A machine that adds: small enough to see through, and with everything a cell asks of one.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/event_sink.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::cell::testing {

struct Adder {
  static constexpr std::string_view kKind = "adder";
  static constexpr uint32_t kSnapshotVersion = 1;
  struct Command {
    int64_t add = 0;  // 0 only asks
  };
  struct Reply {
    int64_t total = 0;
  };
  using Publication = int64_t;

  Result<void> apply(Bytes events, Timestamp) {
    ByteReader reader(events);
    while (reader.left() > 0) total += reader.integer<int64_t>();
    return {};
  }
  void save(std::vector<std::byte>& out) const { ByteWriter(out).integer(total); }
  Result<void> load(Bytes bytes) {
    total = ByteReader(bytes).integer<int64_t>();
    return {};
  }
  void go_live(Timestamp) { changed = true; }
  Reply decide(const Command& command, Timestamp, EventSink& events) {
    if (command.add != 0) {
      ByteWriter(events.payload).integer(command.add);
      ++events.count;
      total += command.add;
      changed = true;
    }
    return {total};
  }
  bool tick(Timestamp, size_t, EventSink&) { return true; }
  Timestamp next_deadline() const { return Timestamp::from_micros(INT64_MAX); }
  void prefetch(const Command&) const {}
  template <class Take>
  void take_publications(Take&& take) {
    if (std::exchange(changed, false)) take(int64_t{total});
  }

  int64_t total = 0;
  bool changed = false;
};

}  // namespace doorbuster::cell::testing
