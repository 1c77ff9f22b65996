#include "recs_sim/shop.h"

#include <algorithm>
#include <array>
#include <utility>

namespace doorbuster::recs::sim {
namespace {

constexpr uint32_t kUsers = 6;
constexpr size_t kRowsOfOne = 8;
constexpr int64_t kMillisBefore = 400LL * 86'400'000;  // the oldest events are more than a year old
constexpr size_t kSentKept = 40;

}  // namespace

NameHash item_hash(uint32_t item) { return {.high = 77, .low = 1 + item}; }

// Bytes that stand nowhere by chance.
NameHash Shop::user_hash(uint32_t user) const {
  Prng bytes(uint64_t{number_} << 32U | user);
  return {.high = bytes.next(), .low = bytes.next()};
}

RecsMachine::Command Shop::next(Timestamp now) {
  if (!command_) command_ = fresh_command(now);
  return *command_;
}

RecsMachine::Command Shop::fresh_command(Timestamp now) {
  const auto item = static_cast<uint32_t>(random_.below(kItems));
  const std::string name = "i" + std::to_string(item);
  switch (random_.below(24)) {
    case 0:
      return PutItems{
          .items = {{.item = item_hash(item), .name = name, .content = R"({"categories":["c"],"price":5})"}}};
    case 1:
      return SetStock{.item = item_hash(item), .name = name, .in_stock = random_.chance(2)};
    case 2:
      return RemoveItem{.item = item_hash(item)};
    case 3:
    case 4:
      return ForgetUser{.user = user_hash(static_cast<uint32_t>(random_.below(kUsers)))};
    case 5:
      return PutUsers{.users = {{.user = user_hash(static_cast<uint32_t>(random_.below(kUsers))), .content = "{}"}}};
    case 6:
      return PutDocument{.kind = DocumentKind::kRule, .name = "r", .content = "{}"};
    default:
      return events(now);
  }
}

RecordEvents Shop::events(Timestamp now) {
  RecordEvents command;
  for (uint64_t left = 1 + random_.below(kRowsOfOne); left > 0; --left) {
    if (!sent_.empty() && random_.chance(6)) {
      command.rows.push_back(sent_[random_.below(sent_.size())]);  // a duplicate
      continue;
    }
    constexpr std::array kKinds = {EventKind::kView,   EventKind::kView,       EventKind::kCart,  EventKind::kPurchase,
                                   EventKind::kCancel, EventKind::kImpression, EventKind::kClick, EventKind::kOther};
    const auto item = static_cast<uint32_t>(random_.below(kItems));
    // Late ones, and never two at one time, so that it is plain which purchase is the newest.
    const int64_t millis = now.micros() / 1'000 - static_cast<int64_t>(random_.below(kMillisBefore)) - 1;
    EventRow row{.kind = kKinds[random_.below(kKinds.size())],
                 .item = item_hash(item),
                 .item_name = "i" + std::to_string(item),
                 .user = user_hash(static_cast<uint32_t>(random_.below(kUsers))),
                 .at = Timestamp::from_micros(millis * 1'000),
                 .id_hash = (uint64_t{number_} + 1) << 32U | ++next_id_};
    if (row.kind != EventKind::kPurchase && row.kind != EventKind::kCancel && random_.chance(3))
      row.session = {.high = 2'000 + number_, .low = 1 + random_.below(kUsers)};
    sent_.push_back(row);
    command.rows.push_back(std::move(row));
  }
  if (sent_.size() > kSentKept) sent_.erase(sent_.begin(), sent_.begin() + static_cast<ptrdiff_t>(sent_.size() / 2));
  return command;
}

std::optional<std::string> Shop::take(const RecsMachine::Reply& reply, const RecsTables& tables) {
  const RecsMachine::Command command = *std::exchange(command_, std::nullopt);
  ++answers_;
  if (const auto* told = std::get_if<RecordEvents>(&command)) {
    if (reply.done + reply.duplicates != told->rows.size())
      return "of " + std::to_string(told->rows.size()) + " rows " + std::to_string(reply.done) + " were recorded and " +
             std::to_string(reply.duplicates) + " had come before";
    for (const EventRow& row : told->rows) acknowledged_.insert(row.id_hash);
  }
  apply(command);
  return complaint_about(tables);
}

void Shop::apply(const RecsMachine::Command& command) {
  if (const auto* told = std::get_if<RecordEvents>(&command)) {
    for (const EventRow& row : told->rows) {
      if (counted_.insert(row.id_hash).second) apply_row(row);
    }
  } else if (const auto* forget = std::get_if<ForgetUser>(&command)) {
    histories_.erase(forget->user);
    forgotten_.insert(forget->user);
  } else if (const auto* put = std::get_if<PutUsers>(&command)) {
    forgotten_.erase(put->users.front().user);
    histories_[put->users.front().user];
  }
}

void Shop::apply_row(const EventRow& row) {
  forgotten_.erase(row.user);
  History& history = histories_[row.user];
  if (row.kind == EventKind::kImpression) return;
  if (row.kind == EventKind::kCancel) {
    const auto bought = std::find_if(history.rbegin(), history.rend(), [&](const Done& each) {
      return each.kind == EventKind::kPurchase && item_hash(each.item) == row.item;
    });
    if (bought != history.rend()) history.erase(std::next(bought).base());
    return;
  }
  const Done done{.at = row.at, .item = static_cast<uint32_t>(row.item.low - 1), .kind = row.kind};
  history.insert(std::ranges::upper_bound(history, done.at, {}, &Done::at), done);
}

std::optional<std::string> Shop::complaint_about(const RecsTables& tables) const {
  const std::string who = "shop " + std::to_string(number_) + ": user ";
  for (const NameHash& user : forgotten_) {
    if (tables.find(VisitorKind::kUser, user)) return who + std::to_string(user.low) + " is forgotten and still there";
  }
  for (const auto& [user, history] : histories_) {
    const auto number = tables.find(VisitorKind::kUser, user);
    if (!number) return who + std::to_string(user.low) + " is not there";
    History seen;
    for (const Touch& touch : tables.history_of(VisitorKind::kUser, *number).touches()) {
      const std::string& name = tables.catalogue()[touch.item].name;
      seen.push_back({.at = touch.at, .item = static_cast<uint32_t>(std::stoul(name.substr(1))), .kind = touch.kind});
    }
    if (seen != history) {
      return who + std::to_string(user.low) + " did " + std::to_string(history.size()) +
             " things, and the tables have " + std::to_string(seen.size()) + ", or others";
    }
  }
  return std::nullopt;
}

}  // namespace doorbuster::recs::sim
