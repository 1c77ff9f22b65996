#include "cell/cell.h"

#include <gtest/gtest.h>

#include <map>

#include "cell/runner.h"
#include "log/memory_log.h"

namespace doorbuster::cell {
namespace {

// A machine that adds: small enough to see through, and with everything a cell asks of one.
struct Adder {
  struct Command {
    int64_t add = 0;  // 0 only asks
  };
  struct Reply {
    int64_t total = 0;
  };
  using Publication = int64_t;

  Result<void> apply(Bytes events, Timestamp) {
    ByteReader reader(events);
    while (reader.left() > 0) total += reader.integer<int64_t>();
    return {};
  }
  void save(std::vector<std::byte>& out) const { ByteWriter(out).integer(total); }
  Result<void> load(Bytes bytes) {
    total = ByteReader(bytes).integer<int64_t>();
    return {};
  }
  void go_live(Timestamp) { changed = true; }
  Reply decide(const Command& command, Timestamp, EventSink& events) {
    if (command.add != 0) {
      ByteWriter(events.payload).integer(command.add);
      ++events.count;
      total += command.add;
      changed = true;
    }
    return {total};
  }
  bool tick(Timestamp, size_t, EventSink&) { return true; }
  Timestamp next_deadline() const { return Timestamp::from_micros(INT64_MAX); }
  void prefetch(const Command&) const {}
  template <class Take>
  void take_publications(Take&& take) {
    if (std::exchange(changed, false)) take(int64_t{total});
  }

  int64_t total = 0;
  bool changed = false;
};

Timestamp at(int64_t seconds) { return Timestamp::from_micros(1'700'000'000'000'000) + Duration::seconds(seconds); }

class CellTest : public testing::Test {
 protected:
  CellTest() {
    cell_.attach(port_);
    EXPECT_TRUE(cell_.recover(at(0)).has_value());
  }

  void ask(uint64_t ticket, int64_t add) {
    EXPECT_TRUE(port_.submit(ticket, {add}));
    port_.flush();
  }
  std::map<uint64_t, std::pair<Verdict, int64_t>> answers() {
    std::map<uint64_t, std::pair<Verdict, int64_t>> found;
    port_.drain([&](Port<Adder>::Answer&& answer) { found[answer.ticket] = {answer.verdict, answer.reply.total}; });
    return found;
  }
  log::Appended commit() {
    const auto batch = cell_.seal();
    EXPECT_TRUE(batch.has_value());
    const auto outcome = log_.append(cell_.lease(), *batch);
    cell_.committed(outcome);
    return outcome;
  }

  using Answers = std::map<uint64_t, std::pair<Verdict, int64_t>>;

  log::SimulatedDisk disk_;
  log::MemoryLog log_{disk_};
  std::vector<int64_t> published_;
  Port<Adder> port_{4, [] {}};
  Cell<Adder> cell_{CellId{0}, log_, [] { return std::make_unique<Adder>(); },
                    [this](int64_t total) { published_.push_back(total); }};
};

TEST_F(CellTest, gives_no_answer_before_it_is_durable) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(answers(), Answers());
  EXPECT_EQ(published_, std::vector<int64_t>({0}));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers(), Answers({{1, {Verdict::kDecided, 5}}}));
  EXPECT_EQ(published_, std::vector<int64_t>({0, 5}));
}

TEST_F(CellTest, answers_at_once_when_nothing_has_to_be_written) {
  ask(1, 0);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(answers(), Answers({{1, {Verdict::kDecided, 0}}}));
  EXPECT_FALSE(cell_.seal().has_value());
}

TEST_F(CellTest, holds_an_answer_back_that_rests_on_a_batch_under_way) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  const auto batch = cell_.seal();
  ASSERT_TRUE(batch.has_value());
  ask(2, 0);
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_EQ(answers(), Answers()) << "the question has seen a sum that may still be lost";
  cell_.committed(log_.append(cell_.lease(), *batch));
  EXPECT_EQ(answers(), Answers({{1, {Verdict::kDecided, 5}}, {2, {Verdict::kDecided, 5}}}));
}

TEST_F(CellTest, tells_which_request_caused_which_events_once_they_are_durable) {
  const TraceContext trace = begin_trace();
  std::vector<std::pair<uint64_t, uint32_t>> caused;
  cell_.on_caused([&](Sequence first, uint32_t count, const TraceContext& told) {
    EXPECT_EQ(told, trace);
    EXPECT_EQ(answers(), Answers()) << "told before anybody hears of it";
    caused.emplace_back(first.value(), count);
  });
  ask(1, 5);
  EXPECT_TRUE(port_.submit(2, {7}, trace));
  EXPECT_TRUE(port_.submit(3, {0}, trace)) << "a question makes no event";
  EXPECT_TRUE(cell_.turn(at(1)));
  const auto batch = cell_.seal();
  ASSERT_TRUE(batch.has_value());
  EXPECT_TRUE(port_.submit(4, {9}, trace));
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_TRUE(caused.empty());
  cell_.committed(log_.append(cell_.lease(), *batch));
  EXPECT_EQ(caused, (std::vector<std::pair<uint64_t, uint32_t>>{{batch->first.value() + 1, 1}}));
  (void)answers();
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(caused.back(), (std::pair<uint64_t, uint32_t>(batch->first.value() + 2, 1)));
}

TEST_F(CellTest, decides_the_next_batch_while_one_is_under_way) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  const auto first = cell_.seal();
  ask(2, 6);
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_FALSE(cell_.seal().has_value()) << "one batch at a time";
  cell_.committed(log_.append(cell_.lease(), *first));
  EXPECT_EQ(answers(), Answers({{1, {Verdict::kDecided, 5}}}));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers(), Answers({{2, {Verdict::kDecided, 11}}}));
}

