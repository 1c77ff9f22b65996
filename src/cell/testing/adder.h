// A machine that adds: small enough to see through, and with everything a cell asks of one.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "cell/machine.h"

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
  [[nodiscard]] Result<void> check_limits() const { return {}; }
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

  // A byte a part, so that a snapshot has a middle.
  void begin_snapshot() {
    ASSERT(frozen.empty());
    ByteWriter(frozen).integer(total);
    saved = 0;
  }
  bool save_part(std::vector<std::byte>& part) {
    ASSERT(!frozen.empty());
    if (saved == frozen.size()) {
      frozen.clear();
      return false;
    }
    part.push_back(frozen[saved++]);
    return true;
  }
  void drop_snapshot() { frozen.clear(); }
  Result<void> load_part(Bytes part) {
    loaded.insert(loaded.end(), part.begin(), part.end());
    return {};
  }
  Result<void> finish_load() {
    if (loaded.size() != sizeof total) return fail(ErrorCode::kCorrupt, "not a sum");
    total = ByteReader(loaded).integer<int64_t>();
    return {};
  }

  int64_t total = 0;
  bool changed = false;
  std::vector<std::byte> frozen;
  size_t saved = 0;
  std::vector<std::byte> loaded;
};
static_assert(Machine<Adder>);

}  // namespace doorbuster::cell::testing
