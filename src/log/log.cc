#include "log/log.h"

#include "log/batch_codec.h"

namespace doorbuster::log {

Digest chain_after(const Lease& lease, const Batch& batch) {
  std::vector<std::byte> stored;
  encode_batch(stored_batch(lease, batch), stored);
  return chain_after(lease.chain, stored);
}

InFlight find_in_flight(const Lease& before, const Batch& batch, const Lease& reopened) {
  ASSERT(before.cell == reopened.cell && before.epoch < reopened.epoch && batch.first == before.tail + 1);
  const auto ends_with = [&](Sequence tail, const Digest& chain) {
    return reopened.tail == tail && reopened.chain == chain;
  };
  if (ends_with(before.tail, before.chain)) return InFlight::kNotWritten;
  return ends_with(last_of(batch), chain_after(before, batch)) ? InFlight::kWritten : InFlight::kOvertaken;
}

void check_appends(std::span<const Append> appends) {
  for (size_t i = 0; i < appends.size(); ++i) {
    const Batch& batch = *appends[i].batch;
    ASSERT(batch.first == appends[i].lease->tail + 1);
    ASSERT(batch.count > 0 && batch.payload.size() <= kPayloadBytesMax);
    for (size_t j = 0; j < i; ++j) ASSERT(appends[j].lease->cell != appends[i].lease->cell);
  }
}

}  // namespace doorbuster::log
