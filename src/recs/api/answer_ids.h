// Answers that were given: their ids, and the newest of them, to be explained, and to know what it was that is seen or
// clicked.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/siphash.h"
#include "recs/machine/recs_machine.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {

struct GivenAnswer {
  uint64_t id = 0;
  Timestamp at;
  std::string filter = {};
  std::string model_version = {};
  std::vector<uint32_t> from = {};  // what the visitor did something with lately
  std::vector<Recommended> items = {};
  std::vector<uint64_t> hashes = {};  // of their names, by place
  std::string surface = {};
  std::string experiment = {};             // that it is part of; empty: of none
  std::vector<std::string> variants = {};  // its variant; of an interleaving both, by team
  NameHash user = {};                      // for whom
  NameHash session = {};
};

// Of all reactors; any thread. Answers for a visitor go when the visitor is forgotten.
class GivenAnswers {
 public:
  explicit GivenAnswers(size_t kept) : kept_(kept) {}

  // The oldest goes where there are as many as there may be.
  void keep(GivenAnswer answer);
  [[nodiscard]] std::optional<GivenAnswer> find(uint64_t id) const;
  // How an item stood in it, and where it was shown; nothing if the answer is not known, or has no such item.
  [[nodiscard]] std::optional<EventMore> shown(uint64_t id, uint64_t item_hash) const;
  void forget(const NameHash& visitor);
  [[nodiscard]] size_t size() const;
  // All that are kept, in no order. Keep it short.
  template <class Each>
  void each(Each&& each) const {
    const std::lock_guard lock(mutex_);
    for (const GivenAnswer& answer : answers_) {
      if (answer.id != 0) each(answer);
    }
  }

 private:
  void drop(size_t place);

  const size_t kept_;
  mutable std::mutex mutex_;
  std::vector<GivenAnswer> answers_;
  std::unordered_map<uint64_t, size_t> places_;  // by id
  std::unordered_multimap<uint64_t, size_t> by_visitor_;
  size_t next_ = 0;  // the oldest, once it is full
};

// Says of events that name an answer how their item stood in it. An answer that is not known any more is as none.
void attribute(std::vector<EventRow>& rows, const GivenAnswers& given);

// One reactor's: nobody can foretell an id, and no two are the same.
class AnswerIds {
 public:
  explicit AnswerIds(GivenAnswers& given);
  [[nodiscard]] uint64_t next() { return cipher_(++count_) | 1; }
  void keep(GivenAnswer answer) { given_.keep(std::move(answer)); }
  [[nodiscard]] std::optional<GivenAnswer> find(uint64_t id) const { return given_.find(id); }
  [[nodiscard]] const GivenAnswers& given() const { return given_; }

 private:
  GivenAnswers& given_;
  const SipHash cipher_;
  uint64_t count_ = 0;
};

}  // namespace doorbuster::recs
