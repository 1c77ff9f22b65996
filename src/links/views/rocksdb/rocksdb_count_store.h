// Counts of clicks on this machine's disk, in RocksDB: from a link's number to its record
// (docs/formats/links-counts.md).
//
// Nothing is read to count: what came since is handed to RocksDB as it is, and added to the record when that is read,
// or when RocksDB moves it on disk (docs/decisions/0128).
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "links/views/count_store.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace doorbuster::links {

class RocksdbCountStore final : public CountStore {
 public:
  struct Options {
    std::filesystem::path folder;  // made if it does not exist
    size_t cache_bytes = size_t{16} << 20;
    std::function<void(const std::string&)> on_trouble = [](const std::string&) {};
  };

  explicit RocksdbCountStore(Options options);
  ~RocksdbCountStore() override;

  [[nodiscard]] Result<Head> open() override;
  [[nodiscard]] Result<void> write(std::span<const Change> changes, const Head& head, Durable durable) override;
  [[nodiscard]] Result<Head> clear() override;
  [[nodiscard]] Result<std::optional<CountRecord>> find(uint64_t link) const override;
  [[nodiscard]] Result<std::vector<RecordTotal>> find_totals(std::span<const uint64_t> links) const override;
  [[nodiscard]] Usage usage() const override;

 private:
  [[nodiscard]] Result<Head> read_head();
  [[nodiscard]] tl::unexpected<Error> as_error(const std::string& what, const std::string& status) const;

  const Options options_;
  std::unique_ptr<rocksdb::DB> db_;
  std::atomic<bool> is_open_{false};
};

}  // namespace doorbuster::links
