// Whatever bytes a store of counts holds: they are a record, which is written as it was read, or are refused; and what
// was read is added to others without harm.
#include "links/views/count_record.h"

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::links;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto record = decode_record(bytes);
  if (!record) return 0;
  ASSERT(decode_total(bytes).value().total == record->counts.total);
  const auto again = decode_record(encode_record(*record));
  ASSERT(again.has_value() && *again == *record);
  CountRecord sum;
  sum += *record;
  sum.heard = Sequence();
  sum += *record;
  (void)encode_record(sum);
  (void)sum.counts.by_time.days_in({});
  (void)sum.counts.by_time.hours_in({});
  (void)sum.counts.visitors.estimate();
  return 0;
}
