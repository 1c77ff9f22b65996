// What the contract test needs of a twin: the log itself, and hands to do to its store what a contract must survive.
// To put a new twin under the contract: derive, and add a line to the INSTANTIATE at the end of log_contract_test.cc.
#pragma once

#include <functional>
#include <memory>
#include <string>

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

  // The next append ends as kUnknown. Only for twins under LogContractUnknown.
  virtual void make_next_append_unknown(Unknown variant) = 0;
};

using MakeTwin = std::function<std::unique_ptr<Twin>()>;

[[nodiscard]] std::unique_ptr<Twin> make_memory_twin();
[[nodiscard]] std::unique_ptr<Twin> make_rocksdb_twin();

}  // namespace doorbuster::log
