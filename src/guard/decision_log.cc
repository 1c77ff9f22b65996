#include "guard/decision_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "base/json_writer.h"
#include "base/this_thread.h"

namespace doorbuster::guard {
namespace {

constexpr std::chrono::milliseconds kWritesEvery(200);
constexpr size_t kBytesAtOnce = 262'144;

}  // namespace

std::string who_text(uint64_t who) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(who));
  return text.data();
}

void write_decision(const Decision& decision, std::string& out) {
  JsonWriter json(out);
  json.begin_object().member("time", decision.at);
  json.member("action", platform::kActionNames[static_cast<size_t>(decision.action)]);
  json.member("scope", decision.scope.view());
  json.member("who", decision.who == 0 ? std::nullopt : std::optional(who_text(decision.who)));
  json.member("by", decision.is_by_model ? "model" : "scorecard");
  json.member("mode", kModeNames[static_cast<size_t>(decision.mode)]);
  json.member("score", decision.score / 100.0);
  json.key("reasons").begin_array();
  for (const Signal reason : decision.reasons) {
    if (reason != Signal::kNone) json.value(kSignalNames[static_cast<size_t>(reason)]);
  }
  json.end_array().member("verdict", kVerdictNames[static_cast<size_t>(decision.verdict)]);
  json.key("features").begin_object();
  for (size_t i = 0; i < kFeatures; ++i) {
    json.dynamic_key(kFeatureNames[i]);
    const float value = decision.features.values()[i];
    if (std::isnan(value))
      json.value(nullptr);
    else
      json.value(static_cast<int64_t>(value));  // all of them are whole
  }
  json.end_object().end_object();
  out += '\n';
}

DecisionLog::File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

// A line that a crash has torn must not run into the next one.
Result<DecisionLog::File> DecisionLog::File::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail(ErrorCode::kIo, "guard.decision_log '" + path + "' can't be opened: " + std::strerror(errno));
  File file(fd);
  const off_t size = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  if (size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n') (void)file.append("\n");
  return file;
}

bool DecisionLog::File::append(std::string_view text) {
  struct stat before{};
  if (::fstat(fd_, &before) != 0) return false;
  const ssize_t count = ::write(fd_, text.data(), text.size());
  if (count == static_cast<ssize_t>(text.size())) return true;
  if (count > 0) (void)!::ftruncate(fd_, before.st_size);  // the disk is full
  return false;
}

Result<std::unique_ptr<DecisionLog>> DecisionLog::open(const std::string& path, size_t records_max) {
  File file = TRY(File::open(path));
  return std::unique_ptr<DecisionLog>(new DecisionLog(path, records_max, std::move(file)));
}

DecisionLog::DecisionLog(std::string path, size_t records_max, File file)
    : path_(std::move(path)), records_max_(records_max), file_(std::move(file)) {
  records_.reserve(records_max_);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

DecisionLog::~DecisionLog() {
  thread_.request_stop();
  thread_.join();
}

void DecisionLog::note(const Decision& decision) {
  const std::lock_guard lock(mutex_);
  if (records_.size() < records_max_)
    records_.push_back(decision);
  else
    lost_.fetch_add(1, std::memory_order_relaxed);
}

Result<void> DecisionLog::reopen() {
  File file = TRY(File::open(path_));
  const std::lock_guard lock(file_mutex_);
  file_ = std::move(file);
  return {};
}

// Nobody waits for it, so nobody wakes it: it looks now and then.
void DecisionLog::run(const std::stop_token& stop) {
  begin_thread("decisions", Urgency::kCanWait);
  std::vector<Decision> taken;
  taken.reserve(records_max_);
  bool is_last = false;
  while (!is_last) {
    {
      std::unique_lock lock(mutex_);
      stops_.wait_for(lock, stop, kWritesEvery, [] { return false; });
      is_last = stop.stop_requested();
      std::swap(taken, records_);
    }
    write(taken);
    taken.clear();
  }
}

void DecisionLog::write(const std::vector<Decision>& decisions) {
  std::string lines;
  uint64_t count = 0;
  const auto append = [&] {
    const std::lock_guard lock(file_mutex_);
    (file_.append(lines) ? written_ : lost_).fetch_add(count, std::memory_order_relaxed);
    lines.clear();
    count = 0;
  };
  for (const Decision& decision : decisions) {
    write_decision(decision, lines);
    if (++count; lines.size() >= kBytesAtOnce) append();
  }
  if (count > 0) append();
}

}  // namespace doorbuster::guard
