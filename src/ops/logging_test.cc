#include "ops/logging.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <thread>

#include "base/json.h"

namespace doorbuster::ops {
namespace {

class SetClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return at; }
  Timestamp at = Timestamp::from_micros(1'795'773'600'123'456);
};

class Logging : public testing::Test {
 protected:
  Logger logger(LogFormat format, LogLevel level = LogLevel::kDebug) {
    return {{.format = format, .level = level}, std::make_shared<spdlog::sinks::ostream_sink_mt>(out_), clock_};
  }
  std::string written() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }

  SetClock clock_;
  std::ostringstream out_;
};

TEST_F(Logging, writes_logfmt) {
  logger(LogFormat::kLogfmt)
      .info("log opened", {{"store", "rocksdb"}, {"epoch", 3}, {"took_ms", 1.5}, {"clean", true}});
  EXPECT_EQ(written(),
            "ts=2026-11-27T10:00:00.123Z level=info msg=\"log opened\" store=rocksdb epoch=3 took_ms=1.5 clean=true\n");
}

TEST_F(Logging, writes_json_lines) {
  logger(LogFormat::kJson)
      .error("log opened", {{"store", "rocksdb"}, {"epoch", -3}, {"took_ms", 1.5}, {"clean", false}});
  EXPECT_EQ(written(),
            R"({"ts":"2026-11-27T10:00:00.123Z","level":"error","msg":"log opened","store":"rocksdb","epoch":-3,)"
            R"("took_ms":1.5,"clean":false})"
            "\n");
}

TEST_F(Logging, writes_nothing_below_its_level) {
  const Logger quiet = logger(LogFormat::kLogfmt, LogLevel::kWarning);
  quiet.debug("a");
  quiet.info("b");
  EXPECT_EQ(written(), "");
  quiet.warning("c");
  quiet.error("d");
  EXPECT_EQ(written(),
            "ts=2026-11-27T10:00:00.123Z level=warning msg=c\nts=2026-11-27T10:00:00.123Z level=error msg=d\n");
}

TEST_F(Logging, nobody_forges_a_line) {
  const std::string evil = "x\n{\"ts\":\"2000\"} level=error \x1b[2J \" \\ \xFF";
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    logger(format).info(evil, {{"agent", evil}, {"empty", ""}, {"equals", "a=b"}});
    const std::string line = written();
    EXPECT_EQ(std::ranges::count(line, '\n'), 1) << line;
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(line.find('\xFF'), std::string::npos);
  }
}

TEST_F(Logging, every_json_line_is_json_whatever_is_in_it) {
  const Logger json = logger(LogFormat::kJson);
  for (int c = 0; c < 256; ++c) {
    const std::string text = {'a', static_cast<char>(c), 'b'};
    json.info(text, {{"value", text}, {"number", std::numeric_limits<double>::infinity()}});
    std::string line = written();
    line.pop_back();
    JsonDocument document(line);
    (void)document.root();
    EXPECT_TRUE(document.finish(JsonUnknown::kAllowed).has_value()) << line;
  }
}

TEST_F(Logging, bound_fields_and_the_trace_stand_on_every_line) {
  const auto trace = parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  const Logger bound = logger(LogFormat::kLogfmt).with({{"cell", 0U}}).under(*trace);
  bound.info("a", {{"x", 1}});
  EXPECT_EQ(written(),
            "ts=2026-11-27T10:00:00.123Z level=info msg=a cell=0 trace_id=4bf92f3577b34da6a3ce929d0e0e4736 x=1\n");
}

TEST_F(Logging, a_repeated_warning_is_written_once_an_interval_with_its_count) {
  const Logger log = logger(LogFormat::kLogfmt);
  RepeatGate gate(Duration::seconds(10));
  for (int i = 0; i < 100; ++i) log.warning(gate, "ring full");
  EXPECT_EQ(written(), "ts=2026-11-27T10:00:00.123Z level=warning msg=\"ring full\"\n");
  clock_.at = clock_.at + Duration::seconds(10);
  log.warning(gate, "ring full");
  EXPECT_EQ(written(), "ts=2026-11-27T10:00:10.123Z level=warning msg=\"ring full\" repeated=99\n");
  clock_.at = clock_.at + Duration::seconds(10);
  log.warning(gate, "ring full");
  EXPECT_EQ(written(), "ts=2026-11-27T10:00:20.123Z level=warning msg=\"ring full\"\n");
}

TEST(RepeatGate, loses_no_count_between_threads) {
  RepeatGate gate(Duration::seconds(1));
  std::atomic<uint64_t> passed{0};
  std::atomic<uint64_t> counted{0};
  const auto warn = [&] {
    for (int i = 0; i < 20'000; ++i) {
      const auto held_back = gate.pass(Timestamp::from_micros(i * 1'000));
      if (held_back) passed += 1, counted += *held_back;
    }
  };
  std::thread other(warn);
  warn();
  other.join();
  counted += gate.pass(Timestamp::from_micros(INT64_MAX / 2)).value();
  EXPECT_EQ(passed + counted, 40'000U);
  EXPECT_LE(passed, 20U);
}

}  // namespace
}  // namespace doorbuster::ops
