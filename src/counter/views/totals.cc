#include "counter/views/totals.h"

namespace doorbuster::counter {

Result<uint64_t> Totals::hear(Bytes events, const platform::EventPlace& first) {
  return for_each_event(events, [&](const Added& added) {
    Row& row = rows_[added.name];
    row = {.total = added.total, .additions = row.additions + 1, .last_at = first.at};
  });
}

Result<void> Totals::save(platform::StateWriter& out) const {
  std::vector<std::byte> part;
  for (const auto& [name, row] : rows_) {
    part.clear();
    ByteWriter writer(part);
    writer.text(name);
    writer.integer(row.total);
    writer.integer(row.additions);
    writer.integer(row.last_at.micros());
    TRY(out.add(part));
  }
  return {};
}

Result<void> Totals::load(platform::StateReader& in) {
  std::vector<std::byte> part;
  while (TRY(in.next(part))) {
    ByteReader reader(part);
    const std::string name(reader.text());
    rows_[name] = {.total = reader.integer<uint64_t>(),
                   .additions = reader.integer<uint64_t>(),
                   .last_at = Timestamp::from_micros(reader.integer<int64_t>())};
    if (!reader.finished()) return fail(ErrorCode::kCorrupt, "a saved counter can't be read");
  }
  return {};
}

}  // namespace doorbuster::counter
