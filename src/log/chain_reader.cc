#include "log/chain_reader.h"

#include <string>

#include "log/snapshot_codec.h"

namespace doorbuster::log {

tl::unexpected<Error> wrong_batch(CellId cell, Sequence first, const Error& reason) {
  const std::string place = "cell " + std::to_string(cell.value()) + ": the batch that begins with event " +
                            std::to_string(first.value()) + " is not what was written: ";
  return fail(reason.code, place + reason.message);
}

Result<SnapshotPlace> place_of(const SnapshotHead& head, CellId cell, Bytes batch) {
  const ChainReader end = batch.empty() ? ChainReader(cell) : TRY(ChainReader::behind(cell, batch));
  if (end.last() < head.at) return SnapshotPlace::kBeyondTheTail;
  const bool ends_there = end.last() == head.at && end.chain() == head.chain;
  return ends_there ? SnapshotPlace::kEndOfABatch : SnapshotPlace::kAnotherLog;
}

tl::unexpected<Error> wrong_place(const SnapshotHead& head) {
  return wrong_snapshot(ErrorCode::kCorrupt, "of event " + std::to_string(head.at.value()) + " is not of this log");
}

Result<ChainReader> ChainReader::behind(CellId cell, Bytes stored, MachineKind kind) {
  const Result<StoredBatch> found = decode_batch(stored);
  if (!found) return tl::unexpected(found.error());
  ChainReader reader(cell, kind);
  reader.last_ = Sequence(found->batch.first.value() - 1);
  reader.chain_ = found->previous;
  TRY(reader.check_place(*found));
  reader.advance(*found, stored);
  return reader;
}

Result<StoredBatch> ChainReader::accept(Bytes stored) {
  Result<StoredBatch> found = decode_batch(stored);
  if (!found) return wrong_batch(cell_, last_ + 1, found.error());
  if (const auto placed = check_place(*found); !placed) return wrong_batch(cell_, last_ + 1, placed.error());
  advance(*found, stored);
  return found;
}

Result<void> ChainReader::check_place(const StoredBatch& found) const {
  const auto wrong = [](std::string what) { return fail(ErrorCode::kCorrupt, std::move(what)); };
  if (found.cell != cell_) return wrong("it belongs to cell " + std::to_string(found.cell.value()));
  if (found.batch.first != last_ + 1) {
    return wrong("the next one begins with event " + std::to_string(found.batch.first.value()));
  }
  if (found.previous != chain_) return wrong("it does not continue the hash chain of the batch before it");
  if (kind_.is_said() && found.kind != kind_) {
    return fail(ErrorCode::kConflict, "it is of a machine of the kind '" + std::string(found.kind.word()) + "', not '" +
                                          std::string(kind_.word()) + "'");
  }
  if (found.epoch < epoch_) return wrong("its epoch is older than that of the batch before it");
  return {};
}

void ChainReader::advance(const StoredBatch& found, Bytes stored) {
  last_ = last_of(found.batch);
  chain_ = chain_after(chain_, stored);
  epoch_ = found.epoch;
  kind_ = found.kind;
}

}  // namespace doorbuster::log
