// How the tables are saved: the catalogue, the histories, and what the shop keeps here (docs/formats/recs-views.md).
#include <algorithm>

#include "base/varint.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kSavedPartBytes = size_t{256} << 10;

enum class SavedPart : uint8_t { kItems = 1, kUsers = 2, kSessions = 3, kUserContents = 4, kDocuments = 5, kTime = 6 };

// Parts of one kind, each of which ends when it is large enough.
class PartWriter {
 public:
  PartWriter(platform::StateWriter& out, SavedPart kind) : out_(out), kind_(kind) { begin(); }
  // One more entry is written.
  [[nodiscard]] Result<void> next() {
    if (part_.size() < kSavedPartBytes) return {};
    TRY(out_.add(part_));
    begin();
    return {};
  }
  [[nodiscard]] Result<void> finish() { return part_.size() > 1 ? out_.add(part_) : Result<void>(); }
  [[nodiscard]] ByteWriter bytes() { return ByteWriter(part_); }

 private:
  void begin() {
    part_.clear();
    ByteWriter(part_).integer(static_cast<uint8_t>(kind_));
  }
  platform::StateWriter& out_;
  const SavedPart kind_;
  std::vector<std::byte> part_;
};

void save_touch(ByteWriter& out, const Touch& touch) {
  out.integer(static_cast<uint8_t>(touch.kind));
  write_signed_varint(out, touch.at.micros());
  write_varint(out, touch.item);
  write_varint(out, uint64_t{touch.by} + 1);
  write_varint(out, touch.quantity);
  write_signed_varint(out, touch.value_thousandths);
}

uint32_t read_maybe(ByteReader& in) { return static_cast<uint32_t>(read_varint(in) - 1); }

Touch load_touch(ByteReader& in) {
  Touch touch;
  touch.kind = static_cast<EventKind>(std::min<uint8_t>(in.integer<uint8_t>(), kEventKindNames.size() - 1));
  touch.at = Timestamp::from_micros(read_signed_varint(in));
  touch.item = static_cast<uint32_t>(read_varint(in));
  touch.by = read_maybe(in);
  touch.quantity = static_cast<uint32_t>(read_varint(in));
  touch.value_thousandths = read_signed_varint(in);
  return touch;
}

Result<void> save_items(const Catalogue& catalogue, platform::StateWriter& out) {
  PartWriter parts(out, SavedPart::kItems);
  for (uint32_t number = 0; number < catalogue.size(); ++number) {
    const Item& item = catalogue[number];
    const NameHash& hash = catalogue.hash_of(number);
    ByteWriter bytes = parts.bytes();
    bytes.integer(hash.high);
    bytes.integer(hash.low);
    write_text(bytes, item.name);
    bytes.integer(item.since.micros());
    bytes.integer(
        static_cast<uint8_t>((item.is_put ? 1 : 0) + (item.is_removed ? 2 : 0) + (item.content.in_stock ? 0 : 4)));
    if (item.is_put) write_text(bytes, print_content(item.content));
    TRY(parts.next());
  }
  return parts.finish();
}

}  // namespace

