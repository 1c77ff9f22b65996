// What the guard has decided, a line of JSON for each request that it scored: what a model is trained on.
//
// No address and no user agent is in it; who somebody is stands there as the hash by which lists and exports name them.
// docs/formats/guard-decisions.md has the line.
//
// Whoever decides only leaves a record in memory, of which there are so many at most; a thread of the log's own makes
// lines of them and writes. What does not fit, or can't be written, is lost and counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/assessment.h"
#include "base/bounded_text.h"
#include "base/result.h"
#include "base/time.h"
#include "guard/features.h"
#include "guard/policy.h"
#include "platform/api/gate.h"

namespace doorbuster::guard {

inline constexpr size_t kScopeBytesMax = 64;

struct Decision {
  Timestamp at;
  platform::Action action = platform::Action::kJoin;
  BoundedText<kScopeBytesMax> scope;  // the service's own word
  uint64_t who = 0;                   // platform::Asker::id
  bool is_by_model = false;
  Mode mode = Mode::kEnforce;
  uint8_t score = 0;
  std::array<Signal, 3> reasons = {};
  Verdict verdict = Verdict::kAllow;
  Features features;
};

// How the log, and labels for it, name somebody: 16 hexadecimal digits.
[[nodiscard]] std::string who_text(uint64_t who);

// Begins with this; more members may come behind it.
void write_decision(const Decision& decision, std::string& out);

class DecisionLog {
 public:
  // Appends to the file, which only its owner may read. kIo: it can't be opened.
  [[nodiscard]] static Result<std::unique_ptr<DecisionLog>> open(const std::string& path,
                                                                 size_t records_max = kRecordsMax);
  // Writes what it has.
  ~DecisionLog();
  DecisionLog(const DecisionLog&) = delete;
  DecisionLog& operator=(const DecisionLog&) = delete;

  // Any thread; never waits for the disk.
  void note(const Decision& decision);
  // Goes on in a new file of the same name: whoever rotates logs has renamed the old one. On an error in the old one.
  [[nodiscard]] Result<void> reopen();

  [[nodiscard]] uint64_t written() const { return written_.load(std::memory_order_relaxed); }
  [[nodiscard]] uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

  static constexpr size_t kRecordsMax = 16'384;  // 5 MiB: what twenty thousand a second leave in most of a second

 private:
  class File {
   public:
    explicit File(int fd = -1) : fd_(fd) {}
    File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    File& operator=(File&& other) noexcept {
      std::swap(fd_, other.fd_);
      return *this;
    }
    ~File();
    [[nodiscard]] static Result<File> open(const std::string& path);
    // All of it or nothing.
    [[nodiscard]] bool append(std::string_view text);

   private:
    int fd_;
  };

  DecisionLog(std::string path, size_t records_max, File file);
  void run(const std::stop_token& stop);
  void write(const std::vector<Decision>& decisions);

  const std::string path_;
  const size_t records_max_;
  std::mutex mutex_;  // guards records_
  std::condition_variable_any stops_;
  std::vector<Decision> records_;
  std::mutex file_mutex_;  // guards file_
  File file_;
  std::atomic<uint64_t> written_{0};
  std::atomic<uint64_t> lost_{0};
  std::jthread thread_;
};

}  // namespace doorbuster::guard