TEST_F(CellTest, sheds_what_does_not_fit_into_its_ring) {
  for (uint64_t ticket = 0; ticket < 4; ++ticket) ask(ticket, 1);
  EXPECT_FALSE(port_.submit(4, {1}));
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_FALSE(port_.submit(4, {1})) << "decided, but not answered yet";
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers().size(), 4U);
  EXPECT_TRUE(port_.submit(4, {1}));
}

TEST_F(CellTest, starts_again_from_what_is_durable_when_the_store_does_not_know) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  (void)answers();
  ask(2, 7);
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_TRUE(cell_.seal().has_value());
  cell_.committed(log::Appended::kUnknown);
  EXPECT_EQ(answers(), Answers({{2, {Verdict::kUnknown, 0}}}));
  ask(3, 1);
  EXPECT_TRUE(cell_.turn(at(3)));
  EXPECT_EQ(answers(), Answers({{3, {Verdict::kUnavailable, 0}}}));
  ASSERT_TRUE(cell_.recover(at(4)).has_value());
  ask(4, 0);
  EXPECT_TRUE(cell_.turn(at(5)));
  EXPECT_EQ(answers(), Answers({{4, {Verdict::kDecided, 5}}}));
}

TEST_F(CellTest, stops_for_good_when_another_owner_has_fenced_it) {
  log::MemoryLog other(disk_);
  ASSERT_TRUE(other.open(CellId{0}).has_value());
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(commit(), log::Appended::kFenced);
  EXPECT_EQ(cell_.standing(), Standing::kFenced);
  EXPECT_EQ(answers(), Answers({{1, {Verdict::kUnavailable, 0}}}));
}

TEST_F(CellTest, replays_moments_at_their_own_times_and_never_goes_back) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(10)));
  ask(2, 6);
  EXPECT_TRUE(cell_.turn(at(3)));
  EXPECT_EQ(cell_.now(), at(10));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  Cell<Adder> next(CellId{0}, log_, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  const auto recovered = next.recover(at(4));
  ASSERT_TRUE(recovered.has_value());
  EXPECT_EQ(recovered->replayed, 2U);
  EXPECT_EQ(next.now(), at(10)) << "a clock that was set back does not take time back";
  EXPECT_EQ(next.machine().total, 11);
}

