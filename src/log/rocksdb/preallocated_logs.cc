#include "log/rocksdb/preallocated_logs.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <memory>
#include <vector>

#include "log/rocksdb/files.h"

namespace doorbuster::log {
namespace {

// If zeros can't be written, nothing is lost but time: the write that comes next will say what is wrong.
class PreallocatedLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  PreallocatedLog(std::unique_ptr<rocksdb::FSWritableFile>&& target, File zeros)
      : FSWritableFileOwnerWrapper(std::move(target)), file_(std::move(zeros)) {}

  void PrepareWrite(size_t offset, size_t length, const rocksdb::IOOptions& options,
                    rocksdb::IODebugContext* context) override {
    FSWritableFileOwnerWrapper::PrepareWrite(offset, length, options, context);
    if (offset + length > written_) write_zeros(offset + length);
  }

 private:
  void write_zeros(size_t from) {
    static const std::vector<std::byte> zeros(kPreallocatedBytes);
    written_ = from + zeros.size();
    (void)file_.write_at(zeros, from);
  }

  const File file_;
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
      *made = std::make_unique<PreallocatedLog>(std::move(*made), std::move(*zeros));
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
