#include "platform/operators/audit_trail.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::platform {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLineBytesMax = 4'096;
constexpr uint64_t kFileBytes = uint64_t{8} << 20;  // a fuller one is set aside, and a new one is begun
constexpr Duration kFailureCosts = Duration::seconds(60);
constexpr Duration kFailuresAtOnce = kFailureCosts * 19;  // the twentieth is still listed
constexpr size_t kTextBytesMax = 300;
constexpr std::string_view kSetAside = "audit-trail-to-";

std::string text_of(const ServerAuditLine& line) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("number", line.number).member("at", line.at).member("actor", line.actor);
  json.member("action", line.action).member("detail", line.detail).member("address", line.address);
  json.member("forwarded_for", line.forwarded_for).end_object();
  return text + "\n";
}

Result<ServerAuditLine> parse(std::string_view text) {
  JsonDocument document(text, {.max_bytes = kLineBytesMax});
  const JsonObject root = document.root();
  ServerAuditLine line;
  line.number = static_cast<uint64_t>(root.required("number").integer({.min = 1, .max = INT64_MAX}));
  line.at = root.required("at").time();
  line.actor = root.required("actor").string({.max_bytes = kTextBytesMax});
  line.action = root.required("action").string({.max_bytes = kTextBytesMax});
  line.detail = root.required("detail").string({.max_bytes = kTextBytesMax});
  line.address = root.required("address").string({.max_bytes = kTextBytesMax});
  line.forwarded_for = root.required("forwarded_for").string({.max_bytes = kTextBytesMax});
  TRY(document.finish());
  return line;
}

Error failed(const fs::path& file, std::string_view what) {
  const std::string why = std::strerror(errno);
  const std::string advice = errno == ENOSPC ? ": make room on the disk" : "";
  return {ErrorCode::kIo, file.string() + " can't be " + std::string(what) + ": " + why + advice};
}

// The last line of the newest file that was set aside.
uint64_t newest_set_aside(const fs::path& folder) {
  uint64_t newest = 0;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kSetAside)) continue;
    uint64_t number = 0;
    std::from_chars(name.data() + kSetAside.size(), name.data() + name.size(), number);
    newest = std::max(newest, number);
  }
  return newest;
}

void cut(std::string& text) {
  if (text.size() > kTextBytesMax) text.resize(kTextBytesMax);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';  // what was cut in the middle of a character is none
  }
}

}  // namespace

Result<std::unique_ptr<AuditTrail>> AuditTrail::open(const fs::path& folder) {
  auto trail = std::make_unique<AuditTrail>();
  trail->folder_ = folder;
  TRY(trail->load());
  return trail;
}

AuditTrail::~AuditTrail() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> AuditTrail::load() {
  newest_ = newest_set_aside(folder_);
  const auto content = read_file(file(), kFileBytes + 2 * kLineBytesMax);
  if (!content && content.error().code == ErrorCode::kNotFound) return {};
  if (!content) return tl::unexpected(content.error());
  std::string_view rest = *content;
  for (size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    auto line = parse(rest.substr(0, end));
    if (line && line->number != newest_ + 1 && newest_ != 0)
      line = fail(ErrorCode::kInvalid, "its number does not follow the one before");
    if (!line) {
      return fail(ErrorCode::kInvalid, file().string() + " is damaged behind line " + std::to_string(newest_) + ": " +
                                           line.error().message +
                                           ". Keep a copy of it as evidence, restore it from a backup or move it away");
    }
    bytes_ += end + 1;
    newest_ = line->number;
    show(*std::move(line));
    rest.remove_prefix(end + 1);
  }
  return {};
}

// For appending; what a crash has left of a line is cut off.
Result<void> AuditTrail::begin_file() {
  if (!fs::exists(file())) TRY(create_file(file(), "", 0600));
  descriptor_ = ::open(file().c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor_ < 0) return tl::unexpected(failed(file(), "opened"));
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes_)) != 0) return tl::unexpected(failed(file(), "written"));
  return {};
}

void AuditTrail::show(ServerAuditLine line) {
  lines_.push_back(std::move(line));
  if (lines_.size() > kShown) lines_.pop_front();
}

Result<void> AuditTrail::add(ServerAuditLine line) {
  const std::lock_guard lock(mutex_);
  return add_locked(std::move(line));
}

Result<void> AuditTrail::add_locked(ServerAuditLine line) {
  for (std::string* text : {&line.actor, &line.action, &line.detail, &line.address, &line.forwarded_for}) cut(*text);
  line.number = newest_ + 1;
  if (const auto kept = folder_.empty() ? Result<void>() : write(text_of(line)); !kept)
    return fail(ErrorCode::kIo, kept.error().message);
  ++newest_;
  show(std::move(line));
  return {};
}

// Where it fails, the next line takes the place of what was written.
Result<void> AuditTrail::write(std::string_view text) {
  if (bytes_ + text.size() > kFileBytes) {
    const fs::path aside = folder_ / (std::string(kSetAside) + std::to_string(newest_) + ".jsonl");
    if (::rename(file().c_str(), aside.c_str()) != 0) return tl::unexpected(failed(file(), "renamed"));
    ::close(std::exchange(descriptor_, -1));
    bytes_ = 0;
  }
  if (descriptor_ < 0) TRY(begin_file());
  const ssize_t written = ::pwrite(descriptor_, text.data(), text.size(), static_cast<off_t>(bytes_));
  const bool is_whole = written == static_cast<ssize_t>(text.size()) && ::fdatasync(descriptor_) == 0;
  if (!is_whole) return tl::unexpected(failed(file(), "written"));
  bytes_ += text.size();
  return {};
}

void AuditTrail::add_failed_log_in(ServerAuditLine line) {
  const std::lock_guard lock(mutex_);
  if (failures_listed_until_ > line.at + kFailuresAtOnce) {
    ++failures_not_listed_;
    return;
  }
  failures_listed_until_ = std::max(failures_listed_until_, line.at) + kFailureCosts;
  if (failures_not_listed_ > 0)
    line.detail += ", and " + std::to_string(failures_not_listed_) + " more before it that are not listed";
  if (add_locked(std::move(line))) failures_not_listed_ = 0;
}

AuditTrail::Page AuditTrail::page(size_t offset, size_t limit) const {
  const std::lock_guard lock(mutex_);
  Page page{.total = lines_.size(), .lines = {}};
  for (size_t i = offset; i < lines_.size() && page.lines.size() < limit; ++i)
    page.lines.push_back(lines_[lines_.size() - 1 - i]);
  return page;
}

}  // namespace doorbuster::platform
