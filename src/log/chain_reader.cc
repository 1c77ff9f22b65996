#include "log/chain_reader.h"

#include <string>

namespace doorbuster::log {

tl::unexpected<Error> wrong_batch(CellId cell, Sequence first, const Error& reason) {
  const std::string place = "cell " + std::to_string(cell.value()) + ": the batch that begins with event " +
                            std::to_string(first.value()) + " is not what was written: ";
  return fail(reason.code, place + reason.message);
}

Result<void> check_snapshot(CellId cell, const Snapshot& snapshot, Bytes batch) {
  ChainReader reader(cell);
  if (!batch.empty()) {
    const Result<ChainReader> found = ChainReader::behind(cell, batch);
    if (!found) return tl::unexpected(found.error());
    reader = *found;
  }
  if (reader.last() == snapshot.at && reader.chain() == snapshot.chain) return {};
  return fail(ErrorCode::kCorrupt,
              "cell " + std::to_string(cell.value()) + ": the snapshot of event " +
                  std::to_string(snapshot.at.value()) +
                  " is not of this log. Move it away and start again: the log alone gives its state.");
}

Result<ChainReader> ChainReader::behind(CellId cell, Bytes stored) {
  const Result<StoredBatch> found = decode_batch(stored);
  if (!found) return tl::unexpected(found.error());
  ChainReader reader(cell);
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
  if (found.epoch < epoch_) return wrong("its epoch is older than that of the batch before it");
  return {};
}

void ChainReader::advance(const StoredBatch& found, Bytes stored) {
  last_ = last_of(found.batch);
  chain_ = chain_after(chain_, stored);
  epoch_ = found.epoch;
}

}  // namespace doorbuster::log
