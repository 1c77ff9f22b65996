#include "auth/ended_sessions.h"

#include <algorithm>

#include "base/bug_zoo.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::auth {
namespace {

constexpr std::string_view kEndedFormat = "doorbuster-ended-sessions";
constexpr int64_t kEndedVersion = 1;
constexpr size_t kFileBytesMax = 1'048'576;

}  // namespace

Result<std::unique_ptr<EndedSessions>> EndedSessions::open(const std::filesystem::path& file) {
  auto sessions = std::make_unique<EndedSessions>();
  sessions->file_ = file;
  const Result<std::string> text = read_file(file, kFileBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return sessions;
  if (!text) return tl::unexpected(text.error());
  const Result<void> read = sessions->read(*text);
  if (read) return sessions;
  return fail(ErrorCode::kInvalid, file.string() + " is damaged: " + read.error().message +
                                       ". Restore it from a backup, or move it away: who has logged out in the last "
                                       "eight hours could then go on with a copy of their cookie");
}

Result<void> EndedSessions::read(std::string_view text) {
  JsonDocument document(text, {.max_bytes = kFileBytesMax});
  const JsonObject root = document.root();
  const JsonValue format = root.required("format");
  if (format.present() && format.string() != kEndedFormat) format.refuse("must be 'doorbuster-ended-sessions'");
  (void)root.required("version").integer(
      {.min = kEndedVersion, .max = kEndedVersion, .needs = "this server reads version 1"});
  all_until_ = std::max(all_until_, root.required("all_until").time());
  root.required("sessions").array(kMax).each([&](JsonValue item) {
    const JsonObject object = item.object();
    const JsonValue id = object.required("nonce");
    Nonce nonce{};
    if (id.present() && !from_hex(id.string(), nonce)) id.refuse("must be 32 hexadecimal digits");
    ended_.emplace(nonce, object.required("until").time());
  });
  return document.finish();
}

std::string EndedSessions::text() const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("format", kEndedFormat).member("version", kEndedVersion);
  json.member("all_until", all_until_).key("sessions").begin_array();
  for (const auto& [nonce, until] : ended_)
    json.begin_object().member("nonce", to_hex(nonce)).member("until", until).end_object();
  json.end_array().end_object();
  return text + "\n";
}

Result<void> EndedSessions::add(const Nonce& nonce, Timestamp expires_at) {
  const std::lock_guard lock(mutex_);
  if (bug_planted(Bug::kLogOutForgotten)) return {};
  // What another server of this folder, which has stopped owning it and still answers, has noted meanwhile stays.
  if (const auto noted = read_file(file_, kFileBytesMax)) (void)read(*noted);
  while (ended_.size() >= kMax) {
    const auto first = std::ranges::min_element(ended_, {}, [](const auto& each) { return each.second; });
    all_until_ = std::max(all_until_, first->second);
    ended_.erase(first);
  }
  ended_.emplace(nonce, expires_at);
  if (file_.empty()) return {};
  return replace_file(file_, text(), 0600);
}

bool EndedSessions::contains(const Nonce& nonce, Timestamp expires_at) const {
  const std::lock_guard lock(mutex_);
  return expires_at <= all_until_ || ended_.contains(nonce);
}

}  // namespace doorbuster::auth
