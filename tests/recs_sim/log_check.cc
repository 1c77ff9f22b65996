#include "recs_sim/log_check.h"

#include <algorithm>
#include <array>

#include "cell/frames.h"
#include "recs/service.h"

namespace doorbuster::recs::sim {
namespace {

using Visit = std::function<void(const Event&, Timestamp)>;

Result<void> for_each(log::Log& log, const Visit& visit, RecsMachine* machine = nullptr) {
  Result<void> read;
  const auto frame = [&](Timestamp at, uint32_t, Bytes events) -> Result<void> {
    if (machine != nullptr) TRY(machine->apply(events, at));
    TRY(for_each_event(events, at, [&](const Event& event) { visit(event, at); }));
    return {};
  };
  TRY(log.read(kCellOfRecs, Sequence(1), [&](const log::Batch& batch) {
    read = cell::for_each_frame(batch.payload, frame);
    return read.has_value();
  }));
  return read;
}

// What is left of an interaction once all that came later is known.
struct Left {
  bool is_there = true;
  bool has_session = true;
};

// By the rules as they are written down, not as the tables do it: whose each interaction is, until they are forgotten
// or it is cancelled.
class Survivors {
 public:
  void hear(const Event& event) {
    if (const auto* row = std::get_if<Interaction>(&event)) return hear(*row);
    const auto* forgotten = std::get_if<VisitorForgotten>(&event);
    if (forgotten == nullptr) return;
    for (const size_t index : std::exchange(theirs(forgotten->kind, forgotten->visitor), {})) {
      left_[index].has_session = false;
      if (forgotten->kind == VisitorKind::kUser || rows_[index].user == kNobody) left_[index].is_there = false;
    }
  }
  [[nodiscard]] const std::vector<Left>& left() const { return left_; }

 private:
  std::vector<size_t>& theirs(VisitorKind kind, uint32_t visitor) {
    return theirs_[static_cast<size_t>(kind)][visitor];
  }

  void hear(const Interaction& row) {
    const size_t index = rows_.size();
    rows_.push_back(row);
    left_.push_back({.is_there = row.kind != EventKind::kImpression && row.kind != EventKind::kCancel});
    if (row.kind == EventKind::kCancel) return cancel(row);
    if (!left_.back().is_there) return;
    if (row.user != kNobody) theirs(VisitorKind::kUser, row.user).push_back(index);
    if (row.session != kNobody) theirs(VisitorKind::kSession, row.session).push_back(index);
  }

  // The newest purchase, by when it was.
  void cancel(const Interaction& row) {
    std::vector<size_t>& done = theirs(VisitorKind::kUser, row.user);
    auto newest = done.end();
    for (auto each = done.begin(); each != done.end(); ++each) {
      const Interaction& one = rows_[*each];
      if (one.kind != EventKind::kPurchase || one.item != row.item) continue;
      if (newest == done.end() || one.at >= rows_[*newest].at) newest = each;
    }
    if (newest == done.end()) return;
    left_[*newest].is_there = false;
    done.erase(newest);
  }

  std::vector<Interaction> rows_;
  std::vector<Left> left_;
  std::array<std::map<uint32_t, std::vector<size_t>>, kVisitorKinds> theirs_;
};

}  // namespace

Result<LogCheck> read_again(log::Log& log, const Capacity& capacity, uint64_t history) {
  LogCheck check{.whole = std::make_unique<RecsTables>(history), .without = std::make_unique<RecsTables>(history)};
  Survivors survivors;
  RecsMachine machine(capacity);
  TRY(for_each(
      log,
      [&](const Event& event, Timestamp at) {
        ++check.events;
        survivors.hear(event);
        check.whole->note(event, at);
        const auto* row = std::get_if<Interaction>(&event);
        if (row != nullptr && row->id_hash != 0) ++check.ids[row->id_hash];
      },
      &machine));
  size_t index = 0;
  TRY(for_each(log, [&](const Event& event, Timestamp at) {
    const auto* row = std::get_if<Interaction>(&event);
    if (row == nullptr) return check.without->note(event, at);
    const Left left = survivors.left()[index++];
    Interaction heard = *row;
    if (!left.has_session) heard.session = kNobody;
    if (!left.is_there) heard.kind = EventKind::kImpression;  // time goes on all the same
    check.without->note(heard, at);
  }));
  machine.begin_snapshot();
  while (machine.save_part(check.snapshot)) {
  }
  return check;
}

}  // namespace doorbuster::recs::sim
