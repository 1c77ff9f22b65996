// Who bought, over HTTP: what is attached to an entry or a hold, and where it is told.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using ::testing::AllOf;
using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using ::testing::Not;
using testing::Refuses;

constexpr std::string_view kBody = R"({"client_reference": "R-4711", "metadata": {"desk": "3"}})";
constexpr std::string_view kTold = R"("client_reference":"R-4711","metadata":{"desk":"3"},"customer_id":null)";
constexpr std::string_view kNothing = R"("client_reference":null,"metadata":null,"customer_id":null)";

class AnnotationsApi : public testing::ApiTest {
 protected:
  explicit AnnotationsApi(testing::SaleServer::Options options = {}) : ApiTest(std::move(options)) {}
  void sell(std::string_view members = R"("queue":"none","units":5,"price":{"amount":100,"currency":"EUR"})") {
    create(members);
  }
  Answer reserve_with(const std::string& authorization, std::string_view body, std::string_view key = {}) {
    testing::Fields fields = {authorization};
    if (!key.empty()) fields.push_back("Idempotency-Key: " + std::string(key));
    return ask("POST", std::string(kPs5) + "/holds", fields, body);
  }
  Answer reserve_as(std::string_view sub, std::string_view body) { return reserve_with(server_.customer(sub), body); }
  Answer join_with(const std::string& authorization, std::string_view body) {
    return ask("POST", std::string(kPs5) + "/queue", {authorization}, body);
  }
  // Of a token that says something of its customer.
  std::string annotated(std::string_view sub, const Annotations& annotations) {
    return server_.customer({.sub = sub,
                             .expires_at = server_.clock().now() + Duration::seconds(600),
                             .not_before = {},
                             .sale = {},
                             .annotations = annotations});
  }
  // All that is in the logs.
  std::string logged() {
    std::string bytes;
    log::MemoryLog log(server_.disk());
    for (uint32_t cell = 0; cell < server_.service().cells(); ++cell) {
      const auto take = [&](const log::Batch& batch) { return bytes += as_text(batch.payload), true; };
      EXPECT_TRUE(log.read(CellId(cell), Sequence(1), take).has_value());
    }
    return bytes;
  }
  Answer orders(const std::string& query) {
    catch_up();
    return as_operator("GET", std::string(kPs5) + "/orders" + query);
  }
};

TEST_F(AnnotationsApi, are_told_of_the_hold_and_of_its_order) {
  sell();
  const Answer held = reserve_as("alice", kBody);
  EXPECT_EQ(held.status, 201);
  EXPECT_THAT(held.body, HasSubstr(kTold));
  EXPECT_THAT(as_customer("alice", "GET", hold_path(held)).body, HasSubstr(kTold));
  EXPECT_THAT(as_operator("GET", hold_path(held)).body, HasSubstr(kTold));
  const Answer order = pay("alice", held);
  EXPECT_THAT(order.body, HasSubstr(kTold));
  EXPECT_THAT(as_customer("alice", "GET", order.header("location")).body, HasSubstr(kTold));
  EXPECT_THAT(orders("").body, HasSubstr(kTold));
  EXPECT_THAT(reserve_as("bob", "").body, HasSubstr(kNothing));
  EXPECT_THAT(as_customer("bob", "GET", hold_path(held)), Refuses(404, "not-found"));
}

TEST_F(AnnotationsApi, of_an_order_are_found_by_what_the_provider_calls_its_payments) {
  sell();
  const Answer order = pay("alice", reserve_as("alice", kBody));
  EXPECT_THAT(as_operator("GET", order.header("location") + "-2").body, HasSubstr(kTold));
  EXPECT_THAT(as_operator("GET", order.header("location") + "-1"), Refuses(404, "not-found"));
}

TEST_F(AnnotationsApi, of_an_entry_are_its_holds) {
  sell(R"("queue":"fifo","units":1)");
  const Answer joined = join_with(server_.customer("alice"), kBody);
  EXPECT_EQ(joined.status, 202);
  EXPECT_THAT(joined.body, HasSubstr(kTold));
  EXPECT_THAT(as_customer("alice", "GET", entry_path(joined)).body, HasSubstr(kTold));
  EXPECT_THAT(reserve_as("alice", R"({"client_reference": "R-2"})").body,
              HasSubstr(R"("client_reference":"R-2","metadata":{"desk":"3"})"));
}

TEST_F(AnnotationsApi, of_a_token_count_where_the_body_has_none) {
  sell();
  const std::string token = annotated("alice", {"T-1", R"({"from":"token"})", {}});
  EXPECT_THAT(reserve_with(token, R"({"client_reference": "B-1"})").body,
              HasSubstr(R"("client_reference":"B-1","metadata":{"from":"token"},"customer_id":null)"));
}

TEST_F(AnnotationsApi, of_a_token_that_are_wrong_make_it_a_token_that_is_wrong) {
  sell();
  EXPECT_THAT(reserve_with(annotated("alice", {std::string(129, 'r'), {}, {}}), ""), Refuses(401, "invalid-token"));
  EXPECT_THAT(reserve_with(annotated("alice", {{}, R"({"a":1})", {}}), ""), Refuses(401, "invalid-token"));
}

TEST_F(AnnotationsApi, may_come_from_a_guest) {
  sell(R"("queue":"none","units":1,"guests":true)");
  const Answer held = ask("POST", std::string(kPs5) + "/holds", {}, R"({"client_reference":"<b>=1</b>"})");
  EXPECT_EQ(held.status, 201);
  EXPECT_THAT(held.body, HasSubstr(R"("client_reference":"<b>=1</b>")"));
}

