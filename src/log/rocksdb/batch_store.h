// RocksDB, as the log uses it: one key a batch, two a cell for its epoch and its owner, every write synced. All of
// RocksDB's types and words stay behind this wall. docs/formats/log.md has the keys; docs/decisions/ has the
// measurements behind the options.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "log/log.h"
#include "log/owner_codec.h"

namespace rocksdb {
class DB;
class Iterator;
class Slice;
class WriteBatch;
}  // namespace rocksdb

namespace doorbuster::log {

class BatchStore {
 public:
  // Opens or (`create`) makes the store. kCorrupt and kIo carry RocksDB's words.
  [[nodiscard]] static Result<std::unique_ptr<BatchStore>> open(const std::filesystem::path& folder, bool create);
  ~BatchStore();

  // Durable on return; a store that cannot do it ends the process. Any thread.
  struct Put {
    CellId cell;
    Sequence first;
    Bytes stored;
  };
  void put_batches(std::span<const Put> batches);  // by one write: all of them or none
  void put_epoch(CellId cell, Epoch epoch, const Opener& opener);

  // The newest epoch that was put; 0 if none was.
  [[nodiscard]] Result<Epoch> epoch(CellId cell) const;
  // Who put it; nothing if none was, or by a program that did not say.
  [[nodiscard]] Result<std::optional<OwnerRecord>> owner(CellId cell) const;
  // The cells that have an epoch, in order.
  [[nodiscard]] Result<std::vector<CellId>> cells() const;

  // Walks one cell's batches in order, over the moment when it was made.
  class Cursor {
   public:
    Cursor(const BatchStore& store, CellId cell);
    ~Cursor();

    void to_first();
    // To the last batch that begins at or before `at`; not valid if there is none.
    void to_at_or_before(Sequence at);
    void next();
    void previous();
    [[nodiscard]] bool valid() const;
    [[nodiscard]] Sequence first() const;
    [[nodiscard]] Bytes stored() const;  // until the cursor moves
    // kCorrupt or kIo if the walk ended because the store could not go on.
    [[nodiscard]] Result<void> status() const;

   private:
    struct Bounds;
    const CellId cell_;
    const std::unique_ptr<Bounds> bounds_;
    const std::unique_ptr<rocksdb::Iterator> iterator_;
  };

 private:
  BatchStore(std::filesystem::path folder, std::unique_ptr<rocksdb::DB> db);
  [[nodiscard]] Result<std::optional<std::string>> find(const rocksdb::Slice& key) const;
  void write(rocksdb::WriteBatch& batch, bool sync);

  const std::filesystem::path folder_;
  const std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace doorbuster::log
