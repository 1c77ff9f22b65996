// What a server says of a sale that is archived: the same as before, from its archive.
#include <set>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class Archiving : public testing::ApiTest {
 protected:
  explicit Archiving(uint32_t cells = testing::cells_of_environment(), uint32_t sales = 8)
      : ApiTest({.capacity = {.sales = sales, .holds = 256, .entries = 256, .operator_keys = 16}, .cells = cells}) {}

  // Two buy, one lets a hold end, others wait; the sale is closed.
  void live_through(std::string_view queue) {
    create(R"("units":3,"queue":")" + std::string(queue) + R"(")", "2026-11-27T10:05:00Z");
    as_operator("PATCH", kPs5, R"({"message":"Two a customer"})");
    const bool has_queue = queue != "none";
    if (!has_queue) wait(300);
    std::map<std::string, Answer> joined;
    for (int i = 0; has_queue && i < 6; ++i) {
      if (queue == "fifo" && i == 0) wait(300);
      joined["c" + std::to_string(i)] = join("c" + std::to_string(i));
    }
    if (queue == "draw") wait(301);
    int held = 0;
    for (int i = 0; i < 6; ++i) {
      const std::string who = "c" + std::to_string(i);
      const Answer hold = reserve(who);
      if (hold.status != 201 || held++ == 2) continue;
      as_customer(who, "POST", hold_path(hold) + "/payment");
      provider_says(hold, "succeeded", 1, "ref-" + who);
    }
    EXPECT_EQ(held, 3) << queue;
    wait(60);
    as_operator("POST", std::string(kPs5) + "/close", R"({"reason":"sold out"})");
    wait(900);
  }

  // All sales.
  void archive() {
    std::vector<SaleNumber> sales;
    server_.service().directory().page()->for_each([&](const Listing& sale) { sales.push_back(sale.number); });
    wait(31LL * 24 * 3600);
    catch_up();
    for (const SaleNumber sale : sales) {
      const ArchivedSales& archived = server_.service().context().views.of(sale).archived();
      for (int i = 0; i < 5'000 && !archived.is_filed(sale); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      EXPECT_TRUE(archived.is_filed(sale)) << sale.value();
      EXPECT_TRUE(server_.archive().states().contains("sale-" + std::to_string(sale.value())));
      EXPECT_EQ(server_.service().directory().page()->find(sale), nullptr);
    }
  }

  // Over HTTP/1.0, where a table ends with the connection.
  std::string whole(const std::string& path) {
    net::testing::Client client = server_.connect();
    client.send("GET " + path + " HTTP/1.0\r\nHost: shop.example\r\n" + server_.operator_key() + "\r\n\r\n");
    return Answer::parse(client.read_to_end()).body;
  }

  // All that is asked of a sale that is over, but its trail, which goes on, and its line, which is forgotten.
  std::map<std::string, std::string> all_that_is_said(const std::string& sale = std::string(kPs5)) {
    catch_up();
    std::map<std::string, std::string> said;
    for (const std::string what : {"", "/report", "/orders", "/flow"}) {
      const Answer answer = as_operator("GET", sale + what);
      EXPECT_EQ(answer.status, 200) << sale << what << answer.body;
      said[what] = answer.body;
    }
    said["etag"] = ask("GET", sale).header("etag");
    for (const std::string what : {"/orders.csv", "/transcript"}) said[what] = whole(sale + what);
    const std::string link = as_operator("GET", sale + "/report").text("share_url");
    said["shared"] = ask("GET", sale + "/report" + link.substr(link.find('?'))).body;
    return said;
  }
};

class ArchivedSale : public Archiving, public ::testing::WithParamInterface<const char*> {};

