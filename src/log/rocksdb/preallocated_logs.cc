#include "log/rocksdb/preallocated_logs.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "log/rocksdb/end_process.h"
#include "log/rocksdb/files.h"

namespace doorbuster::log {
namespace {

// If zeros can't be written, nothing is lost but time: the write that comes next will say what is wrong.
//
// A write of the log that fails ends the process here, where it is known why: RocksDB, as Debian builds it, may touch
// the file once more before it says so, and ends at an assertion of its own.
class PreallocatedLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  PreallocatedLog(std::unique_ptr<rocksdb::FSWritableFile>&& target, File zeros, std::string folder)
      : FSWritableFileOwnerWrapper(std::move(target)), file_(std::move(zeros)), folder_(std::move(folder)) {}

  using FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    return written(FSWritableFileOwnerWrapper::Append(data, options, context));
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& verification,
                           rocksdb::IODebugContext* context) override {
    return written(FSWritableFileOwnerWrapper::Append(data, options, verification, context));
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    return written(FSWritableFileOwnerWrapper::Sync(options, context));
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    return written(FSWritableFileOwnerWrapper::Fsync(options, context));
  }

  void PrepareWrite(size_t offset, size_t length, const rocksdb::IOOptions& options,
                    rocksdb::IODebugContext* context) override {
    FSWritableFileOwnerWrapper::PrepareWrite(offset, length, options, context);
    if (offset + length > written_) write_zeros(offset + length);
  }

 private:
  [[nodiscard]] rocksdb::IOStatus written(rocksdb::IOStatus status) const {
    if (!status.ok()) end_for_failed_write(folder_, status.ToString(), status.IsNoSpace());
    return status;
  }
  void write_zeros(size_t from) {
    static const std::vector<std::byte> zeros(kPreallocatedBytes);
    written_ = from + zeros.size();
    (void)file_.write_at(zeros, from);
  }

  const File file_;
  const std::string folder_;
  size_t written_ = 0;
};

class PreallocatingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "doorbuster.preallocated-logs"; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* made,
                                    rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, made, context);
    if (!status.ok() || !path.ends_with(".log")) return status;
    if (auto zeros = File::open(path, O_WRONLY)) {
      *made = std::make_unique<PreallocatedLog>(std::move(*made), std::move(*zeros),
                                                std::filesystem::path(path).parent_path().string());
    }
    return status;
  }
};

}  // namespace

rocksdb::Env& environment_with_preallocated_logs() {
  static rocksdb::Env* const environment =
      rocksdb::NewCompositeEnv(std::make_unique<PreallocatingFileSystem>(rocksdb::FileSystem::Default())).release();
  return *environment;
}

}  // namespace doorbuster::log
