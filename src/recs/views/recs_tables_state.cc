// How the tables are saved: the catalogue, the histories, and what the shop keeps here (docs/formats/recs-views.md).
#include <algorithm>
#include <utility>

#include "base/varint.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {
namespace {

// Beside the history itself: the name's hash, its place in the index, and the list of sessions.
constexpr size_t kVisitorBytes = sizeof(History) + sizeof(NameHash) + 12 + sizeof(std::vector<uint32_t>);

constexpr size_t kSavedPartBytes = size_t{256} << 10;

enum class SavedPart : uint8_t {
  kItems = 1,
  kUsers = 2,
  kSessions = 3,
  kUserContents = 4,
  kDocuments = 5,
  kTime = 6,
  kOwnKinds = 20,
  kSurfaceCounts = 21,
  kExperimentCounts = 22
};

// Beside the kind of an interaction: that more is said of it.
constexpr uint8_t kTouchHasWord = 0x40;
constexpr uint8_t kTouchHasCountry = 0x80;
constexpr uint8_t kTouchKindBits = 0x3F;

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
  const uint8_t has_word = touch.word != 0 ? kTouchHasWord : 0;
  const uint8_t has_country = touch.country != 0 ? kTouchHasCountry : 0;
  out.integer(static_cast<uint8_t>(static_cast<uint8_t>(touch.kind) | has_word | has_country));
  if (has_word != 0) out.integer(touch.word);
  if (has_country != 0) out.integer(touch.country);
  write_signed_varint(out, touch.at.micros());
  write_varint(out, touch.item);
  write_varint(out, uint64_t{touch.by} + 1);
  write_varint(out, touch.quantity);
  write_signed_varint(out, touch.value_thousandths);
}

uint32_t read_maybe(ByteReader& in) { return static_cast<uint32_t>(read_varint(in) - 1); }

Touch load_touch(ByteReader& in) {
  Touch touch;
  const auto head = in.integer<uint8_t>();
  touch.kind = static_cast<EventKind>(std::min<uint8_t>(head & kTouchKindBits, kEventKindNames.size() - 1));
  if ((head & kTouchHasWord) != 0) touch.word = in.integer<uint8_t>();
  if ((head & kTouchHasCountry) != 0) touch.country = in.integer<uint16_t>();
  touch.at = Timestamp::from_micros(read_signed_varint(in));
  touch.item = static_cast<uint32_t>(read_varint(in));
  touch.by = read_maybe(in);
  touch.quantity = static_cast<uint32_t>(read_varint(in));
  touch.value_thousandths = read_signed_varint(in);
  return touch;
}

void save_visitor(ByteWriter bytes, uint32_t number, const NameHash& hash, const History& history) {
  write_varint(bytes, number);
  bytes.integer(hash.high);
  bytes.integer(hash.low);
  write_varint(bytes, history.size());
  for (const Touch& touch : history.touches()) save_touch(bytes, touch);
}

}  // namespace

void RecsTables::keep_aside(VisitorKind kind, uint32_t visitor) {
  if (saving_ == nullptr) return;
  Aside<SavedVisitor>& aside = saving_->visitors[static_cast<size_t>(kind)];
  if (!aside.wants(visitor)) return;
  const Visitors& known = visitors(kind);
  SavedVisitor was;
  if (known.index.knows(visitor)) {
    was.hash = known.index.at(visitor);
    was.history = known.histories[visitor];
    if (kind == VisitorKind::kUser) was.content = content_of_user(visitor);
  }
  aside.entries.emplace(visitor, std::move(was));
}

void RecsTables::keep_item_aside(uint32_t item) {
  if (saving_ == nullptr || !saving_->items.wants(item)) return;
  const Item& known = catalogue_[item];
  saving_->items.entries.emplace(
      item,
      SavedItem{
          .content = content_of(item), .since = known.since, .is_put = known.is_put, .is_removed = known.is_removed});
}

Result<void> RecsTables::save(platform::StateWriter& out) const {
  saving_ = std::make_unique<Saving>();
  saving_->items.end = static_cast<uint32_t>(catalogue_.size());
  for (size_t kind = 0; kind < kVisitorKinds; ++kind)
    saving_->visitors[kind].end = static_cast<uint32_t>(visitors_[kind].histories.size());
  const Result<void> saved = save_all(out);
  saving_.reset();
  return saved;
}