Result<void> RecsTables::save(platform::StateWriter& out) const {
  PartWriter time(out, SavedPart::kTime);
  time.bytes().integer(advanced_to_.micros());
  TRY(time.finish());
  TRY(save_items(catalogue_, out));
  for (size_t kind = 0; kind < kVisitorKinds; ++kind) {
    PartWriter parts(out, kind == 0 ? SavedPart::kUsers : SavedPart::kSessions);
    const Visitors& known = visitors_[kind];
    for (uint32_t number = 0; number < known.histories.size(); ++number) {
      if (!known.index.knows(number)) continue;
      ByteWriter bytes = parts.bytes();
      write_varint(bytes, number);
      bytes.integer(known.index.at(number).high);
      bytes.integer(known.index.at(number).low);
      const auto& touches = known.histories[number].touches();
      write_varint(bytes, touches.size());
      for (const Touch& touch : touches) save_touch(bytes, touch);
      TRY(parts.next());
    }
    TRY(parts.finish());
  }
  PartWriter contents(out, SavedPart::kUserContents);
  for (const auto& [user, content] : user_contents_) {
    ByteWriter bytes = contents.bytes();
    write_varint(bytes, user);
    write_text(bytes, content);
    TRY(contents.next());
  }
  TRY(contents.finish());
  PartWriter documents(out, SavedPart::kDocuments);
  for (size_t kind = 0; kind < kDocumentKinds; ++kind) {
    for (const auto& [name, content] : documents_[kind]) {
      ByteWriter bytes = documents.bytes();
      bytes.integer(static_cast<uint8_t>(kind));
      write_text(bytes, name);
      write_text(bytes, content);
      TRY(documents.next());
    }
  }
  return documents.finish();
}

Result<void> RecsTables::load_part(Bytes part) {
  ByteReader in(part);
  const auto kind = static_cast<SavedPart>(in.integer<uint8_t>());
  while (in.ok() && in.left() > 0) {
    if (kind == SavedPart::kItems) {
      ItemNamed named{.item = static_cast<uint32_t>(catalogue_.size()), .hash = {}, .name = {}};
      named.hash.high = in.integer<uint64_t>();
      named.hash.low = in.integer<uint64_t>();
      named.name = read_text(in);
      const auto since = Timestamp::from_micros(in.integer<int64_t>());
      const auto flags = in.integer<uint8_t>();
      if (!in.ok() || named.hash.is_none() || catalogue_.find(named.hash)) break;
      catalogue_.name(named, since);
      if ((flags & 1) != 0) catalogue_.put(named.item, TRY(parse_content(read_text(in))));
      if ((flags & 2) != 0) catalogue_.remove(named.item);
      catalogue_.set_stock(named.item, (flags & 4) == 0);
    } else if (kind == SavedPart::kUsers || kind == SavedPart::kSessions) {
      VisitorNamed named{.kind = kind == SavedPart::kUsers ? VisitorKind::kUser : VisitorKind::kSession};
      named.visitor = static_cast<uint32_t>(read_varint(in));
      named.hash.high = in.integer<uint64_t>();
      named.hash.low = in.integer<uint64_t>();
      const uint64_t touches = read_varint(in);
      if (!in.ok() || named.hash.is_none() || visitors(named.kind).index.knows(named.visitor)) break;
      name(named);
      for (uint64_t left = touches; left > 0 && in.ok(); --left) {
        const Touch touch = load_touch(in);
        const bool is_of_user = touch.by != kNobody;
        if (touch.item >= catalogue_.size() || (is_of_user && touch.by >= sessions_of_user_.size()))
          return fail(ErrorCode::kCorrupt, "a saved history names what is not there");
        if (!in.ok()) break;
        if (is_of_user) link(touch.by, named.visitor);
        keep(named.kind, named.visitor, touch);
      }
    } else if (kind == SavedPart::kUserContents) {
      const auto user = static_cast<uint32_t>(read_varint(in));
      user_contents_.insert_or_assign(user, std::string(read_text(in)));
    } else if (kind == SavedPart::kDocuments) {
      const auto of = std::min<size_t>(in.integer<uint8_t>(), kDocumentKinds - 1);
      const std::string document(read_text(in));
      put_document(static_cast<DocumentKind>(of), document, std::string(read_text(in)));
    } else if (kind == SavedPart::kTime) {
      advance(Timestamp::from_micros(in.integer<int64_t>()));
    } else {
      break;
    }
  }
  return in.finished() ? Result<void>() : fail(ErrorCode::kCorrupt, "saved tables of recommendations can't be read");
}

Result<void> RecsTables::load(platform::StateReader& in) {
  std::vector<std::byte> part;
  while (TRY(in.next(part))) TRY(load_part(part));
  return {};
}

}  // namespace doorbuster::recs
