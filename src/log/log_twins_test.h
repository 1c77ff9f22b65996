// What the contract test needs of a twin: the log itself, and hands to do to its store what a contract must survive.
// To put a new twin under the contract: derive, and add a line to every_twin().
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "log/log.h"

namespace doorbuster::log {

// The two things that an append which ended as kUnknown can have been.
enum class Unknown { kWritten, kNotWritten };

class Twin {
 public:
  virtual ~Twin() = default;
  [[nodiscard]] virtual Log& log() = 0;

  // The process ends in an orderly way, and another starts over the same store.
  virtual void restart() = 0;
  // The process or the machine ends at once, and another process starts over what survived.
  virtual void crash() = 0;

  // Behind the log's back, as a bad disk or a careless hand would. The log is opened anew after it.
  virtual void flip_bit_of_batch(CellId cell, Sequence first, size_t bit) = 0;
  virtual void remove_batch(CellId cell, Sequence first) = 0;
  virtual void exchange_batches(CellId cell, Sequence first, Sequence second) = 0;
  virtual void flip_bit_of_snapshot(CellId cell, size_t bit) = 0;
  virtual void truncate_snapshot(CellId cell, size_t bytes) = 0;
  // Puts these bytes in the place of the snapshot.
  virtual void replace_snapshot(CellId cell, Bytes stored) = 0;
  // The bytes of the snapshot that was set aside last; none if none was.
  [[nodiscard]] virtual std::vector<std::byte> snapshot_set_aside(CellId cell) = 0;
  // What the log has reported since it was last asked, a line each.
  [[nodiscard]] virtual std::string take_reports() = 0;

  // Puts this in the place of the first batch, as a program of before left it.
  virtual void write_first_batch(CellId cell, Bytes stored) = 0;

  // The next append, to so many cells together, ends as kUnknown. Only for twins that may not know.
  virtual void make_next_append_unknown(Unknown variant, size_t cells = 1) = 0;
};

using MakeTwin = std::function<std::unique_ptr<Twin>()>;

[[nodiscard]] std::unique_ptr<Twin> make_memory_twin();
[[nodiscard]] std::unique_ptr<Twin> make_rocksdb_twin();

struct NamedTwin {
  std::string name;
  MakeTwin make;
};

inline void PrintTo(const NamedTwin& twin, std::ostream* out) { *out << twin.name; }

class LogContract : public ::testing::TestWithParam<NamedTwin> {
 protected:
  // A store has threads of its own, which a fork does not copy.
  LogContract() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  Log& log() { return twin_->log(); }
  Twin& twin() { return *twin_; }

 private:
  std::unique_ptr<Twin> twin_ = GetParam().make();
};

inline std::string name_of_twin(const ::testing::TestParamInfo<NamedTwin>& twin) { return twin.param.name; }
inline auto every_twin() {
  return ::testing::Values(NamedTwin{"Memory", make_memory_twin}, NamedTwin{"Rocksdb", make_rocksdb_twin});
}
inline auto twins_that_may_not_know() { return ::testing::Values(NamedTwin{"Memory", make_memory_twin}); }

}  // namespace doorbuster::log
