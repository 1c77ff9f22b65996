// How the machine's state is saved and loaded (docs/formats/recs-snapshot.md).
#include <algorithm>

#include "base/varint.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPartBytes = size_t{256} << 10;

// What a part holds.
enum class Part : uint8_t { kHead = 1, kItems = 2, kUsers = 3, kSessions = 4, kIds = 5, kDocuments = 6, kFree = 7 };

void begin_part(std::vector<std::byte>& part, Part kind) { ByteWriter(part).integer(static_cast<uint8_t>(kind)); }

void write_named(ByteWriter& out, const NameHash& hash) {
  out.integer(hash.high);
  out.integer(hash.low);
}

NameHash read_named_hash(ByteReader& in) {
  NameHash hash;
  hash.high = in.integer<uint64_t>();
  hash.low = in.integer<uint64_t>();
  return hash;
}

Part part_of(size_t visitor_kind) { return visitor_kind == 0 ? Part::kUsers : Part::kSessions; }

}  // namespace

void RecsMachine::begin_snapshot() {
  frozen_ = {.sequence = sequence_, .has_head = true, .items = items_.size(), .ids = ids_.in_order()};
  for (size_t kind = 0; kind < kVisitorKinds; ++kind) {
    frozen_.visitors[kind].known = visitors_[kind].in_order();
    frozen_.visitors[kind].free_numbers = visitors_[kind].free_numbers();
  }
  for (size_t kind = 0; kind < kDocumentKinds; ++kind) {
    for (const std::string& name : documents_[kind])
      frozen_.documents.emplace_back(static_cast<DocumentKind>(kind), name);
  }
}

bool RecsMachine::save_part(std::vector<std::byte>& part) {
  ByteWriter out(part);
  const size_t end = part.size() + kPartBytes;
  if (std::exchange(frozen_.has_head, false)) {
    begin_part(part, Part::kHead);
    out.integer(frozen_.sequence);
    return true;
  }
  if (frozen_.items_saved < frozen_.items) {
    begin_part(part, Part::kItems);
    while (frozen_.items_saved < frozen_.items && part.size() < end)
      write_named(out, items_.at(static_cast<uint32_t>(frozen_.items_saved++)));
    return true;
  }
  for (size_t kind = 0; kind < kVisitorKinds; ++kind) {
    FrozenVisitors& visitors = frozen_.visitors[kind];
    if (visitors.saved < visitors.known.size()) {
      begin_part(part, part_of(kind));
      for (; visitors.saved < visitors.known.size() && part.size() < end; ++visitors.saved) {
        out.integer(visitors.known[visitors.saved].number);
        write_named(out, visitors.known[visitors.saved].hash);
      }
      return true;
    }
    if (visitors.free_saved < visitors.free_numbers.size()) {
      begin_part(part, Part::kFree);
      out.integer(static_cast<uint8_t>(kind));
      while (visitors.free_saved < visitors.free_numbers.size() && part.size() < end)
        out.integer(visitors.free_numbers[visitors.free_saved++]);
      return true;
    }
  }
  if (frozen_.ids_saved < frozen_.ids.size()) {
    begin_part(part, Part::kIds);
    while (frozen_.ids_saved < frozen_.ids.size() && part.size() < end) out.integer(frozen_.ids[frozen_.ids_saved++]);
    return true;
  }
  if (frozen_.documents_saved == frozen_.documents.size()) return false;
  begin_part(part, Part::kDocuments);
  for (; frozen_.documents_saved < frozen_.documents.size() && part.size() < end; ++frozen_.documents_saved) {
    const auto& [kind, name] = frozen_.documents[frozen_.documents_saved];
    out.integer(static_cast<uint8_t>(kind));
    write_text(out, name);
  }
  return true;
}

Result<void> RecsMachine::load_part(Bytes part) {
  ByteReader in(part);
  const auto kind = static_cast<Part>(in.integer<uint8_t>());
  if (kind == Part::kHead) {
    for (VisitorTable& table : visitors_) table.begin_load();
    sequence_ = in.integer<uint64_t>();
  }
  const auto free_of = static_cast<size_t>(kind == Part::kFree ? in.integer<uint8_t>() : 0);
  while (in.ok() && in.left() > 0) {
    if (kind == Part::kItems) {
      items_.add(read_named_hash(in));
    } else if (kind == Part::kUsers || kind == Part::kSessions) {
      VisitorTable& table = visitors_[kind == Part::kUsers ? 0 : 1];
      const auto number = in.integer<uint32_t>();
      const NameHash hash = read_named_hash(in);
      if (!in.ok() || table.knows(number)) return fail(ErrorCode::kCorrupt, "a visitor is saved twice");
      table.add(number, hash);
    } else if (kind == Part::kFree && free_of < kVisitorKinds) {
      loaded_free_[free_of].push_back(in.integer<uint32_t>());
    } else if (kind == Part::kIds) {
      ids_.add(in.integer<uint64_t>());
    } else if (kind == Part::kDocuments) {
      const auto of = std::min<size_t>(in.integer<uint8_t>(), kDocumentKinds - 1);
      documents_[of].emplace(read_text(in));
    } else {
      return fail(ErrorCode::kCorrupt, "a part of the saved state of recommendations is of no kind");
    }
  }
  return in.ok() ? Result<void>() : fail(ErrorCode::kCorrupt, "the saved state of recommendations ends in the middle");
}

Result<void> RecsMachine::finish_load() {
  for (size_t kind = 0; kind < kVisitorKinds; ++kind)
    visitors_[kind].finish_load(std::exchange(loaded_free_[kind], {}));
  return {};
}

}  // namespace doorbuster::recs