Result<void> RecsTables::save_all(platform::StateWriter& out) const {
  // There are few of them, so they are taken at once.
  const std::array<Documents, kDocumentKinds> all_documents = documents_;
  const std::vector<std::vector<std::byte>> all_counts = saved_counts();
  PartWriter time(out, SavedPart::kTime);
  time.bytes().integer(advanced_to_.micros());
  TRY(time.finish());
  for (const std::vector<std::byte>& part : all_counts) {
    if (part.front() == static_cast<std::byte>(SavedPart::kOwnKinds)) TRY(out.add(part));
  }
  TRY(save_items(out));
  for (const VisitorKind kind : {VisitorKind::kUser, VisitorKind::kSession}) TRY(save_visitors(kind, out));
  PartWriter documents(out, SavedPart::kDocuments);
  for (size_t kind = 0; kind < kDocumentKinds; ++kind) {
    for (const auto& [name, content] : all_documents[kind]) {
      ByteWriter bytes = documents.bytes();
      bytes.integer(static_cast<uint8_t>(kind));
      write_text(bytes, name);
      write_text(bytes, content);
      TRY(documents.next());
    }
  }
  TRY(documents.finish());
  for (const std::vector<std::byte>& part : all_counts) {
    if (part.front() != static_cast<std::byte>(SavedPart::kOwnKinds)) TRY(out.add(part));
  }
  return {};
}

std::vector<std::vector<std::byte>> RecsTables::saved_counts() const {
  std::vector<std::vector<std::byte>> parts;
  const auto write_one = [&](SavedPart kind, std::string_view name, const std::function<void(ByteWriter&)>& write) {
    const auto of_kind = static_cast<std::byte>(kind);
    if (parts.empty() || parts.back().front() != of_kind || parts.back().size() >= kSavedPartBytes)
      parts.push_back({of_kind});
    ByteWriter bytes(parts.back());
    if (!name.empty()) write_text(bytes, name);
    write(bytes);
  };
  for (const std::string& name : own_kinds_.names())
    write_one(SavedPart::kOwnKinds, {}, [&](ByteWriter& out) { write_text(out, name); });
  surface_counts_.save(
      [&](const std::function<void(ByteWriter&)>& write) { write_one(SavedPart::kSurfaceCounts, {}, write); });
  for (const auto& [name, counts] : experiment_counts_) {
    counts.save([&, &of = name](const std::function<void(ByteWriter&)>& write) {
      write_one(SavedPart::kExperimentCounts, of, write);
    });
  }
  return parts;
}

// Nothing that is looked at lives on while a part is handed over.
Result<void> RecsTables::save_items(platform::StateWriter& out) const {
  PartWriter parts(out, SavedPart::kItems);
  Aside<SavedItem>& aside = saving_->items;
  while (aside.next < aside.end) {
    const uint32_t number = aside.next++;
    const Item& now = catalogue_[number];
    const auto was = aside.entries.find(number);
    const bool has_changed = was != aside.entries.end();
    const Content& content = has_changed ? was->second.content : now.content;
    const bool is_put = has_changed ? was->second.is_put : now.is_put;
    const bool is_removed = has_changed ? was->second.is_removed : now.is_removed;
    ByteWriter bytes = parts.bytes();
    bytes.integer(catalogue_.hash_of(number).high);
    bytes.integer(catalogue_.hash_of(number).low);
    write_text(bytes, now.name);
    bytes.integer((has_changed ? was->second.since : now.since).micros());
    bytes.integer(static_cast<uint8_t>((is_put ? 1 : 0) + (is_removed ? 2 : 0) + (content.in_stock ? 0 : 4)));
    if (is_put) write_text(bytes, print_content(has_changed ? content : content_of(number)));
    if (has_changed) aside.entries.erase(was);
    TRY(parts.next());
  }
  return parts.finish();
}

