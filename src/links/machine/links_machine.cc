#include "links/machine/links_machine.h"

#include <algorithm>
#include <span>

#include "base/assert.h"
#include "links/machine/code.h"

namespace doorbuster::links {
namespace {

constexpr size_t kPartBytes = size_t{256} << 10;
constexpr uint8_t kCounted = 1;  // among a click's flags
// What a part of a snapshot begins with that holds take-downs: no number is so high.
constexpr uint64_t kPartOfTakeDowns = UINT64_MAX;

// An event: kind (1), length of what follows (2), and its fields.
enum class Kind : uint8_t {
  kNumbersReserved = 1,
  kClicked = 2,
  kVisitsForgotten = 3,
  kClicksImported = 4,
  kTakenDown = 8,
  kRestored = 9,
  kUsedUp = 10
};

constexpr size_t kImportedDayBytes = sizeof(int32_t) + 2 * sizeof(uint64_t);
constexpr size_t kDaysAnEvent = 3'000;
static_assert(kDaysAnEvent * kImportedDayBytes + 3 * sizeof(uint64_t) <= UINT16_MAX);

class EventWriter {
 public:
  EventWriter(EventSink& events, Kind kind) : events_(events), bytes_(events.payload) {
    bytes_.integer(static_cast<uint8_t>(kind));
    length_at_ = events.payload.size();
    bytes_.integer(uint16_t{0});
  }
  ~EventWriter() {
    const auto length = static_cast<uint16_t>(events_.payload.size() - length_at_ - sizeof(uint16_t));
    std::memcpy(events_.payload.data() + length_at_, &length, sizeof length);
    ++events_.count;
  }
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  ByteWriter& operator*() { return bytes_; }

