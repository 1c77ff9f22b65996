// Cells in a host, each with its port and its runner, for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "base/doorbell.h"
#include "cell/cell.h"
#include "cell/host.h"
#include "cell/testing/adder.h"

namespace doorbuster::cell::testing {

class ManualClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return Timestamp::from_micros(micros_.load()); }
  void set(Timestamp to) { micros_ = to.micros(); }
  void pass(Duration duration) { micros_ += duration.micros(); }

 private:
  std::atomic<int64_t> micros_{1'700'000'000'000'000};
};

template <Machine M>
struct Hosted {
  Hosted(Host& host, log::Log& log, CellId id, const CellOptions& options = {}, size_t under_way_max = 64)
      : port(under_way_max, [this] { bell.ring(); }),
        cell(
            id, log,
            [this] {
              ++machines;
              return std::make_unique<M>();
            },
            [this](typename M::Publication&&) { ++published; }, options),
        runner(host, cell, probe,
               {.on_durable = [this](Sequence tail) { durable = tail; },
                .on_trouble =
                    [this](const std::string& sentence) {
                      const std::lock_guard lock(troubles_mutex);
                      troubles.push_back(sentence);
                    }}) {
    cell.attach(port);
  }

  void ask(uint64_t ticket, const typename M::Command& command) {
    ASSERT_TRUE(port.submit(ticket, typename M::Command(command)));
    port.flush();
  }
  std::vector<ReplyStatus> answers() {
    std::vector<ReplyStatus> found;
    port.drain([&](typename Port<M>::Answer&& answer) { found.push_back(answer.status); });
    return found;
  }

  Doorbell bell;
  Port<M> port;
  std::atomic<int> machines{0};  // made so far
  std::atomic<int> published{0};
  std::mutex troubles_mutex;
  std::vector<std::string> troubles;
  Sequence durable;
  Cell<M> cell;
  CellProbe probe;
  CellRunner runner;
};

// The sum that a cell's log gives.
inline int64_t sum_in(log::Log& log, CellId id) {
  Cell<Adder> reader(
      id, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  const auto recovered = reader.recover(Timestamp());
  EXPECT_TRUE(recovered.has_value()) << recovered.error().message;
  return reader.has_machine() ? reader.machine().total : -1;
}

}  // namespace doorbuster::cell::testing
