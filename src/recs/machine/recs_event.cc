#include "recs/machine/recs_event.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "base/varint.h"

namespace doorbuster::recs {
namespace {

// An event: kind (1), length of what follows (varint), and its fields.
enum class Kind : uint8_t {
  kInteractions = 1,  // many in one
  kItemNamed = 2,
  kVisitorNamed = 3,
  kVisitorForgotten = 4,
  kItemPut = 5,
  kItemRemoved = 6,
  kUserPut = 7,
  kDocumentPut = 8,
  kDocumentRemoved = 9,
  kItemStock = 10,
  kInteraction = 11,  // one that says more
};

// The first byte of an interaction: its kind, and which fields it has.
constexpr uint8_t kKindBits = 0x07;
constexpr uint8_t kHasUser = 0x08;
constexpr uint8_t kHasSession = 0x10;
constexpr uint8_t kHasAmount = 0x20;  // quantity and value
constexpr uint8_t kHasRecommendation = 0x40;
constexpr uint8_t kHasId = 0x80;
// What one that says more has behind the others' fields.
constexpr uint8_t kHasSurface = 0x01;
constexpr uint8_t kHasShown = 0x02;
constexpr uint8_t kHasExperiment = 0x04;
constexpr uint8_t kHasWord = 0x08;
constexpr uint8_t kHasCountry = 0x10;
constexpr int64_t kMicrosAMilli = 1'000;

void write_frame(std::vector<std::byte>& frames, Kind kind, Bytes fields) {
  ByteWriter out(frames);
  out.integer(static_cast<uint8_t>(kind));
  write_varint(out, fields.size());
  out.raw(fields);
}

void write_event(EventSink& events, Kind kind, Bytes fields) {
  write_frame(events.payload, kind, fields);
  ++events.count;
}

void write_hash(ByteWriter& out, const NameHash& hash) {
  out.integer(hash.high);
  out.integer(hash.low);
}

NameHash read_hash(ByteReader& in) {
  NameHash hash;
  hash.high = in.integer<uint64_t>();
  hash.low = in.integer<uint64_t>();
  return hash;
}

// A number that was written as one of 32 bits.
uint32_t read_number(ByteReader& in) { return static_cast<uint32_t>(read_varint(in)); }

VisitorKind read_visitor_kind(ByteReader& in) {
  return in.integer<uint8_t>() == 0 ? VisitorKind::kUser : VisitorKind::kSession;
}

void read_interaction(ByteReader& in, Timestamp now, Interaction& row) {
  const auto head = in.integer<uint8_t>();
  row.kind = static_cast<EventKind>(std::min<uint8_t>(head & kKindBits, static_cast<uint8_t>(EventKind::kOther)));
  row.item = read_number(in);
  row.user = (head & kHasUser) != 0 ? read_number(in) : kNobody;
  row.session = (head & kHasSession) != 0 ? read_number(in) : kNobody;
  row.at =
      Timestamp::from_micros(now.micros() / kMicrosAMilli * kMicrosAMilli + read_signed_varint(in) * kMicrosAMilli);
  row.quantity = (head & kHasAmount) != 0 ? read_number(in) : 1;
  row.value_thousandths = (head & kHasAmount) != 0 ? read_signed_varint(in) : 0;
  row.recommendation = (head & kHasRecommendation) != 0 ? in.integer<uint64_t>() : 0;
  row.id_hash = (head & kHasId) != 0 ? in.integer<uint64_t>() : 0;
}

void read_more(ByteReader& in, Interaction& row) {
  const auto has = in.integer<uint8_t>();
  if ((has & kHasSurface) != 0) row.surface = read_text(in);
  if ((has & kHasShown) != 0) {
    row.shown.source = in.integer<uint8_t>();
    row.shown.position = in.integer<uint8_t>();
    row.shown.pool = in.integer<uint8_t>();
    row.shown.is_best = in.integer<uint8_t>() != 0;
    row.shown.propensity = std::bit_cast<float>(in.integer<uint32_t>());
  }
  if ((has & kHasExperiment) != 0) {
    row.experiment = read_text(in);
    row.variant = read_text(in);
  }
  if ((has & kHasWord) != 0) row.word = read_text(in);
  if ((has & kHasCountry) != 0) row.country = in.integer<uint16_t>();
}

using Visit = std::function<void(const Event&)>;

// How many events it was.
Result<uint64_t> read_interactions(ByteReader& in, Timestamp now, const Visit& visit) {
  const uint64_t count = read_varint(in);
  Event event = Interaction();
  for (uint64_t left = count; left > 0 && in.ok(); --left) {
    read_interaction(in, now, std::get<Interaction>(event));
    if (in.ok()) visit(event);
  }
  if (!in.ok()) return fail(ErrorCode::kCorrupt, "an event of recommendations ends in the middle");
  return count;
}

Event read_named(ByteReader& in) {
  ItemNamed event{.item = read_number(in), .hash = read_hash(in), .name = {}};
  event.name = read_text(in);
  return event;
}

Event read_visitor(ByteReader& in) {
  VisitorNamed event{.kind = read_visitor_kind(in)};
  event.visitor = read_number(in);
  event.hash = read_hash(in);
  return event;
}

Event read_forgotten(ByteReader& in) {
  VisitorForgotten event{.kind = read_visitor_kind(in)};
  event.visitor = read_number(in);
  return event;
}

DocumentKind read_document_kind(ByteReader& in) {
  return static_cast<DocumentKind>(std::min<uint8_t>(in.integer<uint8_t>(), kDocumentKinds - 1));
}

// Fields that a later version adds stand behind those that are known.
Result<uint64_t> read_event(Kind kind, ByteReader& in, Timestamp now, const Visit& visit) {
  std::optional<Event> event;
  switch (kind) {
    case Kind::kInteractions:
      return read_interactions(in, now, visit);
    case Kind::kInteraction: {
      Interaction row;
      read_interaction(in, now, row);
      read_more(in, row);
      event = row;
      break;
    }
    case Kind::kItemNamed:
      event = read_named(in);
      break;
    case Kind::kVisitorNamed:
      event = read_visitor(in);
      break;
    case Kind::kVisitorForgotten:
      event = read_forgotten(in);
      break;
    case Kind::kItemPut: {
      const uint32_t item = read_number(in);
      event = ItemPut{.item = item, .content = as_bytes(read_text(in))};
      break;
    }
    case Kind::kItemRemoved:
      event = ItemRemoved{.item = read_number(in)};
      break;
    case Kind::kItemStock: {
      const uint32_t item = read_number(in);
      event = ItemStock{.item = item, .in_stock = in.integer<uint8_t>() != 0};
      break;
    }
    case Kind::kUserPut: {
      const uint32_t user = read_number(in);
      event = UserPut{.user = user, .content = as_bytes(read_text(in))};
      break;
    }
    case Kind::kDocumentPut: {
      DocumentPut put{.kind = read_document_kind(in), .name = {}, .content = {}};
      put.name = read_text(in);
      put.content = as_bytes(read_text(in));
      event = put;
      break;
    }
    case Kind::kDocumentRemoved: {
      DocumentRemoved removed{.kind = read_document_kind(in), .name = {}};
      removed.name = read_text(in);
      event = removed;
      break;
    }
  }
  if (!in.ok()) return fail(ErrorCode::kCorrupt, "an event of recommendations ends in the middle");
  if (event) visit(*event);
  return 1;
}

}  // namespace

void write(EventSink& events, const ItemNamed& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  write_varint(out, event.item);
  write_hash(out, event.hash);
  write_text(out, event.name);
  write_event(events, Kind::kItemNamed, fields);
}

void write(EventSink& events, const VisitorNamed& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  out.integer(static_cast<uint8_t>(event.kind));
  write_varint(out, event.visitor);
  write_hash(out, event.hash);
  write_event(events, Kind::kVisitorNamed, fields);
}

void write(EventSink& events, const VisitorForgotten& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  out.integer(static_cast<uint8_t>(event.kind));
  write_varint(out, event.visitor);
  write_event(events, Kind::kVisitorForgotten, fields);
}

void write(EventSink& events, const ItemPut& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  write_varint(out, event.item);
  write_text(out, as_text(event.content));
  write_event(events, Kind::kItemPut, fields);
}

void write(EventSink& events, const ItemRemoved& event) {
  std::vector<std::byte> fields;
  write_varint(fields, event.item);
  write_event(events, Kind::kItemRemoved, fields);
}

void write(EventSink& events, const ItemStock& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  write_varint(out, event.item);
  out.integer(static_cast<uint8_t>(event.in_stock ? 1 : 0));
  write_event(events, Kind::kItemStock, fields);
}

void write(EventSink& events, const UserPut& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  write_varint(out, event.user);
  write_text(out, as_text(event.content));
  write_event(events, Kind::kUserPut, fields);
}

void write(EventSink& events, const DocumentPut& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  out.integer(static_cast<uint8_t>(event.kind));
  write_text(out, event.name);
  write_text(out, as_text(event.content));
  write_event(events, Kind::kDocumentPut, fields);
}

void write(EventSink& events, const DocumentRemoved& event) {
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  out.integer(static_cast<uint8_t>(event.kind));
  write_text(out, event.name);
  write_event(events, Kind::kDocumentRemoved, fields);
}

namespace {

uint8_t fields_beyond(const Interaction& row) {
  uint8_t has = 0;
  if (!row.surface.empty()) has |= kHasSurface;
  if (row.is_attributed()) has |= kHasShown;
  if (!row.experiment.empty()) has |= kHasExperiment;
  if (!row.word.empty()) has |= kHasWord;
  if (row.country != 0) has |= kHasCountry;
  return has;
}

void write_interaction(ByteWriter& out, const Interaction& row, Timestamp now) {
  const bool has_amount = row.quantity != 1 || row.value_thousandths != 0;
  auto head = static_cast<uint8_t>(row.kind);
  if (row.user != kNobody) head |= kHasUser;
  if (row.session != kNobody) head |= kHasSession;
  if (has_amount) head |= kHasAmount;
  if (row.recommendation != 0) head |= kHasRecommendation;
  if (row.id_hash != 0) head |= kHasId;
  out.integer(head);
  write_varint(out, row.item);
  if (row.user != kNobody) write_varint(out, row.user);
  if (row.session != kNobody) write_varint(out, row.session);
  write_signed_varint(out, row.at.micros() / kMicrosAMilli - now.micros() / kMicrosAMilli);
  if (has_amount) {
    write_varint(out, row.quantity);
    write_signed_varint(out, row.value_thousandths);
  }
  if (row.recommendation != 0) out.integer(row.recommendation);
  if (row.id_hash != 0) out.integer(row.id_hash);
}

void write_more(ByteWriter& out, const Interaction& row, uint8_t has) {
  out.integer(has);
  if ((has & kHasSurface) != 0) write_text(out, row.surface);
  if ((has & kHasShown) != 0) {
    out.integer(row.shown.source);
    out.integer(row.shown.position);
    out.integer(row.shown.pool);
    out.integer(static_cast<uint8_t>(row.shown.is_best ? 1 : 0));
    out.integer(std::bit_cast<uint32_t>(row.shown.propensity));
  }
  if ((has & kHasExperiment) != 0) {
    write_text(out, row.experiment);
    write_text(out, row.variant);
  }
  if ((has & kHasWord) != 0) write_text(out, row.word);
  if ((has & kHasCountry) != 0) out.integer(row.country);
}

}  // namespace

// In the order in which they come: what is replayed is what was decided. One that says more is an event by itself, so
// that a reader who does not know it counts it as one.
void InteractionWriter::add(const Interaction& row) {
  ++count_;
  if (const uint8_t has = fields_beyond(row); has != 0) {
    close_rows();
    std::vector<std::byte> fields;
    ByteWriter out(fields);
    write_interaction(out, row, now_);
    write_more(out, row, has);
    return write_frame(frames_, Kind::kInteraction, fields);
  }
  ByteWriter out(rows_);
  write_interaction(out, row, now_);
  ++open_;
}

void InteractionWriter::close_rows() {
  if (open_ == 0) return;
  std::vector<std::byte> fields;
  ByteWriter out(fields);
  write_varint(out, open_);
  out.raw(rows_);
  write_frame(frames_, Kind::kInteractions, fields);
  rows_.clear();
  open_ = 0;
}

void InteractionWriter::finish(EventSink& events) {
  close_rows();
  ByteWriter(events.payload).raw(frames_);
  events.count += count_;
}

Result<uint64_t> for_each_event(Bytes events, Timestamp now, const std::function<void(const Event&)>& visit) {
  ByteReader reader(events);
  uint64_t count = 0;
  while (reader.left() > 0) {
    const auto kind = reader.integer<uint8_t>();
    const Bytes fields = reader.raw(read_varint(reader));
    if (!reader.ok()) return fail(ErrorCode::kCorrupt, "these are not events of recommendations");
    ByteReader in(fields);
    count += TRY(read_event(static_cast<Kind>(kind), in, now, visit));
  }
  return count;
}

}  // namespace doorbuster::recs