TEST_P(ArchivedSale, is_shown_as_it_was) {
  const std::string queue = GetParam();
  live_through(queue);
  const auto before = all_that_is_said();
  const double lines = as_operator("GET", std::string(kPs5) + "/audit").number("lines/0/sequence");
  archive();
  EXPECT_EQ(all_that_is_said(), before);
  const Answer audit = as_operator("GET", std::string(kPs5) + "/audit");
  EXPECT_EQ(audit.number("lines/0/sequence"), lines);
  EXPECT_THAT(audit.body, HasSubstr(R"("action":"archived")"));
  EXPECT_THAT(whole(std::string(kPs5) + "/audit.csv"), HasSubstr(",archived,"));
  EXPECT_EQ(as_operator("GET", std::string(kPs5) + "/board").text("sale/state"), "closed");
  EXPECT_EQ(as_operator("GET", std::string(kPs5) + "/queue").number("total"), queue == "none" ? 0 : 6);
  server_.crash_and_restart();
  EXPECT_EQ(all_that_is_said(), before) << "after a restart";
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, ArchivedSale, ::testing::Values("none", "fifo", "draw"));

class ArchivedInCells : public Archiving {
 protected:
  ArchivedInCells() : Archiving(4) {}
};

// The first hold of each cell has the same number, and each sale's archive has its own.
TEST_F(ArchivedInCells, each_sale_is_shown_as_it_was) {
  std::map<std::string, std::map<std::string, std::string>> before;
  std::set<CellId> used;
  for (const std::string name : {"a", "b", "c", "d", "e"}) {
    const std::string sale = std::string(testing::kSales) + "/" + name;
    as_operator("POST", testing::kSales,
                R"({"id":")" + name + R"(","title":"t","units":3,"opens_at":"2026-11-27T10:00:00Z","queue":"none"})");
    const Answer hold = as_customer("of-" + name, "POST", sale + "/holds");
    as_customer("of-" + name, "POST", hold_path(hold) + "/payment");
    EXPECT_EQ(provider_says(hold, "succeeded", 1, "ref-" + name).status, 200);
    as_operator("POST", sale + "/close", R"({"reason":"enough"})");
    used.insert(cell_of(server_.service().directory().page()->find(name)->number));
  }
  EXPECT_GT(used.size(), 2U);
  wait(900);
  for (const std::string name : {"a", "b", "c", "d", "e"}) {
    const std::string sale = std::string(testing::kSales) + "/" + name;
    before[sale] = all_that_is_said(sale);
    EXPECT_THAT(before[sale]["/orders.csv"], HasSubstr("ref-" + name));
  }
  archive();
  for (const auto& [sale, said] : before) EXPECT_EQ(all_that_is_said(sale), said) << sale;
  server_.crash_and_restart();
  for (const auto& [sale, said] : before) EXPECT_EQ(all_that_is_said(sale), said) << sale << " after a restart";
}

class LostArchive : public Archiving {};

TEST_F(LostArchive, says_so_until_it_is_made_again) {
  live_through("none");
  archive();
  server_.archive().lose_all();
  EXPECT_THAT(ask("GET", kPs5), Refuses(503, "archive-lost"));
  EXPECT_THAT(reserve("c1"), Refuses(503, "archive-lost"));
  EXPECT_THAT(as_operator("GET", std::string(kPs5) + "/report"), Refuses(503, "archive-lost"));
  EXPECT_THAT(as_operator("GET", std::string(kPs5) + "/orders.csv"), Refuses(503, "archive-lost"));
  for (const std::string door : {"/admissions/verify?sale=", "/admissions/keep?sale="}) {
    EXPECT_THAT(ask("GET", door + "ps5"), Refuses(503, "archive-lost")) << door;
    EXPECT_THAT(ask("GET", door + "xbox"), Refuses(400, "invalid-request")) << door;
  }
  const Answer link = ask("GET", "/q/ps5");
  EXPECT_EQ(link.status, 503);
  EXPECT_EQ(link.header("retry-after"), "1");
  EXPECT_THAT(link.body, HasSubstr("Try again in a moment"));
  EXPECT_EQ(ask("GET", "/q/xbox").status, 404);
  server_.crash_and_restart();
  catch_up();
  EXPECT_EQ(as_operator("GET", std::string(kPs5) + "/report").status, 200) << "made again from the log";
  EXPECT_EQ(ask("GET", "/q/ps5").status, 302);
  EXPECT_THAT(ask("GET", "/admissions/verify?sale=ps5"), Refuses(401, "admission-needed"));
}

