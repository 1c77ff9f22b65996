// The coder of events.h, as templates so that replay calls straight into the machine for each kind.
#pragma once

#include <utility>

#include "sale/machine/events.h"

namespace doorbuster::sale {

namespace detail {

// In the byte of kind: a length follows, and then that many bytes of fields. Kinds themselves are below.
inline constexpr uint8_t kLengthFollows = 0x80;

enum class Found : uint8_t { kEvent, kUnknownKind, kDamage };

// How much of what is left of the archive belongs to the event.
enum class Extent : uint8_t { kItsFields, kEverything };

template <class E, class Visit>
Found read_and_visit(Reader& archive, Extent extent, Visit& visit) {
  E event;
  if (extent == Extent::kEverything) archive.expect_tails();
  event.fields(archive);
  if (!archive.ok() || (extent == Extent::kEverything && archive.left() > 0)) return Found::kDamage;
  visit(event);
  return Found::kEvent;
}

template <class Visit>
Found read_kind_and_visit(uint8_t kind, Reader& archive, Extent extent, Visit& visit) {
  switch (static_cast<EventKind>(kind)) {
#define DOORBUSTER_READ(Name, number) \
  case EventKind::k##Name:            \
    return read_and_visit<Name>(archive, extent, visit);
    DOORBUSTER_SALE_EVENTS(DOORBUSTER_READ)
#undef DOORBUSTER_READ
  }
  return Found::kUnknownKind;
}

// The bytes of fields behind a kind; the reader says if there are not that many.
[[nodiscard]] Bytes counted_fields(Reader& archive);
// Appends a byte of kind, the length of the fields, and room for them; gives where that is.
[[nodiscard]] std::byte* begin_event(uint8_t kind, size_t length, std::vector<std::byte>& out);
[[nodiscard]] Error not_an_event(size_t at, uint8_t kind);

template <class Visit, class PassOver>
Result<void> read_events(Bytes payload, Visit& visit, PassOver& pass_over) {
  Reader archive(payload);
  while (archive.left() > 0) {
    uint8_t byte = 0;
    archive(byte);
    const auto kind = static_cast<uint8_t>(byte & ~kLengthFollows);
    Found found{};
    if (kind == byte) {
      found = read_kind_and_visit(kind, archive, Extent::kItsFields, visit);
    } else {
      Reader fields(counted_fields(archive));
      found = archive.ok() ? read_kind_and_visit(kind, fields, Extent::kEverything, visit) : Found::kDamage;
      if (found == Found::kUnknownKind && pass_over(kind)) continue;
    }
    if (found != Found::kEvent) return tl::unexpected(not_an_event(payload.size() - archive.left(), kind));
  }
  return {};
}

}  // namespace detail

template <class E>
void encode(E& event, std::vector<std::byte>& out) {
  Measure measure;
  event.fields(measure);
  PlacedWriter archive(detail::begin_event(static_cast<uint8_t>(E::kKind), measure.size(), out));
  event.fields(archive);
  ASSERT(archive.at() == out.data() + out.size());
}

template <class Visit>
Result<void> for_each_event(Bytes payload, Visit&& visit) {
  const auto refuse = [](uint8_t) { return false; };
  return detail::read_events(payload, visit, refuse);
}

template <class Visit, class PassOver>
Result<void> for_each_known_event(Bytes payload, Visit&& visit, PassOver&& pass_over) {
  const auto pass = [&](uint8_t kind) { return pass_over(kind), true; };
  return detail::read_events(payload, visit, pass);
}

}  // namespace doorbuster::sale
