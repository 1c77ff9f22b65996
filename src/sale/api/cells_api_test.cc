// Sales in several cells, as their customers and operators meet them: nobody should notice.
#include <set>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using testing::kSales;
using testing::Refuses;

class InCells : public testing::ApiTest {
 protected:
  explicit InCells(uint32_t cells = 4) : ApiTest({.cells = cells}) {}

  Answer sell(const std::string& id, const std::string& members = R"("queue":"none")", const std::string& key = "") {
    testing::Fields fields = {server_.operator_key()};
    if (!key.empty()) fields.push_back("Idempotency-Key: " + key);
    const std::string named = id.empty() ? "" : R"("id":")" + id + R"(",)";
    return ask("POST", kSales, fields,
               "{" + named + R"("title":"t","units":3,"opens_at":"2026-11-27T10:00:00Z",)" + members + "}");
  }
  Answer hold(const std::string& sale, std::string_view who) {
    return as_customer(who, "POST", std::string(kSales) + "/" + sale + "/holds");
  }
  CellId cell_with(const std::string& sale) {
    const auto page = server_.service().directory().page();
    const Listing* listing = page->find(sale);
    EXPECT_NE(listing, nullptr) << sale;
    return listing == nullptr ? CellId(255) : cell_of(listing->number);
  }
};

TEST_F(InCells, sales_spread_and_are_listed_together) {
  std::set<uint32_t> used;
  for (char name = 'a'; name < 'm'; ++name) {
    EXPECT_EQ(sell(std::string(1, name)).status, 201);
    used.insert(cell_with(std::string(1, name)).value());
  }
  EXPECT_EQ(used.size(), 4U);
  const Answer all = ask("GET", kSales);
  for (char name = 'a'; name < 'm'; ++name)
    EXPECT_THAT(all.body, ::testing::HasSubstr(R"("id":")" + std::string(1, name) + '"'));
}

TEST_F(InCells, each_sale_sells_what_it_has) {
  for (const char* sale : {"a", "b", "c", "d", "e"}) {
    ASSERT_EQ(sell(sale).status, 201);
    const Answer first = hold(sale, "alice");
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(as_customer("alice", "GET", hold_path(first)).body, first.body);
    EXPECT_THAT(as_customer("bob", "GET", hold_path(first)), Refuses(404, "not-found"));
    EXPECT_EQ(hold(sale, "bob").status, 201);
    EXPECT_EQ(hold(sale, "carol").status, 201);
    EXPECT_THAT(hold(sale, "dave"), Refuses(409, "sold-out"));
    EXPECT_EQ(as_customer("alice", "DELETE", hold_path(first)).status, 200);
    EXPECT_EQ(hold(sale, "dave").status, 201);
  }
}

// The first hold of each cell has the same number, and the id of each is another.
TEST_F(InCells, orders_of_all_cells_are_kept_apart) {
  std::set<std::string> ids;
  for (const char* sale : {"a", "b", "c", "d", "e"}) {
    ASSERT_EQ(sell(sale, R"("queue":"none","price":{"amount":100,"currency":"EUR"})").status, 201);
    const Answer held = hold(sale, "alice");
    ids.insert(held.text("id"));
    const Answer order = as_customer("alice", "POST", hold_path(held) + "/payment");
    EXPECT_EQ(order.status, 202);
    EXPECT_EQ(provider_says(held, "succeeded").status, 200);
    EXPECT_EQ(as_customer("alice", "GET", order.header("location")).text("state"), "sold");
  }
  EXPECT_EQ(ids.size(), 5U);
  catch_up();
  for (const std::string sale : {"a", "b", "c", "d", "e"}) {
    const Answer orders = as_operator("GET", std::string(kSales) + "/" + sale + "/orders");
    EXPECT_EQ(orders.status, 200);
    EXPECT_THAT(orders.body, ::testing::HasSubstr(R"("state":"sold")"));
    EXPECT_EQ(as_operator("GET", std::string(kSales) + "/" + sale + "/board").text("holds"), "1") << sale;
  }
}

TEST_F(InCells, an_idempotency_key_finds_the_sale_that_it_made) {
  const Answer made = sell("", R"("queue":"none")", "once");
  EXPECT_EQ(made.status, 201);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sell("", R"("queue":"none")", "once").text("id"), made.text("id"));
  EXPECT_NE(sell("", R"("queue":"none")", "another").text("id"), made.text("id"));
  EXPECT_THAT(sell("", R"("queue":"fifo")", "once"), Refuses(422, "idempotency-key-reused"));
}

// A folder of today, and then more cells.
class Raised : public InCells {
 protected:
  Raised() : InCells(1) {}
};

TEST_F(Raised, sales_stay_where_they_are_and_new_ones_spread) {
  const std::vector<std::string> olds = {"a", "b", "c"};
  std::vector<Answer> held;
  for (const std::string& sale : olds) {
    sell(sale, R"("queue":"none")", "key-" + sale);
    held.push_back(hold(sale, "alice"));
  }
  const Answer nameless = sell("", R"("queue":"none")", "nameless");
  server_.restart_with_cells(4);
  for (size_t i = 0; i < olds.size(); ++i) {
    EXPECT_EQ(as_customer("alice", "GET", hold_path(held[i])).body, held[i].body);
    EXPECT_EQ(hold(olds[i], "bob").status, 201);
    EXPECT_EQ(cell_with(olds[i]), CellId(0));
    EXPECT_THAT(sell(olds[i]), Refuses(409, "id-taken"));
    EXPECT_EQ(sell(olds[i], R"("queue":"none")", "key-" + olds[i]).status, 201) << "it was made by this request";
  }
  EXPECT_EQ(sell("", R"("queue":"none")", "nameless").text("id"), nameless.text("id"));
  std::set<uint32_t> used;
  for (char name = 'm'; name < 't'; ++name) {
    EXPECT_EQ(sell(std::string(1, name)).status, 201);
    used.insert(cell_with(std::string(1, name)).value());
    EXPECT_EQ(hold(std::string(1, name), "alice").status, 201);
  }
  EXPECT_GT(used.size(), 2U);
  server_.crash_and_restart();
  for (char name = 'm'; name < 't'; ++name)
    EXPECT_EQ(ask("GET", std::string(kSales) + "/" + std::string(1, name)).text("held"), "1");
}

}  // namespace
}  // namespace doorbuster::sale
