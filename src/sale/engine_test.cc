// The service when things go wrong beneath it or come too fast.
#include "sale/engine.h"

#include <thread>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using testing::kPs5;
using testing::Refuses;

class TheService : public testing::ApiTest {
 protected:
  using ApiTest::ApiTest;
  // Asks until the answer is another than 503, for some seconds.
  Answer patiently(std::string_view method, std::string_view path, const testing::Fields& fields) {
    Answer answer = ask(method, path, fields);
    for (int i = 0; i < 200 && answer.status == 503; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      wait(1);  // the cell tries again every second
      answer = ask(method, path, fields);
    }
    return answer;
  }
};

TEST_F(TheService, promises_nothing_once_another_server_owns_the_log) {
  create(R"("units":2,"queue":"none")");
  server_.fence();
  const Answer first = reserve("alice");
  EXPECT_THAT(first, Refuses(503, "unavailable"));
  EXPECT_EQ(first.header("retry-after"), "1");
  EXPECT_THAT(reserve("alice"), Refuses(503, "unavailable"));
  EXPECT_FALSE(server_.service().is_owner());
  EXPECT_EQ(ask("GET", kPs5).text("held"), "0");
}

// Whether the batch that the store was unsure of is there or not, the customer is told the truth in the end.
class WhenTheStoreIsUnsure : public TheService, public ::testing::WithParamInterface<log::Fault> {
 protected:
  // Reserves while the store can't say what became of it, and for longer than anybody waits the log can't be opened to
  // see.
  Answer reserve_in_doubt(const testing::Fields& fields) {
    server_.disk().fail_at(1, GetParam());
    for (uint64_t nth = 2; nth <= 4; ++nth) server_.disk().fail_at(nth, log::Fault::kFailsUndone);
    std::string request = "POST " + std::string(kPs5) + "/holds HTTP/1.1\r\nHost: x\r\n";
    for (const std::string& field : fields) request += field + "\r\n";
    net::testing::Client client = server_.connect();
    client.send(request + "\r\n");
    while (server_.service().is_owner()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    server_.clock().advance(cell::CellOptions().doubt_max);
    return Answer::parse(client.read_response());
  }
};

TEST_P(WhenTheStoreIsUnsure, finds_out_and_answers_as_if_nothing_had_happened) {
  create(R"("units":1,"queue":"none")");
  server_.disk().fail_at(1, GetParam());
  EXPECT_EQ(reserve("alice").status, 201);
  EXPECT_EQ(ask("GET", kPs5).text("held"), "1");
  EXPECT_THAT(reserve("bob"), Refuses(409, "sold-out"));
}

TEST_P(WhenTheStoreIsUnsure, says_so_if_it_lasts_and_finds_out_later) {
  create(R"("units":1,"queue":"none","guests":true)");
  const testing::Fields keyed = {server_.customer("alice"), "Idempotency-Key: k"};
  const Answer unsure = reserve_in_doubt(keyed);
  EXPECT_THAT(unsure, Refuses(503, "outcome-unknown"));
  EXPECT_EQ(unsure.header("retry-after"), "1");
  const Answer sure = patiently("POST", std::string(kPs5) + "/holds", keyed);
  EXPECT_EQ(sure.status, 201) << sure.body;
  EXPECT_EQ(ask("GET", kPs5).text("held"), "1");
  EXPECT_THAT(reserve("bob"), Refuses(409, "sold-out"));
}

TEST_P(WhenTheStoreIsUnsure, gives_a_new_guest_the_cookie_all_the_same) {
  create(R"("units":1,"queue":"none","guests":true)");
  const Answer unsure = reserve_in_doubt({"Idempotency-Key: k"});
  EXPECT_THAT(unsure, Refuses(503, "outcome-unknown"));
  const std::string set = unsure.header("set-cookie");
  ASSERT_NE(set, "absent");
  const std::string cookie = "Cookie: " + set.substr(0, set.find(';'));
  EXPECT_EQ(patiently("POST", std::string(kPs5) + "/holds", {cookie, "Idempotency-Key: k"}).status, 201);
}

TEST_P(WhenTheStoreIsUnsure, lets_the_views_follow_what_turned_out_durable) {
  create(R"("units":1,"queue":"none")");
  server_.disk().fail_at(1, GetParam());
  (void)reserve("alice");
  (void)patiently("GET", "/api/v1/holds/" + std::string(26, '0'), {server_.customer("alice")});
  const auto& service = server_.service();
  while (!service.is_owner()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const Sequence tail(service.probe().durable_tail.load());
  for (int i = 0; i < 1'000 && server_.service().context().views.of(CellId(0)).position() < tail; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(server_.service().context().views.of(CellId(0)).position(), tail);
}

INSTANTIATE_TEST_SUITE_P(Faults, WhenTheStoreIsUnsure,
                         ::testing::Values(log::Fault::kFailsDone, log::Fault::kFailsUndone));

TEST_F(TheService, finds_every_hold_again_after_the_power_went) {
  create(R"("units":20,"queue":"none")");
  std::vector<Answer> held;
  for (size_t i = 0; i < 20; ++i) held.push_back(reserve("customer" + std::to_string(i)));
  server_.crash_and_restart();
  for (size_t i = 0; i < 20; ++i)
    EXPECT_EQ(as_customer("customer" + std::to_string(i), "GET", hold_path(held[i])).body, held[i].body);
  EXPECT_THAT(reserve("one more"), Refuses(409, "sold-out"));
}

class WithLittleRoom : public TheService {
 protected:
  WithLittleRoom() : TheService(options()) {}
  static testing::SaleServer::Options options() {
    return {.capacity = {.sales = 1, .holds = 2, .entries = 2, .operator_keys = 2, .sale_share_percent = 100},
            .cells = 1,
            .requests_a_reactor = 1};
  }
};

TEST_F(WithLittleRoom, sheds_what_it_cannot_take_at_once) {
  create(R"("units":2,"queue":"none")");
  // While the disk is held, the first decision cannot become durable, and the second request finds the ring full.
  std::string first;
  net::testing::Client waiting = server_.connect();
  {
    const auto stalled = server_.disk().exclusive();
    waiting.send("POST " + std::string(kPs5) + "/holds HTTP/1.1\r\nHost: x\r\n" + server_.customer("alice") +
                 "\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const Answer shed = reserve("bob");
    EXPECT_THAT(shed, Refuses(503, "busy"));
    EXPECT_EQ(shed.header("retry-after"), "1");
    EXPECT_EQ(ask("GET", kPs5).status, 200);  // what needs no decision is answered all the same
  }
  EXPECT_EQ(Answer::parse(waiting.read_response()).status, 201);
  EXPECT_EQ(reserve("bob").status, 201);
}

TEST_F(WithLittleRoom, says_when_a_table_is_full) {
  create(R"("units":3,"queue":"none")");
  const Answer second =
      as_operator("POST", testing::kSales, R"({"id":"b","title":"b","units":1,"opens_at":"2026-11-27T10:00:00Z"})");
  EXPECT_THAT(second, Refuses(503, "limit-reached"));
  EXPECT_NE(second.header("retry-after"), "absent");
  reserve("alice");
  reserve("bob");
  EXPECT_THAT(reserve("carol"), Refuses(503, "limit-reached"));
}

class OnTwoReactors : public TheService {
 protected:
  OnTwoReactors() : TheService(testing::SaleServer::Options{.reactors = 2}) {}
};

TEST_F(OnTwoReactors, sells_exactly_what_is_there_to_many_at_once) {
  create(R"("units":30,"queue":"none")");
  std::atomic<int> sold{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> crowd;
  for (int reader = 0; reader < 4; ++reader) {
    crowd.emplace_back([&, reader] {
      net::testing::Client client = server_.connect();
      for (int i = 0; i < 15; ++i) {
        const std::string who = std::to_string(reader) + "-" + std::to_string(i);
        client.send("POST " + std::string(kPs5) + "/holds HTTP/1.1\r\nHost: x\r\n" + server_.customer(who) +
                    "\r\n\r\n");
        const Answer answer = Answer::parse(client.read_response());
        if (answer.status == 201) ++sold;
        if (answer.problem() == "sold-out") ++refused;
      }
    });
  }
  for (std::thread& thread : crowd) thread.join();
  EXPECT_EQ(sold, 30);
  EXPECT_EQ(refused, 30);
  EXPECT_EQ(ask("GET", kPs5).text("available"), "0");
}

}  // namespace
}  // namespace doorbuster::sale
