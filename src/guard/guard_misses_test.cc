#include "guard/guard_test_fixture.h"

namespace doorbuster::guard {
namespace {

// Asks for names that are nobody's.
class GuardMissesTest : public GuardTest {
 protected:
  void handle(const net::Request& request, net::Exchange& exchange) override {
    const platform::Call call{.request = request, .exchange = exchange, .match = {}, .now = clock_.now()};
    wait_ = guard_->wait_before_guess(call);
    if (!wait_) guard_->note_miss(call);
    exchange.respond(net::Response{.body = wait_ ? "refused" : "passed"});
  }
  int missing(int requests, const std::string& from) { return passing(requests, from, kNobody); }

  std::optional<Duration> wait_;  // of the last that was asked
};

TEST_F(GuardMissesTest, lets_an_address_have_so_many_that_are_nobodys_and_no_more) {
  EXPECT_EQ(missing(100, "192.0.2.1"), 60);
  EXPECT_EQ(wait_, Duration::seconds(1)) << "sixty a minute";
  EXPECT_EQ(missing(100, "192.0.3.1"), 60) << "whoever is elsewhere has as many";
  clock_.advance(Duration::seconds(10));
  EXPECT_EQ(missing(100, "192.0.2.1"), 10);
}

TEST_F(GuardMissesTest, takes_networks_together) {
  int passed = 0;
  for (int i = 0; i < 256; ++i) passed += missing(10, "198.51.100." + std::to_string(i));
  EXPECT_EQ(passed, 600) << "one /24";
  passed = 0;
  for (int i = 0; i < 10; ++i) passed += missing(60, "2001:db8:1:2::" + std::to_string(i));
  EXPECT_EQ(passed, 60) << "one /64";
}

TEST_F(GuardMissesTest, goes_by_the_policy) {
  EXPECT_EQ(missing(100, "192.0.2.1"), 60);
  reload("[rates.misses]\nper_minute = 1\nburst = 1\n");
  EXPECT_EQ(missing(10, "192.0.2.1"), 0) << "what was used stays used";
  EXPECT_EQ(missing(10, "203.0.113.1"), 1);
}

TEST_F(GuardMissesTest, counts_and_refuses_nobody_in_the_shadow) {
  reload("mode = \"shadow\"\n");
  EXPECT_EQ(missing(100, "192.0.2.1"), 100);
  ops::Metrics metrics;
  guard_->add_metrics(metrics);
  const std::string text = metrics.exposition();
  EXPECT_THAT(text, HasSubstr("doorbuster_guard_misses_total{result=\"counted\"} 60\n"));
  EXPECT_THAT(text, HasSubstr("doorbuster_guard_misses_total{result=\"refused\"} 40\n"));
  reload("mode = \"off\"\n");
  EXPECT_EQ(missing(100, "192.0.2.1"), 100);
}

TEST_F(GuardMissesTest, believes_trusted_proxies_for_whom_they_speak) {
  int passed = 0;
  for (int i = 0; i < 100; ++i)
    passed += ask("10.0.0.1", kNobody, Action::kPoll, "X-Forwarded-For: 192.0.2.7\r\n").empty() ? 1 : 0;
  EXPECT_EQ(passed, 60);
  EXPECT_TRUE(ask("10.0.0.1", kNobody, Action::kPoll, "X-Forwarded-For: 192.0.9.7\r\n").empty());
}

}  // namespace
}  // namespace doorbuster::guard
