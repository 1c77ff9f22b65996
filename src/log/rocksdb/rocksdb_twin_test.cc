#include <rocksdb/db.h>

#include <fstream>

#include "log/log_twins_test.h"
#include "log/rocksdb/rocksdb_test_helpers.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

class RocksdbTwin final : public Twin {
 public:
  RocksdbTwin() { restart(); }

  Log& log() override { return *log_; }
  void restart() override {
    log_.reset();
    const auto report = [this](std::string_view sentence) { reports_ += std::string(sentence) + "\n"; };
    log_ = must_start({.directory = folder_.path(), .report = report});
  }
  // What lies in the files at this moment is what a killed process leaves; the one that still runs keeps its own.
  void crash() override {
    const fs::path copy = folder_.path().string() + ".crashed";
    copy_running(folder_.path(), copy);
    log_.reset();
    fs::remove_all(folder_.path());
    fs::rename(copy, folder_.path());
    restart();
  }
  void flip_bit_of_batch(CellId cell, Sequence first, size_t bit) override {
    with_rocksdb([&](rocksdb::DB& db) {
      std::string value = get(db, key(cell, first));
      value.at(bit / 8) = static_cast<char>(value.at(bit / 8) ^ (1 << (bit % 8)));
      ASSERT(db.Put({}, key(cell, first), value).ok());
    });
  }
  void remove_batch(CellId cell, Sequence first) override {
    with_rocksdb([&](rocksdb::DB& db) { ASSERT(db.Delete({}, key(cell, first)).ok()); });
  }
  void write_first_batch(CellId cell, Bytes stored) override {
    with_rocksdb([&](rocksdb::DB& db) {
      ASSERT(db.Put({}, key(cell, Sequence(1)), std::string(as_text(stored))).ok());
      ASSERT(db.Delete({}, key(cell, Sequence(0), 'o')).ok());
    });
  }
  void exchange_batches(CellId cell, Sequence first, Sequence second) override {
    with_rocksdb([&](rocksdb::DB& db) {
      const std::string one = get(db, key(cell, first));
      const std::string other = get(db, key(cell, second));
      ASSERT(db.Put({}, key(cell, first), other).ok());
      ASSERT(db.Put({}, key(cell, second), one).ok());
    });
  }
  void flip_bit_of_snapshot(CellId cell, size_t bit) override {
    flip_bit_of_file(snapshot(cell), bit);
    restart();
  }
  void truncate_snapshot(CellId cell, size_t bytes) override {
    fs::resize_file(snapshot(cell), bytes);
    restart();
  }
  void replace_snapshot(CellId cell, Bytes stored) override {
    EXPECT_TRUE(write_synced(snapshot(cell), stored).has_value());
    restart();
  }
  std::vector<std::byte> snapshot_set_aside(CellId cell) override {
    auto bytes = read_file(snapshot(cell) += ".aside");
    return bytes && *bytes ? std::move(**bytes) : std::vector<std::byte>();
  }
  std::string take_reports() override { return std::exchange(reports_, ""); }
  void make_next_append_unknown(Unknown, size_t) override {
    FAIL() << "a RocksDB that cannot write ends the process: it is never unknown";
  }

 private:
  static std::string key(CellId cell, Sequence first, char kind = 'b') {
    std::string key;
    for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(cell.value() >> shift);
    key += kind;
    for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(first.value() >> shift);
    return key;
  }
  static std::string get(rocksdb::DB& db, const std::string& key) {
    std::string value;
    ASSERT(db.Get({}, key, &value).ok());
    return value;
  }
  template <class Change>
  void with_rocksdb(const Change& change) {
    log_.reset();
    rocksdb::DB* db = nullptr;
    ASSERT(rocksdb::DB::Open({}, (folder_.path() / "batches").string(), &db).ok());
    change(*db);
    delete db;
    restart();
  }

  [[nodiscard]] fs::path snapshot(CellId cell) const {
    return folder_.path() / ("cell-" + std::to_string(cell.value()) + ".snapshot");
  }

  std::string reports_;
  TemporaryFolder folder_;
  std::unique_ptr<RocksdbLog> log_;
};

}  // namespace

std::unique_ptr<Twin> make_rocksdb_twin() { return std::make_unique<RocksdbTwin>(); }

}  // namespace doorbuster::log
