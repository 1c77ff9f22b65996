#include "platform/views/folder_store.h"

#include <algorithm>
#include <cctype>
#include <fstream>

#include "base/bug_zoo.h"
#include "base/crc32c.h"
#include "base/file_replacement.h"

namespace doorbuster::platform {
namespace {

constexpr std::string_view kMagic = "DBSTATE1";
constexpr size_t kFrameBytes = 8;  // length and checksum, before each part

// The place of a part is in its checksum, so that a part that is missing or stands elsewhere is noticed.
uint32_t checksum_of(uint64_t index, Bytes part) { return crc32c(part, crc32c(std::as_bytes(std::span(&index, 1)))); }

std::vector<std::byte> frame_of(uint64_t index, Bytes part) {
  std::vector<std::byte> frame;
  ByteWriter writer(frame);
  writer.integer(static_cast<uint32_t>(part.size()));
  writer.integer(checksum_of(index, part));
  return frame;
}

class FileWriter final : public StateWriter {
 public:
  explicit FileWriter(std::filesystem::path path) : file_(std::move(path)) {}

  Result<void> begin() {
    TRY(file_.begin(0600));
    return file_.add(as_bytes(kMagic));
  }
  Result<void> add(Bytes part) override {
    ASSERT(!part.empty() && part.size() <= kStatePartBytesMax);
    return put(part);
  }
  // An empty part ends it.
  Result<void> commit() override {
    TRY(put({}));
    return file_.commit();
  }

 private:
  Result<void> put(Bytes part) {
    TRY(file_.add(frame_of(count_++, part)));
    return file_.add(part);
  }

  FileReplacement file_;
  uint64_t count_ = 0;
};

class FileReader final : public StateReader {
 public:
  explicit FileReader(const std::filesystem::path& path) : path_(path), file_(path, std::ios::binary) {}

  [[nodiscard]] bool is_open() const { return file_.is_open(); }

  Result<bool> next(std::vector<std::byte>& part) override {
    if (count_ == 0) {
      if (!fill(part, kMagic.size())) return damaged("ends before it begins");
      if (as_text(part) != kMagic) return damaged("is not a state of views, or a later version wrote it");
    }
    if (!fill(part, kFrameBytes)) return damaged("ends too early");
    ByteReader frame(part);
    const auto length = frame.integer<uint32_t>();
    const auto checksum = frame.integer<uint32_t>();
    if (length > kStatePartBytesMax || !fill(part, length) || checksum != checksum_of(count_, part))
      return damaged("has a part " + std::to_string(count_) + " that is not what was written");
    ++count_;
    if (length > 0) return true;
    if (file_.peek() != std::ifstream::traits_type::eof()) return damaged("goes on behind its end");
    return false;
  }

 private:
  bool fill(std::vector<std::byte>& bytes, size_t count) {
    bytes.resize(count);
    file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
    return file_.gcount() == static_cast<std::streamsize>(count);
  }
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& how) const {
    return fail(ErrorCode::kCorrupt, path_.string() + " " + how);
  }

  const std::filesystem::path path_;
  std::ifstream file_;
  uint64_t count_ = 0;
};

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char each) {
    return std::isalnum(static_cast<unsigned char>(each)) != 0 || each == '-' || each == '_';
  });
}

}  // namespace

std::filesystem::path FolderStore::path_of(std::string_view name) const {
  ASSERT(is_name(name));
  return folder_ / (std::string(name) + ".state");
}

Result<std::unique_ptr<StateWriter>> FolderStore::write(std::string_view name) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return fail(ErrorCode::kIo, "cannot make the folder " + folder_.string() + ": " + error.message());
  if (bug_planted(Bug::kViewsReplacedInSteps)) std::filesystem::remove(path_of(name), error);
  auto writer = std::make_unique<FileWriter>(path_of(name));
  TRY(writer->begin());
  return writer;
}

Result<std::unique_ptr<StateReader>> FolderStore::read(std::string_view name) {
  const std::filesystem::path path = path_of(name);
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return nullptr;
  auto reader = std::make_unique<FileReader>(path);
  if (error || !reader->is_open()) return fail(ErrorCode::kIo, "cannot read " + path.string());
  return reader;
}

std::string FolderStore::set_aside(std::string_view name) {
  const std::filesystem::path path = path_of(name);
  const std::filesystem::path aside = path.string() + ".set-aside";
  std::error_code error;
  std::filesystem::rename(path, aside, error);
  return aside.string();
}

}  // namespace doorbuster::platform
