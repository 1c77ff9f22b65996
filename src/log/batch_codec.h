// The stored form of a batch, version 2: a header, the payload, a CRC-32C. docs/formats/log.md has the bytes. Version
// 1, which did not say the machine's kind, is read for ever and no longer written.
//
// Every batch carries the chain hash of the one before it, and chain = SHA-256(previous chain || stored bytes) is what
// the next one carries: a batch that was changed, dropped, doubled or moved shows, also where somebody repaired the
// checksums.
#pragma once

#include <vector>

#include "log/log.h"

namespace doorbuster::log {

inline constexpr uint16_t kBatchVersion = 2;
inline constexpr size_t kBatchHeaderBytes = 92;
inline constexpr size_t kBatchTrailerBytes = 4;

// A batch as it is stored. After decode_batch() the payload is a view into the bytes that were decoded.
struct StoredBatch {
  CellId cell;
  Epoch epoch;
  Digest previous;  // the chain before this batch; all zero for a cell's first
  MachineKind kind;
  Batch batch;
};

// A batch as it is stored under this lease.
[[nodiscard]] inline StoredBatch stored_batch(const Lease& lease, const Batch& batch) {
  return {.cell = lease.cell, .epoch = lease.epoch, .previous = lease.chain, .kind = lease.kind, .batch = batch};
}

// Replaces `out` by the stored form. Asserts that the batch says its kind, holds an event and is at most
// kPayloadBytesMax long.
void encode_batch(const StoredBatch& stored, std::vector<std::byte>& out);

// Strict: exactly one batch, nothing before or after it, checksum and every field checked. kCorrupt says what is wrong
// with it (a clause without the place, which the caller knows); kInvalid if another version wrote it (in every version
// the last four bytes are the checksum, so that damage is never mistaken for another version).
[[nodiscard]] Result<StoredBatch> decode_batch(Bytes bytes);

// The chain after a batch.
[[nodiscard]] Digest chain_after(const Digest& previous, Bytes stored);

// What append_together() asserts before anything is written.
void check_appends(std::span<const Append> appends);

}  // namespace doorbuster::log
