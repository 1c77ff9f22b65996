// Small words for the tests of the log: batches with known contents, and a log's contents as a value to compare.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "log/log.h"

namespace doorbuster::log {

// A batch as a test remembers it.
struct Written {
  uint64_t first = 0;
  uint32_t count = 0;
  int64_t at = 0;
  std::string payload;
  bool operator==(const Written&) const = default;
};

inline Written written(const Batch& batch) {
  return {batch.first.value(), batch.count, batch.at.micros(), std::string(as_text(batch.payload))};
}

inline Batch as_batch(const Written& from) {
  return {Sequence(from.first), from.count, Timestamp::from_micros(from.at), as_bytes(from.payload)};
}

// The next batch under a lease, with contents that depend on its place.
inline Written next_batch(const Lease& lease, uint32_t count = 1) {
  const uint64_t first = lease.tail.value() + 1;
  std::string payload;
  for (uint64_t event = first; event < first + count; ++event) payload += "event " + std::to_string(event) + ";";
  return {first, count, static_cast<int64_t>(first) * 1000, payload};
}

inline constexpr MachineKind kTestKind("test");
inline constexpr Opener kTester{.kind = kTestKind, .owner = "a test"};

inline Lease open_log(Log& log, CellId cell = CellId(0)) {
  Result<Lease> lease = log.open(cell, kTester);
  EXPECT_TRUE(lease.has_value()) << lease.error().message;
  return lease.value_or(Lease{});
}

// Appends so many batches of `count` events and returns them.
inline std::vector<Written> append_batches(Log& log, Lease& lease, size_t batches, uint32_t count = 1) {
  std::vector<Written> all;
  for (size_t i = 0; i < batches; ++i) {
    all.push_back(next_batch(lease, count));
    EXPECT_EQ(log.append(lease, as_batch(all.back())), Appended::kDurable);
  }
  return all;
}

// What read() gives, and its error's message ("" if there was none).
struct Contents {
  std::vector<Written> batches;
  std::string error;
  ErrorCode code{};
};

inline Contents read_all(Log& log, CellId cell = CellId(0), Sequence from = Sequence(1)) {
  Contents contents;
  const Result<void> read = log.read(cell, from, [&](const Batch& batch) {
    contents.batches.push_back(written(batch));
    return true;
  });
  if (!read) contents.error = read.error().message;
  if (!read) contents.code = read.error().code;
  return contents;
}

inline SnapshotHead head_at(const Lease& lease) {
  return {.at = lease.tail, .chain = lease.chain, .time = Timestamp::from_micros(77), .kind = kTestKind, .version = 3};
}

// Writes a snapshot of the lease's end in parts of `part_bytes`.
inline Result<void> save_state(Log& log, const Lease& lease, std::string_view state, size_t part_bytes = 5) {
  const auto writer = TRY(log.write_snapshot(lease, head_at(lease)));
  for (; !state.empty(); state.remove_prefix(std::min(part_bytes, state.size()))) {
    TRY(writer->add(as_bytes(state.substr(0, part_bytes))));
  }
  return writer->commit();
}

// A snapshot as a value: its head, and its parts put together.
struct Saved {
  SnapshotHead head;
  std::string state;
  size_t parts = 0;
};

inline Result<Saved> read_parts(SnapshotReader& reader) {
  Saved saved{.head = reader.head(), .state = "", .parts = 0};
  std::vector<std::byte> part;
  for (; TRY(reader.next(part)); ++saved.parts) saved.state += as_text(part);
  return saved;
}

inline Result<std::optional<Saved>> load_state(Log& log, CellId cell = CellId(0)) {
  const auto reader = TRY(log.read_snapshot(cell));
  if (!reader) return std::nullopt;
  return TRY(read_parts(*reader));
}

}  // namespace doorbuster::log
