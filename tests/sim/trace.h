// What happened in a run, as lines for a person: all of them, the last ones, or none; or only what they add up to, by
// which two runs are compared.
#pragma once

#include <cstdio>
#include <deque>
#include <sstream>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "sim/event_queue.h"

namespace doorbuster::sim {

enum class TraceMode : uint8_t { kOff, kDigest, kLast, kAll };

class Trace {
 public:
  Trace(const EventQueue& events, TraceMode mode, size_t keep) : events_(events), mode_(mode), keep_(keep) {}

  template <class... Parts>
  void note(const Parts&... parts) {
    if (mode_ == TraceMode::kOff) return;
    std::ostringstream line;
    line << events_.steps() << ' ' << format_rfc3339(events_.now()).substr(11, 12) << "  ";
    (line << ... << parts);
    add(std::move(line).str());
  }

  [[nodiscard]] const Digest& digest() const { return digest_; }
  void print_last() const {
    for (const std::string& line : lines_) std::fprintf(stderr, "  %s\n", line.c_str());
  }

 private:
  void add(std::string line) {
    if (mode_ == TraceMode::kDigest) {
      digest_ = sha256(digest_, as_bytes(line));
      return;
    }
    if (mode_ == TraceMode::kAll) std::printf("%s\n", line.c_str());
    lines_.push_back(std::move(line));
    if (lines_.size() > keep_) lines_.pop_front();
  }

  const EventQueue& events_;
  const TraceMode mode_;
  const size_t keep_;
  Digest digest_{};
  std::deque<std::string> lines_;
};

// The first promise that was broken, in words. A run ends with it.
class Promises {
 public:
  void breaks(std::string sentence) {
    if (sentence_.empty()) sentence_ = std::move(sentence);
  }
  [[nodiscard]] bool broken() const { return !sentence_.empty(); }
  [[nodiscard]] const std::string& sentence() const { return sentence_; }

 private:
  std::string sentence_;
};

}  // namespace doorbuster::sim