TEST_F(CellTest, replays_from_its_snapshot) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  ASSERT_TRUE(log_.save_snapshot(cell_.lease(), cell_.take_snapshot()).has_value());
  ask(2, 6);
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  Cell<Adder> next(CellId{0}, log_, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  const auto recovered = next.recover(at(3));
  ASSERT_TRUE(recovered.has_value());
  EXPECT_EQ(recovered->snapshot_at, Sequence(1));
  EXPECT_EQ(recovered->replayed, 1U);
  EXPECT_EQ(next.machine().total, 11);
}

TEST(CellRunnerTest, tells_causes_before_followers_hear_of_the_events) {
  log::MemoryLog log;
  const SystemClock clock;
  CellProbe probe;
  Doorbell bell;
  Port<Adder> port(64, [&] { bell.ring(); });
  Cell<Adder> cell(CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  cell.attach(port);
  Sequence told;
  cell.on_caused([&](Sequence first, uint32_t, const TraceContext&) { told = first; });
  ASSERT_TRUE(cell.recover(clock.now()).has_value());
  CellRunner<Adder> runner(cell, clock, probe,
                           {.on_durable = [&](Sequence tail) { EXPECT_EQ(told, tail); },
                            .on_trouble = [](const std::string& trouble) { FAIL() << trouble; }});
  ASSERT_TRUE(port.submit(1, {5}, begin_trace()));
  runner.start();
  port.flush();
  while (port.drain([](Port<Adder>::Answer&&) {}) == 0) bell.wait(std::chrono::milliseconds(100));
  runner.stop();
  EXPECT_EQ(told, Sequence(1));
}

TEST(CellRunnerTest, adds_up_what_many_threads_ask_and_has_it_durable_at_the_end) {
  constexpr int kClients = 3;
  constexpr int kAsks = 2'000;
  log::MemoryLog log;
  const SystemClock clock;
  CellProbe probe;
  std::vector<std::unique_ptr<Doorbell>> bells;
  std::vector<std::unique_ptr<Port<Adder>>> ports;
  Cell<Adder> cell(CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  for (int i = 0; i < kClients; ++i) {
    bells.push_back(std::make_unique<Doorbell>());
    ports.push_back(std::make_unique<Port<Adder>>(64, [bell = bells.back().get()] { bell->ring(); }));
    cell.attach(*ports.back());
  }
  ASSERT_TRUE(cell.recover(clock.now()).has_value());
  CellRunner<Adder> runner(cell, clock, probe,
                           {.on_durable = {}, .on_trouble = [](const std::string& trouble) { FAIL() << trouble; }});
  runner.start();
  std::vector<std::thread> clients;
  std::vector<int> answered(kClients);
  for (size_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      auto& port = *ports[client];
      for (int asked = 0; answered[client] < kAsks;) {
        while (asked < kAsks && port.submit(static_cast<uint64_t>(asked), {1})) ++asked;
        port.flush();
        const size_t got =
            port.drain([&](Port<Adder>::Answer&& answer) { EXPECT_EQ(answer.verdict, Verdict::kDecided); });
        answered[client] += static_cast<int>(got);
        if (got == 0) bells[client]->wait(std::chrono::milliseconds(100));
      }
    });
  }
  for (auto& client : clients) client.join();
  runner.stop();
  EXPECT_EQ(probe.events.load(), uint64_t{kClients} * kAsks);
  Adder replayed;
  ASSERT_TRUE(replay_log(log, CellId{0}, replayed).has_value());
  EXPECT_EQ(replayed.total, kClients * kAsks);
}

}  // namespace
}  // namespace doorbuster::cell