TEST_F(AnnotationsApi, that_are_none_are_refused_with_words) {
  sell();
  EXPECT_THAT(reserve_as("alice", R"({"client_reference":""})"), Refuses(400, "invalid-request"));
  EXPECT_THAT(reserve_as("alice", R"({"metadata":{"a":["b"]}})"), Refuses(400, "invalid-request"));
  EXPECT_THAT(reserve_as("alice", R"({"customer_id":"alice"})").body, HasSubstr("unknown member /customer_id"));
  EXPECT_THAT(join_with(server_.customer("alice"), R"({"metadata":7})"), Refuses(400, "invalid-request"));
}

TEST_F(AnnotationsApi, are_part_of_what_an_idempotency_key_stands_for) {
  sell();
  const std::string alice = server_.customer("alice");
  EXPECT_EQ(reserve_with(alice, kBody, "k").status, 201);
  EXPECT_THAT(reserve_with(alice, kBody, "k").body, HasSubstr(kTold));
  EXPECT_THAT(reserve_with(alice, R"({"client_reference":"R-2"})", "k"), Refuses(422, "idempotency-key-reused"));
}

TEST_F(AnnotationsApi, outlive_the_process) {
  sell();
  const Answer held = reserve_as("alice", kBody);
  const Answer order = pay("alice", held);
  server_.crash_and_restart();
  EXPECT_THAT(as_customer("alice", "GET", hold_path(held)).body, HasSubstr(kTold));
  EXPECT_THAT(orders("?client_reference=R-4711").body, HasSubstr(kTold));
}

TEST_F(AnnotationsApi, and_states_and_times_find_orders) {
  sell();
  const Answer alice = reserve_as("alice", kBody);
  pay("alice", alice);
  EXPECT_EQ(provider_says(alice, "succeeded").status, 200);
  wait(10);
  const std::string later = format_rfc3339(server_.clock().now());
  pay("bob", reserve_as("bob", R"({"client_reference":"a b+c"})"));
  EXPECT_EQ(orders("?client_reference=R-4711").text("total"), "1");
  EXPECT_EQ(orders("?client_reference=a+b%2Bc").text("total"), "1");
  EXPECT_EQ(orders("?client_reference=none").text("total"), "0");
  EXPECT_EQ(orders("?state=sold").text("total"), "1");
  EXPECT_EQ(orders("?state=sold&client_reference=a+b%2Bc").text("total"), "0");
  EXPECT_EQ(orders("?from=" + later).text("total"), "1");
  EXPECT_EQ(orders("?to=" + later + "&limit=1").text("total"), "1");
  EXPECT_EQ(orders("?from=" + later + "&to=" + later).text("total"), "0");
  EXPECT_THAT(orders("?state=lost"), Refuses(400, "invalid-request"));
  EXPECT_THAT(orders("?from=noon"), Refuses(400, "invalid-request"));
  EXPECT_THAT(orders("?client_reference=%0a"), Refuses(400, "invalid-request"));
  EXPECT_THAT(orders("?client_reference=" + std::string(300, 'r')), Refuses(400, "invalid-request"));
}

TEST_F(AnnotationsApi, are_text_in_a_table_whatever_they_look_like) {
  sell();
  pay("alice", reserve_as("alice", R"({"client_reference":"=1+1","metadata":{"a\"b":"x,y"}})"));
  catch_up();
  net::testing::Client client = server_.connect();  // HTTP/1.0: a table without chunks
  client.send("GET " + std::string(kPs5) + "/orders.csv HTTP/1.0\r\nHost: shop.example\r\n" + server_.operator_key() +
              "\r\n\r\n");
  const Answer table = Answer::parse(client.read_to_end());
  EXPECT_THAT(table.body, HasSubstr(",reference,client_reference,metadata,customer_id\r\n"));
  EXPECT_THAT(table.body, HasSubstr(R"(,"'=1+1","{""a\""b"":""x,y""}",)"));
}

TEST_F(AnnotationsApi, of_a_customer_do_not_say_who_they_are) {
  sell();
  const Answer held = reserve_as("alice-of-the-shop", kBody);
  EXPECT_THAT(held.body, HasSubstr(kTold));
  pay("alice-of-the-shop", held);
  EXPECT_THAT(orders("").body, Not(HasSubstr("alice-of-the-shop")));
  EXPECT_THAT(logged(), Not(HasSubstr("alice-of-the-shop")));
}

class AnnotationsWithIds : public AnnotationsApi {
 protected:
  AnnotationsWithIds() : AnnotationsApi({.keeps_customer_ids = true}) {}
};

TEST_F(AnnotationsWithIds, name_the_customer_as_the_shop_does) {
  sell();
  const Answer held = reserve_as("alice", kBody);
  EXPECT_THAT(held.body, HasSubstr(R"("customer_id":"alice")"));
  pay("alice", held);
  EXPECT_THAT(orders("").body, HasSubstr(R"("customer_id":"alice")"));
  EXPECT_THAT(logged(), HasSubstr("alice"));
}

class AnnotationsWithoutRoom : public AnnotationsApi {
 protected:
  AnnotationsWithoutRoom() : AnnotationsApi({.capacity = {.annotation_bytes = 10}}) {}
};

TEST_F(AnnotationsWithoutRoom, are_refused_and_who_brings_none_is_served) {
  sell();
  const Answer refused = reserve_as("alice", kBody);
  EXPECT_THAT(refused, Refuses(503, "no-room-to-annotate"));
  EXPECT_NE(refused.header("retry-after"), "");
  EXPECT_EQ(reserve_as("alice", "").status, 201);
}

}  // namespace
}  // namespace doorbuster::sale
