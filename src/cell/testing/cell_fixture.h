// A cell that adds, driven by hand over a log that can be made to fail.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "cell/cell.h"
#include "cell/testing/adder.h"
#include "cell/testing/faulty_log.h"

namespace doorbuster::cell::testing {

inline Timestamp at(int64_t seconds) {
  return Timestamp::from_micros(1'700'000'000'000'000) + Duration::seconds(seconds);
}

class CellFixture : public ::testing::Test {
 protected:
  using Fault = FaultyLog::Fault;
  using Answers = std::map<uint64_t, std::pair<ReplyStatus, int64_t>>;

  explicit CellFixture(const CellOptions& options = {}, size_t under_way_max = 4)
      : port_(under_way_max, [] {}),
        cell_(
            CellId{0}, log_,
            [this] {
              ++machines_;
              return std::make_unique<Adder>();
            },
            [this](int64_t total) { published_.push_back(total); }, options) {
    cell_.attach(port_);
    EXPECT_TRUE(cell_.recover(at(0)).has_value());
  }

  void ask(uint64_t ticket, int64_t add) {
    EXPECT_TRUE(port_.submit(ticket, {add}));
    port_.flush();
  }
  Answers answers() {
    Answers found;
    port_.drain([&](Port<Adder>::Answer&& answer) {
      found[answer.ticket.value] = {answer.status, answer.reply.total};
    });
    return found;
  }
  log::Appended commit() {
    const auto batch = cell_.begin_append();
    EXPECT_TRUE(batch.has_value());
    const auto outcome = log_.append(cell_.lease(), *batch);
    cell_.finish_append(outcome);
    return outcome;
  }
  // The sum that the log gives to a new process, and what it took to find it.
  std::pair<int64_t, Recovered> after_restart() {
    log::MemoryLog log(disk_);
    Cell<Adder> next(
        CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
    const auto recovered = next.recover(at(1'000));
    EXPECT_TRUE(recovered.has_value());
    return {recovered ? next.machine().total : -1, recovered.value_or(Recovered())};
  }

  log::SimulatedDisk disk_;
  FaultyLog log_{disk_};
  std::vector<int64_t> published_;
  int machines_ = 0;  // made so far
  Port<Adder> port_;
  Cell<Adder> cell_;
};

}  // namespace doorbuster::cell::testing
