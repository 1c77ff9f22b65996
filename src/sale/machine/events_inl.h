// The decoder of events.h, as a template so that replay calls straight into the machine for each kind.
#pragma once

#include "sale/machine/events.h"

namespace doorbuster::sale {

namespace detail {

template <class E, class Visit>
bool read_and_visit(Reader& archive, Visit& visit) {
  E event;
  event.fields(archive);
  if (!archive.ok()) return false;
  visit(event);
  return true;
}

template <class Visit, size_t... kIndices>
bool dispatch(EventKind kind, Reader& archive, Visit& visit, std::index_sequence<kIndices...>) {
  bool read = false;
  (void)((kind == std::variant_alternative_t<kIndices, Event>::kKind &&
          (read = read_and_visit<std::variant_alternative_t<kIndices, Event>>(archive, visit), true)) ||
         ...);
  return read;
}

}  // namespace detail

template <class Visit>
Result<void> for_each_event(Bytes payload, Visit&& visit) {
  Reader archive(payload);
  while (archive.left() > 0) {
    EventKind kind{};
    archive(kind);
    if (!detail::dispatch(kind, archive, visit, std::make_index_sequence<std::variant_size_v<Event>>())) {
      return fail(ErrorCode::kCorrupt, "byte " + std::to_string(payload.size() - archive.left()) +
                                           " of a batch is not an event that this version knows (kind " +
                                           std::to_string(static_cast<int>(kind)) +
                                           "): was it written by a newer one?");
    }
  }
  return {};
}

}  // namespace doorbuster::sale
