#include "log/rocksdb/identity_file.h"

#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/crc32c.h"
#include "base/file.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIdentityMagic = "DBLI";
constexpr uint16_t kIdentityVersion = 1;
constexpr size_t kIdentityBytes = 60;
constexpr size_t kIdentityCovered = kIdentityBytes - sizeof(uint32_t);
constexpr const char* kIdentityName = "identity";

std::optional<LogIdentity> decode_identity(Bytes bytes) {
  if (bytes.size() != kIdentityBytes) return std::nullopt;
  ByteReader reader(bytes);
  const bool is_known = as_text(reader.raw(kIdentityMagic.size())) == kIdentityMagic &&
                        reader.integer<uint16_t>() == kIdentityVersion && reader.integer<uint16_t>() == 0;
  LogIdentity identity;
  std::ranges::copy(reader.raw(identity.id.size()), identity.id.begin());
  std::ranges::copy(reader.raw(identity.keys.size()), identity.keys.begin());
  const bool is_intact = reader.integer<uint32_t>() == crc32c(bytes.first(kIdentityCovered));
  return is_known && is_intact ? std::optional(identity) : std::nullopt;
}

}  // namespace

Result<std::optional<LogIdentity>> read_identity(const fs::path& directory) {
  const fs::path file = directory / kIdentityName;
  const auto content = doorbuster::read_file(file, 4'096);
  if (!content && content.error().code == ErrorCode::kNotFound) return std::optional<LogIdentity>();
  if (!content) return tl::unexpected(content.error());
  auto identity = decode_identity(as_bytes(*content));
  if (identity) return identity;
  return fail(ErrorCode::kCorrupt, file.string() +
                                       " is damaged, so nobody can tell whose log this is: restore it from "
                                       "a copy of the folder");
}

Result<void> write_identity(const fs::path& directory, const LogIdentity& identity) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.raw(as_bytes(kIdentityMagic));
  writer.integer(kIdentityVersion);
  writer.integer(uint16_t{0});
  writer.raw(identity.id);
  writer.raw(identity.keys);
  writer.integer(crc32c(bytes));
  ASSERT(bytes.size() == kIdentityBytes);
  return doorbuster::replace_file(directory / kIdentityName, as_text(bytes), 0600);
}

bool has_log(const fs::path& directory) {
  std::error_code ignored;
  const auto is_part = [](const fs::directory_entry& entry) {
    std::error_code failed;
    const std::string name = entry.path().filename().string();
    if (name == "batches") return !fs::is_empty(entry.path(), failed);
    return name == kIdentityName || entry.path().extension() == ".mark" || entry.path().extension() == ".snapshot";
  };
  return std::ranges::any_of(fs::directory_iterator(directory, ignored), is_part);
}

}  // namespace doorbuster::log