// Of a sale that nobody has heard of for a month; a client that repeats what it did then is answered all the same.
TEST_F(Archiving, gives_back_what_is_paid_for_a_sale_that_is_archived) {
  create(R"("units":3,"queue":"none","price":{"amount":100,"currency":"EUR"})");
  const Answer sold = reserve("alice");
  const Answer declined = reserve("bob");
  for (const auto& [who, hold] : {std::pair("alice", sold), std::pair("bob", declined)})
    as_customer(who, "POST", hold_path(hold) + "/payment");
  EXPECT_EQ(provider_says(sold, "succeeded", 1, "pay_1").status, 200);
  EXPECT_EQ(provider_says(declined, "failed", 1, "pay_2").status, 200);
  as_operator("POST", std::string(kPs5) + "/close", R"({"reason":"sold out"})");
  archive();
  const Money price{100, Currency("EUR")};
  const CellId cell =
      cell_of(SaleNumber(server_.service().context().ids.open(sold.text("id"), auth::IdKind::kHold)->sale));
  const auto told = [&] { return server_.service().context().views.of(cell).position(); };
  const Sequence before = told();
  EXPECT_EQ(provider_says(sold, "succeeded", 1, "pay_1", price).status, 200);
  catch_up();
  EXPECT_EQ(told(), before) << "that has bought a unit long ago, and is told again";
  EXPECT_EQ(provider_says(sold, "succeeded", 1, "pay_3", price).status, 200);
  EXPECT_EQ(provider_says(declined, "succeeded", 1, "pay_4", price).status, 200);
  catch_up();
  EXPECT_EQ(told().value(), before.value() + 2) << "both are recorded";
  for (const char* again : {"once", "twice"}) {
    EXPECT_EQ(provider_says(declined, "succeeded", 1, "pay_4", price).status, 200) << again;
    EXPECT_EQ(provider_says(declined, "refunded", 1, "pay_4", price).status, 200) << again;
  }
  catch_up();
  EXPECT_EQ(told().value(), before.value() + 3);
}

TEST_F(Archiving, changes_nothing_any_more_and_says_why) {
  const std::string made = R"({"id":"ps5","title":"PS5","opens_at":"2026-11-27T10:00:00Z","queue":"none","units":3})";
  const std::vector<std::string> once = {server_.operator_key(), "Idempotency-Key: once"};
  ASSERT_EQ(ask("POST", testing::kSales, {once[0], once[1]}, made).status, 201);
  const Answer late = reserve("late");
  as_customer("late", "POST", hold_path(late) + "/payment");
  wait(1'000);
  as_operator("POST", std::string(kPs5) + "/close", R"({"reason":"enough"})");
  archive();
  EXPECT_THAT(as_operator("POST", testing::kSales, made), Refuses(409, "id-taken"));
  const Answer again = ask("POST", testing::kSales, {once[0], once[1]}, made);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.text("state"), "closed");
  EXPECT_EQ(again.text("title"), "PS5");
  for (const std::string what : {"/close", "/pause", "/resume"}) {
    EXPECT_THAT(as_operator("POST", std::string(kPs5) + what, R"({"reason":"r"})"), Refuses(409, "wrong-state"));
  }
  for (const std::string change : {R"({"units":5})", R"({"message":"We are closed."})"}) {
    const Answer refused = as_operator("PATCH", kPs5, change);
    EXPECT_THAT(refused, Refuses(409, "wrong-state"));
    EXPECT_EQ(refused.text("state"), "closed");
  }
  EXPECT_THAT(reserve("c1"), Refuses(409, "sale-closed"));
  EXPECT_THAT(join("c1"), Refuses(409, "sale-closed"));
  EXPECT_THAT(as_customer("late", "GET", hold_path(late)), Refuses(404, "not-found"));
  EXPECT_EQ(provider_says(late, "succeeded").status, 200) << "and it goes back";
}

