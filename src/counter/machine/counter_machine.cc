#include "counter/machine/counter_machine.h"

#include "base/assert.h"

namespace doorbuster::counter {
namespace {

constexpr size_t kPartBytes = size_t{256} << 10;

// An event is a name, what was added, and the total.
void write(std::vector<std::byte>& out, const Added& added) {
  ByteWriter writer(out);
  writer.text(added.name);
  writer.integer(added.amount);
  writer.integer(added.total);
}

}  // namespace

Result<uint64_t> for_each_event(Bytes events, const std::function<void(const Added&)>& visit) {
  ByteReader reader(events);
  uint64_t count = 0;
  while (reader.ok() && reader.left() > 0) {
    Added added;
    added.name = reader.text();
    added.amount = reader.integer<uint64_t>();
    added.total = reader.integer<uint64_t>();
    if (reader.ok()) visit(added);
    ++count;
  }
  if (!reader.finished()) return fail(ErrorCode::kCorrupt, "these are not events of a counter");
  return count;
}

CounterMachine::Reply CounterMachine::decide(const Command& command, Timestamp, EventSink& events) {
  ASSERT(!command.name.empty() && command.name.size() <= kNameBytesMax);
  const auto known = totals_.find(command.name);
  const uint64_t total = known == totals_.end() ? 0 : known->second;
  if (total > command.limit || command.amount > command.limit - total) return {.is_added = false, .total = total};
  if (command.amount == 0) return {.is_added = true, .total = total};
  const Added added{command.name, command.amount, total + command.amount};
  write(events.payload, added);
  ++events.count;
  totals_[command.name] = added.total;
  has_news_ = true;
  return {.is_added = true, .total = added.total};
}

Result<void> CounterMachine::apply(Bytes events, Timestamp) {
  TRY(for_each_event(events, [this](const Added& added) { totals_[added.name] = added.total; }));
  return {};
}

bool CounterMachine::save_part(std::vector<std::byte>& part) {
  if (frozen_.empty()) return false;
  const size_t begin = part.size();
  while (!frozen_.empty() && part.size() - begin < kPartBytes) {
    const auto first = frozen_.begin();
    write(part, {first->first, 0, first->second});
    frozen_.erase(first);
  }
  return true;
}

Result<void> CounterMachine::load_part(Bytes part) { return apply(part, {}); }

}  // namespace doorbuster::counter
