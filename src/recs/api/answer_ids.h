// Answers that were given: their ids, and the newest of them, to be explained.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/siphash.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {

struct GivenAnswer {
  uint64_t id = 0;
  Timestamp at;
  std::string filter = {};
  std::string model_version = {};
  std::vector<uint32_t> from = {};  // what the visitor did something with lately
  std::vector<Recommended> items = {};
};

// Of all reactors; any thread.
class GivenAnswers {
 public:
  explicit GivenAnswers(size_t kept) : kept_(kept) {}

  // The oldest goes where there are as many as there may be.
  void keep(GivenAnswer answer) {
    const std::lock_guard lock(mutex_);
    const uint64_t id = answer.id;
    if (answers_.size() < kept_) {
      places_[id] = answers_.size();
      answers_.push_back(std::move(answer));
      return;
    }
    places_.erase(answers_[next_].id);
    places_[id] = next_;
    answers_[next_] = std::move(answer);
    next_ = (next_ + 1) % kept_;
  }
  [[nodiscard]] std::optional<GivenAnswer> find(uint64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(id);
    return place == places_.end() ? std::nullopt : std::optional(answers_[place->second]);
  }

 private:
  const size_t kept_;
  mutable std::mutex mutex_;
  std::vector<GivenAnswer> answers_;
  std::unordered_map<uint64_t, size_t> places_;  // by id
  size_t next_ = 0;                              // the oldest, once it is full
};

// One reactor's: nobody can foretell an id, and no two are the same.
class AnswerIds {
 public:
  explicit AnswerIds(GivenAnswers& given);
  [[nodiscard]] uint64_t next() { return cipher_(++count_) | 1; }
  void keep(GivenAnswer answer) { given_.keep(std::move(answer)); }
  [[nodiscard]] std::optional<GivenAnswer> find(uint64_t id) const { return given_.find(id); }

 private:
  GivenAnswers& given_;
  const SipHash cipher_;
  uint64_t count_ = 0;
};

}  // namespace doorbuster::recs