 private:
  EventSink& events_;
  ByteWriter bytes_;
  size_t length_at_ = 0;
};

void write(EventSink& events, const NumbersReserved& event) {
  EventWriter writer(events, Kind::kNumbersReserved);
  (*writer).integer(event.first);
  (*writer).integer(event.count);
}

void write(EventSink& events, const Clicked& event) {
  const Click& click = event.click;
  EventWriter writer(events, Kind::kClicked);
  (*writer).integer(click.link);
  (*writer).integer(event.is_counted ? kCounted : uint8_t{0});
  (*writer).integer(static_cast<uint8_t>(click.visitor));
  (*writer).integer(static_cast<uint8_t>(click.device));
  (*writer).integer(click.country[0]);
  (*writer).integer(click.country[1]);
  (*writer).integer(static_cast<uint8_t>(click.referrer.view().size()));
  (*writer).raw(as_bytes(click.referrer.view()));
  (*writer).integer(static_cast<uint8_t>(click.browser));
  (*writer).integer(static_cast<uint8_t>(click.system));
  (*writer).integer(click.visitor_hash);
  if (click.variant != kNoVariant) (*writer).integer(click.variant);  // the last, because few have one
}

void write(EventSink& events, const VisitsForgotten& event) {
  EventWriter writer(events, Kind::kVisitsForgotten);
  (*writer).integer(event.link);
}

void write(EventSink& events, const TakenDown& event) {
  EventWriter writer(events, Kind::kTakenDown);
  write_take_down(*writer, event.take_down);
}

void write(EventSink& events, const Restored& event) {
  EventWriter writer(events, Kind::kRestored);
  (*writer).integer(event.take_down);
  (*writer).integer(static_cast<uint8_t>(event.of));
  (*writer).text(event.target);
}

void write(EventSink& events, const UsedUp& event) {
  EventWriter writer(events, Kind::kUsedUp);
  (*writer).integer(event.link);
  (*writer).integer(event.visits);
  (*writer).text(event.code);
}

void write_imported(EventSink& events, uint64_t link, uint64_t visits_used, std::span<const ImportedDay> days) {
  EventWriter writer(events, Kind::kClicksImported);
  (*writer).integer(link);
  (*writer).integer(visits_used);
  (*writer).integer(static_cast<uint32_t>(days.size()));
  for (const ImportedDay& day : days) {
    (*writer).integer(day.day);
    for (const uint64_t clicks : day.by_visitor) (*writer).integer(clicks);
  }
}

NumbersReserved read_reserved(ByteReader& reader) {
  NumbersReserved event;
  event.first = reader.integer<uint64_t>();
  event.count = reader.integer<uint32_t>();
  return event;
}

// A value that a later version writes reads as one that this version has a name for.
template <class Enum>
Enum known(uint8_t value, Enum otherwise) {
  return value <= static_cast<uint8_t>(last_of(Enum())) ? static_cast<Enum>(value) : otherwise;
}

Clicked read_clicked(ByteReader& reader) {
  Clicked event;
  event.click.link = reader.integer<uint64_t>();
  event.is_counted = (reader.integer<uint8_t>() & kCounted) != 0;
  event.click.visitor = known(reader.integer<uint8_t>(), Visitor::kBot);
  event.click.device = known(reader.integer<uint8_t>(), DeviceClass::kUnknown);
  event.click.country = {static_cast<char>(reader.integer<uint8_t>()), static_cast<char>(reader.integer<uint8_t>())};
  const std::string_view referrer = as_text(reader.raw(reader.integer<uint8_t>()));
  event.click.referrer = referrer.substr(0, kReferrerBytesMax);
  if (reader.left() == 0) return event;  // written before this was asked for
  event.click.browser = known(reader.integer<uint8_t>(), Browser::kOther);
  event.click.system = known(reader.integer<uint8_t>(), System::kOther);
  if (reader.left() == 0) return event;  // nor was this
  event.click.visitor_hash = reader.integer<uint64_t>();
  if (reader.left() == 0) return event;  // of no variant
  event.click.variant = reader.integer<uint32_t>();
  return event;
}

Restored read_restored(ByteReader& reader) {
  Restored event{.take_down = reader.integer<uint64_t>(), .target = {}};
  if (reader.left() == 0) return event;  // written before this was asked for
  if (reader.integer<uint8_t>() == static_cast<uint8_t>(TakeDownOf::kDomain)) event.of = TakeDownOf::kDomain;
  event.target = reader.text();
  return event;
}

UsedUp read_used_up(ByteReader& reader) {
  UsedUp event{.link = reader.integer<uint64_t>(), .visits = reader.integer<uint64_t>(), .code = {}};
  event.code = reader.text();
  return event;
}

VisitsForgotten read_forgotten(ByteReader& reader) { return {.link = reader.integer<uint64_t>()}; }

ClicksImported read_imported(ByteReader& reader) {
  ClicksImported event;
  event.clicks.link = reader.integer<uint64_t>();
  event.clicks.visits_used = reader.integer<uint64_t>();
  for (auto left = reader.integer<uint32_t>(); left > 0 && reader.ok(); --left) {
    ImportedDay& day = event.clicks.days.emplace_back();
    day.day = reader.integer<int32_t>();
    for (uint64_t& clicks : day.by_visitor) clicks = reader.integer<uint64_t>();
  }
  return event;
}

// Fields that a later version adds stand behind those that are known.
Result<void> read_event(uint8_t kind, Bytes fields, const std::function<void(const Event&)>& visit) {
  ByteReader reader(fields);
  std::optional<Event> event;
  switch (static_cast<Kind>(kind)) {
    case Kind::kNumbersReserved:
      event = read_reserved(reader);
      break;
    case Kind::kClicked:
      event = read_clicked(reader);
      break;
    case Kind::kVisitsForgotten:
      event = read_forgotten(reader);
      break;
    case Kind::kTakenDown:
      event = TakenDown{read_take_down(reader)};
      break;
    case Kind::kRestored:
      event = read_restored(reader);
      break;
    case Kind::kUsedUp:
      event = read_used_up(reader);
      break;
    case Kind::kClicksImported:
      event = read_imported(reader);
      break;
  }
  if (!reader.ok()) return fail(ErrorCode::kCorrupt, "an event of short links ends in the middle");
  if (event) visit(*event);
  return {};
}

}  // namespace

Result<uint64_t> for_each_event(Bytes events, const std::function<void(const Event&)>& visit) {
  ByteReader reader(events);
  uint64_t count = 0;
  while (reader.left() > 0) {
    const auto kind = reader.integer<uint8_t>();
    const Bytes fields = reader.raw(reader.integer<uint16_t>());
    if (!reader.ok()) return fail(ErrorCode::kCorrupt, "these are not events of short links");
    TRY(read_event(kind, fields, visit));
    ++count;
  }
  return count;
}

bool have_news(Bytes events) {
  ByteReader reader(events);
  while (reader.left() > 0 && reader.ok()) {
    const auto kind = static_cast<Kind>(reader.integer<uint8_t>());
    if (kind == Kind::kTakenDown || kind == Kind::kRestored || kind == Kind::kUsedUp) return true;
    (void)reader.raw(reader.integer<uint16_t>());
  }
  return false;
}

LinksMachine::Reply LinksMachine::decide(const Command& command, Timestamp now, EventSink& events) {
  return std::visit([&](const auto& one) { return decide_one(one, now, events); }, command);
}

LinksMachine::Reply LinksMachine::decide_one(const RecordClicks& command, Timestamp, EventSink& events) {
  for (const Click& click : command.clicks) write(events, Clicked{.click = click});
  return {};
}

LinksMachine::Reply LinksMachine::decide_one(const ReserveNumbers& command, Timestamp, EventSink& events) {
  ASSERT(command.count > 0 && command.count <= kCodes - next_number_);
  const NumbersReserved event{.first = next_number_, .count = command.count};
  write(events, event);
  apply_one(event);
  return {.first_number = event.first};
}

LinksMachine::Reply LinksMachine::decide_one(const Visit& command, Timestamp, EventSink& events) {
  const auto known_link = visits_.find(command.click.link);
  const uint64_t visits = known_link == visits_.end() ? 0 : known_link->second;
  if (visits >= command.visits_max) return {.is_allowed = false, .visits = visits};
  if (command.kind == Visit::Kind::kLook) return {.is_allowed = true, .visits = visits};
  const bool takes_one = command.kind == Visit::Kind::kTakesOne;
  const Clicked event{.click = command.click, .is_counted = takes_one};
  write(events, event);
  apply_one(event);
  const uint64_t taken = visits + (takes_one ? 1 : 0);
  if (taken == command.visits_max) write(events, UsedUp{command.click.link, taken, command.code});
  return {.is_allowed = true, .visits = taken};
}

LinksMachine::Reply LinksMachine::decide_one(const ForgetVisits& command, Timestamp, EventSink& events) {
  const VisitsForgotten event{.link = command.link};
  write(events, event);
  apply_one(event);
  return {};
}

LinksMachine::Reply LinksMachine::decide_one(const TakeDownTarget& command, Timestamp now, EventSink& events) {
  const TakeDownOutcome outcome = take_downs_.outcome_of(command);
  if (outcome != TakeDownOutcome::kDone) return {.take_down = outcome};
  TakenDown event{.take_down = command.wanted};
  event.take_down.id = take_downs_.next_id();
  event.take_down.at = now;
  write(events, event);
  apply_one(event);
  return {.take_down = outcome, .take_down_id = event.take_down.id, .take_down_at = now};
}

LinksMachine::Reply LinksMachine::decide_one(const RestoreTarget& command, Timestamp, EventSink& events) {
  const TakeDownOutcome outcome = take_downs_.outcome_of(command);
  if (outcome != TakeDownOutcome::kDone) return {.take_down = outcome};
  const TakeDown& taken = take_downs_.at(command.take_down);
  const Restored event{.take_down = command.take_down, .of = taken.of, .target = taken.target};
  write(events, event);
  apply_one(event);
  return {.take_down = outcome};
}

// What is too much for one event is several.
LinksMachine::Reply LinksMachine::decide_one(const RecordImports& command, Timestamp, EventSink& events) {
  for (const ImportedClicks& clicks : command.links) {
    std::span<const ImportedDay> days = clicks.days;
    uint64_t visits_used = clicks.visits_used;
    do {
      const auto part = days.first(std::min(days.size(), kDaysAnEvent));
      write_imported(events, clicks.link, std::exchange(visits_used, 0), part);
      days = days.subspan(part.size());
    } while (!days.empty());
    apply_one(ClicksImported{.clicks = {.link = clicks.link, .visits_used = clicks.visits_used}});
  }
  return {};
}

void LinksMachine::apply_one(const Event& event) {
  if (const auto* reserved = std::get_if<NumbersReserved>(&event)) {
    next_number_ = std::max(next_number_, reserved->first + reserved->count);
    has_news_ = true;
  } else if (const auto* clicked = std::get_if<Clicked>(&event)) {
    if (!clicked->is_counted) return;
    ++visits_[clicked->click.link];
    has_news_ = true;
  } else if (const auto* forgotten = std::get_if<VisitsForgotten>(&event)) {
    visits_.erase(forgotten->link);
    has_news_ = true;
  } else if (const auto* taken_down = std::get_if<TakenDown>(&event)) {
    take_downs_.apply(*taken_down);
    has_news_ = has_other_take_downs_ = true;
  } else if (const auto* restored = std::get_if<Restored>(&event)) {
    take_downs_.apply(*restored);
    has_news_ = has_other_take_downs_ = true;
  } else if (const auto* imported = std::get_if<ClicksImported>(&event)) {
    if (imported->clicks.visits_used == 0) return;
    visits_[imported->clicks.link] += imported->clicks.visits_used;
    has_news_ = true;
  }
}

Result<void> LinksMachine::apply(Bytes events, Timestamp) {
  TRY(for_each_event(events, [this](const Event& event) { apply_one(event); }));
  return {};
}

// All of it is copied at the beginning: few links have a number of visits.
void LinksMachine::begin_snapshot() {
  frozen_.emplace(Frozen{.next_number = next_number_,
                         .visits = {visits_.begin(), visits_.end()},
                         .next_take_down = take_downs_.next_id(),
                         .take_downs = take_downs_.all(),
                         .has_take_downs = take_downs_.next_id() > 1});
}

bool LinksMachine::save_part(std::vector<std::byte>& part) {
  if (!frozen_) return false;
  if (frozen_->has_head || frozen_->saved < frozen_->visits.size()) {
    save_visits(part);
    return true;
  }
  if (frozen_->has_take_downs) {
    save_take_downs(part);
    return true;
  }
  frozen_.reset();
  return false;
}

void LinksMachine::save_visits(std::vector<std::byte>& part) {
  ByteWriter writer(part);
  writer.integer(frozen_->next_number);
  frozen_->has_head = false;
  for (size_t end = part.size() + kPartBytes; frozen_->saved < frozen_->visits.size() && part.size() < end;) {
    const auto& [link, visits] = frozen_->visits[frozen_->saved++];
    writer.integer(link);
    writer.integer(visits);
  }
}

void LinksMachine::save_take_downs(std::vector<std::byte>& part) {
  ByteWriter writer(part);
  writer.integer(kPartOfTakeDowns);
  writer.integer(frozen_->next_take_down);
  for (size_t end = part.size() + kPartBytes;
       frozen_->take_downs_saved < frozen_->take_downs.size() && part.size() < end;)
    write_take_down(writer, frozen_->take_downs[frozen_->take_downs_saved++]);
  frozen_->has_take_downs = frozen_->take_downs_saved < frozen_->take_downs.size();
}

Result<void> LinksMachine::load_part(Bytes part) {
  ByteReader reader(part);
  const auto first = reader.integer<uint64_t>();
  if (first == kPartOfTakeDowns) {
    take_downs_.read(reader);
  } else {
    next_number_ = first;
  }
  while (reader.left() > 0 && reader.ok()) {
    const auto link = reader.integer<uint64_t>();
    visits_[link] = reader.integer<uint64_t>();
  }
  if (!reader.ok()) return fail(ErrorCode::kCorrupt, "a part of the snapshot of short links ends in the middle");
  return {};
}

}  // namespace doorbuster::links
