#include "links/machine/take_down_list.h"

#include <algorithm>

namespace doorbuster::links {

void write_take_down(ByteWriter& writer, const TakeDown& take_down) {
  writer.integer(take_down.id);
  writer.integer(take_down.at.micros());
  writer.integer(static_cast<uint8_t>(take_down.of));
  for (const std::string* text : {&take_down.target, &take_down.reason, &take_down.notice, &take_down.by})
    writer.text(*text);
}

// What a later version takes down by other means is taken for a link's, and no link has that code.
TakeDown read_take_down(ByteReader& reader) {
  TakeDown take_down;
  take_down.id = reader.integer<uint64_t>();
  take_down.at = Timestamp::from_micros(reader.integer<int64_t>());
  take_down.of =
      reader.integer<uint8_t>() == static_cast<uint8_t>(TakeDownOf::kDomain) ? TakeDownOf::kDomain : TakeDownOf::kLink;
  for (std::string* text : {&take_down.target, &take_down.reason, &take_down.notice, &take_down.by})
    *text = reader.text();
  return take_down;
}

TakeDownOutcome TakeDownList::outcome_of(const TakeDownTarget& command) const {
  if (ids_.contains({command.wanted.of, command.wanted.target})) return TakeDownOutcome::kAlready;
  return by_id_.size() < kTakeDownsMax ? TakeDownOutcome::kDone : TakeDownOutcome::kFull;
}

TakeDownOutcome TakeDownList::outcome_of(const RestoreTarget& command) const {
  return by_id_.contains(command.take_down) ? TakeDownOutcome::kDone : TakeDownOutcome::kMissing;
}

void TakeDownList::apply(const TakenDown& event) {
  const TakeDown& made = event.take_down;
  next_id_ = std::max(next_id_, made.id + 1);
  ids_[{made.of, made.target}] = made.id;
  by_id_[made.id] = made;
}

void TakeDownList::apply(const Restored& event) {
  const auto found = by_id_.find(event.take_down);
  if (found == by_id_.end()) return;
  ids_.erase({found->second.of, found->second.target});
  by_id_.erase(found);
}

std::vector<TakeDown> TakeDownList::all() const {
  std::vector<TakeDown> all;
  all.reserve(by_id_.size());
  for (const auto& [id, take_down] : by_id_) all.push_back(take_down);
  return all;
}

void TakeDownList::read(ByteReader& reader) {
  next_id_ = std::max(next_id_, reader.integer<uint64_t>());
  while (reader.left() > 0 && reader.ok()) apply(TakenDown{read_take_down(reader)});
}

}  // namespace doorbuster::links