Result<void> RecsTables::save_visitors(VisitorKind kind, platform::StateWriter& out) const {
  PartWriter parts(out, kind == VisitorKind::kUser ? SavedPart::kUsers : SavedPart::kSessions);
  PartWriter contents(out, SavedPart::kUserContents);
  const auto write = [&](uint32_t number, const NameHash& hash, const History& history, std::string_view content) {
    if (hash.is_none()) return;
    save_visitor(parts.bytes(), number, hash, history);
    if (content.empty()) return;
    ByteWriter bytes = contents.bytes();
    write_varint(bytes, number);
    write_text(bytes, content);
  };
  const Visitors& known = visitors_[static_cast<size_t>(kind)];
  Aside<SavedVisitor>& aside = saving_->visitors[static_cast<size_t>(kind)];
  while (aside.next < aside.end) {
    const uint32_t number = aside.next++;
    if (const auto was = aside.entries.find(number); was != aside.entries.end()) {
      write(number, was->second.hash, was->second.history, was->second.content);
      aside.entries.erase(was);
    } else if (known.index.knows(number)) {
      const bool is_user = kind == VisitorKind::kUser;
      write(number, known.index.at(number), known.histories[number], is_user ? content_of_user(number) : "");
    }
    TRY(parts.next());
    TRY(contents.next());
  }
  TRY(parts.finish());
  return contents.finish();
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
      if ((flags & 1) != 0) put_item(named.item, TRY(parse_content(read_text(in))));
      if ((flags & 2) != 0) remove_item(named.item);
      catalogue_.set_stock(named.item, (flags & 4) == 0);
    } else if (kind == SavedPart::kUsers || kind == SavedPart::kSessions) {
      VisitorNamed named{.kind = kind == SavedPart::kUsers ? VisitorKind::kUser : VisitorKind::kSession};
      named.visitor = static_cast<uint32_t>(read_varint(in));
      named.hash.high = in.integer<uint64_t>();
      named.hash.low = in.integer<uint64_t>();
      const uint64_t touches = read_varint(in);
      if (!in.ok() || named.hash.is_none() || visitors(named.kind).index.knows(named.visitor)) break;
      name(named);
      visitors(named.kind).histories[named.visitor].reserve(std::min<uint64_t>(touches, history_));
      for (uint64_t left = touches; left > 0 && in.ok(); --left) {
        const Touch touch = load_touch(in);
        const bool is_of_user = touch.by != kNobody;
        if (touch.item >= catalogue_.size() || (is_of_user && touch.by >= sessions_of_user_.size()))
          return fail(ErrorCode::kCorrupt, "a saved history names what is not there");
        if (!in.ok()) break;
        if (is_of_user) link(touch.by, named.visitor);
        History& history = visitors(named.kind).histories[named.visitor];
        history.add(touch);
        if (const auto index = history.one_too_many(history_)) (void)history.remove(*index);
      }
    } else if (kind == SavedPart::kUserContents) {
      const auto user = static_cast<uint32_t>(read_varint(in));
      put_content(user, read_text(in));
    } else if (kind == SavedPart::kDocuments) {
      const auto of = std::min<size_t>(in.integer<uint8_t>(), kDocumentKinds - 1);
      const std::string document(read_text(in));
      put_document(static_cast<DocumentKind>(of), document, std::string(read_text(in)), advanced_to_);
    } else if (kind == SavedPart::kOwnKinds) {
      (void)own_kinds_.number_of(read_text(in));
    } else if (kind == SavedPart::kSurfaceCounts) {
      surface_counts_.load_one(in);
    } else if (kind == SavedPart::kExperimentCounts) {
      const auto known = experiment_counts_.find(read_text(in));
      if (known == experiment_counts_.end()) break;
      known->second.load_one(in);
    } else if (kind == SavedPart::kTime) {
      advance(Timestamp::from_micros(in.integer<int64_t>()));
    } else {
      break;
    }
  }
  return in.finished() ? Result<void>() : fail(ErrorCode::kCorrupt, "saved tables of recommendations can't be read");
}

Result<void> RecsTables::load_parts(platform::StateReader& in) {
  std::vector<std::byte> part;
  new_items_.hold_back();
  while (TRY(in.next(part))) TRY(load_part(part));
  return {};
}

Result<void> RecsTables::load(platform::StateReader& in) {
  const bool is_counting = std::exchange(is_counting_, false);
  const Result<void> read = load_parts(in);
  if (read && is_counting) count_all();
  is_counting_ = is_counting;
  return read;
}

RecsTables::Usage RecsTables::usage() const {
  Usage usage{.items = catalogue_.size(),
              .users = visitors_[0].index.size(),
              .sessions = visitors_[1].index.size(),
              .interactions = interactions_};
  for (size_t kind = 0; kind < kPairKinds; ++kind) usage.members[kind] = pairs_[kind]->members();
  usage.visit_clicks = visits_->clicks();
  usage.bytes = {catalogue_.bytes(),
                 usage.users * kVisitorBytes + history_bytes_[0],
                 usage.sessions * kVisitorBytes + history_bytes_[1],
                 pairs_[0]->bytes(),
                 pairs_[1]->bytes(),
                 visits_->bytes(),
                 recent_.bytes(),
                 content_bytes_,
                 regions_.bytes(),
                 surface_counts_.bytes()};
  for (const auto& [name, counts] : experiment_counts_) usage.bytes.back() += counts.bytes();
  usage.contents = contents_.usage();
  return usage;
}

bool RecsTables::counts_as(const RecsTables& other) const {
  if (catalogue_.size() != other.catalogue_.size()) return false;
  for (size_t kind = 0; kind < kPairKinds; ++kind) {
    if (pairs_[kind]->state() != other.pairs_[kind]->state()) return false;
  }
  for (uint32_t item = 0; item < catalogue_.size(); ++item) {
    const Item& a = catalogue_[item];
    const Item& b = other.catalogue_[item];
    if (a.bought_by != b.bought_by || a.viewed_by != b.viewed_by) return false;
    if (catalogue_.popularity_of(item) != other.catalogue_.popularity_of(item)) return false;
  }
  return interactions_ == other.interactions_ && recent_.counts_as(other.recent_) && visits_->same_as(*other.visits_) &&
         regions_.counts_as(other.regions_);
}

}  // namespace doorbuster::recs
