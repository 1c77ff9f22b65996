// What a cell asks of a machine: a pure state machine that decides, as a function of its log alone.
//
// A machine has no clock, no I/O, no threads and no randomness of its own. decide() and tick() change its state only
// through the events that they record; applying these events to a fresh machine, each batch at its own time, gives the
// same state. `now` never goes back. One thread at a time is in a machine; it need not be the same one every time.
//
// The life of one: (load_part()* finish_load())? apply()* check_limits() go_live() (decide() | tick() | snapshot)*.
//
// Its state is saved while it goes on deciding: begin_snapshot() freezes what is true now for reading and is cheap;
// each save_part() appends the next part of that frozen state, and only when it says that there is none left, or after
// drop_snapshot(), may another one begin. Events that are applied in between are not in the parts.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/event_sink.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::cell {

// About so many bytes make one part of a snapshot: a slice between two turns that takes about 100 us.
inline constexpr size_t kPartBytes = size_t{256} << 10;
// No part is larger.
inline constexpr size_t kPartBytesMax = size_t{1} << 20;

namespace detail {
template <class Publication>
struct AnyTaker {
  void operator()(Publication&&) const {}
};
}  // namespace detail

template <class M>
concept Machine = requires(M machine, const M& idle, const typename M::Command& command, Timestamp now, Bytes bytes,
                           EventSink& events, std::vector<std::byte>& part, size_t limit) {
  // A short word such as "sale": what is kept with each batch and snapshot, so that a log never meets the wrong
  // machine.
  { M::kKind } -> std::convertible_to<std::string_view>;
  // Of the format of its snapshots. One of another version is set aside, and the log replayed from its beginning.
  { M::kSnapshotVersion } -> std::convertible_to<uint32_t>;

  // Answers, and records the events that make the answer true. A refusal is an answer without events.
  { machine.decide(command, now, events) } -> std::same_as<typename M::Reply>;
  // Does at most about `limit` things that time alone brings about; false if more are left, and then it has to be
  // called again before anything is decided at this `now`.
  { machine.tick(now, limit, events) } -> std::same_as<bool>;
  // No tick is needed before.
  { idle.next_deadline() } -> std::same_as<Timestamp>;
  // A hint that the command is decided soon.
  {idle.prefetch(command)};
  // Calls take(Publication&&) for what everybody may know, once it is durable, and has changed since the last call.
  {machine.take_publications(detail::AnyTaker<typename M::Publication>())};

  // Events of the log, all decided at `now`.
  { machine.apply(bytes, now) } -> std::same_as<Result<void>>;
  // The log has been replayed, whatever it holds: kLimit if configured limits are lower than what there is now, with
  // what they have to be at least. Such a machine is not gone live with.
  { idle.check_limits() } -> std::same_as<Result<void>>;
  // Arms every deadline. `now` is not before the last event.
  {machine.go_live(now)};

  {machine.begin_snapshot()};
  // Appends the next part, of about kPartBytes and at most kPartBytesMax; false: there is none left, nothing was
  // appended, and the snapshot is over.
  { machine.save_part(part) } -> std::same_as<bool>;
  {machine.drop_snapshot()};
  // Of a fresh machine: the parts in their order, and then the end.
  { machine.load_part(bytes) } -> std::same_as<Result<void>>;
  { machine.finish_load() } -> std::same_as<Result<void>>;
};

}  // namespace doorbuster::cell
