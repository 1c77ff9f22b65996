#include "links/views/count_record.h"

#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr uint8_t kRecordFormat = 1;

Result<Sequence> read_head(ByteReader& reader) {
  const auto format = reader.integer<uint8_t>();
  if (!reader.ok() || format != kRecordFormat)
    return fail(ErrorCode::kCorrupt, "counts of clicks are stored in a format that this version does not know");
  return Sequence(read_varint(reader));
}

tl::unexpected<Error> not_a_record() { return fail(ErrorCode::kCorrupt, "stored counts of clicks can't be read"); }

}  // namespace

CountRecord& CountRecord::operator+=(const CountRecord& later) {
  if (later.heard <= heard) return *this;
  heard = later.heard;
  counts += later.counts;
  return *this;
}

std::vector<std::byte> encode_record(const CountRecord& record) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(kRecordFormat);
  write_varint(writer, record.heard.value());
  record.counts.write(writer);
  return out;
}

Result<CountRecord> decode_record(Bytes stored) {
  ByteReader reader(stored);
  CountRecord record{.heard = TRY(read_head(reader)), .counts = {}};
  if (!record.counts.read(reader) || !reader.finished()) return not_a_record();
  return record;
}

Result<RecordTotal> decode_total(Bytes stored) {
  ByteReader reader(stored);
  const Sequence heard = TRY(read_head(reader));
  LinkCounts counts;
  if (!counts.read_head(reader)) return not_a_record();
  return RecordTotal{.heard = heard, .total = counts.total, .last_at = counts.last_at};
}

}  // namespace doorbuster::links