// Wrong and extreme: each is told what is wrong, and nothing takes long.
TEST_F(Archiving, lists_what_is_archived_to_operators_who_ask_for_a_page) {
  const std::string list = "/api/v1/archived-sales";
  EXPECT_EQ(as_operator("GET", list).body, R"({"total":0,"offset":0,"sales":[]})");
  live_through("none");
  archive();
  EXPECT_EQ(as_operator("GET", list).text("sales/0/id"), "ps5");
  for (const std::string query : {"limit=-1", "limit=", "limit=many", "limit=1e2", "limit=1.5", "limit=1001",
                                  "limit=0x10", "limit=18446744073709551616", "limit=+1", "offset=-1",
                                  "offset=", "offset=4294967296", "offset=99999999999999999999", "offset=first"}) {
    const Answer refused = as_operator("GET", list + "?" + query);
    EXPECT_THAT(refused, Refuses(400, "invalid-request")) << query;
    EXPECT_THAT(refused.text("detail"),
                HasSubstr(query.substr(0, query.find('=')) + " has to be a whole number up to "));
  }
  for (const std::string query : {"limit=0", "offset=1", "offset=4294967295", "offset=4294967295&limit=1000"}) {
    const Answer page = as_operator("GET", list + "?" + query);
    EXPECT_EQ(page.number("total"), 1) << query;
    EXPECT_EQ(page.text("sales"), "[]") << query;
  }
  EXPECT_EQ(as_operator("GET", list + "?limit=1000&cursor=x&page=2").text("sales/0/id"), "ps5") << "as in every list";
  EXPECT_THAT(ask("GET", list), Refuses(401, "operator-key-needed"));
  EXPECT_THAT(ask("GET", list + "?limit=many"), Refuses(401, "operator-key-needed")) << "this first";
  EXPECT_THAT(as_customer("c1", "GET", list), Refuses(401, "operator-key-needed"));
  EXPECT_EQ(as_operator("POST", list, "{}").status, 405);
  EXPECT_EQ(as_operator("GET", list + "/ps5").status, 404);
}

class ShopOfYears : public Archiving {
 protected:
  ShopOfYears() : Archiving(1, 2) {}
  static std::string sale_of(int number) { return std::string(testing::kSales) + "/sale-" + std::to_string(number); }
  Answer open(int number) {
    const std::string now = format_rfc3339(server_.clock().now());
    return as_operator("POST", testing::kSales,
                       R"({"id":"sale-)" + std::to_string(number) +
                           R"(","title":"t","units":3,"queue":"none","opens_at":")" + now + R"("})");
  }
};

// Two at once, and nobody notices that there were more.
TEST_F(ShopOfYears, has_room_for_as_many_sales_as_are_on_sale_at_once) {
  constexpr int kSales = 7;
  std::map<int, std::string> said;
  for (int i = 0; i < kSales; ++i) {
    ASSERT_EQ(open(i).status, 201) << i;
    EXPECT_EQ(as_customer("a", "POST", sale_of(i) + "/holds").status, 201);
    as_operator("POST", sale_of(i) + "/close", R"({"reason":"enough"})");
    EXPECT_EQ(as_customer("b", "POST", sale_of(i) + "/holds").status, 409);
    wait(900);
    said[i] = ask("GET", sale_of(i)).body;
    if (i == 0) {
      EXPECT_EQ(open(100).status, 201);
      EXPECT_THAT(open(101), Refuses(503, "limit-reached"));
      as_operator("POST", sale_of(100) + "/close", R"({"reason":"enough"})");
    }
    archive();
  }
  for (int restarts = 0; restarts < 2; ++restarts) {
    for (const auto& [number, body] : said) EXPECT_EQ(ask("GET", sale_of(number)).body, body) << number;
    EXPECT_EQ(ask("GET", testing::kSales).body, R"({"sales":[],"offset":0,"total":0})");
    const Answer archived = as_operator("GET", "/api/v1/archived-sales?offset=1&limit=2");
    EXPECT_EQ(archived.number("total"), kSales + 1);
    EXPECT_EQ(archived.text("sales/0/id"), "sale-5");
    EXPECT_EQ(archived.text("sales/1/id"), "sale-4");
    EXPECT_EQ(as_operator("GET", sale_of(6) + "/report").status, 200);
    EXPECT_EQ(as_operator("GET", sale_of(6) + "/board").text("refusals"), "[]") << "counts go with the slot";
    server_.crash_and_restart();
    catch_up();
  }
  EXPECT_EQ(ask("GET", "/api/v1/archived-sales").status, 401);
  EXPECT_EQ(open(50).status, 201);
}

}  // namespace
}  // namespace doorbuster::sale
